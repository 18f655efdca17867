/**
 * One server's life: started, kept connected, retried with growing pauses for as long as the user wants it on, and
 * ended. One upstream's trouble stays its own.
 */
import { join } from 'node:path';
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import type { Peer } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import { notification } from '../protocol/wire.ts';
import { sharedIntroduction } from './handshake.ts';
import type { Interest } from './interest.ts';
import type { Knowledge, OpeningSpec } from './opening.ts';
import { createOwnSessions } from './own-sessions.ts';
import type { SignInPort, UpstreamDeps, UpstreamSpec, UpstreamState, UpstreamStatus } from './ports.ts';
import { notReady, stopped } from './problems.ts';
import { type NextSession, SecondChance } from './second-chance.ts';
import { openServerLog } from './server-log.ts';
import { openServerSession, type ServerSession } from './server-session.ts';
import { NO_HANDLE } from './sinks.ts';

/** First pause before a retry; doubled each time up to the last, and spread by a quarter. Milliseconds. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** A server that loses sessions more often than this is met again with pauses. Milliseconds. */
const RENEW_MS = 10_000;
/** A client that begins waits so long at most for its own session. Milliseconds. */
const OWN_PATIENCE_MS = 8_000;

/** Whoever waits for a session. */
interface Expecting {
  readonly resolve: (session: ServerSession) => void;
  readonly reject: (error: GatehouseError) => void;
}

/** One server. */
export interface Upstream {
  readonly spec: UpstreamSpec;
  readonly status: UpstreamStatus;
  start(): void;
  /** Ends the server's process; it stays ended. Never rejects. */
  stop(state: 'disabled' | 'stopped'): Promise<void>;
  /** Ends and starts at once, without the pause of a retry. */
  restart(): Promise<void>;
  /** What kept it from being connected is mended: tries at once, unless it is connected or to be off. */
  wake(): void;
  /** Never throws; failures reach the sink. */
  forward(request: Forward): ForwardHandle;
  /** Rejects with a GatehouseError or a ServerError. */
  subscribe(uri: string, peer: Peer): Promise<void>;
  unsubscribe(uri: string, peer: Peer): Promise<void>;
  setLogLevel: Interest['setLogLevel'];
  notify(peer: Peer, message: Buffer): void;
  peerGone(peer: Peer): void;
  /** Opens the client's own session, where it gets one; null when nothing is to be waited for. */
  settleOwn(peer: Peer): Promise<void> | null;
  logTail(count: number): string[];
  /** Stops and closes the log. Idempotent. */
  close(): Promise<void>;
}

