/**
 * The isolation room as others see it: starts a server's program in a container that its policy describes, says what it
 * reaches, and ends what earlier runs left behind. `close` ends what runs for all servers together; the servers' own
 * containers are ended by those who started them.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { boundCache, type CacheWatch, createCacheWatch } from './cache-watch.ts';
import { type RunningContainer, startContainer } from './container.ts';
import { containerName } from './container-spec.ts';
import type { ReachedHost } from './egress/reached.ts';
import type { EngineProbe } from './engine.ts';
import { createEngineLink, type Engine } from './engine-link.ts';
import { createImages, type Image, stoppedEarly } from './images.ts';
import { createInsides, type Insides } from './inside.ts';
import { instanceName, knownInstance } from './instance.ts';
import { createLimitWatch, type LimitWatch } from './limit-watch.ts';
import type { LimitKind, LimitMet } from './limits-met.ts';
import { createObservations, type Observed } from './observations.ts';
import { containerOf, type StartOrder } from './order.ts';
import { openPins } from './pins.ts';
import { type Policy, policyOf } from './policy.ts';
import type { PlacedLauncher } from './prepare.ts';
import { reap } from './reap.ts';
import { createReports, type HeldBack, limitWords } from './reports.ts';
import type { Sentence } from './sentences.ts';
import { memoryWords } from './summary.ts';
import { engineLost, isEngineGone, startFailed } from './trouble.ts';
import { createWaysOut, type Way, type WaysOut } from './ways-out.ts';

/** What the room needs. */
export interface IsolationDeps {
  /** Gatehouse's own directory; holds the name of this instance and the pins of images. */
  readonly dataDir: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** The user of this process; null on systems without such numbers. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  readonly clock: Clock;
  readonly log: { info(fields: object, text: string): void; warn(fields: object, text: string): void };
  /** How large one server's package cache may become. */
  readonly cacheBytes: number;
  /** The program text of the egress proxy. */
  egressProgram(): Promise<string>;
  /** What the configuration says now. */
  configured(): { readonly engine: string | null; readonly proxyImage: string | null };
  /** Something that screens show of this server has changed; null: of the engine. */
  changed(server: string | null): void;
  /** It was refused a host, or has met a limit: words for the activity log, a bounded number of them. */
  heldBack(server: string, what: HeldBack, words: string): void;
  /** The engine is back, and these servers wait for it. */
  engineBack(servers: readonly string[]): void;
}

