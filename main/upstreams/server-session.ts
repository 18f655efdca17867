/**
 * One session with one server, whatever its era and transport: greeted, listed, kept up to date, with everything that
 * clients want of it. Ends with `close`, or when its connection is lost; it is never mended, only made anew.
 */
import { type Ask, type AskHandle, type Forward, type ForwardHandle, ServerError } from '../protocol/call.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { LIST_KINDS, type ListKind, type ServerListing } from '../protocol/listing.ts';
import { memberOf, setMembers, withParams } from '../protocol/members.ts';
import { META } from '../protocol/modern.ts';
import type { Era, LogLevel } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import type { Connection } from './connection.ts';
import { asRecord, type Greeting } from './handshake.ts';
import { holdCall, listFor } from './held-call.ts';
import {
  type Carry,
  carryToLegacy,
  carryToModern,
  type TimeoutOf,
  type ToolHeaders,
  toolHeaders,
} from './hops.ts';
import { UNREACHABLE } from './http-errors.ts';
import { createLevels, type Levels } from './levels.ts';
import { type ListenStream, openListenStream } from './listen.ts';
import { emptyListing, type Lists, readLists, withLists } from './lists.ts';
import { type OpeningSpec, openServer } from './opening.ts';
import { changedList } from './ports.ts';
import { createPulse } from './pulse.ts';
import { createRefresh, type Refresh } from './refresh.ts';

/**
 * Lists whose changes a stateless server does not tell are read again when they are used after so long, or after their
 * time to live when that is longer. Milliseconds.
 */
const STALE_MS = 60_000;
/** Milliseconds for the answer to a small request of ours. */
const REQUEST_MS = 30_000;
/** Milliseconds for a sign of life. */
const CHECK_MS = 10_000;

/** What a session tells. */
export interface SessionEvents {
  /** What it lists has changed. */
  listing(listing: ServerListing): void;
  /** A notification that belongs to no call; never about lists, progress or cancellation. */
  notification(method: string, message: Buffer): void;
  ask(ask: Ask): AskHandle | null;
  /** It is lost. Not called after `close`. */
  closed(cause: GatehouseError | null): void;
}

/** See above. */
export interface ServerSession {
  readonly era: Era;
  readonly listing: ServerListing;
  /** True while calls are under way. */
  readonly busy: boolean;
  /** True when the server keeps the session and may lose it. */
  readonly losable: boolean;
  /** Somebody uses what it lists: that is read again where it may have changed unheard. */
  used(): void;
  /** Never throws; failures reach the sink. */
  forward(request: Forward): ForwardHandle;
  /** Hears of updates of exactly these resources. Rejects with a GatehouseError or a ServerError for the one that is new. */
  subscribe(uri: string, all: ReadonlySet<string>): Promise<void>;
  unsubscribe(uri: string, all: ReadonlySet<string>): Promise<void>;
  setLogLevel(level: LogLevel | null): void;
  /** Asks whether the server is still there; it is lost when it cannot be reached. Never rejects. */
  check(): Promise<void>;
  /** A notification of a client. Servers that have no sessions are not told. */
  notify(message: Buffer): void;
  /** Never rejects. */
  close(): Promise<void>;
}

/** Opens, greets and reads all lists. Rejects with a GatehouseError. */
export async function openServerSession(spec: OpeningSpec, events: SessionEvents): Promise<ServerSession> {
  let session: Session | null = null;
  const changedEarly = new Set<ListKind>();
  const { connection, greeting } = await openServer(spec, {
    notification(method, bytes) {
      const kinds = changedList(method);
      if (kinds === null) {
        // What comes before the lists are read comes before anyone can have wanted it.
        if (session !== null) events.notification(method, withoutSubscription(bytes));
      } else if (session !== null) session.changed(kinds);
      else for (const kind of kinds) changedEarly.add(kind);
    },
    ask: (ask) => events.ask(ask),
    unreached: () => void session?.check(),
    closed: (cause) => session?.lost(cause),
  });
  const abort = (): void => spec.closing(connection.close());
  spec.signal.addEventListener('abort', abort, { once: true });
  try {
    const lists = await readLists(connection, greeting, LIST_KINDS, spec.log.note, spec.deps.clock);
    session = new Session(spec, connection, greeting, lists, events);
    if (changedEarly.size > 0) session.changed([...changedEarly]);
    return session;
  } catch (error) {
    spec.closing(connection.close());
    throw error;
  } finally {
    spec.signal.removeEventListener('abort', abort);
  }
}