/** Makes the upstream; nothing runs before `start`. `interest` is what clients want of the server that they share. */
export function createUpstream(spec: UpstreamSpec, deps: UpstreamDeps, interest: Interest): Upstream {
  const { clock, events } = deps;
  const { name } = spec;
  const log = openServerLog(join(deps.logDir, `${name}.log`), clock);
  let status: UpstreamStatus = {
    state: spec.enabled ? 'starting' : 'disabled',
    since: clock.now(),
    problem: null,
    nextRetry: null,
    settled: !spec.enabled,
  };
  let session: ServerSession | null = null;
  let attempt = 0;
  let everReady = false;
  let cancelRetry: () => void = () => undefined;
  /** Grows with every start and stop: whatever began under an older number has lost its say. */
  let generation = 0;
  /** Ends what is being opened. */
  let opening = new AbortController();
  /** Sessions on their way in or out; stopping waits for them, so that no process is left behind. */
  const moving = new Set<Promise<unknown>>();
  const settling = new Set<() => void>();
  /** Forgotten sessions that have not ended yet. */
  const leaving = new Set<ServerSession>();
  /** Whoever waits for the session that takes the place of one that the server has lost; null when none comes. */
  let expecting: Expecting[] | null = null;
  /** When that was last begun at once, epoch milliseconds. */
  let renewedAt = 0;

  const move = <T>(work: Promise<T>): Promise<T> => {
    const done: Promise<unknown> = work.then(
      () => moving.delete(done),
      () => moving.delete(done),
    );
    moving.add(done);
    return work;
  };
  const knowledge: Knowledge = { era: null, transport: null };
  const common: Omit<OpeningSpec, 'introduction' | 'signal'> = {
    ...{ spec, deps, log, knowledge },
    closing: (done) => void move(done),
  };
  const own = createOwnSessions(common);

  const enter = (
    state: UpstreamState,
    problem: GatehouseError | null = null,
    nextRetry: number | null = null,
  ): void => {
    const settled = status.settled || state !== 'starting';
    status = { state, since: clock.now(), problem, nextRetry, settled };
    events.status(name, status);
    if (state !== 'starting') for (const tell of [...settling]) tell();
  };

  const run = async (): Promise<void> => {
    const mine = ++generation;
    const current = (): boolean => mine === generation;
    cancelRetry();
    enter('starting', status.problem);
    opening = new AbortController();
    let lostEarly: GatehouseError | null = null;
    let mySession: ServerSession | null = null;
    const spec = { ...common, introduction: sharedIntroduction(deps.clientInfo), signal: opening.signal };
    try {
      const opened = await move(
        openServerSession(spec, {
          listing(listing) {
            if (current()) events.listing(name, listing);
          },
          notification: (method, message) => events.notification(name, null, method, message),
          ask: (ask) => events.ask(name, null, ask),
          closed(cause) {
            if (mySession !== null && leaving.delete(mySession)) void move(mySession.close());
            if (!current()) return;
            if (session === null) lostEarly = cause ?? stopped();
            else lost(cause ?? stopped());
          },
        }),
      );
      if (!current() || lostEarly !== null) {
        void move(opened.close());
        if (lostEarly !== null) throw lostEarly;
        return;
      }
      mySession = opened;
      session = opened;
      attempt = 0;
      everReady = true;
      events.listing(name, opened.listing);
      interest.attach(opened);
      enter('ready');
      expected((one) => one.resolve(opened));
    } catch (error) {
      if (current()) lost(asError(error));
    }
  };

  const lost = (cause: GatehouseError): void => {
    const mine = ++generation;
    const before = session;
    const forgotten = cause.code === 'upstream.session_lost';
    drop(forgotten);
    log.note(`${cause.code}: ${cause.message}`);
    deps.log.warn({ server: name, code: cause.code }, 'server lost');
    // The server is there and only has forgotten us.
    if (forgotten && before !== null && clock.now() - renewedAt > RENEW_MS) {
      renewedAt = clock.now();
      expecting ??= [];
      return void run();
    }
    expected((one) => one.reject(cause));
    // Trying again would only be refused again; a person comes first.
    if (needsPerson(cause)) return enter('signing-in', cause);
    const pause = Math.min(FIRST_RETRY_MS * 2 ** attempt, LAST_RETRY_MS) * (0.75 + Math.random() / 2);
    attempt++;
    const state = cause.code === 'upstream.unauthorized' ? 'signing-in' : everReady ? 'retrying' : 'failed';
    enter(state, cause, clock.now() + pause);
    cancelRetry = clock.after(pause, async () => {
      // The old process ends before the new one begins: both may hold the same file or port.
      while (moving.size > 0) await Promise.all(moving);
      if (mine === generation) void run();
    });
  };

  const expected = (settle: (one: Expecting) => void): void => {
    const all = expecting;
    expecting = null;
    for (const one of all ?? []) settle(one);
  };

  /** Waits, with progress and not for ever, until somebody has signed in; a session follows at once. */
  const afterSignIn = (request: Forward, signIn: SignInPort): ForwardHandle => {
    const call = new SecondChance(request, next);
    let told = 0;
    const waits = (message: string): void => {
      const bytes = notification('notifications/progress', { progressToken: 0, progress: ++told, message });
      const { tokenStart, tokenEnd } = scanMessage(bytes);
      call.progress(bytes, tokenStart, tokenEnd);
    };
    signIn.wanted(name, waits).then(
      () => void call.last(),
      (error: unknown) => call.fail(asError(error)),
    );
    return call;
  };

  const next: NextSession = (forgotten) =>
    new Promise((resolve, reject) => {
      if (forgotten !== null && forgotten.session === session) lost(forgotten.cause);
      if (session !== null) resolve(session);
      else if (expecting === null) reject(notReady(name, status));
      else expecting.push({ resolve, reject });
    });

  /** Lets go of the session. A forgotten one ends by itself soon, when its other calls have heard of it too. */
  const drop = (forgotten = false): void => {
    interest.attach(null);
    if (session !== null && forgotten) leaving.add(session);
    else if (session !== null) void move(session.close());
    session = null;
  };

  const halt = async (state: 'disabled' | 'stopped' | null): Promise<void> => {
    generation++;
    cancelRetry();
    opening.abort();
    own.endAll();
    drop();
    for (const one of leaving) void move(one.close());
    leaving.clear();
    expected((one) => one.reject(stopped()));
    if (state !== null) enter(state);
    while (moving.size > 0) await Promise.all(moving);
  };

  /** True when this client is to have its own session; servers without sessions need none. */
  const hasOwn = (peer: Peer): boolean =>
    spec.session === 'per-client' && (own.has(peer.key) || (session !== null && session.era === 'legacy'));

  const startedOnce = (): Promise<void> =>
    new Promise((resolve) => {
      if (status.state !== 'starting') return resolve();
      const tell = (): void => {
        settling.delete(tell);
        resolve();
      };
      settling.add(tell);
    });

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
    wake() {
      if (session !== null || !['signing-in', 'failed', 'retrying'].includes(status.state)) return;
      attempt = 0;
      expecting ??= [];
      void run();
    },
    forward(request) {
      if (spec.session === 'per-client' && hasOwn(request.peer)) return own.forward(request);
      if (session !== null) {
        return session.losable ? new SecondChance(request, next).first(session) : session.forward(request);
      }
      if (expecting !== null) {
        const call = new SecondChance(request, next);
        void call.last();
        return call;
      }
      if (deps.signIn !== undefined && status.problem !== null && needsPerson(status.problem)) {
        return afterSignIn(request, deps.signIn);
      }
      request.sink.fail(notReady(name, status));
      return NO_HANDLE;
    },
    async subscribe(uri, peer) {
      if (hasOwn(peer)) return own.subscribe(uri, peer);
      if (session === null) await next(null);
      await interest.subscribe(uri, peer.key);
    },
    unsubscribe: (uri, peer) =>
      hasOwn(peer) ? own.unsubscribe(uri, peer.key) : interest.unsubscribe(uri, peer.key),
    setLogLevel(level) {
      interest.setLogLevel(level);
      own.setLogLevel(level);
    },
    notify(peer, message) {
      if (spec.session === 'per-client') own.notify(peer.key, message);
      else session?.notify(message);
    },
    peerGone(peer) {
      own.end(peer.key);
      interest.drop(peer.key);
    },
    settleOwn(peer) {
      session?.used();
      if (spec.session !== 'per-client' || !spec.enabled || own.has(peer.key)) return null;
      if (session?.era === 'modern') return null;
      const opened = startedOnce().then(() => (hasOwn(peer) ? own.open(peer) : undefined));
      return new Promise((resolve) => {
        const cancel = clock.after(OWN_PATIENCE_MS, resolve);
        void opened.then(() => {
          cancel();
          resolve();
        });
      });
    },
    logTail: (count) => log.tail(count),
    async close() {
      await halt(null);
      await log.close();
    },
  };
}

function needsPerson({ code }: GatehouseError): boolean {
  return code === 'signin.needed' || code === 'signin.more_scopes';
}

function asError(error: unknown): GatehouseError {
  return error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error });
}
