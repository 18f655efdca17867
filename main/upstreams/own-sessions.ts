/**
 * Sessions with one server that belong to one client each (`"session": "per-client"`): opened when first needed,
 * greeted with what that client declared, closed when it is gone. What goes wrong with one is told to its client alone.
 */
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import type { CancelTimer } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import type { LogLevel, Peer } from '../protocol/peer.ts';
import { isSessionVersion, LATEST_SESSION_VERSION } from '../protocol/versions.ts';
import type { Introduction } from './handshake.ts';
import { Interest } from './interest.ts';
import type { OpeningSpec } from './opening.ts';
import { SecondChance } from './second-chance.ts';
import { openServerSession, type ServerSession } from './server-session.ts';
import { NO_HANDLE } from './sinks.ts';
import type { OwnInfo } from './speech.ts';

/** With one server at once. */
const MAX_SESSIONS = 64;
/** Nobody tells us when a stateless client is gone: its session ends when it was not used for so long. Milliseconds. */
const IDLE_MS = 15 * 60_000;
/** After a failure this long nothing is tried; doubled each time up to the last. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;

/** The own sessions with one server. */
export interface OwnSessions {
  readonly size: number;
  /** True when this client has one, or one is being opened. */
  has(peerKey: string): boolean;
  /** Settles when the client's session is open or has failed. Never rejects. */
  open(peer: Peer): Promise<void>;
  /** Opens the client's session first where need be. Never throws; failures reach the sink. */
  forward(request: Forward): ForwardHandle;
  subscribe(uri: string, peer: Peer): Promise<void>;
  unsubscribe(uri: string, peerKey: string): Promise<void>;
  setLogLevel(level: LogLevel | null): void;
  notify(peerKey: string, message: Buffer): void;
  /** The client is gone. */
  end(peerKey: string): void;
  /** Ends all of them. */
  endAll(): void;
}

/** `spec` is that of the server's other session; each one here gets its own introduction and signal. */
export function createOwnSessions(spec: Omit<OpeningSpec, 'introduction' | 'signal'>): OwnSessions {
  const owns = new Map<string, Own>();
  let level: LogLevel | null = null;

  /** Throws when there are too many. */
  const of = (peer: Peer): Own => {
    let own = owns.get(peer.key);
    if (own === undefined) {
      if (owns.size >= MAX_SESSIONS) throw tooManySessions(spec.spec.name);
      own = new Own(spec, peer, () => end(peer.key));
      own.interest.setLogLevel(level);
      owns.set(peer.key, own);
    }
    return own;
  };
  const end = (peerKey: string): void => {
    const own = owns.get(peerKey);
    owns.delete(peerKey);
    own?.end();
  };
  return {
    get size() {
      return owns.size;
    },
    has: (peerKey) => owns.has(peerKey),
    async open(peer) {
      try {
        await of(peer).session();
      } catch (error) {
        const { code } = problemOf(error);
        spec.deps.log.warn({ server: spec.spec.name, code }, "a client's own session not opened");
      }
    },
    forward(request) {
      try {
        return of(request.peer).forward(request);
      } catch (error) {
        request.sink.fail(error as GatehouseError);
        return NO_HANDLE;
      }
    },
    async subscribe(uri, peer) {
      const own = of(peer);
      await own.session();
      await own.interest.subscribe(uri, peer.key);
    },
    async unsubscribe(uri, peerKey) {
      await owns.get(peerKey)?.interest.unsubscribe(uri, peerKey);
    },
    setLogLevel(next) {
      level = next;
      for (const own of owns.values()) own.interest.setLogLevel(next);
    },
    notify: (peerKey, message) => owns.get(peerKey)?.current?.notify(message),
    end,
    endAll() {
      for (const peerKey of [...owns.keys()]) end(peerKey);
    },
  };
}

/** One client's session, through all its openings. */
class Own {
  readonly interest = new Interest();
  current: ServerSession | null = null;
  private readonly spec: Omit<OpeningSpec, 'introduction' | 'signal'>;
  private readonly peer: Peer;
  private readonly expire: () => void;
  private readonly abort = new AbortController();
  private opening: Promise<ServerSession> | null = null;
  private failure: { readonly error: unknown; readonly until: number } | null = null;
  private pauseMs = FIRST_PAUSE_MS;
  private usedAt: number;
  private cancelTimer: CancelTimer = () => undefined;
  private cancelReopen: CancelTimer = () => undefined;

  constructor(spec: Omit<OpeningSpec, 'introduction' | 'signal'>, peer: Peer, expire: () => void) {
    this.spec = spec;
    this.peer = peer;
    this.expire = expire;
    this.usedAt = spec.deps.clock.now();
    if (peer.era === 'modern') this.watchIdle(IDLE_MS);
  }

