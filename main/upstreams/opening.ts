/**
 * From a server's configuration to a connection that has been greeted: finds out, where it is not said, which transport
 * and which era the server speaks (versioning section, "Backward Compatibility"). Whatever is opened on the way and not
 * given back is closed.
 */
import { GatehouseError } from '../protocol/error.ts';
import { type Connection, type ConnectionEvents, openConnection } from './connection.ts';
import { type Heard, silentError } from './diagnosis.ts';
import { discover, errorCodeOf, type Greeting, type Introduction, initialize } from './handshake.ts';
import { MAX_RESULT } from './http-answer.ts';
import { notMcpAnswer, UNREACHABLE } from './http-errors.ts';
import { openHttpLink } from './http-link.ts';
import type { HttpTarget } from './http-target.ts';
import { MAX_LINE } from './lines.ts';
import type { Link, LinkEvents } from './link.ts';
import type { ProcessSpec, ServerProcess, UpstreamDeps, UpstreamSpec } from './ports.ts';
import { noTransport, protocolMismatch, stopped } from './problems.ts';
import { startProcess } from './process.ts';
import { processSpec, targetOf } from './resolving.ts';
import type { ServerLog } from './server-log.ts';
import { openSseLink } from './sse-link.ts';
import { openStdioLink } from './stdio.ts';

/** A local server that is silent for so long after the first question is asked the other one too. Milliseconds. */
const SILENCE_MS = 3_000;
/** A remote server that is silent for so long is asked the other question. Milliseconds. */
const REMOTE_SILENCE_MS = 10_000;

/** What was found out about a server, kept for as long as it is configured like this. */
export interface Knowledge {
  era: 'legacy' | 'modern' | null;
  transport: 'http' | 'sse' | null;
}

/** One server to open. */
export interface OpeningSpec {
  readonly spec: UpstreamSpec;
  readonly deps: UpstreamDeps;
  readonly log: ServerLog;
  /** As whom `initialize` introduces us. */
  readonly introduction: Introduction;
  readonly knowledge: Knowledge;
  /** Aborting ends whatever is open and rejects. */
  readonly signal: AbortSignal;
  /** Told of everything that closes; whoever stops the server waits for it. */
  closing(done: Promise<void>): void;
}

/** A greeted connection. */
export interface Opened {
  readonly connection: Connection;
  readonly greeting: Greeting;
}

/** Opens and greets. Rejects with a GatehouseError. `events` hears of the connection that is given back only. */
export async function openServer(spec: OpeningSpec, events: ConnectionEvents): Promise<Opened> {
  const { transport } = spec.spec;
  const opened =
    transport.kind === 'stdio'
      ? await openLocal(transport, spec, events)
      : await openRemote(
          transport.kind,
          await targetOf({ name: spec.spec.name, transport }, spec.deps, spec.signal),
          spec,
          events,
        ).catch((error: unknown) => {
          throw named(error, spec, null);
        });
  spec.knowledge.era = opened.greeting.era;
  return opened;
}

/** What goes wrong with the first words means more than it does later: that this is no such server, or too slow a one. */
function named(error: unknown, { spec }: OpeningSpec, heard: Heard | null): unknown {
  if (!(error instanceof GatehouseError)) return error;
  if (error.code === 'upstream.timeout') return silentError(error, heard, spec.startTimeoutMs);
  return error.code === 'upstream.bad_answer' && heard === null ? notMcpAnswer(error) : error;
}

/** One try: a link, and whatever is said over it. Closes it when `greet` rejects or gives null. */
async function attempt(
  { deps, signal, closing }: OpeningSpec,
  events: ConnectionEvents,
  open: (events: LinkEvents) => Promise<Link>,
  greet: (connection: Connection) => Promise<Greeting | null>,
): Promise<Opened | null> {
  if (signal.aborted) throw stopped();
  let given = false;
  const connection = await openConnection(open, deps.clock, {
    notification: (method, bytes) => events.notification(method, bytes),
    ask: (ask) => (given ? events.ask(ask) : null),
    unreached: (error) => {
      if (given) events.unreached(error);
    },
    closed: (cause) => {
      if (given) events.closed(cause);
    },
  });
  const end = (): void => closing(connection.close());
  signal.addEventListener('abort', end, { once: true });
  try {
    if (signal.aborted) throw stopped();
    const greeting = await greet(connection);
    if (signal.aborted) throw stopped();
    given = greeting !== null;
    if (greeting?.era === 'modern') connection.agreed(greeting.revision);
    return greeting === null ? null : { connection, greeting };
  } finally {
    signal.removeEventListener('abort', end);
    if (!given) end();
  }
}

