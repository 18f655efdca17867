/**
 * Looks for the combinations of ideas in a text: all within one sentence, near each other, and not turned into their
 * opposite. Linear in the text, up to the logarithm of how often an idea occurs. Pure.
 */
import { COMBOS, type Combo, type Pseudo } from './combos.ts';
import type { Mark } from './concealed.ts';
import { quotation } from './evidence.ts';
import { rank, type Severity } from './finding.ts';
import type { Idea } from './ideas.ts';
import type { Occurrence } from './phrases.ts';
import type { Words } from './words.ts';

/** All that was found in one text. */
export type Found = ReadonlyMap<Idea | Pseudo, readonly Occurrence[]>;

/** Words between "not" and what it turns into the opposite, at most. */
const REACH = 3;
/** Occurrences of one idea that are tried; a text with more is a flood, and its first ones tell. */
const TRIED = 2_000;

/**
 * The worst mark of each rule.
 *
 * @param slot the text says what is to be filled in, so that no verb in it is what the tool itself does
 */
export function meaningIn(read: Words, found: Found, slot: boolean): Mark[] {
  const worst = new Map<string, Mark>();
  const nots = found.get('not') ?? [];
  for (const combo of COMBOS) {
    const there = worst.get(combo.rule);
    if (there !== undefined && rank(there.severity) >= rank(combo.severity)) continue;
    const mark = markOf(combo, read, found, nots, slot);
    if (mark !== null && (there === undefined || rank(mark.severity) > rank(there.severity))) {
      worst.set(combo.rule, mark);
    }
  }
  return [...worst.values()];
}

function markOf(
  combo: Combo,
  read: Words,
  found: Found,
  nots: readonly Occurrence[],
  slot: boolean,
): Mark | null {
  let discounted: Mark | null = null;
  for (const on of (found.get(combo.on) ?? []).slice(0, TRIED)) {
    if (combo.notLead === true && on.first === 0 && !slot) continue;
    const only = combo.negated === 'only';
    if (combo.negated !== undefined && isNegated(on, read, nots, only) !== only) continue;
    const span = spanOf(combo, on, read, found);
    if (span === null) continue;
    const start = read.starts[span.first] ?? 0;
    const end = read.ends[span.last] ?? start;
    const spoken = isQuotedAttack(read, found, span);
    const severity: Severity = spoken ? 'low' : combo.severity;
    const mark = { rule: combo.rule, severity, start, end, ...quotation(read.text, start, end) };
    if (!spoken) return mark;
    discounted ??= mark;
  }
  return discounted;
}

/** From the first to the last word of the combination around `on`; null when something of it is missing. */
function spanOf(combo: Combo, on: Occurrence, read: Words, found: Found): Occurrence | null {
  const { within = 0, after = false } = combo;
  let { first, last } = on;
  for (const group of combo.near ?? []) {
    const ideas = typeof group === 'string' ? [group] : group;
    let best: Occurrence | null = null;
    for (const idea of ideas) {
      const near = nearest(found.get(idea) ?? [], on, read, within, after);
      if (near !== null && (best === null || distance(near, on) < distance(best, on))) best = near;
    }
    if (best === null) return null;
    first = Math.min(first, best.first);
    last = Math.max(last, best.last);
  }
  return { first, last };
}

function distance(one: Occurrence, other: Occurrence): number {
  if (one.first > other.last) return one.first - other.last;
  return other.first > one.last ? other.first - one.last : 0;
}

/** The occurrence nearest to `on` in its sentence that is not the very same words. */
function nearest(
  all: readonly Occurrence[],
  on: Occurrence,
  read: Words,
  within: number,
  after: boolean,
): Occurrence | null {
  const sentence = read.sentences[on.first];
  let low = 0;
  let high = all.length;
  const from = after ? on.first : on.first - within;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((all[middle]?.first ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let best: Occurrence | null = null;
  for (let at = Math.max(0, low - 1); at < all.length; at += 1) {
    const one = all[at];
    if (one === undefined || one.first > on.last + within) break;
    if (one.first === on.first && one.last === on.last) continue;
    if (after && one.last <= on.last) continue;
    if (distance(one, on) > within || read.sentences[one.first] !== sentence) continue;
    if (best === null || distance(one, on) < distance(best, on)) best = one;
  }
  return best;
}

/** Words after "not" that take it back: do not forget to send. */
const TAKES_BACK = new Set([
  'forget',
  'hesitate',
  'fail',
  'only',
  'just',
  'olvides',
  'oublie',
  'vergiss',
  'esqueca',
]);
const CLAUSE = new Set([',', ';', ':', '，', '、', '；', '：', '؛', '،', '—', '–']);

/**
 * Whether "not" stands before `on`.
 *
 * @param strict only in the same clause: it then turns the sentence into an order to keep something back
 */
function isNegated(on: Occurrence, read: Words, nots: readonly Occurrence[], strict: boolean): boolean {
  const sentence = read.sentences[on.first];
  let low = 0;
  let high = nots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((nots[middle]?.first ?? 0) < on.first - REACH) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < nots.length; at += 1) {
    const not = nots[at];
    if (not === undefined || not.first >= on.first) return false;
    if (read.sentences[not.first] !== sentence || TAKES_BACK.has(read.words[not.last + 1] ?? '')) continue;
    if (!strict || !isParted(read, not.last, on.first)) return true;
  }
  return false;
}

/** Whether a comma or the like stands between two words. */
function isParted({ text, ends, starts }: Words, from: number, to: number): boolean {
  for (let at = ends[from] ?? 0; at < (starts[to] ?? 0); at += 1) if (CLAUSE.has(text[at] ?? '')) return true;
  return false;
}

const QUOTES = new Set(['"', '“', '”', '„', '«', '»', "'", '‘', '’', '`', '「', '」', '『']);

/** True for a text that speaks about attacks in order to find them: the words stand in quotation marks after "detects". */
function isQuotedAttack(read: Words, found: Found, { first, last }: Occurrence): boolean {
  const sentence = read.sentences[first];
  const defence = (found.get('defence') ?? []).some(
    (one) => one.last < first && read.sentences[one.first] === sentence && first - one.last < 12,
  );
  if (!defence) return false;
  const start = read.starts[first] ?? 0;
  const end = read.ends[last] ?? 0;
  return hasQuote(read.text, start - 40, start) && hasQuote(read.text, end, end + 40);
}

function hasQuote(text: string, from: number, to: number): boolean {
  for (let at = Math.max(0, from); at < Math.min(text.length, to); at += 1) {
    if (QUOTES.has(text[at] ?? '')) return true;
  }
  return false;
}
