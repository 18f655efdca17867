/**
 * The engine's networks that contained servers use: one private network without a way out for each server with an
 * allow-list, and one that leads out, on which servers do not see each other. Found again by their labels.
 */
import type Docker from 'dockerode';
import type { NetworkCreateOptions } from 'dockerode';
import { containerName, LABELS } from './container-spec.ts';
import { sentenceOf, statusOf } from './trouble.ts';

/** Which network. */
export interface NetworkWish {
  readonly instance: string;
  /** Part of its name: the server's, or `open`. */
  readonly purpose: string;
  readonly random: string;
  /** Private: no way out, and this computer is not in it. */
  readonly internal: boolean;
  readonly podman: boolean;
}

/** Tries at a range of addresses of our own, when the engine has none left. */
const TRIES = 12;

/** What to send to the engine; pure, for tests. */
export function networkSpec(wish: NetworkWish, subnet: string | null): NetworkCreateOptions {
  const { internal, podman } = wish;
  return {
    Name: containerName(wish.purpose, wish.random),
    Driver: 'bridge',
    Internal: internal,
    EnableIPv6: false,
    Labels: { [LABELS.managed]: 'true', [LABELS.instance]: wish.instance, [LABELS.role]: 'network' },
    ...(subnet === null ? {} : { IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] } }),
    ...(podman
      ? {}
      : {
          Options: internal
            ? // Without an address on the bridge, this computer cannot be reached by it.
              {
                'com.docker.network.bridge.inhibit_ipv4': 'true',
                'com.docker.network.bridge.gateway_mode_ipv4': 'isolated',
              }
            : // Containers on it do not reach each other.
              { 'com.docker.network.bridge.enable_icc': 'false' },
        }),
  };
}

/** Makes the network and gives its id. Rejects with the engine's error. */
export async function createNetwork(docker: Docker, wish: NetworkWish): Promise<string> {
  const spec = networkSpec(wish, null);
  try {
    return (await docker.createNetwork(spec)).id;
  } catch (error) {
    if (isOldOption(error) && spec.Options !== undefined) {
      const { 'com.docker.network.bridge.gateway_mode_ipv4': _newer, ...Options } = spec.Options as Record<
        string,
        string
      >;
      return (await docker.createNetwork({ ...spec, Options })).id;
    }
    if (!noneLeft(error)) throw error;
  }
  // Engines hand out some thirty ranges; beyond that they take ours.
  for (let attempt = 1; ; attempt++) {
    const subnet = `10.${128 + random(128)}.${random(256)}.${16 * random(16)}/28`;
    try {
      return (await docker.createNetwork(networkSpec(wish, subnet))).id;
    } catch (error) {
      if (attempt >= TRIES || !/overlap/i.test(sentenceOf(error))) throw error;
    }
  }
}

/** Removes it; one that is gone, or in use by something that is not ours any more, is left. */
export async function removeNetwork(docker: Docker, id: string): Promise<void> {
  await docker
    .getNetwork(id)
    .remove()
    .catch(() => undefined);
}

function noneLeft(error: unknown): boolean {
  return statusOf(error) !== null && /non-overlapping|no available|address pools/i.test(sentenceOf(error));
}

function isOldOption(error: unknown): boolean {
  return statusOf(error) !== null && /gateway_mode/i.test(sentenceOf(error));
}

function random(below: number): number {
  return Math.floor(Math.random() * below);
}
