/**
 * Finds encoded text inside a text and decodes it: base64, hexadecimal, percent, escapes, entities, numbers of signs,
 * turned letters, reversed letters. What it says is judged by the caller, by the same rules as plain text. Linear; pure.
 */

/** The ways of writing that are seen through. */
export type Encoding =
  | 'base64'
  | 'hexadecimal'
  | 'percent'
  | 'escapes'
  | 'entities'
  | 'binary'
  | 'numbers'
  | 'rot13'
  | 'backwards';

/** One decoded piece. */
export interface Decoded {
  /** How it was written. */
  readonly how: Encoding;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Shortest run that is tried, in units. */
const SHORTEST = 16;
/** Pieces per text and units per piece; what is beyond is not decoded. */
const PIECES = 40;
const LONGEST = 40_000;

/** Every piece of `text` that decodes to something readable. */
export function decodedIn(text: string): Decoded[] {
  const out: Decoded[] = [];
  const add = (how: Encoding, decoded: string | null, start: number, end: number): void => {
    if (decoded !== null && out.length < PIECES && readable(decoded))
      out.push({ how, text: decoded, start, end });
  };
  for (let at = 0; at < text.length && out.length < PIECES; ) {
    const kind = text.charCodeAt(at);
    if (isBase64(kind)) {
      let end = at;
      while (end < text.length && isBase64(text.charCodeAt(end))) end += 1;
      let stop = end;
      while (stop < text.length && text[stop] === '=' && stop - end < 2) stop += 1;
      const run = text.slice(at, Math.min(stop, at + LONGEST));
      if (run.length >= SHORTEST) {
        if (isHex(run)) add('hexadecimal', utf8(Buffer.from(run, 'hex')), at, stop);
        else if (mixedCase(run)) add('base64', fromBase64(run), at, stop);
      }
      at = Math.max(stop, at + 1);
      continue;
    }
    if (kind === 0x25 || kind === 0x5c || kind === 0x26) {
      const piece = escapesAt(text, at);
      if (piece !== null && piece.count >= 6) add(piece.how, piece.text, at, piece.end);
      at = Math.max(at + 1, piece?.end ?? 0);
      continue;
    }
    at += 1;
  }
  for (const piece of numbersIn(text)) add(piece.how, piece.text, piece.start, piece.end);
  return out;
}

/** Frequent words of English and of orders; two of them, turned, say that a text is turned. */
const FREQUENT = (
  'the and you all this that with for from not must user users file files ignore instruction instructions previous read send secret password system ' +
  'prompt tool tools delete before after then when always never conversation data key keys tell'
).split(' ');
const ROT_WORDS = new Set(FREQUENT.map(rot13));
const REVERSED_WORDS = new Set(FREQUENT.map(reversed));

/**
 * The text with its letters turned by 13, or reversed, if it looks as if it had been.
 *
 * @param words its words in lower case
 */
export function turned(text: string, words: readonly string[]): readonly Decoded[] {
  let rot = 0;
  let back = 0;
  for (const word of words) {
    if (ROT_WORDS.has(word)) rot += 1;
    if (REVERSED_WORDS.has(word)) back += 1;
  }
  const part = text.slice(0, LONGEST);
  const out: Decoded[] = [];
  if (rot >= 2) out.push({ how: 'rot13', text: rot13(part), start: 0, end: part.length });
  if (back >= 2) out.push({ how: 'backwards', text: reversed(part), start: 0, end: part.length });
  return out;
}

function rot13(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const base = code >= 0x61 && code <= 0x7a ? 0x61 : code >= 0x41 && code <= 0x5a ? 0x41 : 0;
    out += base === 0 ? text[at] : String.fromCharCode(((code - base + 13) % 26) + base);
  }
  return out;
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}

function isBase64(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2b ||
    code === 0x2f ||
    code === 0x2d ||
    code === 0x5f
  );
}

function isHex(text: string): boolean {
  if (text.length % 2 !== 0) return false;
  for (let at = 0; at < text.length; at += 1) if (hexDigit(text.charCodeAt(at)) < 0) return false;
  return true;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const low = code | 0x20;
  return low >= 0x61 && low <= 0x66 ? low - 0x57 : -1;
}

/** Names and words are of one case or one capital; base64 is not. */
function mixedCase(text: string): boolean {
  let changes = 0;
  let digits = 0;
  for (let at = 1; at < text.length; at += 1) {
    const one = text.charCodeAt(at - 1);
    const two = text.charCodeAt(at);
    if (one >= 0x30 && one <= 0x39) digits += 1;
    if (one >= 0x61 && one <= 0x7a && two >= 0x41 && two <= 0x5a) changes += 1;
  }
  return changes + digits >= text.length / 16 && changes > 0;
}

function fromBase64(run: string): string | null {
  const bytes = Buffer.from(run, 'base64');
  return bytes.length < 8 ? null : bytes.includes(0) ? utf16(bytes) : utf8(bytes);
}

function utf8(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? null : text;
}

