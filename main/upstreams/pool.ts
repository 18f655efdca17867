/**
 * All servers behind the gateway, kept as the configuration says. A change touches only the servers that it names;
 * everything starts and stops side by side.
 */
import { availableParallelism } from 'node:os';
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { LogLevel, Peer } from '../protocol/peer.ts';
import { createGate } from './gate.ts';
import { Interest } from './interest.ts';
import type { UpstreamDeps, UpstreamSpec, UpstreamStatus } from './ports.ts';
import { NO_HANDLE } from './sinks.ts';
import { createUpstream, type Upstream } from './upstream.ts';
import { watchWake } from './wake.ts';

/** Servers that start at once: local ones take processor time, remote ones hardly any. */
const LOCAL_STARTS = Math.max(4, 2 * availableParallelism());
const REMOTE_STARTS = 32;

/** The set of servers. */
export interface Pool {
  /** Makes the running set equal to `specs`: adds, removes, restarts what changed, in the background. */
  apply(specs: readonly UpstreamSpec[]): void;
  status(name: string): UpstreamStatus | null;
  names(): readonly string[];
  /** Never throws; an unknown server fails the sink. */
  forward(name: string, request: Forward): ForwardHandle;
  /** Subscribes the peer to a resource; counted per server. Rejects with a GatehouseError or a ServerError. */
  subscribe(name: string, uri: string, peer: Peer): Promise<void>;
  unsubscribe(name: string, uri: string, peer: Peer): Promise<void>;
  setLogLevel(name: string, level: LogLevel | null): void;
  /** Sends a client's notification to the session that serves this client. */
  notify(name: string, peer: Peer, message: Buffer): void;
  /** Its subscriptions and its own sessions end. */
  peerGone(peer: Peer): void;
  /** Opens the peer's own sessions with those servers that do not share theirs; null when nothing is to be waited for. */
  settleOwn(names: readonly string[], peer: Peer): Promise<void> | null;
  /** Rejects with `upstream.unknown`. */
  restart(name: string): Promise<void>;
  /** What kept the server from being connected is mended. An unknown one is nothing to wake. */
  wake(name: string): void;
  logTail(name: string, count: number): string[];
  /** Writes a line of ours into the server's log. An unknown one has none. */
  logNote(name: string, text: string): void;
  /** While paused no server runs; resuming starts the enabled ones again. */
  setPaused(paused: boolean): void;
  /** Ends every server side by side, within the stop budget. Idempotent. */
  close(): Promise<void>;
}

/** Opens an empty pool. */
export function openPool(deps: UpstreamDeps): Pool {
  const upstreams = new Map<string, Upstream>();
  /** By server, so that it outlives a change of its configuration. */
  const interests = new Map<string, Interest>();
  /** Servers on their way out; `close` waits for them too. */
  const leaving = new Set<Promise<void>>();
  const localGate = createGate(LOCAL_STARTS, deps.clock);
  const remoteGate = createGate(REMOTE_STARTS, deps.clock);
  const wake = watchWake({
    clock: deps.clock,
    waiting: () =>
      [...upstreams.values()].some(
        ({ spec, status }) => spec.transport.kind !== 'stdio' && status.nextRetry !== null,
      ),
    changed(why) {
      deps.log.debug({ why }, 'looking after all servers');
      for (const upstream of upstreams.values()) upstream.nudge();
    },
  });
  let paused = false;
  let closing: Promise<void> | null = null;

  const leave = (upstream: Upstream): Promise<void> => {
    const done = upstream.close().finally(() => leaving.delete(done));
    leaving.add(done);
    return done;
  };
  const create = (spec: UpstreamSpec): Upstream => {
    const interest = interests.get(spec.name) ?? new Interest();
    interests.set(spec.name, interest);
    const gate = spec.transport.kind === 'stdio' ? localGate : remoteGate;
    const upstream = createUpstream(spec, deps, interest, gate);
    upstreams.set(spec.name, upstream);
    return upstream;
  };
  const enter = (spec: UpstreamSpec): void => {
    const upstream = create(spec);
    if (!spec.enabled) void upstream.stop(spec.held ? 'quarantined' : 'disabled');
    else if (paused) void upstream.stop('stopped');
    else upstream.start();
  };
  const find = (name: string): Upstream => {
    const upstream = upstreams.get(name);
    if (upstream === undefined) throw unknownServer(name);
    return upstream;
  };

  return {
    apply(specs) {
      if (closing !== null) return;
      const wanted = new Map(specs.map((spec) => [spec.name, spec]));
      for (const [name, upstream] of [...upstreams]) {
        const spec = wanted.get(name);
        if (spec !== undefined && sameSpec(spec, upstream.spec)) continue;
        upstreams.delete(name);
        const left = leave(upstream);
        if (spec === undefined) {
          interests.delete(name);
          deps.memory?.forget(name);
          deps.events.listing(name, null);
          continue;
        }
        // A switched-off server is not offered; a changed one keeps its list while it restarts.
        if (!spec.enabled) deps.events.listing(name, null);
        // The old process ends before the new one begins: both may hold the same file or port.
        if (spec.enabled && upstream.spec.enabled) enterLater(spec, left);
        else enter(spec);
      }
      for (const spec of specs) if (!upstreams.has(spec.name)) enter(spec);
    },
    status: (name) => upstreams.get(name)?.status ?? null,
    names: () => [...upstreams.keys()],
    forward(name, request) {
      const upstream = upstreams.get(name);
      if (upstream !== undefined) return upstream.forward(request);
      request.sink.fail(unknownServer(name));
      return NO_HANDLE;
    },
    subscribe: async (name, uri, peer) => find(name).subscribe(uri, peer),
    unsubscribe: async (name, uri, peer) => upstreams.get(name)?.unsubscribe(uri, peer),
    setLogLevel: (name, level) => upstreams.get(name)?.setLogLevel(level),
    notify: (name, peer, message) => upstreams.get(name)?.notify(peer, message),
    peerGone(peer) {
      for (const upstream of upstreams.values()) upstream.peerGone(peer);
    },
    settleOwn(names, peer) {
      const waits = names.map((name) => upstreams.get(name)?.settleOwn(peer) ?? null).filter(isPromise);
      return waits.length === 0 ? null : Promise.all(waits).then(() => undefined);
    },
    async restart(name) {
      await find(name).restart();
    },
    wake: (name) => upstreams.get(name)?.wake(),
    logTail: (name, count) => find(name).logTail(count),
    logNote: (name, text) => upstreams.get(name)?.logNote(text),
    setPaused(next) {
      if (next === paused || closing !== null) return;
      paused = next;
      for (const upstream of upstreams.values()) {
        if (!upstream.spec.enabled) continue;
        if (paused) void upstream.stop('stopped');
        else upstream.start();
      }
    },
    close() {
      wake.close();
      closing ??= Promise.all([...upstreams.values()].map(leave))
        .then(() => Promise.all(leaving))
        .then(() => undefined);
      return closing;
    },
  };

  function enterLater(spec: UpstreamSpec, left: Promise<void>): void {
    const upstream = create(spec);
    void left.then(() => {
      if (upstreams.get(spec.name) === upstream && closing === null && !paused) upstream.start();
    });
  }
}

function sameSpec(a: UpstreamSpec, b: UpstreamSpec): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function unknownServer(name: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unknown',
    message: 'There is no server named "{server}".',
    remedy: 'Look at the names in the server list.',
    values: { server: name },
  });
}

function isPromise<T>(value: Promise<T> | null): value is Promise<T> {
  return value !== null;
}
