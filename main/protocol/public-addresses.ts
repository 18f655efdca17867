/**
 * Which IP addresses are no business of what comes from elsewhere: this computer, the local network, cloud metadata, and
 * everything else that is not the public internet (the special-purpose registries of IANA). Pure.
 */
import { BlockList, isIP } from 'node:net';

const ranges4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const ranges6: readonly (readonly [string, number])[] = [
  ['::', 96],
  // Written for other addresses: 6to4, NAT64, Teredo and the like lead into IPv4.
  ['64:ff9b::', 32],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
];

/** Says of an address whether it is on the public internet. */
export function createPublicCheck(): (address: string) => boolean {
  const special = new BlockList();
  for (const [net, prefix] of ranges4) special.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of ranges6) special.addSubnet(net, prefix, 'ipv6');
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const family = isIP(plain);
    if (family === 0) return false;
    // What is left of the mapped form, in hexadecimal.
    if (family === 6 && /^::ffff:/i.test(plain)) return false;
    return !special.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  };
}