async function openLocal(transport: Local, spec: OpeningSpec, events: ConnectionEvents): Promise<Opened> {
  const { deps, log, introduction, knowledge } = spec;
  const { protocol } = spec.spec;
  const process = await processSpec(transport, deps);
  let heard: Heard = { messages: 0, stray: null };
  const open = (link: LinkEvents): Promise<Link> => {
    heard = { messages: 0, stray: null };
    log.started();
    const start = (): Promise<ServerProcess> => startProgram(transport, process, spec);
    return openStdioLink(start, process, log, deps.clock, link, heard, spec.spec.maxResultBytes ?? MAX_LINE);
  };
  const tryOut = async (greet: (connection: Connection) => Promise<Greeting | null>): Promise<Opened> => {
    try {
      return some(await attempt(spec, events, open, greet));
    } catch (error) {
      throw named(error, spec, heard);
    }
  };
  const byInitialize = (): Promise<Opened> =>
    tryOut((connection) => initialize(connection, introduction, spec.spec.startTimeoutMs));

  log.hide(process.secrets);
  log.note(`start: ${process.command} ${process.args.length} arguments`);
  if (protocol === 'legacy' || (protocol === 'auto' && knowledge.era === 'legacy')) {
    try {
      return await byInitialize();
    } catch (error) {
      // What was known may be of an older version of the server.
      knowledge.era = null;
      throw error;
    }
  }
  if (protocol === 'modern') {
    return tryOut((connection) => discover(connection, deps.clientInfo, spec.spec.startTimeoutMs));
  }
  try {
    return await tryOut((connection) => probe(connection, spec));
  } catch (error) {
    if ((error as GatehouseError).code !== 'upstream.exited') throw error;
    log.note('ended when asked for a modern revision; started again and asked for the older ones');
    return byInitialize();
  }
}

/**
 * Asks a local server for the modern revisions, and for the older ones when it does not know those or is silent. An
 * answer to either rules: one that starts slowly still gets to the first question first.
 */
async function probe(connection: Connection, spec: OpeningSpec): Promise<Greeting | null> {
  const { deps, introduction } = spec;
  const { startTimeoutMs } = spec.spec;
  const modern = discover(connection, deps.clientInfo, startTimeoutMs);
  const silence = new Promise<'silent'>((resolve) => {
    const cancel = deps.clock.after(SILENCE_MS, () => resolve('silent'));
    modern.then(cancel, cancel);
  });
  const first = await Promise.race([modern, silence]);
  if (first !== 'silent') return first ?? initialize(connection, introduction, startTimeoutMs);
  const legacy = initialize(connection, introduction, startTimeoutMs);
  const either = await Promise.race([
    legacy.then(
      (greeting) => ({ from: 'initialize', greeting }) as const,
      (error: unknown) => ({ from: 'initialize', error }) as const,
    ),
    modern.then(
      (greeting) => ({ from: 'discover', greeting }) as const,
      (error: unknown) => ({ from: 'discover', error }) as const,
    ),
  ]);
  if (either.from === 'initialize') {
    modern.catch(() => undefined);
    if ('greeting' in either) return either.greeting;
    // It has understood neither; what it says to the first question may still be better.
    if (errorCodeOf(either.error) === null) throw either.error;
    return some(await modern, either.error);
  }
  // A server of both eras is now in the session that `initialize` has begun.
  const session = await legacy.catch((error: unknown) => {
    if ('greeting' in either && either.greeting !== null && errorCodeOf(error) !== null) return null;
    throw error;
  });
  if (session !== null) return session;
  return 'greeting' in either ? either.greeting : null;
}

/** What says that the address is wrong, or that nobody is there: asking in another way would not help. */
const FINAL = new Set([
  ...UNREACHABLE,
  'upstream.unauthorized',
  'upstream.redirected',
  'upstream.bad_url',
  'upstream.bad_header',
  'upstream.stopped',
]);