function utf16(bytes: Buffer): string | null {
  if (bytes.length % 2 !== 0) return null;
  const text = bytes.toString('utf16le');
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7e) return null;
  return text;
}

/** True when nearly everything is letters, digits, signs and spaces. */
function readable(text: string): boolean {
  if (text.length < 8) return false;
  let good = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x09 || (code >= 0xa1 && code < 0xd800))
      good += 1;
  }
  return good >= text.length * 0.95;
}

/** Reads `%41`, `\x41`, `\u0041`, `&#65;` and `&#x41;` in a row, with plain signs between them. */
function escapesAt(
  text: string,
  from: number,
): { how: Encoding; text: string; end: number; count: number } | null {
  let out = '';
  let at = from;
  let count = 0;
  let how: Encoding = 'escapes';
  const bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length > 0) out += Buffer.from(bytes).toString('utf8');
    bytes.length = 0;
  };
  const limit = Math.min(text.length, from + LONGEST);
  let plain = 0;
  while (at < limit) {
    const one = escapeAt(text, at);
    if (one !== null) {
      how = one.how;
      if (one.byte) bytes.push(one.code);
      else {
        flush();
        out += String.fromCodePoint(one.code);
      }
      at = one.end;
      count += 1;
      plain = 0;
      continue;
    }
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code > 0x7e || plain >= 3) break;
    flush();
    out += text[at];
    plain += 1;
    at += 1;
  }
  flush();
  return count === 0 ? null : { how, text: out, end: at, count };
}

function escapeAt(
  text: string,
  at: number,
): { how: Encoding; code: number; byte: boolean; end: number } | null {
  const lead = text[at];
  if (lead === '%') {
    const code = hexAt(text, at + 1, 2);
    return code < 0 ? null : { how: 'percent', code, byte: true, end: at + 3 };
  }
  if (lead === '\\') {
    const kind = text[at + 1];
    const digits = kind === 'x' ? 2 : kind === 'u' ? 4 : 0;
    if (digits === 0) return null;
    const code = hexAt(text, at + 2, digits);
    return code < 0 ? null : { how: 'escapes', code, byte: kind === 'x', end: at + 2 + digits };
  }
  if (lead !== '&' || text[at + 1] !== '#') return null;
  const hex = text[at + 2] === 'x' || text[at + 2] === 'X';
  let end = at + (hex ? 3 : 2);
  let code = 0;
  for (let count = 0; count < 7 && end < text.length && text[end] !== ';'; count += 1) {
    const value = hexDigit(text.charCodeAt(end));
    if (value < 0 || (!hex && value > 9)) return null;
    code = code * (hex ? 16 : 10) + value;
    end += 1;
  }
  return text[end] !== ';' || code > 0x10ffff ? null : { how: 'entities', code, byte: false, end: end + 1 };
}

function hexAt(text: string, at: number, digits: number): number {
  let code = 0;
  for (let count = 0; count < digits; count += 1) {
    const value = hexDigit(text.charCodeAt(at + count));
    if (value < 0) return -1;
    code = code * 16 + value;
  }
  return Number.isNaN(code) ? -1 : code;
}

/** Runs of numbers with spaces or commas between them: decimal signs, pairs of hexadecimal digits, octets of bits. */
function numbersIn(text: string): Decoded[] {
  const out: Decoded[] = [];
  let run: string[] = [];
  let start = 0;
  let end = 0;
  const finish = (): void => {
    if (run.length >= 8) {
      const all = (test: (part: string) => boolean): boolean => run.every(test);
      const spell = (radix: number): string =>
        Buffer.from(run.map((part) => Number.parseInt(part, radix) & 0xff)).toString('utf8');
      if (all((part) => part.length === 8 && /^[01]{8}$/.test(part))) {
        out.push({ how: 'binary', text: spell(2), start, end });
      } else if (all((part) => part.length === 2 && isHex(part))) {
        out.push({ how: 'hexadecimal', text: spell(16), start, end });
      } else if (all((part) => /^[0-9]{2,3}$/.test(part) && Number(part) < 256)) {
        out.push({ how: 'numbers', text: spell(10), start, end });
      }
    }
    run = [];
  };
  for (let at = 0; at < text.length && out.length < PIECES; ) {
    let stop = at;
    while (stop < text.length && stop - at < 10 && hexDigit(text.charCodeAt(stop)) >= 0) stop += 1;
    const length = stop - at;
    const edge = stop >= text.length || !isBase64(text.charCodeAt(stop));
    if (length >= 2 && length <= 8 && edge) {
      if (run.length === 0) start = at;
      if (run.length < LONGEST) run.push(text.slice(at, stop));
      end = stop;
      at = stop;
      while (at < text.length && at - stop < 2 && (text[at] === ' ' || text[at] === ',')) at += 1;
      if (at === stop) finish();
      continue;
    }
    finish();
    at = Math.max(stop, at + 1);
    while (at < text.length && isBase64(text.charCodeAt(at)) && isBase64(text.charCodeAt(at - 1))) at += 1;
  }
  finish();
  return out;
}
