/**
 * One server's life: started, kept connected, retried with growing pauses for as long as the user wants it on, and
 * ended. One upstream's trouble stays its own.
 */
import { join } from 'node:path';
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import type { ListKind, ServerListing } from '../protocol/listing.ts';
import { type Connection, openConnection } from './connection.ts';
import { greet, readList } from './handshake.ts';
import {
  changedList,
  type ProcessSpec,
  type UpstreamDeps,
  type UpstreamSpec,
  type UpstreamState,
  type UpstreamStatus,
} from './ports.ts';
import { openServerLog } from './server-log.ts';
import { openStdioLink } from './stdio.ts';

/** First pause before a retry; doubled each time up to the last, and spread by a quarter. Milliseconds. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** A list is read again this long after the last sign that it changed. */
const REFRESH_MS = 100;

/** One server. */
export interface Upstream {
  readonly spec: UpstreamSpec;
  readonly status: UpstreamStatus;
  start(): void;
  /** Ends the server's process; it stays ended. Never rejects. */
  stop(state: 'disabled' | 'stopped'): Promise<void>;
  /** Ends and starts at once, without the pause of a retry. */
  restart(): Promise<void>;
  /** Never throws; failures reach the sink. */
  forward(request: Forward): ForwardHandle;
  logTail(count: number): string[];
  /** Stops and closes the log. Idempotent. */
  close(): Promise<void>;
}

/** Makes the upstream; nothing runs before `start`. */
export function createUpstream(spec: UpstreamSpec, deps: UpstreamDeps): Upstream {
  const { clock, events } = deps;
  const log = openServerLog(join(deps.logDir, `${spec.name}.log`), clock);
  let status: UpstreamStatus = {
    state: spec.enabled ? 'starting' : 'disabled',
    since: clock.now(),
    problem: null,
    nextRetry: null,
    settled: !spec.enabled,
  };
  let connection: Connection | null = null;
  let listing: ServerListing | null = null;
  let attempt = 0;
  let everReady = false;
  let cancelRetry: () => void = () => undefined;
  let cancelRefresh: () => void = () => undefined;
  const changed = new Set<ListKind>();
  /** Grows with every start and stop: whatever began under an older number has lost its say. */
  let generation = 0;
  /** Its process runs, and it has not introduced itself yet. */
  let greeting: Connection | null = null;
  /** Processes on their way in or out; stopping waits for them, so that none is left behind. */
  const moving = new Set<Promise<unknown>>();

  const move = <T>(work: Promise<T>): Promise<T> => {
    const done: Promise<unknown> = work.then(
      () => moving.delete(done),
      () => moving.delete(done),
    );
    moving.add(done);
    return work;
  };
  const end = (one: Connection | null): void => {
    if (one !== null) void move(one.close());
  };

  const enter = (
    state: UpstreamState,
    problem: GatehouseError | null = null,
    nextRetry: number | null = null,
  ): void => {
    const settled = status.settled || state !== 'starting';
    status = { state, since: clock.now(), problem, nextRetry, settled };
    events.status(spec.name, status);
  };

  const run = async (): Promise<void> => {
    const mine = ++generation;
    cancelRetry();
    enter('starting', status.problem);
    let opened: Connection | null = null;
    try {
      const process = await processSpec(spec, deps);
      if (mine !== generation) return;
      log.note(`start: ${process.command} ${process.args.length} arguments`);
      const opening = openConnection((link) => openStdioLink(process, log, clock, link), clock, {
        notification: (method) => onNotification(mine, method),
        closed: (cause) => {
          if (mine === generation && connection !== null) lost(cause ?? stopped());
        },
      });
      opened = await move(opening);
      if (mine !== generation) return end(opened);
      greeting = opened;
      const next = await greet(opened, deps.clientInfo);
      if (mine !== generation) return;
      greeting = null;
      connection = opened;
      listing = next;
      attempt = 0;
      everReady = true;
      events.listing(spec.name, listing);
      enter('ready');
    } catch (error) {
      if (mine !== generation) return;
      greeting = null;
      end(opened);
      lost(asError(error));
    }
  };

  const lost = (cause: GatehouseError): void => {
    const mine = ++generation;
    end(connection);
    connection = null;
    log.note(`${cause.code}: ${cause.message}`);
    deps.log.warn({ server: spec.name, code: cause.code }, 'server lost');
    const pause = Math.min(FIRST_RETRY_MS * 2 ** attempt, LAST_RETRY_MS) * (0.75 + Math.random() / 2);
    attempt++;
    enter(everReady ? 'retrying' : 'failed', cause, clock.now() + pause);
    cancelRetry = clock.after(pause, () => {
      if (mine === generation) void run();
    });
  };

  const onNotification = (mine: number, method: string): void => {
    const kinds = changedList(method);
    if (kinds === null || mine !== generation) return;
    for (const kind of kinds) changed.add(kind);
    cancelRefresh();
    cancelRefresh = clock.after(REFRESH_MS, () => void refresh(mine));
  };

  const refresh = async (mine: number): Promise<void> => {
    if (mine !== generation || connection === null || listing === null) return;
    const kinds = [...changed];
    changed.clear();
    try {
      const from = connection;
      const capabilities = listing.capabilities;
      const lists = await Promise.all(
        kinds.map(async (kind) => [kind, await readList(from, kind, capabilities)] as const),
      );
      if (mine !== generation || listing === null) return;
      listing = { ...listing, ...Object.fromEntries(lists) };
      events.listing(spec.name, listing);
    } catch (error) {
      // The last good lists stay; a connection that is gone says so itself.
      deps.log.warn({ server: spec.name, code: problemOf(error).code }, 'list not refreshed');
    }
  };

  const halt = async (state: 'disabled' | 'stopped' | null): Promise<void> => {
    generation++;
    cancelRetry();
    cancelRefresh();
    end(connection);
    end(greeting);
    connection = null;
    greeting = null;
    if (state !== null) enter(state);
    while (moving.size > 0) await Promise.all(moving);
  };

  return {
    spec,
    get status() {
      return status;
    },
    start: () => void run(),
    stop: (state) => halt(state),
    async restart() {
      attempt = 0;
      const ended = halt(null);
      enter('starting');
      await ended;
      void run();
    },
    forward(request) {
      if (connection !== null) return connection.forward(request, spec.callTimeoutMs);
      request.sink.fail(notReady(spec.name, status));
      return { cancel: () => undefined };
    },
    logTail: (count) => log.tail(count),
    async close() {
      await halt(null);
      await log.close();
    },
  };
}