class Session implements ServerSession {
  readonly era: Era;
  listing: ServerListing;
  private readonly spec: OpeningSpec;
  private readonly connection: Connection;
  private readonly greeting: Greeting;
  private readonly events: SessionEvents;
  private readonly carry: Carry;
  private readonly levels: Levels | null;
  private readonly stream: ListenStream | null;
  private headers: ToolHeaders = new Map();
  private readonly refresh: Refresh;
  private readonly pulse: { close(): void };
  /** Kinds of list whose changes the server does not tell. */
  private readonly unheard: readonly ListKind[];
  private readAt: number;
  private closed = false;
  private checking = false;

  constructor(
    spec: OpeningSpec,
    connection: Connection,
    greeting: Greeting,
    lists: Lists,
    events: SessionEvents,
  ) {
    const { clock } = spec.deps;
    const timeoutOf = timeouts(spec.spec);
    this.spec = spec;
    this.connection = connection;
    this.greeting = greeting;
    this.events = events;
    this.refresh = createRefresh(clock, (kinds) => this.readAgain(kinds));
    this.pulse = createPulse({
      clock,
      everyMs: spec.spec.healthCheckMs,
      received: () => connection.received,
      busy: () => connection.busy,
      ask: () => this.signOfLife(),
      dead: (error) => this.lost(error),
    });
    this.era = greeting.era;
    this.listing = withLists(emptyListing(greeting), lists);
    this.headers = this.readHeaders();
    this.unheard = greeting.era === 'modern' ? unheardKinds(greeting) : [];
    this.readAt = clock.now();
    if (greeting.era === 'modern') {
      this.levels = null;
      this.carry = carryToModern(connection, greeting, timeoutOf, () => this.headers, clock);
      this.stream = openListenStream(
        greeting.speech,
        listenKinds(greeting),
        clock,
        () => this.changed(LIST_KINDS),
        spec.log.note,
      );
    } else {
      this.levels =
        greeting.capabilities.logging === undefined
          ? null
          : createLevels((level) => this.ask('logging/setLevel', { level }), clock);
      this.carry = carryToLegacy(connection, greeting, timeoutOf, this.levels);
      this.stream = null;
    }
  }

  get losable(): boolean {
    return this.era === 'legacy' && this.connection.heads;
  }

  get busy(): boolean {
    return this.connection.busy;
  }

  used(): void {
    const kinds = this.unheard;
    if (kinds.length === 0) return;
    const now = this.spec.deps.clock.now();
    const { caching } = this.listing;
    if (now - this.readAt <= Math.max(STALE_MS, ...kinds.map((kind) => caching[kind].ttlMs))) return;
    this.readAt = now;
    this.changed(kinds);
  }

  forward(request: Forward): ForwardHandle {
    this.used();
    const kind = listFor(request.scan.method);
    if (kind === null || !this.refresh.doubts(kind)) return this.carry(request);
    return holdCall(request, kind, this.refresh, this.spec.deps.clock, this.carry);
  }

  subscribe(uri: string, all: ReadonlySet<string>): Promise<void> {
    return this.stream === null
      ? this.ask('resources/subscribe', { uri })
      : unwrapped(this.stream.resources(all));
  }

  unsubscribe(uri: string, all: ReadonlySet<string>): Promise<void> {
    return this.stream === null
      ? this.ask('resources/unsubscribe', { uri })
      : unwrapped(this.stream.resources(all));
  }

  setLogLevel(level: LogLevel | null): void {
    this.levels?.want(level);
  }

