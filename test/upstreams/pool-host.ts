/** A pool over real servers, with everything that it tells. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ask } from '../../main/protocol/call.ts';
import { type Clock, systemClock } from '../../main/protocol/clock.ts';
import type { ServerListing } from '../../main/protocol/listing.ts';
import { META } from '../../main/protocol/modern.ts';
import type { Peer } from '../../main/protocol/peer.ts';
import { safeEnvironment } from '../../main/upstreams/environment.ts';
import { openPool, type Pool } from '../../main/upstreams/pool.ts';
import type { UpstreamDeps, UpstreamSpec, UpstreamStatus } from '../../main/upstreams/ports.ts';
import { call } from '../fakes/call.ts';
import { root, until } from '../host/gateway.ts';

export interface PoolHost {
  readonly pool: Pool;
  readonly statuses: Map<string, UpstreamStatus[]>;
  readonly listings: Map<string, ServerListing | null>;
  /** By `server peer`. */
  readonly own: Map<string, ServerListing | null>;
  readonly notified: { readonly from: string; readonly method: string; readonly text: string }[];
  readonly asked: { readonly from: string; readonly ask: Ask }[];
  /** Waits for the server's state. */
  state(name: string, state: UpstreamStatus['state']): Promise<void>;
  /** Calls a tool; the text of its first content, parsed where it is JSON. Answers what it is asked with `reply`. */
  tool(
    server: string,
    from: Peer,
    name: string,
    args?: object,
    reply?: (ask: Ask) => void,
  ): Promise<ReturnType<typeof JSON.parse>>;
  log(server: string): string;
  close(): Promise<void>;
}

export const script = (name: string): string => join(root, 'test', 'servers', name);

/** How servers are kept unless a test says otherwise. */
const UPKEEP = {
  ...{ held: false, callTimeoutMs: 20_000, toolTimeoutsMs: {}, startTimeoutMs: 120_000, concurrency: null },
  ...{ maxResultBytes: null, idleStopMs: null, healthCheckMs: 0 },
  start: 'always',
  session: 'shared',
  protocol: 'auto',
} as const;

/** A server of ours as a specification. */
export function local(name: string, args: readonly string[], more: Partial<UpstreamSpec> = {}): UpstreamSpec {
  const [file = '', ...rest] = args;
  return {
    name,
    enabled: true,
    transport: {
      kind: 'stdio',
      command: process.execPath,
      args: [script(file), ...rest],
      env: {},
      cwd: null,
    },
    ...UPKEEP,
    ...more,
  };
}

/** A remote server. */
export function remote(
  name: string,
  url: string,
  kind: 'http' | 'sse' | 'auto' = 'auto',
  more: Partial<UpstreamSpec> = {},
): UpstreamSpec {
  return {
    ...{ name, enabled: true, transport: { kind, url, headers: {}, tls: { verify: true, caFile: null } } },
    ...UPKEEP,
    ...more,
  };
}

/** What a stateless client says of itself. */
function metaOf(peer: Peer): object {
  if (peer.era === 'legacy') return {};
  const level = peer.logLevel === null ? {} : { [META.logLevel]: peer.logLevel };
  const _meta = {
    [META.version]: peer.revision,
    [META.clientCapabilities]: peer.capabilities,
    [META.clientInfo]: peer.info,
  };
  return { _meta: { ..._meta, ...level } };
}

export function poolHost(
  clock: Clock = systemClock,
  env: Readonly<Record<string, string>> = {},
  more: Partial<UpstreamDeps> = {},
): PoolHost {
  const logDir = mkdtempSync(join(tmpdir(), 'gh-pool-'));
  const statuses = new Map<string, UpstreamStatus[]>();
  const listings = new Map<string, ServerListing | null>();
  const own = new Map<string, ServerListing | null>();
  const notified: { from: string; method: string; text: string }[] = [];
  const asked: { from: string; ask: Ask }[] = [];
  const from = (name: string, peerKey: string | null): string =>
    peerKey === null ? name : `${name} ${peerKey}`;
  const pool = openPool({
    clock,
    log: { debug: () => undefined, warn: () => undefined },
    logDir,
    clientInfo: { name: 'gatehouse', version: '0' },
    resolve: (text) => Promise.resolve(text.replaceAll('REFERENCE', 'resolved')),
    baseEnv: { ...safeEnvironment(process.env), ...env },
    ...more,
    events: {
      status: (name, status) => void statuses.set(name, [...(statuses.get(name) ?? []), status]),
      listing: (name, listing) => void listings.set(name, listing),
      ownListing: (name, peerKey, listing) => void own.set(from(name, peerKey), listing),
      notification: (name, peerKey, method, message) =>
        void notified.push({ from: from(name, peerKey), method, text: message.toString('utf8') }),
      ask(name, peerKey, ask) {
        asked.push({ from: from(name, peerKey), ask });
        return { cancel: () => undefined };
      },
    },
  });
  const host: PoolHost = {
    ...{ pool, statuses, listings, own, notified, asked },
    state: (name, state) => until(() => pool.status(name)?.state === state, `${name} is ${state}`),
    async tool(server, peer, name, args = {}, reply) {
      const one = call(peer, 'tools/call', { name, arguments: args, ...metaOf(peer) });
      pool.forward(server, one.request);
      let seen = 0;
      await until(() => {
        for (; seen < one.asked.length; seen++) {
          const ask = one.asked[seen];
          if (ask !== undefined) reply?.(ask);
        }
        return one.answers.length > 0 || one.failed.length > 0;
      }, `${server} answers ${name}`);
      const [failed] = one.failed;
      if (failed !== undefined) throw failed;
      const { result, error } = one.answer;
      if (error !== undefined) return { error };
      const text = (result.content?.[0]?.text ?? null) as string | null;
      try {
        return text === null ? result : JSON.parse(text);
      } catch {
        return text;
      }
    },
    log: (server) => pool.logTail(server, 1_000).join('\n'),
    async close() {
      await pool.close();
      rmSync(logDir, { recursive: true, force: true });
    },
  };
  return host;
}
