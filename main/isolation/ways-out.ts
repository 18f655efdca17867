/**
 * What each contained server reaches: no network, the one that leads out, or a private one with the egress proxy. Makes
 * networks and the proxy when they are first needed; `close` ends the proxy and removes the networks.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../protocol/clock.ts';
import { containerName } from './container-spec.ts';
import { type Egress, startEgress } from './egress/egress.ts';
import type { Report } from './egress/wire.ts';
import type { Engine } from './engine-link.ts';
import type { Images } from './images.ts';
import { createNetwork, removeNetwork } from './networks.ts';
import type { NetworkPolicy } from './policy.ts';

/** One server's way. */
export interface Way {
  /** For the container: `none`, or the network. */
  readonly network: string;
  /** The name server inside; null leaves the engine's. */
  readonly dns: string | null;
  readonly env: Readonly<Record<string, string>>;
  /** Settles (with undefined) when it broke, so that the server has to start anew. */
  readonly lost: Promise<undefined>;
  /** Idempotent; never rejects. */
  close(): Promise<void>;
}

export interface WaysOutDeps {
  readonly engine: Engine;
  readonly instance: string;
  readonly clock: Clock;
  /** Names of what is being made or runs. */
  readonly live: Set<string>;
  program(): Promise<string>;
  proxyImage(): string | null;
  readonly images: Images;
  report(report: Extract<Report, { readonly kind: 'host' }>): void;
  complain(line: string): void;
}

/** See above. */
export interface WaysOut {
  /** Rejects with `isolation.egress_failed` or an error of the engine. */
  open(server: string, policy: NetworkPolicy, random: string): Promise<Way>;
  close(): Promise<void>;
}

/** Images that have Node.js, in the order in which they are looked for; the last is small, and downloaded. */
const PROXY_IMAGES = ['node:22', 'node:22-slim', 'node:22-alpine'];

/** Makes it; nothing exists at the engine yet. */
export function createWaysOut(deps: WaysOutDeps): WaysOut {
  const { engine, instance, live } = deps;
  const { docker, podman } = engine;
  let outside: Promise<string> | null = null;
  let egress: Promise<Egress> | null = null;
  const open = new Set<Way>();

  const outsideOf = (): Promise<string> => {
    if (outside !== null) return outside;
    const random = hex();
    live.add(containerName('open', random));
    const made = createNetwork(docker, { instance, purpose: 'open', random, internal: false, podman });
    outside = made;
    made.catch(() => {
      if (outside === made) outside = null;
    });
    return made;
  };
  const proxyImage = async (signal: AbortSignal): Promise<string> => {
    const { images } = deps;
    const wanted = deps.proxyImage();
    const candidates = wanted === null ? PROXY_IMAGES : [wanted];
    for (const name of candidates) {
      if (await images.has(docker, name))
        return (await images.ensure(docker, name, signal, () => undefined)).id;
    }
    return (await images.ensure(docker, candidates.at(-1) ?? '', signal, () => undefined)).id;
  };
  const egressOf = (): Promise<Egress> => {
    if (egress !== null) return egress;
    const made = (async () => {
      // Not the signal of the server that happens to need it first: others wait for it too.
      const { signal } = new AbortController();
      const [imageId, network, program] = await Promise.all([
        proxyImage(signal),
        outsideOf(),
        deps.program(),
      ]);
      const { clock, report, complain } = deps;
      const name = containerName('egress', hex());
      live.add(name);
      const started = await startEgress(
        {
          ...{ docker, imageId, outside: network, instance, podman, program, clock, report, complain },
          name,
        },
        signal,
      );
      void started.ended.then(() => {
        live.delete(name);
        if (egress === made) egress = null;
      });
      return started;
    })();
    egress = made;
    made.catch(() => {
      if (egress === made) egress = null;
    });
    return made;
  };
  const throughProxy = async (
    server: string,
    policy: Extract<NetworkPolicy, { readonly kind: 'allowlist' | 'learn' }>,
    random: string,
  ): Promise<Way> => {
    const proxy = await egressOf();
    const network = await createNetwork(docker, {
      instance,
      purpose: server,
      random,
      internal: true,
      podman,
    });
    const leave = async (): Promise<void> => {
      await proxy.dismiss(network);
      await removeNetwork(docker, network);
    };
    try {
      const { address, env } = await proxy.admit(
        server,
        network,
        policy.kind === 'learn' ? null : policy.allow,
      );
      let leaving: Promise<void> | null = null;
      return {
        ...{ network, dns: address, env },
        lost: proxy.ended.then(() => undefined),
        close() {
          leaving ??= leave();
          return leaving;
        },
      };
    } catch (error) {
      await leave();
      throw error;
    }
  };

  return {
    async open(server, policy, random) {
      const simple = (network: string): Way => ({
        ...{ network, dns: null, env: {}, lost: new Promise<undefined>(() => undefined) },
        close: () => Promise.resolve(),
      });
      switch (policy.kind) {
        case 'none':
          return simple('none');
        case 'named':
          return simple(policy.name);
        case 'bridge':
          return simple(await outsideOf());
        case 'allowlist':
        case 'learn': {
          const way = await throughProxy(server, policy, random);
          open.add(way);
          return {
            ...way,
            close: () => {
              open.delete(way);
              return way.close();
            },
          };
        }
      }
    },
    async close() {
      await Promise.all([...open].map((way) => way.close()));
      await egress?.then(
        (proxy) => proxy.close(),
        () => undefined,
      );
      const network = await outside?.catch(() => null);
      if (network != null) await removeNetwork(docker, network);
    },
  };
}

function hex(): string {
  return randomBytes(4).toString('hex');
}
