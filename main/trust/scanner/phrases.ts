/**
 * Finds ideas in words: an idea ("keep quiet", "a private key") is a list of phrases in several languages. No regular
 * expressions: each phrase is tried only where its first word stands, so the time is linear in the text. Pure.
 *
 * A phrase is words with single spaces. `stem*` stands for every word that begins so, `a/b` for either, `~` for up to
 * three words of any kind.
 */
import { type Words, wordsOf } from './words.ts';

/** Where an idea stands: places of the first and last word. */
export interface Occurrence {
  readonly first: number;
  readonly last: number;
}

/** One word of a phrase. */
interface Step {
  readonly words: ReadonlySet<string>;
  readonly stems: readonly string[];
  /** Words that may stand before it. */
  readonly gap: number;
}

interface Phrase<C> {
  readonly idea: C;
  readonly steps: readonly Step[];
}

/** Finds ideas. Made once; holds no state. */
export interface Finder<C extends string> {
  /** All occurrences of each idea, in the order of the text; overlapping ones of one idea are given once. */
  find(words: Words): ReadonlyMap<C, readonly Occurrence[]>;
}

/** Letters by which stems are looked up; no stem is shorter. */
const STEM = 3;
/** What `~` stands for. */
const GAP = 3;

/** Makes a finder out of phrases, given as text with commas between them. */
export function createFinder<C extends string>(
  lexicons: readonly Readonly<Partial<Record<C, string>>>[],
): Finder<C> {
  const byWord = new Map<string, Phrase<C>[]>();
  const byStem = new Map<string, Phrase<C>[]>();
  const put = (map: Map<string, Phrase<C>[]>, key: string, phrase: Phrase<C>): void => {
    const there = map.get(key);
    if (there === undefined) map.set(key, [phrase]);
    else there.push(phrase);
  };
  for (const lexicon of lexicons) {
    for (const [idea, phrases] of Object.entries(lexicon) as [C, string][]) {
      for (const text of phrases.split(',')) {
        const steps = stepsOf(text.trim());
        const first = steps[0];
        if (first === undefined) continue;
        const phrase = { idea, steps };
        for (const word of first.words) put(byWord, word, phrase);
        for (const stem of first.stems) put(byStem, stem.slice(0, STEM), phrase);
      }
    }
  }
  return {
    find(words) {
      const found = new Map<C, Occurrence[]>();
      for (let at = 0; at < words.words.length; at += 1) {
        const word = words.words[at] ?? '';
        for (const phrase of byWord.get(word) ?? []) tryAt(phrase, words, at, found);
        if (word.length < STEM) continue;
        for (const phrase of byStem.get(word.slice(0, STEM)) ?? []) tryAt(phrase, words, at, found);
      }
      return found;
    },
  };
}

function tryAt<C>(phrase: Phrase<C>, { words }: Words, at: number, found: Map<C, Occurrence[]>): void {
  let here = at;
  for (let step = 0; step < phrase.steps.length; step += 1) {
    const wanted = phrase.steps[step];
    if (wanted === undefined) return;
    const end = here + (step === 0 ? 0 : wanted.gap);
    while (here <= end && !matches(wanted, words[here])) here += 1;
    if (here > end) return;
    here += 1;
  }
  const there = found.get(phrase.idea);
  const occurrence = { first: at, last: here - 1 };
  if (there === undefined) {
    found.set(phrase.idea, [occurrence]);
    return;
  }
  const before = there[there.length - 1];
  if (before !== undefined && before.first === at) {
    if (before.last < occurrence.last) there[there.length - 1] = occurrence;
  } else there.push(occurrence);
}

function matches(step: Step, word: string | undefined): boolean {
  if (word === undefined) return false;
  if (step.words.has(word)) return true;
  for (const stem of step.stems) if (word.startsWith(stem)) return true;
  return false;
}

/** Words and stems go through the same reading as texts do, so that accents and scripts meet. */
function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let gap = 0;
  for (const part of text.split(' ')) {
    if (part === '') continue;
    if (part === '~') {
      gap += GAP;
      continue;
    }
    const options = part.split('/');
    if (options.length === 1) {
      // What is written without spaces is several words.
      const stem = part.endsWith('*');
      const { words } = wordsOf(part);
      words.forEach((word, at) => {
        const last = stem && at === words.length - 1 && word.length >= STEM;
        steps.push({ words: new Set(last ? [] : [word]), stems: last ? [word] : [], gap });
        gap = 0;
      });
      continue;
    }
    const words = new Set<string>();
    const stems: string[] = [];
    for (const option of options) {
      const word = wordsOf(option).words.join('');
      if (option.endsWith('*')) stems.push(word);
      else words.add(word);
    }
    steps.push({ words, stems, gap });
    gap = 0;
  }
  return steps;
}
