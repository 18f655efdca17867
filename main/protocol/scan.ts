/**
 * The envelope scanner: finds the few spans of a JSON-RPC message that routing needs, in one strict pass over its
 * bytes, without building any value. What it does not name (arguments, results, unknown fields) is never decoded, so
 * integers above 2^53, key order and unknown fields survive a rewrite untouched.
 *
 * Like in `JSON.parse`, the last of two equal keys wins; `duplicate` then tells that a rewrite by span would leave the
 * other one standing, where a peer that lets the first one win would read something else than we did.
 */
import { skipSpace, skipString, skipValue } from './json.ts';
import { keyName, methodAt, TWIN } from './keys.ts';

/** Spans are byte offsets into the scanned buffer, end exclusive; -1 where the member is absent. */
export interface MessageScan {
  /** A response has `result` or `error`; a request has `method` and a string or number id. */
  kind: 'request' | 'notification' | 'response' | 'invalid';
  method: string;
  idStart: number;
  idEnd: number;
  paramsStart: number;
  paramsEnd: number;
  resultStart: number;
  resultEnd: number;
  errorStart: number;
  errorEnd: number;
  /** `params.name`, the routing key of `tools/call` and `prompts/get`. */
  nameStart: number;
  nameEnd: number;
  /** `params.uri`, the routing key of `resources/read` and of subscriptions. */
  uriStart: number;
  uriEnd: number;
  /** `params._meta`. */
  metaStart: number;
  metaEnd: number;
  /** `params._meta.progressToken` of a request. */
  metaTokenStart: number;
  metaTokenEnd: number;
  /** `params.progressToken` of `notifications/progress`. */
  tokenStart: number;
  tokenEnd: number;
  /** `params.requestId` of `notifications/cancelled`. */
  requestIdStart: number;
  requestIdEnd: number;
  /** Some named member occurs twice: rewrite by parsing, not by span. */
  duplicate: boolean;
  /** Some member of the message or of `params` is called as one that counts but for large and small letters. */
  twin: boolean;
  /** Byte offset at which the input stops being JSON, or -1. */
  failedAt: number;
}

type Level = 'message' | 'params' | 'meta';

/**
 * Scans the one JSON value in `bytes[start, end)`.
 * Never throws: malformed input gives `kind: 'invalid'` with `failedAt`, a well-formed value that is no JSON-RPC
 * message gives `kind: 'invalid'` with `failedAt: -1`. JSON-RPC 2.0 section 4; MCP forbids a null id.
 */
export function scanMessage(bytes: Buffer, start = 0, end = bytes.length): MessageScan {
  const out: MessageScan = {
    kind: 'invalid',
    method: '',
    idStart: -1,
    idEnd: -1,
    paramsStart: -1,
    paramsEnd: -1,
    resultStart: -1,
    resultEnd: -1,
    errorStart: -1,
    errorEnd: -1,
    nameStart: -1,
    nameEnd: -1,
    uriStart: -1,
    uriEnd: -1,
    metaStart: -1,
    metaEnd: -1,
    metaTokenStart: -1,
    metaTokenEnd: -1,
    tokenStart: -1,
    tokenEnd: -1,
    requestIdStart: -1,
    requestIdEnd: -1,
    duplicate: false,
    twin: false,
    failedAt: -1,
  };
  const first = skipSpace(bytes, start, end);
  const isObject = first < end && bytes[first] === 0x7b;
  let at = isObject ? members(bytes, first, end, 0, 'message', out) : skipValue(bytes, first, end, 0);
  if (at >= 0) {
    at = skipSpace(bytes, at, end);
    if (at !== end) at = ~at;
  }
  if (at < 0) {
    out.failedAt = ~at;
    return out;
  }
  if (!isObject) return out;
  if (out.resultStart >= 0 || out.errorStart >= 0) {
    out.kind = 'response';
  } else if (out.method !== '') {
    if (out.idStart < 0) out.kind = 'notification';
    else if (isId(bytes[out.idStart])) out.kind = 'request';
  }
  return out;
}

function isId(byte: number | undefined): boolean {
  return byte === 0x22 || byte === 0x2d || (byte !== undefined && byte >= 0x30 && byte <= 0x39);
}

