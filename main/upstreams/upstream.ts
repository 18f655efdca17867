/**
 * One server, as the pool and the gateway know it: its shared life, the sessions of clients that do not share, its log,
 * and the bound of calls at once. One upstream's trouble stays its own. Ends with `close`.
 */
import { join } from 'node:path';
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import type { Peer } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import { notification } from '../protocol/wire.ts';
import type { Gate } from './gate.ts';
import type { Interest } from './interest.ts';
import { Life, needsPerson } from './life.ts';
import type { Knowledge, OpeningSpec } from './opening.ts';
import { createOwnSessions } from './own-sessions.ts';
import type { SignInPort, UpstreamDeps, UpstreamSpec, UpstreamStatus } from './ports.ts';
import { notReady } from './problems.ts';
import { SecondChance } from './second-chance.ts';
import { openServerLog } from './server-log.ts';
import { NO_HANDLE } from './sinks.ts';
import { createTurns } from './turns.ts';

/** A client that begins waits so long at most for its own session. Milliseconds. */
const OWN_PATIENCE_MS = 8_000;

/** One server. */
export interface Upstream {
  readonly spec: UpstreamSpec;
  readonly status: UpstreamStatus;
  start(): void;
  /** Ends the server's process; it stays ended. Never rejects. */
  stop(state: 'disabled' | 'quarantined' | 'stopped'): Promise<void>;
  /** Ends and starts at once, without the pause of a retry. */
  restart(): Promise<void>;
  /** What kept it from being connected is mended: tries at once, unless it is connected or to be off. */
  wake(): void;
  /** The computer has woken or has another network: what waits tries again, what runs is looked after. */
  nudge(): void;
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
  logNote(text: string): void;
  /** Stops and closes the log. Idempotent. */
  close(): Promise<void>;
}

/** Makes the upstream; nothing runs before `start`. `interest` is what clients want of the server that they share. */
export function createUpstream(
  spec: UpstreamSpec,
  deps: UpstreamDeps,
  interest: Interest,
  gate: Gate,
): Upstream {
  const { clock } = deps;
  const { name } = spec;
  const log = openServerLog(join(deps.logDir, `${name}.log`), clock);
  const knowledge: Knowledge = { era: null, transport: null };
  const common: Omit<OpeningSpec, 'introduction' | 'signal'> = {
    ...{ spec, deps, log, knowledge },
    closing: (done) => void life.move(done),
  };
  const own = createOwnSessions(common);
  const life = new Life({
    ...{ common, interest, gate },
    busy: () => own.size > 0 || interest.resources > 0,
    halting: own.endAll,
  });

  /** True when this client is to have its own session; servers without sessions need none. */
  const hasOwn = (peer: Peer): boolean =>
    spec.session === 'per-client' &&
    (own.has(peer.key) || (life.session !== null && life.session.era === 'legacy'));

  /** Which session it is to be is known when the server has said what it is. */
  const afterStart = (request: Forward): ForwardHandle => {
    let handle: ForwardHandle | null = null;
    let over = false;
    life.next(null).then(
      () => {
        if (over) return;
        // It may list other things now than when the call came.
        const refused = request.sink.readmit();
        if (refused === null) handle = carry(request);
        else request.sink.fail(refused);
      },
      (error: GatehouseError) => {
        if (!over) request.sink.fail(error);
      },
    );
    return {
      cancel(reason) {
        over = true;
        handle?.cancel(reason);
      },
    };
  };
  /** Waits, with progress and not for ever, until somebody has signed in; a session follows at once. */
  const afterSignIn = (request: Forward, signIn: SignInPort): ForwardHandle => {
    const call = new SecondChance(request, life.next);
    let told = 0;
    const waits = (message: string): void => {
      const bytes = notification('notifications/progress', { progressToken: 0, progress: ++told, message });
      const { tokenStart, tokenEnd } = scanMessage(bytes);
      call.progress(bytes, tokenStart, tokenEnd);
    };
    signIn.wanted(name, waits).then(
      () => void call.last(),
      (error: unknown) =>
        call.fail(
          error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error }),
        ),
    );
    return call;
  };
  const carry = (request: Forward): ForwardHandle => {
    life.uses++;
    if (spec.session === 'per-client' && hasOwn(request.peer)) return own.forward(request);
    const { session } = life;
    if (session !== null) {
      return session.losable ? new SecondChance(request, life.next).first(session) : session.forward(request);
    }
    if (!life.summon()) {
      const { problem } = life.status;
      if (deps.signIn !== undefined && problem !== null && needsPerson(problem)) {
        return afterSignIn(request, deps.signIn);
      }
      request.sink.fail(notReady(name, life.status));
      return NO_HANDLE;
    }
    if (spec.session === 'per-client') return afterStart(request);
    const call = new SecondChance(request, life.next);
    void call.last();
    return call;
  };

  return {
    spec,
    get status() {
      return life.status;
    },
    start: () => void life.start(),
    stop: (state) => life.halt(state),
    restart: () => life.restart(),
    wake: () => life.wake(),
    nudge: () => life.nudge(),
    forward: spec.concurrency === null ? carry : createTurns(spec, clock, carry),
    async subscribe(uri, peer) {
      if (hasOwn(peer)) return own.subscribe(uri, peer);
      life.uses++;
      if (life.session === null) await life.next(null);
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
      else life.session?.notify(message);
    },
    peerGone(peer) {
      own.end(peer.key);
      interest.drop(peer.key);
    },
    settleOwn(peer) {
      life.session?.used();
      if (spec.session !== 'per-client' || !spec.enabled || own.has(peer.key)) return null;
      if (life.session?.era === 'modern') return null;
      const opened = life.startedOnce().then(() => (hasOwn(peer) ? own.open(peer) : undefined));
      return new Promise((resolve) => {
        const cancel = clock.after(OWN_PATIENCE_MS, resolve);
        void opened.then(() => {
          cancel();
          resolve();
        });
      });
    },
    logTail: (count) => log.tail(count),
    logNote: log.note,
    async close() {
      await life.halt(null);
      await log.close();
    },
  };
}
