/**
 * Finding the id of an answer without reading the answer. Upstreams get integer ids from us and spell their answers in
 * one of two ways almost always; both can be told from the first or last bytes and two native searches. Everything
 * else is scanned in full.
 */
import { scanMessage } from './scan.ts';

/** Where the numeric id of an answer lies, and whether it is an error. */
export interface AnswerScan {
  readonly id: number;
  readonly idStart: number;
  readonly idEnd: number;
  readonly isError: boolean;
}

const HEAD = Buffer.from('{"jsonrpc":"2.0","id":');
const RESULT = Buffer.from('"result":');
const TAIL_HEAD = Buffer.from('{"result":');
const TAIL = Buffer.from(',"jsonrpc":"2.0","id":');
const ID_KEY = '"id"';
/** `\u0069` and `\u0064` are the escapes of `i` and `d`: the only other ways to spell the key. */
const ESCAPED_KEY = '\\u006';

/**
 * The id of the response in `bytes`, one whole line of well-formed JSON, or null when it is no response to a request
 * of ours (a request, a notification, a foreign id). The last of two `id` members wins, as in `JSON.parse`.
 */
export function scanAnswer(bytes: Buffer): AnswerScan | null {
  return fromHead(bytes) ?? fromTail(bytes) ?? fromScan(bytes);
}

/** `{"jsonrpc":"2.0","id":7,"result":...}` with no other spelling of the key after it. */
function fromHead(bytes: Buffer): AnswerScan | null {
  if (bytes.length < HEAD.length + 12 || bytes.compare(HEAD, 0, HEAD.length, 0, HEAD.length) !== 0)
    return null;
  // A line that was cut off is no answer, though it begins as one.
  if (bytes[bytes.length - 1] !== 0x7d) return null;
  let at = HEAD.length;
  let id = 0;
  for (; at < HEAD.length + 15; at++) {
    const c = bytes[at] as number;
    if (c < 0x30 || c > 0x39) break;
    id = id * 10 + (c - 0x30);
  }
  if (at === HEAD.length || bytes[at] !== 0x2c) return null;
  if (bytes.compare(RESULT, 0, RESULT.length, at + 1, at + 1 + RESULT.length) !== 0) return null;
  const rest = at + 1 + RESULT.length;
  if (bytes.indexOf(ID_KEY, rest, 'latin1') !== -1) return null;
  if (bytes.indexOf(ESCAPED_KEY, rest, 'latin1') !== -1) return null;
  return { id, idStart: HEAD.length, idEnd: at, isError: false };
}

/**
 * `{"result":...,"jsonrpc":"2.0","id":7}`. In well-formed JSON the closing brace ends the outermost object, and a
 * comma, a quote and the key before a number cannot lie inside a string, so this id is the outermost and the last.
 */
function fromTail(bytes: Buffer): AnswerScan | null {
  const last = bytes.length - 1;
  if (last < TAIL_HEAD.length + TAIL.length || bytes[last] !== 0x7d) return null;
  if (bytes.compare(TAIL_HEAD, 0, TAIL_HEAD.length, 0, TAIL_HEAD.length) !== 0) return null;
  let at = last - 1;
  let id = 0;
  for (let power = 1; at > last - 17; at--, power *= 10) {
    const c = bytes[at] as number;
    if (c < 0x30 || c > 0x39) break;
    id += (c - 0x30) * power;
  }
  const idStart = at + 1;
  if (idStart === last) return null;
  if (bytes.compare(TAIL, 0, TAIL.length, idStart - TAIL.length, idStart) !== 0) return null;
  return { id, idStart, idEnd: last, isError: false };
}

function fromScan(bytes: Buffer): AnswerScan | null {
  const scan = scanMessage(bytes);
  if (scan.kind !== 'response' || scan.idStart < 0) return null;
  const text = bytes.toString('latin1', scan.idStart, scan.idEnd);
  // A server that echoes our number as a string or a float still means our number.
  const id = Number(text.startsWith('"') ? text.slice(1, -1) : text);
  if (!Number.isSafeInteger(id)) return null;
  return { id, idStart: scan.idStart, idEnd: scan.idEnd, isError: scan.errorStart >= 0 };
}

/**
 * True when the result of a tool call says of itself that it failed (`isError: true`, tools section of every
 * revision). Looks at the bytes first; only a hit is read in full.
 */
export function resultSaysError(bytes: Buffer): boolean {
  if (bytes.indexOf('"isError"', 0, 'latin1') === -1) return false;
  const scan = scanMessage(bytes);
  if (scan.resultStart < 0) return false;
  const parsed = JSON.parse(bytes.toString('utf8', scan.resultStart, scan.resultEnd)) as unknown;
  return typeof parsed === 'object' && parsed !== null && (parsed as { isError?: unknown }).isError === true;
}