/** See above. */
export interface Isolation {
  /**
   * Starts the server. Gives null when there is no engine and the policy lets the server run on this computer then. Rejects
   * with a GatehouseError of this room.
   */
  start(order: StartOrder, signal: AbortSignal): Promise<RunningContainer | null>;
  /** Percent of the image's download; null when none is under way. */
  progress(server: string): { readonly image: string; readonly percent: number | null } | null;
  hosts(server: string): readonly ReachedHost[];
  /** The limits that it has met, and what it tried and may not, since Gatehouse was started. */
  limits(server: string): readonly LimitMet[];
  /** Whether what it tries is noted from inside; null before its first start. */
  observed(server: string): Observed | null;
  /** An allow-list of what the server has reached. */
  proposal(server: string): readonly string[];
  /** What was found at the last look. */
  readonly engine: EngineProbe | null;
  /** Looks for the engine unless it is known; never rejects. */
  lookForEngine(): Promise<void>;
  /** What the mounts of its last start weaken, in plain words. */
  weakened(server: string): readonly Sentence[];
  /** Whether this server runs on this computer although it was to be contained. */
  fellBack(server: string): boolean;
  /** Terminals in the containers that run. */
  readonly insides: Pick<Insides, 'open' | 'has'>;
  /** Agrees to what the image's name means now. */
  approveImage(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What all servers at one engine have together. */
interface AtEngine {
  readonly engine: Engine;
  readonly ways: WaysOut;
  readonly caches: CacheWatch;
  readonly limits: LimitWatch;
}

/** Opens the room; when containers were used before, ends in the background what is left of them. */
export function openIsolation(deps: IsolationDeps): Isolation {
  const { clock, log, dataDir } = deps;
  const reports = createReports(deps);
  const observations = createObservations(reports, deps.changed);
  const images = createImages(openPins(`${dataDir}/images.json`));
  const downloading = new Map<string, { readonly image: string; readonly percent: number | null }>();
  const launchers = new Map<string, Promise<PlacedLauncher | null>>();
  /** Names of containers and networks that are being made or run. */
  const live = new Set<string>();
  const insides = createInsides(clock);
  const waiting = new Set<string>();
  const fallen = new Set<string>();
  /** What the mounts of servers that were started weaken. */
  const weak = new Map<string, readonly Sentence[]>();
  const instanceFile = `${dataDir}/containers-of`;
  let instance: Promise<string> | null = null;
  let ways: AtEngine | null = null;
  let closing: Promise<void> | null = null;

  const instanceOf = (): Promise<string> => {
    instance ??= instanceName(instanceFile);
    return instance;
  };
  const link = createEngineLink({
    configured: () => deps.configured().engine,
    clock,
    changed: () => deps.changed(null),
    async found({ docker, version, endpoint }) {
      log.info({ version, endpoint }, 'container engine');
      const gone = await reap(docker, await instanceOf(), (name) => live.has(name));
      if (gone > 0)
        log.warn({ containers: gone }, 'containers of an earlier run were still there and are removed');
    },
  });
  const looked = knownInstance(instanceFile)
    .then((known) => (known === null ? undefined : link.get().then(() => undefined)))
    .catch(() => undefined);

  const waysOf = (engine: Engine, name: string) => {
    if (ways?.engine === engine) return ways;
    void ways?.ways.close();
    ways?.caches.close();
    ways?.limits.close();
    const made = createWaysOut({
      ...{ engine, clock, live, instance: name },
      program: deps.egressProgram,
      proxyImage: () => deps.configured().proxyImage,
      images,
      report: reports.host,
      complain: (line) => log.warn({ line: line.slice(0, 300) }, 'egress proxy'),
    });
    const { docker } = engine;
    const caches = createCacheWatch(docker, deps.cacheBytes, clock);
    ways = { engine, ways: made, caches, limits: createLimitWatch(docker, clock) };
    return ways;
  };

  const imageFor = async (
    engine: Engine,
    server: string,
    name: string,
    signal: AbortSignal,
  ): Promise<Image> => {
    try {
      return await images.ensure(engine.docker, name, signal, (percent) => {
        downloading.set(server, { image: name, percent });
        deps.changed(server);
      });
    } finally {
      if (downloading.delete(server)) deps.changed(server);
    }
  };

  const startAt = async (
    engine: Engine,
    order: StartOrder,
    signal: AbortSignal,
  ): Promise<RunningContainer> => {
    const { server } = order;
    const name = await instanceOf();
    const policy = policyOf(order.program, order.wish, order.defaults);
    const image = await imageFor(engine, server, policy.image, signal);
    const random = randomBytes(4).toString('hex');
    const own = containerName(server, random);
    live.add(own);
    let way: Way | null = null;
    try {
      const { ways: out, caches, limits } = waysOf(engine, name);
      way = await out.open(server, policy.network, random);
      const opened = way;
      const ready = await containerOf({
        ...{ order, policy, engine, image, instance: name, random, way: opened, launchers, live },
        computer: deps,
      });
      if (signal.aborted) throw stoppedEarly();
      const { weakened, cacheVolume, observer, unobserved, ...rest } = ready;
      const observed =
        observer === null ? null : { key: observer.key, heard: observations.hear(server, observer.network) };
      if (unobserved !== null) observations.without(server, unobserved);
      const made = { ...rest, observed, memory: memoryWords(policy.memoryBytes) };
      const started = await startContainer(engine.docker, made, clock, signal);
      const container =
        cacheVolume === null
          ? started
          : boundCache(started, engine.docker, cacheVolume, caches, deps.cacheBytes);
      if (weakened.length > 0 || weak.has(server)) {
        weak.set(server, weakened);
        deps.changed(server);
      }
      const unwatch = watched(
        container,
        order,
        policy,
        Object.keys(made.spec.HostConfig.Tmpfs ?? {}),
        limits,
      );
      const outside = insides.add(server, engine.docker, container.id);
      void Promise.race([container.exited, opened.lost]).then(async (exit) => {
        outside();
        if (exit === undefined) await container.stop();
        unwatch(exit?.limit ?? null);
        await opened.close();
        live.delete(own);
      });
      return { ...container, stop: (times) => container.stop(times).finally(opened.close) };
    } catch (error) {
      await way?.close();
      live.delete(own);
      throw error instanceof GatehouseError || isEngineGone(error) ? error : startFailed(policy.image, error);
    }
  };

  /** Its limits are looked at, and told, until what this gives is called with the limit that ended it. */
  const watched = (
    { id }: RunningContainer,
    { server, note }: StartOrder,
    policy: Policy,
    scratch: readonly string[],
    limits: LimitWatch,
  ) => {
    const silence = reports.writeTo(server, note);
    const met = (kind: LimitKind, times: number, place: string | null): void =>
      reports.limit(server, kind, limitWords(kind, policy, place), times);
    const end = limits.watch({ id, pids: policy.pids, scratch: [...scratch, '/dev/shm'], met });
    return (limit: LimitKind | null): void => {
      end(limit);
      silence();
    };
  };

  const start = async (order: StartOrder, signal: AbortSignal): Promise<RunningContainer> => {
    let engine: Engine | null = null;
    try {
      engine = await link.get();
      return await startAt(engine, order, signal);
    } catch (error) {
      if (!isEngineGone(error)) throw error;
      link.lost();
      throw error instanceof GatehouseError ? error : engineLost(error);
    }
  };
  const comeBack = (): void => {
    const servers = [...waiting];
    waiting.clear();
    deps.engineBack(servers);
  };

  return {
    async start(order, signal) {
      if (closing !== null) throw stoppedEarly();
      try {
        const container = await start(order, signal);
        if (fallen.delete(order.server)) deps.changed(order.server);
        waiting.delete(order.server);
        return container;
      } catch (error) {
        if (!isEngineGone(error)) throw error;
        waiting.add(order.server);
        link.whenBack(comeBack);
        if (policyOf(order.program, order.wish, order.defaults).fallback !== 'host') throw error;
        fallen.add(order.server);
        deps.changed(order.server);
        return null;
      }
    },
    progress: (server) => downloading.get(server) ?? null,
    hosts: reports.hosts,
    limits: reports.limits,
    observed: observations.of,
    proposal: reports.proposal,
    get engine() {
      return link.last;
    },
    lookForEngine: () =>
      link.get().then(
        () => undefined,
        () => undefined,
      ),
    insides,
    weakened: (server) => weak.get(server) ?? [],
    fellBack: (server) => fallen.has(server),
    async approveImage(name) {
      const { docker } = await link.get();
      await images.approve(docker, name);
    },
    close() {
      closing ??= (async () => {
        link.close();
        await looked;
        ways?.caches.close();
        ways?.limits.close();
        await ways?.ways.close();
      })();
      return closing;
    },
  };
}