/** Walks one object whose members count, recording the named ones. Returns as the skips of json.ts do. */
function members(
  bytes: Buffer,
  at: number,
  end: number,
  depth: number,
  level: Level,
  out: MessageScan,
): number {
  let seen = 0;
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x7d) return at + 1;
  while (at < end) {
    const keyStart = at;
    at = skipString(bytes, at, end);
    if (at < 0) return at;
    const key = keyName(bytes, keyStart, at);
    const bit = bitOf(key);
    if ((seen & bit) !== 0) out.duplicate = true;
    seen |= bit;
    if (key === TWIN && level !== 'meta') out.twin = true;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== 0x3a) return ~at;
    const start = skipSpace(bytes, at + 1, end);
    const below = levelBelow(level, key, out);
    at =
      below !== null && start < end && bytes[start] === 0x7b
        ? members(bytes, start, end, depth + 1, below, out)
        : skipValue(bytes, start, end, depth + 1);
    if (at < 0) return at;
    record(bytes, level, key, start, at, out);
    at = skipSpace(bytes, at, end);
    if (at >= end) break;
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== 0x2c) return ~at;
    at = skipSpace(bytes, at + 1, end);
  }
  return ~end;
}

/** One bit for each member that is looked up later on, by its last place: it must not occur twice either. */
function bitOf(key: string): number {
  switch (key) {
    case 'arguments':
      return 1;
    case 'ref':
      return 2;
    case 'taskId':
      return 4;
    case 'task':
      return 8;
    case 'jsonrpc':
      return 16;
    default:
      return 0;
  }
}

/** What counts inside the value of `key`. A repeated `params` or `_meta` forgets what the first one held. */
function levelBelow(level: Level, key: string, out: MessageScan): Level | null {
  if (level === 'message' && key === 'params') {
    if (out.paramsStart >= 0) {
      out.duplicate = true;
      out.nameStart = out.nameEnd = out.uriStart = out.uriEnd = out.tokenStart = out.tokenEnd = -1;
      out.requestIdStart = out.requestIdEnd = -1;
      out.metaStart = out.metaEnd = out.metaTokenStart = out.metaTokenEnd = -1;
    }
    return 'params';
  }
  if (level === 'params' && key === '_meta') {
    if (out.metaStart >= 0) {
      out.duplicate = true;
      out.metaTokenStart = out.metaTokenEnd = -1;
    }
    return 'meta';
  }
  return null;
}

function record(
  bytes: Buffer,
  level: Level,
  key: string,
  start: number,
  end: number,
  out: MessageScan,
): void {
  if (level === 'message') recordMessage(bytes, key, start, end, out);
  else if (level === 'params') recordParams(key, start, end, out);
  else if (key === 'progressToken') {
    out.duplicate ||= out.metaTokenStart >= 0;
    out.metaTokenStart = start;
    out.metaTokenEnd = end;
  }
}

function recordMessage(bytes: Buffer, key: string, start: number, end: number, out: MessageScan): void {
  switch (key) {
    case 'id':
      out.duplicate ||= out.idStart >= 0;
      out.idStart = start;
      out.idEnd = end;
      return;
    case 'method':
      out.duplicate ||= out.method !== '';
      out.method = methodAt(bytes, start, end);
      return;
    case 'params':
      out.paramsStart = start;
      out.paramsEnd = end;
      return;
    case 'result':
      out.duplicate ||= out.resultStart >= 0;
      out.resultStart = start;
      out.resultEnd = end;
      return;
    case 'error':
      out.duplicate ||= out.errorStart >= 0;
      out.errorStart = start;
      out.errorEnd = end;
      return;
  }
}

function recordParams(key: string, start: number, end: number, out: MessageScan): void {
  switch (key) {
    case 'name':
      out.duplicate ||= out.nameStart >= 0;
      out.nameStart = start;
      out.nameEnd = end;
      return;
    case 'uri':
      out.duplicate ||= out.uriStart >= 0;
      out.uriStart = start;
      out.uriEnd = end;
      return;
    case '_meta':
      out.metaStart = start;
      out.metaEnd = end;
      return;
    case 'progressToken':
      out.duplicate ||= out.tokenStart >= 0;
      out.tokenStart = start;
      out.tokenEnd = end;
      return;
    case 'requestId':
      out.duplicate ||= out.requestIdStart >= 0;
      out.requestIdStart = start;
      out.requestIdEnd = end;
      return;
  }
}
