/**
 * Making JSON-RPC messages: splices into received bytes, answers and errors of our own, and the one place where
 * Gatehouse codes become wire codes.
 */
import type { GatehouseError } from './error.ts';
import { type MessageScan, scanMessage } from './scan.ts';

/** Replaces `[start, end)` by `text`, which must be well-formed JSON in Latin-1 range or a Buffer of UTF-8. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string | Buffer;
}

/** `bytes` with the edits applied. Spans must not overlap; any order; a start of -1 is skipped. */
export function splice(bytes: Buffer, edits: readonly Edit[]): Buffer {
  const ordered = inOrder(edits) ? edits : sorted(edits);
  let size = bytes.length;
  for (const edit of ordered) size += edit.text.length - (edit.end - edit.start);
  const out = Buffer.allocUnsafe(size);
  let from = 0;
  let to = 0;
  for (const { start, end, text } of ordered) {
    to += bytes.copy(out, to, from, start);
    to += typeof text === 'string' ? out.write(text, to, 'latin1') : text.copy(out, to);
    from = end;
  }
  bytes.copy(out, to, from);
  return out;
}

/** The message with another id, raw JSON, in place of `[idStart, idEnd)`. */
export function withId(bytes: Buffer, idStart: number, idEnd: number, id: string): Buffer {
  return splice(bytes, [{ start: idStart, end: idEnd, text: Buffer.from(id) }]);
}

/** True when nothing is to be skipped or sorted: the usual case, without a copy of the list. */
function inOrder(edits: readonly Edit[]): boolean {
  let past = 0;
  for (const { start, end } of edits) {
    if (start < past) return false;
    past = end;
  }
  return true;
}

function sorted(edits: readonly Edit[]): readonly Edit[] {
  return edits.filter((edit) => edit.start >= 0).sort((a, b) => a.start - b.start);
}

/**
 * `bytes` as one line: line breaks, which in well-formed JSON stand only between tokens, become spaces. Returns the
 * same buffer when there is none.
 */
export function singleLine(bytes: Buffer): Buffer {
  if (bytes.indexOf(0x0a) === -1 && bytes.indexOf(0x0d) === -1) return bytes;
  const out = Buffer.from(bytes);
  for (let at = 0; at < out.length; at++) {
    const c = out[at];
    if (c === 0x0a || c === 0x0d) out[at] = 0x20;
  }
  return out;
}

/**
 * The message with every repeated key reduced to its last value, and its scan. For messages whose scan says
 * `duplicate`: what we read and what the next reader reads must be the same.
 */
export function withoutDuplicates(bytes: Buffer): { bytes: Buffer; scan: MessageScan } {
  const clean = Buffer.from(JSON.stringify(JSON.parse(bytes.toString('utf8'))));
  return { bytes: clean, scan: scanMessage(clean) };
}

/** Wire codes by Gatehouse code. JSON-RPC 2.0 section 5.1; MCP's own range is -32000 to -32099. */
const WIRE_CODES: Readonly<Record<string, number>> = {
  'gateway.parse_error': -32700,
  'gateway.invalid_request': -32600,
  'gateway.method_not_found': -32601,
  'gateway.invalid_params': -32602,
  'gateway.unknown_tool': -32602,
  'gateway.unknown_prompt': -32602,
  'gateway.unknown_resource': -32002,
  'gateway.unknown_state': -32602,
  'gateway.nobody_to_ask': -32601,
  'gateway.header_mismatch': -32020,
  'gateway.unknown_revision': -32022,
  'upstream.timeout': -32001,
};

/** Any refusal or failure of ours that has no code of its own in the protocol. */
const DEFAULT_WIRE_CODE = -32000;

/** The wire code under which clients see an error of ours. */
export function wireCode(code: string): number {
  return code === 'internal.unexpected' ? -32603 : (WIRE_CODES[code] ?? DEFAULT_WIRE_CODE);
}

/** A JSON-RPC error answer; `id` is raw JSON. `data` carries our stable code and the remedy, and what `more` adds. */
export function errorAnswer(
  id: string,
  error: Pick<GatehouseError, 'code' | 'message' | 'remedy'>,
  more?: Readonly<Record<string, unknown>>,
): Buffer {
  const body = {
    code: wireCode(error.code),
    message: error.message,
    data: { code: error.code, remedy: error.remedy, ...more },
  };
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(body)}}`);
}

/** A JSON-RPC result answer; `id` is raw JSON, `result` an already serialized object. */
export function resultAnswer(id: string, result: string | Buffer): Buffer {
  const head = `{"jsonrpc":"2.0","id":${id},"result":`;
  if (typeof result === 'string') return Buffer.from(`${head}${result}}`);
  return Buffer.concat([Buffer.from(head), result, Buffer.from('}')]);
}

/** A JSON-RPC error answer that passes a received error on; `id` and the error object are raw JSON. */
export function rawErrorAnswer(id: string, error: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":`), error, Buffer.from('}')]);
}

/** A JSON-RPC notification without an id. */
export function notification(method: string, params?: unknown): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) }));
}
