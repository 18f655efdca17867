/**
 * Rewriting one JSON object by members: what is not named keeps its bytes. For the paths that are not hot: bridging
 * eras, and messages of our own made from parts of others'.
 */
import { memberSpans } from './json.ts';
import { type MessageScan, scanMessage } from './scan.ts';
import { splice } from './wire.ts';

/** Raw JSON to set, or null to remove. */
export type MemberChanges = Readonly<Record<string, Buffer | null>>;

/** Any value as raw JSON. */
export function rawJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/**
 * The object in `[start, end)` with the changes made: replaced members keep their place, new ones come last. The same
 * bytes when nothing changes. Throws nothing; a span that holds no object counts as an empty one.
 */
export function setMembers(bytes: Buffer, start: number, end: number, changes: MemberChanges): Buffer {
  const members = memberSpans(bytes, start, end) ?? new Map<string, { start: number; end: number }>();
  const pieces: Buffer[] = [];
  const add = (key: string, value: Buffer): void => {
    pieces.push(Buffer.from(`${pieces.length === 0 ? '{' : ','}${JSON.stringify(key)}:`), value);
  };
  for (const [key, span] of members) {
    const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
    if (change === undefined) add(key, bytes.subarray(span.start, span.end));
    else if (change !== null) add(key, change);
  }
  for (const [key, value] of Object.entries(changes)) {
    if (value !== null && !members.has(key)) add(key, value);
  }
  pieces.push(Buffer.from(pieces.length === 0 ? '{}' : '}'));
  return Buffer.concat(pieces);
}

/** The raw JSON of one member of the object in `[start, end)`; null when there is none. */
export function memberOf(bytes: Buffer, start: number, end: number, key: string): Buffer | null {
  const span = start < 0 ? undefined : memberSpans(bytes, start, end)?.get(key);
  return span === undefined ? null : bytes.subarray(span.start, span.end);
}

/** The message with changed `params`, made when it has none, and its scan. */
export function withParams(
  bytes: Buffer,
  scan: MessageScan,
  changes: MemberChanges,
): { bytes: Buffer; scan: MessageScan } {
  let out: Buffer;
  if (scan.paramsStart >= 0) {
    const text = setMembers(bytes, scan.paramsStart, scan.paramsEnd, changes);
    out = splice(bytes, [{ start: scan.paramsStart, end: scan.paramsEnd, text }]);
  } else {
    out = setMembers(bytes, 0, bytes.length, { params: setMembers(bytes, 0, 0, changes) });
  }
  return { bytes: out, scan: scanMessage(out) };
}
