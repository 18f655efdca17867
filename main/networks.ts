/** Which networks this computer is in, as somebody should know who opens the endpoint to them. Pure. */
import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkView } from '../preload/views/settings.ts';

/** Addresses that only networks at home or at work use: RFC 1918, RFC 6598 (carriers), RFC 3927 (link-local). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];

/** The networks behind `0.0.0.0`: those with an IPv4 address, but not this computer's own loopback. */
export function networksOf(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): readonly NetworkView[] {
  return Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address, netmask }) => ({
        ...{ name, address },
        range: rangeOf(address, netmask),
        kind: PRIVATE.some((range) => isIn(address, range)) ? ('private' as const) : ('public' as const),
      })),
  );
}

function rangeOf(address: string, netmask: string): string {
  const mask = numberOf(netmask);
  const bits = mask.toString(2).replace(/0+$/, '').length;
  return `${textOf((numberOf(address) & mask) >>> 0)}/${mask === 0 ? 0 : bits}`;
}

function isIn(address: string, range: string): boolean {
  const [base = '', bits = '0'] = range.split('/');
  const mask = (0xffff_ffff << (32 - Number(bits))) >>> 0;
  return (numberOf(address) & mask) >>> 0 === (numberOf(base) & mask) >>> 0;
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}
