/**
 * What an approval of one call is bound to: server, fingerprint, tool and the exact arguments. The arguments are made
 * canonical from their bytes, never by parsing numbers, so that two that differ only beyond 2^53 stay two. Pure.
 */
import { createHash, type Hash } from 'node:crypto';
import { arraySpans, skipSpace, skipString, skipValue, stringAt } from '../protocol/json.ts';

/** Longest arguments that are made canonical; longer ones count byte by byte. */
const CANONICAL_BYTES = 1024 * 1024;
/** Deepest nesting that is made canonical; what lies deeper counts byte by byte. */
const CANONICAL_DEPTH = 64;

/** Which tool a call goes to. */
export interface CallTarget {
  readonly server: string;
  /** Fingerprint of the definition that the client was shown; empty when there is none. */
  readonly fingerprint: string;
  /** The server's own name of the tool. */
  readonly tool: string;
}

/**
 * 64 hexadecimal digits. The order of keys, white space and escapes in strings make no difference; everything else does,
 * also how a number is written and a key that occurs twice.
 *
 * @param args the JSON of the arguments; null when the call has none
 */
export function callHash({ server, fingerprint, tool }: CallTarget, args: Buffer | null): string {
  const hash = createHash('sha256').update(JSON.stringify([server, fingerprint, tool]));
  if (args === null) hash.update('none');
  else if (args.length > CANONICAL_BYTES) hash.update('raw').update(args);
  else value(hash.update('args'), args, skipSpace(args, 0, args.length), args.length, 0);
  return hash.digest('hex');
}

/** One value; `start` is at its first byte, `end` is past it or further. */
function value(hash: Hash, bytes: Buffer, start: number, end: number, depth: number): void {
  const first = bytes[start];
  if (first === 0x22) {
    hash.update(JSON.stringify(stringAt(bytes, start, skipString(bytes, start, end))));
  } else if (first === 0x7b && depth < CANONICAL_DEPTH) {
    object(hash, bytes, start, end, depth);
  } else if (first === 0x5b && depth < CANONICAL_DEPTH) {
    hash.update('[');
    for (const span of arraySpans(bytes, start, end) ?? []) {
      value(hash, bytes, span.start, span.end, depth + 1);
      hash.update(',');
    }
    hash.update(']');
  } else {
    const past = skipValue(bytes, start, end, 0);
    hash.update(bytes.subarray(start, past < 0 ? end : past));
  }
}

interface Member {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

function object(hash: Hash, bytes: Buffer, start: number, end: number, depth: number): void {
  const found = membersOf(bytes, start, end);
  // A stable sort: of equal keys the order stays, since readers differ in which of them counts.
  found.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  hash.update('{');
  for (const { key, start: from, end: to } of found) {
    hash.update(`${JSON.stringify(key)}:`);
    value(hash, bytes, from, to, depth + 1);
    hash.update(',');
  }
  hash.update('}');
}

/** All members, equal keys too. The bytes were found well-formed when the message was read. */
function membersOf(bytes: Buffer, start: number, end: number): Member[] {
  const out: Member[] = [];
  let at = skipSpace(bytes, start + 1, end);
  while (at < end && bytes[at] === 0x22) {
    const keyEnd = skipString(bytes, at, end);
    if (keyEnd < 0) break;
    const from = skipSpace(bytes, skipSpace(bytes, keyEnd, end) + 1, end);
    const to = skipValue(bytes, from, end, 0);
    if (to < 0) break;
    out.push({ key: stringAt(bytes, at, keyEnd), start: from, end: to });
    at = skipSpace(bytes, to, end);
    if (bytes[at] !== 0x2c) break;
    at = skipSpace(bytes, at + 1, end);
  }
  return out;
}
