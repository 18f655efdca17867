/**
 * Secrets that are known by themselves, without a name beside them: runs of token characters that have the shape of a
 * service's tokens, or that are too random to be anything else. The costly part of hiding secrets, so that it is walked by
 * hand: no expression is tried where a cheap look rules it out. Pure.
 */
import { DATA_LENGTH, looksRandom, RANDOM_LENGTH, type SecretShape, SHAPES } from './secret-patterns.ts';

/** Judges each run of token characters that is long enough to be a secret. Walked by hand: see `TOKEN_CHARS`. */
export function hideRuns(text: string, hide: (kind: string) => string): string {
  let out = '';
  let done = 0;
  for (let at = 0; at < text.length; ) {
    // Every 16th character is enough to find a run of 16, so most of the text is never looked at.
    const probe = at + SHORTEST_RUN - 1;
    if (probe >= text.length) break;
    if (!isToken(text, probe)) {
      at = probe + 1;
      continue;
    }
    let start = probe;
    while (start > at && isToken(text, start - 1)) start -= 1;
    let end = probe + 1;
    while (end < text.length && isToken(text, end)) end += 1;
    at = end;
    if (end - start < SHORTEST_RUN) continue;
    const run = text.slice(start, end);
    const shown = judged(run, shapesIn(run), hide);
    if (shown === run) continue;
    out += text.slice(done, start) + shown;
    done = end;
  }
  return done === 0 ? text : out + text.slice(done);
}

const SHORTEST_RUN = 16;

function isToken(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 && TOKEN_CHARS[code] === 1;
}

/** By character code. An expression such as `[...]{16,}` would try each word from each of its letters. */
const TOKEN_CHARS = charsOf(/[A-Za-z0-9_+/=.~:-]/);

/** Which characters of ASCII these are, by their codes. */
export function charsOf(pattern: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(pattern.test(String.fromCharCode(code))));
}

/** @param shapes those that may be in it */
function judged(run: string, shapes: readonly SecretShape[], hide: (kind: string) => string): string {
  for (const { kind, shape } of shapes) {
    const found = shape.exec(run);
    if (found === null) continue;
    // What stands before and after it is judged by itself.
    const start = found.index + (/^[A-Za-z0-9]/.test(found[0]) ? 0 : 1);
    const end = found.index + found[0].length;
    return `${judged(run.slice(0, start), shapes, hide)}${hide(kind)}${judged(run.slice(end), shapes, hide)}`;
  }
  return hideRandom(run, hide);
}

/** A run may be `name:value`, an address or a sentence's end. */
function hideRandom(run: string, hide: (kind: string) => string): string {
  let out = '';
  let done = 0;
  for (let start = 0; start < run.length; ) {
    let end = start;
    while (end < run.length && PART_CHARS[run.charCodeAt(end)] === 1) end += 1;
    const length = end - start;
    if (length >= RANDOM_LENGTH) {
      const part = length === run.length ? run : run.slice(start, end);
      const shown =
        length >= DATA_LENGTH
          ? `[data: ${length} characters]`
          : looksRandom(part)
            ? hide('random text')
            : null;
      if (shown !== null) {
        out += run.slice(done, start) + shown;
        done = end;
      }
    }
    start = end + 1;
  }
  return done === 0 ? run : out + run.slice(done);
}

const PART_CHARS = charsOf(/[A-Za-z0-9_+/=-]/);

/** Those whose marks the run holds, in the order in which they count. */
function shapesIn(run: string): readonly SecretShape[] {
  let found: number[] | null = null;
  for (let at = 0; at < run.length; at += 1) {
    const pair = (run.charCodeAt(at) << 7) | (run.charCodeAt(at + 1) & 127);
    if (HAS_MARK[pair] !== 1) continue;
    for (const { mark, index, around } of MARKS.get(pair) ?? []) {
      if (!run.startsWith(mark, at) || around?.(run, at) === false) continue;
      found ??= [];
      if (!found.includes(index)) found.push(index);
    }
  }
  return found === null ? [] : found.sort((a, b) => a - b).flatMap((index) => SHAPES[index] ?? []);
}

interface ShapeMark {
  readonly mark: string;
  readonly around: SecretShape['around'];
  /** Of its shape. */
  readonly index: number;
}

/** Marks by their first two characters; those of one character stand with every second one, and with a run's end (0). */
const MARKS: ReadonlyMap<number, readonly ShapeMark[]> = marksByPair();
/** Whether some mark begins with these two characters. */
const HAS_MARK = Uint8Array.from({ length: 128 * 128 }, (_, pair) => Number(MARKS.has(pair)));

function marksByPair(): ReadonlyMap<number, readonly ShapeMark[]> {
  const found = new Map<number, ShapeMark[]>();
  for (const [index, { marks, around }] of SHAPES.entries()) {
    for (const mark of marks) {
      const first = mark.charCodeAt(0) << 7;
      const seconds = mark.length > 1 ? [mark.charCodeAt(1)] : Array.from({ length: 128 }, (_, next) => next);
      for (const second of seconds)
        found.set(first | second, [...(found.get(first | second) ?? []), { mark, index, around }]);
    }
  }
  return found;
}
