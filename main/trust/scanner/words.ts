/**
 * A text as words for the rules: what a model would read, not what stands there. Invisible characters are left out,
 * letters that only look Latin are read as Latin, styles, case and accents fall away. Pure; linear in the text.
 */
import { concealment, latinLookalike, scriptOf, unleet } from './characters.ts';

/** The words of a text, in order; all arrays are of one length. */
export interface Words {
  readonly text: string;
  readonly words: readonly string[];
  /** Where each word begins and ends in `text`, in UTF-16 units. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The number of the sentence that each word stands in, from 0. */
  readonly sentences: readonly number[];
  /** Words that mix scripts so that they look like something else. */
  readonly mixed: readonly { readonly start: number; readonly end: number; readonly read: string }[];
  /** Letters written in mathematical or enclosed styles. */
  readonly styled: number;
}

const mark = /^\p{Mn}$/u;

/** Reads `text` as words. */
export function wordsOf(text: string): Words {
  const words: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const sentences: number[] = [];
  const mixed: { start: number; end: number; read: string }[] = [];
  let styled = 0;
  let sentence = 0;
  let word = '';
  let start = 0;
  let end = 0;
  let latin = false;
  let foreign = false;

  const finish = (): void => {
    if (word === '') return;
    let read = word;
    if (latin && foreign && word.length > 2) {
      const as = toLatin(word);
      if (as !== null) {
        mixed.push({ start, end, read: as });
        read = as;
      }
    }
    words.push(unleet(read));
    starts.push(start);
    ends.push(end);
    sentences.push(sentence);
    word = '';
    latin = false;
    foreign = false;
  };

  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    if (word === '' && isPlain(code)) {
      // Nearly all words of nearly all texts end here.
      let stop = at + 1;
      let digits = code < 0x3a;
      for (let then = text.charCodeAt(stop); isPlain(then); then = text.charCodeAt(stop)) {
        digits ||= then < 0x3a;
        stop += 1;
      }
      const then = text.charCodeAt(stop);
      const lower = text.slice(at, stop).toLowerCase();
      if (!(then >= 0x80) && then !== 0x27) {
        words.push(digits ? unleet(lower) : lower);
        starts.push(at);
        ends.push(stop);
        sentences.push(sentence);
      } else {
        word = lower;
        start = at;
        end = stop;
        latin = true;
      }
      at = stop;
      continue;
    }
    const next = at + (code > 0xffff ? 2 : 1);
    const script = scriptOf(code);
    if (script === 'latin' && code < 0x80) {
      if (word === '') start = at;
      word += String.fromCharCode(code | 0x20);
      latin = true;
      end = next;
    } else if (script === 'none') {
      const char = text[at] ?? '';
      const plain = code >= 0x80 && (concealment(code) !== null || mark.test(String.fromCodePoint(code)));
      if (plain || (code < 0x20 && concealment(code) !== null)) {
        // Not seen, so it does not part a word either.
      } else if (isApostrophe(code) && word.length > 2 && scriptOf(text.codePointAt(next) ?? 0) === 'latin') {
        // don't is one word, l'utilisateur is two.
      } else {
        const folded = code >= 0x80 ? String.fromCodePoint(code).normalize('NFKC') : char;
        if (folded.length > 0 && code >= 0x2100 && scriptOf(folded.codePointAt(0) ?? 0) === 'latin') {
          if (word === '') start = at;
          word += folded.toLowerCase();
          latin = true;
          styled += 1;
          end = next;
        } else {
          finish();
          if (endsSentence(code, text, next)) sentence += 1;
        }
      }
    } else if (script === 'ideograph') {
      finish();
      start = at;
      end = next;
      word = String.fromCodePoint(code).normalize('NFKC');
      finish();
    } else {
      if (word === '') start = at;
      const char = String.fromCodePoint(code);
      const folded = char.normalize('NFKC');
      if (code >= 0x1d400 && code <= 0x1d7ff) styled += 1;
      for (const part of folded.toLowerCase()) {
        const partCode = part.codePointAt(0) ?? 0;
        const kind = scriptOf(partCode);
        const bare = partCode >= 0x80 ? withoutMarks(part) : part;
        // Turkish has an i without a dot; the letters of phonetics are in no language's spelling.
        if (kind === 'latin' && (partCode < 0x250 || partCode > 0x2af)) {
          latin = true;
          word += latinLookalike(bare) ?? bare;
          continue;
        }
        word += bare;
        if (kind !== 'digit' && kind !== 'none') foreign = true;
      }
      end = next;
    }
    at = next;
  }
  finish();
  return joinSpaced({ text, words, starts, ends, sentences, mixed, styled });
}

/** The word without accents, as all words are kept. */
export function withoutMarks(word: string): string {
  if (isAscii(word)) return word;
  const parts = word.normalize('NFD');
  let out = '';
  for (const char of parts) if (!mark.test(char)) out += char;
  return out.normalize('NFC');
}

/** A letter or digit of ASCII. */
function isPlain(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39);
}

function isAscii(word: string): boolean {
  for (let at = 0; at < word.length; at += 1) if (word.charCodeAt(at) >= 0x80) return false;
  return true;
}

function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019;
}

function endsSentence(code: number, text: string, next: number): boolean {
  if (code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0x0964) return true;
  // Examples in JSON are no prose.
  if (code === 0x7b || code === 0x7d) return true;
  if (code === 0x0a) return text.charCodeAt(next) === 0x0a || text[next] === '-' || text[next] === '*';
  if (code !== 0x2e && code !== 0x21 && code !== 0x3f && code !== 0x61f) return false;
  // Three dots are a pause.
  if (code === 0x2e && text[next - 2] === '.') return false;
  const after = text.charCodeAt(next);
  return Number.isNaN(after) || after <= 0x20 || after === 0xa0;
}

/** The word with every foreign letter read as the Latin one that it looks like; null when one looks like none. */
function toLatin(word: string): string | null {
  let out = '';
  for (const char of word) {
    const as = latinLookalike(char);
    if (as === null && scriptOf(char.codePointAt(0) ?? 0) !== 'latin' && (char < '0' || char > '9'))
      return null;
    out += as ?? char;
  }
  return out;
}

/** Fewest single letters in a row that are read as one spaced-out word. */
const SPACED = 4;

/** `i g n o r e   a l l` is read as two words: single letters with one character between them belong together. */
function joinSpaced(read: Words): Words {
  const { words, starts, ends, sentences } = read;
  let longest = 0;
  let run = 0;
  for (const word of words) {
    run = word.length === 1 && word >= 'a' && word <= 'z' ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  if (longest < SPACED) return read;
  const out = {
    words: [] as string[],
    starts: [] as number[],
    ends: [] as number[],
    sentences: [] as number[],
  };
  let open = false;
  words.forEach((word, at) => {
    const start = starts[at] ?? 0;
    const single = word.length === 1 && word >= 'a' && word <= 'z';
    const last = out.words.length - 1;
    if (single && open && start - (out.ends[last] ?? 0) === 1) {
      out.words[last] += word;
      out.ends[last] = ends[at] ?? 0;
    } else {
      out.words.push(word);
      out.starts.push(start);
      out.ends.push(ends[at] ?? 0);
      out.sentences.push(sentences[at] ?? 0);
    }
    open = single;
  });
  return { ...read, ...out };
}
