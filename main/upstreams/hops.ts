/**
 * Carrying calls over one hop: one way for each pair of eras. Between peers of one era the bytes pass with nothing but
 * id, name and progress token changed; between eras they are written in the other's terms.
 */
import type { CallSink, Forward, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { type ParamHeader, paramHeaders } from '../protocol/headers.ts';
import type { ListedItem } from '../protocol/listing.ts';
import { toLegacyRequest, toModernError, toModernRequest, toModernResult } from '../protocol/modern.ts';
import { modernPages } from '../protocol/pages.ts';
import { scanMessage } from '../protocol/scan.ts';
import { rawErrorAnswer, resultAnswer } from '../protocol/wire.ts';
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
  return (request) =>
    request.peer.era === 'legacy'
      ? connection.forward(request, timeoutOf(request), null)
      : carryModern(connection, greeting, timeoutOf, levels, request);
}

function carryModern(
  connection: Connection,
  { serverInfo }: Greeting,
  timeoutOf: TimeoutOf,
  levels: Levels | null,
  request: Forward,
): ForwardHandle {
  const own = underOwnName(request);
  const { bytes, scan } = toLegacyRequest(own.bytes, own.scan);
  const level = request.peer.logLevel;
  let handle: ForwardHandle | null = null;
  let over = false;
  const ended = (): void => {
    if (over) return;
    over = true;
    if (level !== null) levels?.leave(level);
  };
  const sink = new ModernAnswers(request.sink, scan.method, serverInfo, request.peer.capabilities, ended);
  const go = (): void => {
    if (!over)
      handle = connection.forward({ ...request, bytes, scan, key: null, sink }, timeoutOf(request), null);
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
  private readonly serverInfo: Readonly<Record<string, unknown>>;
  private readonly capabilities: Readonly<Record<string, unknown>>;
  private readonly ended: () => void;

  constructor(
    sink: CallSink,
    method: string,
    serverInfo: Readonly<Record<string, unknown>>,
    capabilities: Readonly<Record<string, unknown>>,
    ended: () => void,
  ) {
    super(sink);
    this.method = method;
    this.serverInfo = serverInfo;
    this.capabilities = capabilities;
    this.ended = ended;
  }

  answer(bytes: Buffer, _idStart: number, _idEnd: number, isError: boolean): void {
    const sink = this.release();
    this.ended();
    const scan = scanMessage(bytes);
    if (scan.resultStart < 0 && scan.errorStart < 0) return sink?.fail(badAnswer());
    if (isError) return this.refuse(bytes.subarray(scan.errorStart, scan.errorEnd), sink);
    const out = resultAnswer(
      NO_ID.text,
      toModernResult(bytes.subarray(scan.resultStart, scan.resultEnd), {
        serverInfo: this.serverInfo,
        ...(CACHEABLE.has(this.method) ? { caching: { ttlMs: 0, cacheScope: 'private' } } : {}),
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