/** Whoever is not let in is not let in otherwise either. */
function isFinal(code: string): boolean {
  return FINAL.has(code) || code.startsWith('signin.');
}

async function openRemote(
  kind: 'http' | 'sse' | 'auto',
  target: HttpTarget,
  spec: OpeningSpec,
  events: ConnectionEvents,
): Promise<Opened> {
  const { knowledge, deps, introduction } = spec;
  const bySse = async (): Promise<Opened> => {
    if (spec.spec.protocol === 'modern') throw protocolMismatch([]);
    const open = (link: LinkEvents): Promise<Link> =>
      openSseLink(target, deps.clock, link, spec.spec.maxResultBytes ?? MAX_RESULT);
    return some(
      await attempt(spec, events, open, (connection) =>
        initialize(connection, introduction, spec.spec.startTimeoutMs),
      ),
    );
  };
  if (kind === 'sse') return bySse();
  if (kind === 'auto' && knowledge.transport === 'sse') {
    knowledge.transport = null;
    const opened = await bySse();
    knowledge.transport = 'sse';
    return opened;
  }
  try {
    return await openHttp(target, spec, events);
  } catch (error) {
    if (kind !== 'auto' || spec.spec.protocol === 'modern' || !mayBeSse(error as GatehouseError)) throw error;
    try {
      const opened = await bySse();
      knowledge.transport = 'sse';
      return opened;
    } catch (second) {
      if (isFinal((second as GatehouseError).code)) throw second;
      throw noTransport(error as GatehouseError, second as GatehouseError);
    }
  }
}

async function openHttp(target: HttpTarget, spec: OpeningSpec, events: ConnectionEvents): Promise<Opened> {
  const { deps, introduction, knowledge } = spec;
  const { protocol, startTimeoutMs } = spec.spec;
  const open = (link: LinkEvents): Promise<Link> =>
    openHttpLink(target, deps.clock, link, spec.spec.maxResultBytes ?? MAX_RESULT);
  if (protocol === 'modern' || (protocol === 'auto' && knowledge.era !== 'legacy')) {
    const silence = protocol === 'modern' ? startTimeoutMs : Math.min(REMOTE_SILENCE_MS, startTimeoutMs);
    const greet = (connection: Connection): Promise<Greeting | null> =>
      discover(connection, deps.clientInfo, silence);
    try {
      const opened = await attempt(spec, events, open, greet);
      if (opened !== null) return opened;
      if (protocol === 'modern') throw protocolMismatch([]);
    } catch (error) {
      const { code } = error as GatehouseError;
      // An error that a modern server gives, or a server that cannot be reached, is what it is.
      if (protocol === 'modern' || isFinal(code) || errorCodeOf(error) !== null) throw error;
      if (code === 'upstream.protocol_mismatch') throw error;
    }
  }
  // On a link of its own: what the first question left behind, such as a session, is not carried along.
  knowledge.era = null;
  return some(
    await attempt(spec, events, open, (connection) => initialize(connection, introduction, startTimeoutMs)),
  );
}

/** Statuses with which a server that knows only HTTP+SSE refuses a POST (streamable HTTP section, "HTTP+SSE Transport"). */
function mayBeSse(error: GatehouseError): boolean {
  if (error.code !== 'upstream.http_status') return errorCodeOf(error) !== null;
  const { status } = error.cause as { readonly status: number };
  return status === 400 || status === 404 || status === 405;
}

function some(opened: Opened | null): Opened;
function some(opened: Greeting | null, otherwise: unknown): Greeting;
function some<T>(found: T | null, otherwise: unknown = protocolMismatch([])): T {
  if (found === null) throw otherwise;
  return found;
}

type Local = Extract<UpstreamSpec['transport'], { readonly kind: 'stdio' }>;

/** Starts the server's program where it is to run. */
async function startProgram(
  { place }: Local,
  process: ProcessSpec,
  { spec, deps, log, signal }: OpeningSpec,
): Promise<ServerProcess> {
  if (place != null && deps.startElsewhere !== undefined) {
    const order = { server: spec.name, place, process, note: log.note };
    const started = await deps.startElsewhere(order, signal);
    if (started !== null) return started;
  }
  return startProcess(process, deps.clock, deps.processes);
}
