/**
 * Ties containment to the rest: what the configuration says of a server becomes where it runs, what screens show of that,
 * and what the pool is given to start it. `close` ends what runs for all contained servers together.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunsIn } from '../preload/contract.ts';
import type { ContainmentDetail, ContainmentView, EngineView } from '../preload/views/isolation.ts';
import type { ActivityNote } from './activity/entry.ts';
import { NO_ISOLATION } from './config/isolation.ts';
import type { GatehouseConfig, ServerConfig } from './config/schema.ts';
import { upstreamSpec } from './describe.ts';
import type { RunningContainer } from './isolation/container.ts';
import { containmentOf, UNCONTAINED } from './isolation/describe.ts';
import { ruleOf } from './isolation/egress/reached.ts';
import { readRule, ruleText } from './isolation/egress/rules.ts';
import type { Insides } from './isolation/inside.ts';
import { openIsolation } from './isolation/isolation.ts';
import type { StartOrder } from './isolation/order.ts';
import { isContained } from './isolation/policy.ts';
import type { WishDefaults } from './isolation/wish.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';
import type { StartElsewhere, UpstreamSpec } from './upstreams/ports.ts';

/** Enough for the packages of any one server. */
const CACHE_BYTES = 4 * 1024 ** 3;

/** What it needs. */
export interface ContainmentDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  config(): GatehouseConfig;
  /** Writes a server's allow-list into the configuration. */
  allow(server: string, hosts: readonly string[]): Promise<void>;
  /** For the activity log. */
  noted(note: ActivityNote): void;
  /** What screens show of this server's containment has changed. */
  changed(server: string): void;
  /** Starts the server again, since the engine is back. */
  restart(server: string): void;
}

/** See above. */
export interface Containment {
  readonly startElsewhere: StartElsewhere;
  detail(server: string): ContainmentDetail;
  /** Rejects with `upstream.unknown`, `isolation.not_asked` or an error of the configuration. */
  allowHosts(server: string, hosts: readonly string[]): Promise<void>;
  engine(): EngineView;
  /** The same after a look where none was taken yet. */
  findEngine(): Promise<EngineView>;
  view(server: ServerConfig): { readonly runsIn: RunsIn; readonly containment: ContainmentView | null };
  approveImage(image: string): Promise<void>;
  readonly insides: Pick<Insides, 'open' | 'has'>;
  close(): Promise<void>;
}

/** What a `place` of the pool holds, as text. */
type Place = Pick<StartOrder, 'wish' | 'defaults'>;

/** Where the pool is to run this server; null for a process of this computer, and for remote servers. Pure. */
export function placeOf(server: ServerConfig, defaults: WishDefaults): string | null {
  const { transport, isolation } = server;
  if (transport.kind !== 'stdio' || !isContained(transport, isolation, defaults)) return null;
  const place: Place = { wish: isolation, defaults };
  return JSON.stringify(place);
}

/**
 * How a server that nobody trusts yet is run for a look: in a container with what every container has, and nothing of
 * what its own configuration asks for beyond its image; null when it cannot be contained. Or, if its user says so, as a
 * process of this computer. Pure.
 */
export function inspectionSpec(
  server: ServerConfig,
  where: 'container' | 'host',
  defaults: WishDefaults,
): UpstreamSpec | null {
  if (where === 'host' || server.transport.kind !== 'stdio') return upstreamSpec(server, true, null);
  const isolation = {
    ...NO_ISOLATION,
    mode: 'container',
    fallback: 'none',
    image: server.isolation.image,
  } as const;
  const bare = { ...defaults, mounts: [], extraArgs: [], unsafe: false, fallback: 'none' } as const;
  const place = placeOf({ ...server, isolation }, bare);
  return place === null ? null : upstreamSpec(server, true, place);
}