  /** The session, opened if need be. Rejects with a GatehouseError. */
  session(): Promise<ServerSession> {
    this.usedAt = this.spec.deps.clock.now();
    if (this.current !== null) return Promise.resolve(this.current);
    if (this.failure !== null && this.failure.until > this.usedAt) return Promise.reject(this.failure.error);
    this.opening ??= this.openNow();
    return this.opening;
  }

  forward(request: Forward): ForwardHandle {
    this.usedAt = this.spec.deps.clock.now();
    const { current } = this;
    if (current !== null) {
      return current.losable
        ? new SecondChance(request, (forgotten) => this.after(forgotten?.session ?? null)).first(current)
        : current.forward(request);
    }
    let handle: ForwardHandle | null = null;
    let cancelled = false;
    this.session().then(
      (session) => {
        if (cancelled) return;
        // What this client's own session lists counts, not what others saw.
        const refused = request.sink.readmit();
        if (refused === null) handle = session.forward(request);
        else request.sink.fail(refused);
      },
      (error: GatehouseError) => {
        if (!cancelled) request.sink.fail(error);
      },
    );
    return {
      cancel(reason) {
        cancelled = true;
        handle?.cancel(reason);
      },
    };
  }

  end(): void {
    this.cancelTimer();
    this.cancelReopen();
    this.abort.abort();
    this.interest.attach(null);
    const { current, spec } = this;
    this.current = null;
    if (current !== null) spec.closing(current.close());
    spec.deps.events.ownListing(spec.spec.name, this.peer.key, null);
  }

  private async openNow(): Promise<ServerSession> {
    const { spec, peer, abort } = this;
    const { name } = spec.spec;
    const { clock, events, clientInfo } = spec.deps;
    let early: GatehouseError | null | undefined;
    spec.log.note('a session for one client is opened');
    try {
      const introduction = introductionOf(peer, clientInfo);
      const session = await openServerSession(
        { ...spec, introduction, signal: abort.signal },
        {
          listing: (listing) => events.ownListing(name, peer.key, listing),
          notification: (method, message) => events.notification(name, peer.key, method, message),
          ask: (ask) => events.ask(name, peer.key, ask),
          closed: (cause) => {
            if (this.current === null) early = cause;
            else this.lost();
          },
        },
      );
      if (abort.signal.aborted || early !== undefined) {
        spec.closing(session.close());
        throw early ?? new Error('ended');
      }
      this.current = session;
      this.failure = null;
      this.pauseMs = FIRST_PAUSE_MS;
      this.interest.attach(session);
      events.ownListing(name, peer.key, session.listing);
      return session;
    } catch (error) {
      this.failure = { error, until: clock.now() + this.pauseMs };
      this.pauseMs = Math.min(this.pauseMs * 2, LAST_PAUSE_MS);
      throw error;
    } finally {
      this.opening = null;
    }
  }

  /** The session that follows one that the server has forgotten. */
  private after(forgotten: ServerSession | null): Promise<ServerSession> {
    if (forgotten !== null && forgotten === this.current) this.lost();
    return this.session();
  }

  /** Opened again with the next call, or soon when something is to be heard. Its lists stay meanwhile. */
  private lost(): void {
    const { current, spec } = this;
    this.current = null;
    this.interest.attach(null);
    if (current !== null) spec.closing(current.close());
    if (this.interest.resources === 0) return;
    this.cancelReopen();
    this.cancelReopen = spec.deps.clock.after(FIRST_PAUSE_MS, () => {
      this.session().catch(() => undefined);
    });
  }

  private watchIdle(ms: number): void {
    const { clock } = this.spec.deps;
    this.cancelTimer = clock.after(ms, () => {
      const idle = clock.now() - this.usedAt;
      const busy = this.current?.busy === true || this.interest.resources > 0;
      if (!busy && idle >= IDLE_MS) this.expire();
      else this.watchIdle(busy ? IDLE_MS : IDLE_MS - idle);
    });
  }
}

/** The client as it introduced itself to us. Tasks are left out: their ids would need an owner over sessions. */
function introductionOf(peer: Peer, ownInfo: OwnInfo): Introduction {
  const { tasks: _tasks, ...capabilities } = peer.capabilities;
  return {
    info: peer.info ?? { ...ownInfo },
    revision: isSessionVersion(peer.revision) ? peer.revision : LATEST_SESSION_VERSION,
    capabilities,
    plain: null,
  };
}

function tooManySessions(name: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_many_sessions',
    message: `${MAX_SESSIONS} clients have sessions of their own with "${name}" already.`,
    remedy: 'Close some clients, or let them share one: "session": "shared".',
  });
}
