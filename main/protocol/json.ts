/**
 * JSON by bytes: skips over values without building them, as strictly as `JSON.parse`. Every skip returns the offset
 * past what it skipped, or, on malformed input, `~offset` of the place (a negative number).
 */

/** Deepest nesting that is accepted; far above any real message, far below the stack. */
export const MAX_DEPTH = 512;

/** Offset of the first byte at or after `at` that is not JSON white space. */
export function skipSpace(bytes: Buffer, at: number, end: number): number {
  while (at < end) {
    const c = bytes[at];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
    at++;
  }
  return at;
}

/** Skips the value that begins at `at` (no white space before it). `depth` is how deep it lies already. */
export function skipValue(bytes: Buffer, at: number, end: number, depth: number): number {
  if (at >= end || depth > MAX_DEPTH) return ~at;
  switch (bytes[at]) {
    case 0x7b:
      return skipObject(bytes, at, end, depth);
    case 0x5b:
      return skipArray(bytes, at, end, depth);
    case 0x22:
      return skipString(bytes, at, end);
    case 0x74:
      return skipLiteral(bytes, at, end, 'true');
    case 0x66:
      return skipLiteral(bytes, at, end, 'false');
    case 0x6e:
      return skipLiteral(bytes, at, end, 'null');
    default:
      return skipNumber(bytes, at, end);
  }
}

function skipArray(bytes: Buffer, at: number, end: number, depth: number): number {
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x5d) return at + 1;
  while (at < end) {
    at = skipValue(bytes, at, end, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end) break;
    if (bytes[at] === 0x5d) return at + 1;
    if (bytes[at] !== 0x2c) return ~at;
    at = skipSpace(bytes, at + 1, end);
  }
  return ~end;
}

function skipObject(bytes: Buffer, at: number, end: number, depth: number): number {
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x7d) return at + 1;
  while (at < end) {
    at = skipString(bytes, at, end);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end || bytes[at] !== 0x3a) return ~at;
    at = skipValue(bytes, skipSpace(bytes, at + 1, end), end, depth + 1);
    if (at < 0) return at;
    at = skipSpace(bytes, at, end);
    if (at >= end) break;
    if (bytes[at] === 0x7d) return at + 1;
    if (bytes[at] !== 0x2c) return ~at;
    at = skipSpace(bytes, at + 1, end);
  }
  return ~end;
}

/** Skips the string whose opening quote is at `at`. */
export function skipString(bytes: Buffer, at: number, end: number): number {
  if (at >= end || bytes[at] !== 0x22) return ~at;
  at++;
  while (at < end) {
    const c = bytes[at++] as number;
    if (c === 0x22) return at;
    if (c < 0x20) return ~(at - 1);
    if (c === 0x5c) {
      if (at >= end) break;
      switch (bytes[at++]) {
        case 0x22:
        case 0x5c:
        case 0x2f:
        case 0x62:
        case 0x66:
        case 0x6e:
        case 0x72:
        case 0x74:
          break;
        case 0x75:
          for (let i = 0; i < 4; i++, at++) {
            if (at >= end || !isHex(bytes[at] as number)) return ~at;
          }
          break;
        default:
          return ~(at - 1);
      }
    }
  }
  return ~end;
}

function isHex(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
}

function skipNumber(bytes: Buffer, at: number, end: number): number {
  if (bytes[at] === 0x2d) at++;
  if (at >= end) return ~at;
  if (bytes[at] === 0x30) at++;
  else {
    const digits = skipDigits(bytes, at, end);
    if (digits === at) return ~at;
    at = digits;
  }
  if (at < end && bytes[at] === 0x2e) {
    const digits = skipDigits(bytes, at + 1, end);
    if (digits === at + 1) return ~digits;
    at = digits;
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    const digits = skipDigits(bytes, at, end);
    if (digits === at) return ~at;
    at = digits;
  }
  return at;
}

function skipDigits(bytes: Buffer, at: number, end: number): number {
  while (at < end) {
    const c = bytes[at] as number;
    if (c < 0x30 || c > 0x39) break;
    at++;
  }
  return at;
}

function skipLiteral(bytes: Buffer, at: number, end: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (at + i >= end || bytes[at + i] !== word.charCodeAt(i)) return ~(at + i);
  }
  return at + word.length;
}

/** The text of the well-formed JSON string in `bytes[start, end)`, quotes included in the span. */
export function stringAt(bytes: Buffer, start: number, end: number): string {
  for (let at = start + 1; at < end - 1; at++) {
    const c = bytes[at] as number;
    if (c === 0x5c || c >= 0x80) return JSON.parse(bytes.toString('utf8', start, end)) as string;
  }
  return bytes.toString('latin1', start + 1, end - 1);
}

/** The value in the well-formed JSON span, as `JSON.parse` gives it. */
export function valueAt(bytes: Buffer, start: number, end: number): unknown {
  return JSON.parse(bytes.toString('utf8', start, end)) as unknown;
}

/** Byte offsets of a value, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The spans of the elements of the JSON array in `bytes[start, end)`; null when that is no well-formed array. */
export function arraySpans(bytes: Buffer, start: number, end: number): Span[] | null {
  let at = skipSpace(bytes, start, end);
  if (at >= end || bytes[at] !== 0x5b) return null;
  const spans: Span[] = [];
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x5d) return spans;
  while (at < end) {
    const stop = skipValue(bytes, at, end, 1);
    if (stop < 0) return null;
    spans.push({ start: at, end: stop });
    at = skipSpace(bytes, stop, end);
    if (at >= end) return null;
    if (bytes[at] === 0x5d) return spans;
    if (bytes[at] !== 0x2c) return null;
    at = skipSpace(bytes, at + 1, end);
  }
  return null;
}

/** The value spans of the JSON object in `bytes[start, end)` by key, the last of equal keys; null when malformed. */
export function memberSpans(bytes: Buffer, start: number, end: number): Map<string, Span> | null {
  let at = skipSpace(bytes, start, end);
  if (at >= end || bytes[at] !== 0x7b) return null;
  const members = new Map<string, Span>();
  at = skipSpace(bytes, at + 1, end);
  if (at < end && bytes[at] === 0x7d) return members;
  while (at < end) {
    const keyEnd = skipString(bytes, at, end);
    if (keyEnd < 0) return null;
    const key = stringAt(bytes, at, keyEnd);
    at = skipSpace(bytes, keyEnd, end);
    if (at >= end || bytes[at] !== 0x3a) return null;
    at = skipSpace(bytes, at + 1, end);
    const stop = skipValue(bytes, at, end, 1);
    if (stop < 0) return null;
    members.set(key, { start: at, end: stop });
    at = skipSpace(bytes, stop, end);
    if (at >= end) return null;
    if (bytes[at] === 0x7d) return members;
    if (bytes[at] !== 0x2c) return null;
    at = skipSpace(bytes, at + 1, end);
  }
  return null;
}