/** Opens it. */
export function openContainment(deps: ContainmentDeps): Containment {
  const { dataDir, clock, log } = deps;
  const user =
    process.getuid === undefined || process.getgid === undefined
      ? null
      : { uid: process.getuid(), gid: process.getgid() };
  const isolation = openIsolation({
    ...{ dataDir, clock, log, user, home: homedir(), platform: process.platform },
    cacheBytes: CACHE_BYTES,
    egressProgram: () => readFile(egressFile(), 'utf8'),
    configured: () => deps.config().isolation,
    changed(server) {
      if (server !== null) deps.changed(server);
    },
    heldBack: (server, what, detail) =>
      deps.noted({
        kind: 'connection',
        action: `server.held-back-${what}`,
        server,
        outcome: 'refused',
        detail,
      }),
    engineBack(servers) {
      for (const server of servers) deps.restart(server);
    },
  });
  const startElsewhere: StartElsewhere = async ({ server, place, process, note }, signal) => {
    const { wish, defaults } = JSON.parse(place) as Place;
    const { command, args, own: env, cwd } = process;
    const secret = process.secrets.length > 0;
    const order = { server, program: { command, args }, cwd, env, secret, wish, defaults, note };
    const started: RunningContainer | null = await isolation.start(order, signal);
    if (started === null) note('no container engine: it runs on this computer, as "fallback" lets it');
    return started;
  };
  const view: Containment['view'] = (server) => {
    const { transport } = server;
    if (transport.kind !== 'stdio') return { runsIn: 'remote', containment: null };
    const { policy, words, problem } = containmentOf(transport, server.isolation, deps.config().isolation);
    const fellBack = isolation.fellBack(server.name);
    if (policy === null && problem === null) {
      return {
        runsIn: 'host',
        containment: { line: UNCONTAINED, weakened: [], fellBack: false, download: null },
      };
    }
    const weakened = [...(policy?.weakened ?? []), ...isolation.weakened(server.name)];
    return {
      runsIn: fellBack ? 'host' : 'container',
      containment: {
        line: fellBack ? UNCONTAINED : (words?.line ?? problem ?? ''),
        ...(fellBack || words === null ? {} : { lineParts: words.lineParts }),
        weakened: weakened.map(({ text }) => text),
        weakenedSaid: weakened.map(({ said }) => said),
        fellBack,
        download: isolation.progress(server.name),
      },
    };
  };
  const serverOf = (name: string): ServerConfig => {
    const server = deps.config().servers.find((one) => one.name === name);
    if (server === undefined) throw unknown(name);
    return server;
  };
  const engine: Containment['engine'] = () => {
    const found = isolation.engine;
    if (found === null) return { state: 'unknown', version: null, endpoint: null, problem: null };
    if (found.state === 'absent') {
      return { state: 'absent', version: null, endpoint: null, problem: problemOf(found.problem) };
    }
    return { state: 'ready', version: found.version, endpoint: found.endpoint, problem: null };
  };
  return {
    startElsewhere,
    view,
    engine,
    async findEngine() {
      await isolation.lookForEngine();
      return engine();
    },
    detail(name) {
      const server = serverOf(name);
      const { transport, isolation: wish } = server;
      const { words, policy } =
        transport.kind === 'stdio'
          ? containmentOf(transport, wish, deps.config().isolation)
          : { words: null, policy: null };
      const { runsIn, containment } = view(server);
      return {
        runsIn,
        line: containment?.line ?? '',
        weakened: containment?.weakened ?? [],
        weakenedSaid: containment?.weakenedSaid ?? [],
        files: words?.files ?? '',
        network: words?.network ?? '',
        networkKind: policy?.network.kind ?? null,
        allowed: policy?.network.kind === 'allowlist' ? policy.network.allow.map(ruleText) : [],
        limits: words?.limits ?? '',
        ...(words === null
          ? {}
          : { filesSaid: words.filesSaid, networkSaid: words.networkSaid, limitsSaid: words.limitsSaid }),
        image: words?.image ?? null,
        hosts: isolation.hosts(name),
        met: isolation.limits(name).map(({ text, said, count, last }) => ({ text, said, count, last })),
        observed: isolation.observed(name),
        proposal: isolation.proposal(name),
      };
    },
    async allowHosts(name, hosts) {
      const { transport, isolation: wish } = serverOf(name);
      if (transport.kind !== 'stdio' || !isContained(transport, wish, deps.config().isolation))
        throw notContained(name);
      const wanted = hosts.map((host) => ruleText(readRule(host)));
      const asked = new Set(isolation.hosts(name).map(({ host, port }) => ruleOf(host, port)));
      const strange = wanted.find((host) => !asked.has(host));
      if (strange !== undefined) throw notAsked(name, strange);
      await deps.allow(name, [...new Set([...(wish.allow ?? []), ...wanted])]);
    },
    approveImage: isolation.approveImage,
    insides: isolation.insides,
    close: isolation.close,
  };
}

/** Beside the program that runs; parts of it may lie one folder deeper. */
function egressFile(): string {
  const beside = join(__dirname, 'egress.js');
  return existsSync(beside) ? beside : join(__dirname, '..', 'egress.js');
}

function notContained(name: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.not_contained',
    message: 'The server "{server}" does not run in a container, so its network cannot be limited.',
    remedy: 'Set "isolation": {"mode": "container"} for it first.',
    values: { server: name },
  });
}

/** The list may be older than what is agreed to. */
function notAsked(name: string, host: string): GatehouseError {
  return new GatehouseError({
    code: 'isolation.not_asked',
    message: 'The server "{server}" has not asked for {host} since Gatehouse was started.',
    remedy: 'Look at its page again, or write the host under "allow" in its "isolation".',
    values: { server: name, host },
  });
}

function unknown(name: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unknown',
    message: 'There is no server named "{server}".',
    remedy: 'Look at the names in the server list.',
    values: { server: name.slice(0, 200) },
  });
}