async function processSpec(spec: UpstreamSpec, deps: UpstreamDeps): Promise<ProcessSpec> {
  const { transport } = spec;
  if (transport.kind !== 'stdio') {
    throw new GatehouseError({
      code: 'upstream.transport_unsupported',
      message: 'This version of Gatehouse runs stdio servers only; this server is remote.',
      remedy: 'Switch the server off until an update brings remote servers.',
    });
  }
  const entries = Object.entries(transport.env);
  const [command, cwd, args, values] = await Promise.all([
    deps.resolve(transport.command),
    transport.cwd === null ? null : deps.resolve(transport.cwd),
    Promise.all(transport.args.map((arg) => deps.resolve(arg))),
    Promise.all(entries.map(async ([name, value]) => [name, await deps.resolve(value)] as const)),
  ]);
  return { command, args, cwd, env: { ...deps.baseEnv, ...Object.fromEntries(values) } };
}

function asError(error: unknown): GatehouseError {
  return error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error });
}

function stopped(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stopped',
    message: 'The server was stopped.',
    remedy: 'Switch it on again, or wait until it has restarted.',
  });
}

function notReady(name: string, status: UpstreamStatus): GatehouseError {
  const why = status.problem === null ? '' : `: ${status.problem.message}`;
  return new GatehouseError({
    code: 'upstream.not_ready',
    message: `The server "${name}" is not ready (${status.state})${why}`,
    remedy: status.problem?.remedy ?? 'Wait until it has started, or look at it in Gatehouse.',
  });
}