  notify(message: Buffer): void {
    if (this.era === 'legacy') this.connection.notify(message);
  }

  /** Some lists have changed; they are read again soon. */
  changed(kinds: readonly ListKind[]): void {
    this.refresh.changed(kinds);
  }

  async check(): Promise<void> {
    if (this.checking || this.closed) return;
    this.checking = true;
    try {
      await this.signOfLife();
    } catch (error) {
      // Any answer is a sign of life, a refusal too.
      if (UNREACHABLE.includes(problemOf(error).code)) this.lost(error as GatehouseError);
    } finally {
      this.checking = false;
    }
  }

  private async signOfLife(): Promise<void> {
    await this.greeting.speech.request(this.era === 'modern' ? 'server/discover' : 'ping', {}, CHECK_MS);
  }

  lost(cause: GatehouseError | null): void {
    if (this.closed) return;
    this.release();
    this.events.closed(cause);
  }

  close(): Promise<void> {
    this.release();
    return this.connection.close();
  }

  private release(): void {
    this.closed = true;
    this.refresh.close();
    this.levels?.close();
    this.pulse.close();
    this.stream?.close();
  }

  private async readAgain(kinds: readonly ListKind[]): Promise<boolean> {
    const { deps, log } = this.spec;
    try {
      const lists = await readLists(this.connection, this.greeting, kinds, log.note, deps.clock);
      if (this.closed) return false;
      this.listing = withLists(this.listing, lists);
      this.headers = this.readHeaders();
      this.events.listing(this.listing);
      return true;
    } catch (error) {
      // The last good lists stay; a connection that is gone says so itself.
      const { name } = this.spec.spec;
      deps.log.warn({ server: name, code: problemOf(error).code }, 'list not refreshed');
      return false;
    }
  }

  private readHeaders(): ToolHeaders {
    return this.era === 'modern' && this.connection.heads ? toolHeaders(this.listing.tools) : new Map();
  }

  private ask(method: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    return unwrapped(this.greeting.speech.request(method, params, REQUEST_MS));
  }
}

/** The time of each call: that of its tool, where it has one of its own. */
function timeouts({ callTimeoutMs, toolTimeoutsMs }: OpeningSpec['spec']): TimeoutOf {
  const own = new Map(Object.entries(toolTimeoutsMs));
  if (own.size === 0) return () => callTimeoutMs;
  return ({ scan, target }) =>
    scan.method === 'tools/call' ? (own.get(target) ?? callTimeoutMs) : callTimeoutMs;
}

/** The members of the listen filter that the server promises something for (subscriptions section). */
function listenKinds({ capabilities }: Greeting): Record<string, true> {
  const kinds: Record<string, true> = {};
  for (const kind of ['tools', 'prompts', 'resources']) {
    if (asRecord(capabilities[kind]).listChanged === true) kinds[`${kind}ListChanged`] = true;
  }
  return kinds;
}

function unheardKinds({ capabilities }: Greeting): ListKind[] {
  return LIST_KINDS.filter((kind) => {
    const capability = capabilities[kind === 'resourceTemplates' ? 'resources' : kind];
    return capability !== undefined && asRecord(capability).listChanged !== true;
  });
}

/** The message without the name of our own stream, which means nothing to anybody else. */
function withoutSubscription(bytes: Buffer): Buffer {
  if (bytes.indexOf(META.subscriptionId, 0, 'latin1') === -1) return bytes;
  const scan = scanMessage(bytes);
  if (memberOf(bytes, scan.metaStart, scan.metaEnd, META.subscriptionId) === null) return bytes;
  const meta = setMembers(bytes, scan.metaStart, scan.metaEnd, { [META.subscriptionId]: null });
  return withParams(bytes, scan, { _meta: meta.length === 2 ? null : meta }).bytes;
}

/** The server's own error where there is one. */
async function unwrapped(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw error instanceof GatehouseError && error.cause instanceof ServerError ? error.cause : error;
  }
}
