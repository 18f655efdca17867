/**
 * Carrying calls over one hop: one way for each pair of eras. Between peers of one era the bytes pass with nothing but
 * id, name and progress token changed; between eras they are written in the other's terms.
 */
import type { CallSink, Forward, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { type ParamHeader, paramHeaders } from '../protocol/headers.ts';
import type { ListedItem } from '../protocol/listing.ts';
import {
  createLegacyMeta,
  plainExtras,
  plainPlace,
  toLegacyRequest,
  toModernError,
  toModernRequest,
  toModernResult,
} from '../protocol/modern.ts';
import { modernPages } from '../protocol/pages.ts';
import { scanMessage } from '../protocol/scan.ts';
import { rawErrorAnswer, resultAnswer, splice } from '../protocol/wire.ts';
import type { Connection } from './connection.ts';
import type { Greeting } from './handshake.ts';
import { headOf, NO_ID, underOwnName } from './hop-parts.ts';
import type { Levels } from './levels.ts';
import type { RequestHead } from './link.ts';
import { badAnswer } from './problems.ts';
import { Rounds } from './rounds.ts';
import { Relay } from './sinks.ts';

/** Carries one request. Never throws; failures reach the sink. */
export type Carry = (request: Forward) => ForwardHandle;

/** Milliseconds that this request may take without an answer or progress. */
export type TimeoutOf = (request: Forward) => number;

/** The headers of tools that have any, by the tool's name. */
export type ToolHeaders = ReadonlyMap<string, readonly ParamHeader[]>;

/** Reads the schemas of the tools once, so that no call has to. */
export function toolHeaders(tools: readonly ListedItem[]): ToolHeaders {
  const found = new Map<string, readonly ParamHeader[]>();
  for (const tool of tools) {
    const headers = paramHeaders(tool.value.inputSchema);
    if (typeof headers !== 'string' && headers.length > 0) found.set(tool.key, headers);
  }
  return found;
}

/** The way to a legacy server. `levels` is null where the server logs nothing. */
export function carryToLegacy(
  connection: Connection,
  greeting: Greeting,
  timeoutOf: TimeoutOf,
  levels: Levels | null,
): Carry {
  const way: ModernWay = {
    connection,
    timeoutOf,
    levels,
    serverInfo: greeting.serverInfo,
    extras: plainExtras(greeting.serverInfo),
    legacyMeta: createLegacyMeta(),
  };
  return (request) =>
    request.peer.era === 'legacy'
      ? connection.forward(request, timeoutOf(request), null)
      : carryModern(way, request);
}

/** What every modern call to a legacy server needs. */
interface ModernWay {
  readonly connection: Connection;
  readonly timeoutOf: TimeoutOf;
  readonly levels: Levels | null;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly extras: Buffer;
  readonly legacyMeta: ReturnType<typeof createLegacyMeta>;
}

function carryModern(way: ModernWay, request: Forward): ForwardHandle {
  const { connection, timeoutOf, levels } = way;
  const { key, target, peer } = request;
  const level = peer.logLevel;
  let handle: ForwardHandle | null = null;
  let over = false;
  const ended = (): void => {
    if (over) return;
    over = true;
    if (level !== null) levels?.leave(level);
  };
  const sink = new ModernAnswers(request.sink, request.scan.method, way, peer.capabilities, ended);
  const meta = way.legacyMeta(request.bytes, request.scan);
  let next: Forward;
  if (meta !== null) {
    next = { bytes: request.bytes, scan: request.scan, key, meta, target, peer, sink };
  } else {
    const own = underOwnName(request);
    const { bytes, scan } = toLegacyRequest(own.bytes, own.scan);
    next = { bytes, scan, key: null, target, peer, sink };
  }
  const go = (): void => {
    if (!over) handle = connection.forward(next, timeoutOf(request), null);
  };
  const told = level === null ? null : (levels?.enter(level) ?? null);
  // What it logs must already be of the level that this call wants.
  if (told === null) go();
  else void told.then(go);
  return {
    cancel(reason) {
      ended();
      sink.release();
      handle?.cancel(reason);
    },
  };
}

/** Methods whose results carry caching hints (caching section of 2026-07-28); a legacy server has given none. */
const CACHEABLE = new Set([
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);

/** Gives a modern client what a legacy server says, in the client's terms. */
class ModernAnswers extends Relay {
  private readonly method: string;
  private readonly way: ModernWay;
  private readonly capabilities: Readonly<Record<string, unknown>>;
  private readonly ended: () => void;

  constructor(
    sink: CallSink,
    method: string,
    way: ModernWay,
    capabilities: Readonly<Record<string, unknown>>,
    ended: () => void,
  ) {
    super(sink);
    this.method = method;
    this.way = way;
    this.capabilities = capabilities;
    this.ended = ended;
  }

  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void {
    const sink = this.release();
    this.ended();
    const cacheable = CACHEABLE.has(this.method);
    const place = isError || cacheable ? -1 : plainPlace(bytes, idEnd);
    if (place >= 0) {
      const { extras } = this.way;
      const out = splice(bytes, [{ start: place, end: place, text: extras }]);
      const shift = place < idStart ? extras.length : 0;
      return sink?.answer(out, idStart + shift, idEnd + shift, false);
    }
    const scan = scanMessage(bytes);
    if (scan.resultStart < 0 && scan.errorStart < 0) return sink?.fail(badAnswer());
    if (isError) return this.refuse(bytes.subarray(scan.errorStart, scan.errorEnd), sink);
    const out = resultAnswer(
      NO_ID.text,
      toModernResult(bytes.subarray(scan.resultStart, scan.resultEnd), {
        serverInfo: this.way.serverInfo,
        ...(cacheable ? { caching: { ttlMs: 0, cacheScope: 'private' } } : {}),
      }),
    );
    sink?.answer(out, NO_ID.start, NO_ID.end, false);
  }

  /** Streams of the other era work otherwise. */
  override stream(): void {}

  fail(error: GatehouseError): void {
    this.ended();
    this.release()?.fail(error);
  }

  private refuse(error: Buffer, sink: CallSink | null): void {
    const pages = modernPages(error, this.capabilities);
    const isResult = pages !== null && 'result' in pages;
    const out = isResult
      ? resultAnswer(NO_ID.text, pages.result)
      : rawErrorAnswer(NO_ID.text, pages?.error ?? toModernError(error));
    sink?.answer(out, NO_ID.start, NO_ID.end, !isResult);
  }
}

/** The way to a modern server. `headers` gives what is known of its tools now. */
export function carryToModern(
  connection: Connection,
  { revision }: Greeting,
  timeoutOf: TimeoutOf,
  headers: () => ToolHeaders,
  clock: Clock,
): Carry {
  const head = (request: Forward): RequestHead | null =>
    connection.heads ? headOf(request, headers().get(request.target)) : null;
  return (request) => {
    if (request.peer.era === 'modern') return connection.forward(request, timeoutOf(request), head(request));
    const own = underOwnName(request);
    const { bytes, scan } = toModernRequest(own.bytes, own.scan, request.peer, revision);
    const rounds = new Rounds(
      bytes,
      scan,
      request.sink,
      (nextBytes, nextScan, sink) => {
        const next = { ...request, bytes: nextBytes, scan: nextScan, key: null, sink };
        return connection.forward(next, timeoutOf(request), head(next));
      },
      clock,
    );
    rounds.start();
    return rounds;
  };
}
