/**
 * Reading what a remote server answers: bodies within a bound, and what a refusal means.
 */
import { scanAnswer } from '../protocol/answer.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { arraySpans, skipSpace, valueAt } from '../protocol/json.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { rawErrorAnswer, singleLine } from '../protocol/wire.ts';
import type { HttpAnswer } from './http-body.ts';
import { forbidden, type HttpCause, httpStatus, sessionLost, unauthorized } from './http-errors.ts';
import type { Remote } from './http-target.ts';

/** Bytes of one result. */
export const MAX_RESULT = 256 * 1024 * 1024;
/** Bytes that are read of a refusal. */
export const MAX_REFUSAL = 1024 * 1024;
const EXCERPT = 200;

/** How reading a body went: to its end, cut off at the limit, or the connection broke. */
export type BodyEnd = 'whole' | 'cut' | 'broken';

/** Reads the body; `done` is called once. With `cut` it gets what was read, and the connection is closed. */
export function readBody(
  response: HttpAnswer,
  limit: number,
  done: (body: Buffer, end: BodyEnd) => void,
): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  const finish = (end: BodyEnd): void => {
    if (over) return;
    over = true;
    const [only] = chunks;
    const body = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks, size);
    chunks = [];
    done(body, end);
  };
  response.read({
    data(chunk) {
      if (over) return;
      chunks.push(chunk);
      size += chunk.length;
      if (size <= limit) return;
      finish('cut');
      response.destroy();
    },
    end: () => finish('whole'),
    broken: () => finish('broken'),
  });
}

/** The media type without parameters, in lower case; empty when there is none. */
export function mediaType(response: HttpAnswer): string {
  const type = response.header('content-type');
  if (type === null || type === 'application/json' || type === 'text/event-stream') return type ?? '';
  const semicolon = type.indexOf(';');
  return (semicolon === -1 ? type : type.slice(0, semicolon)).trim().toLowerCase();
}

/** The messages in a body or an event, each a single line: one, or those of a batch (2025-03-26). */
export function messagesIn(bytes: Buffer): readonly Buffer[] {
  const start = skipSpace(bytes, 0, bytes.length);
  let end = bytes.length;
  while (end > start && (bytes[end - 1] as number) <= 0x20) end--;
  if (end === start) return [];
  const trimmed = bytes.subarray(start, end);
  if (trimmed[0] !== 0x5b) return [singleLine(trimmed)];
  const spans = arraySpans(trimmed, 0, trimmed.length) ?? [];
  return spans.map((span) => singleLine(trimmed.subarray(span.start, span.end)));
}

/** True when the message is the answer to this request of ours. */
export function isAnswerTo(message: Buffer, id: number): boolean {
  return scanAnswer(message)?.id === id;
}

/**
 * An error in the answer to a request, as an answer to that request. Servers that refuse before they read the id give
 * none, null, or one of their own making. Null when the message is no error.
 */
export function errorFor(message: Buffer, id: number): Buffer | null {
  const scan = scanMessage(message);
  if (scan.failedAt !== -1 || scan.errorStart < 0) return null;
  if (isAnswerTo(message, id)) return message;
  return rawErrorAnswer(String(id), message.subarray(scan.errorStart, scan.errorEnd));
}

/** What a status of 300 and above means for the request. */
export type Refusal =
  /** The server's own error, as the answer to the request. */
  | { readonly kind: 'answer'; readonly message: Buffer }
  | { readonly kind: 'failed'; readonly error: GatehouseError }
  /** The session is gone, and with it everything under way. */
  | { readonly kind: 'session_lost'; readonly error: GatehouseError };

/** Reads a refusal. `id` is that of the request, -1 for messages without an answer; `inSession` whether it named a session. */
export function readRefusal(
  response: HttpAnswer,
  body: Buffer,
  id: number,
  inSession: boolean,
  remote: Remote,
): Refusal {
  const { status } = response;
  const cause: HttpCause = { status, wwwAuthenticate: response.header('www-authenticate') };
  const failed = (error: GatehouseError): Refusal => ({ kind: 'failed', error });
  if (status === 401) return failed(unauthorized(remote.where, cause));
  if (status === 403) return failed(forbidden(remote.where, excerptOf(body, remote), cause));
  const [message = body] = messagesIn(body);
  const scan = scanMessage(message);
  if (inSession && (status === 404 || (status === 400 && speaksOfSession(message, scan)))) {
    return { kind: 'session_lost', error: sessionLost(remote.where) };
  }
  const answer = errorFor(message, id);
  if (answer !== null) return { kind: 'answer', message: answer };
  return failed(httpStatus(remote.where, excerptOf(body, remote), cause));
}

/**
 * A server that was started anew answers 404 to sessions of its former life, says the specification; the SDK's
 * examples, and what was made from them, answer 400 with such an error and no id.
 */
function speaksOfSession(message: Buffer, scan: MessageScan): boolean {
  if (scan.failedAt !== -1 || scan.errorStart < 0) return false;
  if (scan.idStart >= 0 && message.toString('latin1', scan.idStart, scan.idEnd) !== 'null') return false;
  const error = valueAt(message, scan.errorStart, scan.errorEnd) as { readonly message?: unknown } | null;
  return /session|not initialized/i.test(String(error?.message));
}

/** The first printable characters of a body in one line, without what is secret. */
export function excerptOf(body: Buffer, remote: Remote): string {
  const text = body
    .toString('utf8', 0, 16 * EXCERPT)
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
  // By characters, so that none is cut in two.
  return [...remote.redact(text)].slice(0, EXCERPT).join('');
}
