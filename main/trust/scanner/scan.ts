/**
 * The scanner: reads what a server says of one of its tools, prompts, resources or of itself, and says what a person
 * should know before it reaches a model. Offline, the same answer for the same text, bounded in time. What each rule
 * looks for and how well it does is in docs/scanner.md. Made once; holds no state.
 */
import { addressesIn, linksIn } from './addresses.ts';
import { badClaims } from './claims.ts';
import type { Pseudo } from './combos.ts';
import { concealedIn, type Mark } from './concealed.ts';
import { badDefaults } from './defaults.ts';
import { decodedIn, turned } from './encoded.ts';
import { type Evidence, inWords, visible } from './evidence.ts';
import { type Finding, type RuleId, rank, type Severity, sentenceOf } from './finding.ts';
import type { Idea } from './ideas.ts';
import { layoutIn } from './layout.ts';
import { english } from './lexicon/english.ts';
import {
  dutch,
  french,
  german,
  italian,
  polish,
  portuguese,
  russian,
  spanish,
  turkish,
} from './lexicon/european.ts';
import { arabic, chinese, hindi, japanese, korean } from './lexicon/others.ts';
import { meaningIn } from './meaning.ts';
import type { Peers } from './peers.ts';
import { createFinder, type Finder, type Occurrence } from './phrases.ts';
import { shellIn } from './shell.ts';
import { type Piece, piecesOf } from './strings.ts';
import { type Words, wordsOf } from './words.ts';

/** What is scanned. */
export interface Subject {
  readonly kind: 'tool' | 'prompt' | 'resource' | 'template' | 'instructions';
  readonly server: string;
  /** The definition as `JSON.parse` gives it; a string for `instructions`. */
  readonly definition: unknown;
  /** The version that the user has approved, for a changed one. */
  readonly approved?: unknown;
}

/** Scans. */
export interface Scanner {
  /** What there is to say, the worst first; empty when there is nothing. */
  scan(subject: Subject, peers: Peers): readonly Finding[];
}

/** Findings about one definition; more tell nobody more. */
const MOST = 40;
/** How deep encoded text in encoded text is followed. */
const DEPTH = 2;
/** Shorter strings, in units, hold neither links nor layout nor anything encoded. */
const SHORT = 16;
/** Rules that make decoded text an attack. */
const TELLING: ReadonlySet<RuleId> = new Set<RuleId>([
  'model.override',
  'model.obey',
  'model.persona',
  'model.quiet',
  'model.consent',
  'model.persist',
  'model.markup',
  'data.secret',
  'data.send',
  'data.context',
  'code.shell',
]);

/** Makes a scanner. */
export function createScanner(): Scanner {
  const finder = createFinder<Idea>([
    english,
    spanish,
    french,
    german,
    portuguese,
    italian,
    dutch,
    polish,
    turkish,
    russian,
    chinese,
    japanese,
    korean,
    arabic,
    hindi,
  ]);
  return {
    scan(subject, peers) {
      const { pieces, defaults, cut } = piecesOf(subject.definition);
      const findings: Finding[] = [];
      const add = (
        rule: RuleId,
        severity: Severity,
        pointer: string,
        start: number,
        end: number,
        { evidence, said }: Evidence,
      ): void => {
        findings.push({
          rule,
          severity,
          place: { pointer, start, end },
          sentence: sentenceOf(rule),
          evidence,
          ...(said === undefined ? {} : { said }),
        });
      };
      for (const piece of pieces) {
        for (const mark of marksOf(piece, subject, peers, finder)) {
          add(mark.rule, mark.severity, piece.pointer, mark.start, mark.end, mark);
        }
      }
      for (const bad of badDefaults(defaults)) {
        add('schema.default', bad.severity, bad.pointer, 0, 0, bad);
      }
      if (cut) add('text.unread', 'high', '', 0, 0, inWords('unread'));
      if (subject.kind === 'tool') {
        for (const bad of badClaims(subject.definition, subject.approved)) {
          add(bad.rule, bad.severity, bad.pointer, 0, 0, bad);
        }
        const named = namedTool(subject);
        const imitation = named === null ? null : peers.imitated(named);
        if (imitation !== null) {
          const { of, severity, evidence, said } = imitation;
          const names = { tool: visible(of.name, 60), server: visible(of.server, 60) };
          findings.push({
            rule: 'peer.imitate',
            severity,
            place: { pointer: '/name', start: 0, end: named?.name.length ?? 0 },
            sentence: sentenceOf('peer.imitate', names),
            names,
            evidence: visible(evidence),
            ...(said === undefined ? {} : { said }),
          });
        }
      }
      return worstFirst(findings);
    },
  };
}

/** What one string gives away. */
function marksOf(piece: Piece, subject: Subject, peers: Peers, finder: Finder<Idea>): Mark[] {
  const read = wordsOf(piece.text);
  const marks = concealedIn(read);
  if (piece.role === 'address') return marks;
  if (piece.text.length >= SHORT) marks.push(...layoutIn(piece.text), ...linksIn(piece.text));
  const slot = piece.role === 'slot' && !piece.pointer.startsWith('/outputSchema');
  const mentions =
    piece.role === 'name' || piece.role === 'key' ? [] : peers.mentioned(piece.text, subject.server);
  marks.push(...judged(read, finder, slot, mentions));
  const loose = piece.role === 'default' || piece.role === 'choice';
  for (const mark of marks) {
    // A value that is filled in is no talk about commands: it is one.
    if (loose && mark.rule === 'code.shell') marks[marks.indexOf(mark)] = { ...mark, severity: 'high' };
  }
  const encoded = piece.text.length < SHORT ? null : encodedIn(read, finder, 0);
  if (encoded !== null) marks.push(encoded);
  return marks;
}

/** The rules about meaning. */
function judged(
  read: Words,
  finder: Finder<Idea>,
  slot: boolean,
  mentions: readonly { readonly start: number; readonly end: number }[],
): Mark[] {
  const found = new Map<Idea | Pseudo, readonly Occurrence[]>(finder.find(read));
  const put = (idea: Pseudo, spans: readonly { readonly start: number; readonly end: number }[]): void => {
    if (spans.length > 0)
      found.set(
        idea,
        spans.map((span) => wordsIn(read, span.start, span.end)),
      );
  };
  // The target of a link in Markdown is where to read on, not where to send.
  put(
    'address',
    addressesIn(read.text).filter(({ start }) => read.text[start - 1] !== '('),
  );
  put('peer', mentions);
  const shell = shellIn(read.text, read.words);
  if (shell !== null) put('shell', [shell]);
  if (slot && read.words.length > 0) found.set('slot', [{ first: 0, last: 0 }]);
  return meaningIn(read, found, slot);
}

/** The first and last word of a span. */
function wordsIn({ starts, ends }: Words, start: number, end: number): Occurrence {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  let last = low;
  while (last + 1 < starts.length && (starts[last + 1] ?? 0) < end) last += 1;
  const most = Math.max(0, starts.length - 1);
  return { first: Math.min(low, most), last: Math.min(last, most) };
}

/** Encoded text, judged by what it says. */
function encodedIn(read: Words, finder: Finder<Idea>, depth: number): Mark | null {
  const { text } = read;
  let harmless: Mark | null = null;
  for (const piece of decodedIn(text)) {
    const says = attackIn(piece.text, finder, depth);
    const evidence = inWords(piece.how, { text: visible(says ?? piece.text, 160) });
    const { start, end } = piece;
    if (says !== null) return { rule: 'text.encoded', severity: 'critical', start, end, ...evidence };
    const words = piece.text.split(' ').length;
    // A short text in base64 is an example; a letter in it is a message.
    if (words >= 12) harmless ??= { rule: 'text.encoded', severity: 'low', start, end, ...evidence };
  }
  if (depth === 0) {
    for (const { how, text: other, start, end } of turned(text, read.words)) {
      const mark = judged(wordsOf(other), finder, false, []).find(
        ({ rule, severity }) => TELLING.has(rule) && rank(severity) >= rank('high'),
      );
      if (mark === undefined) continue;
      return {
        rule: 'text.encoded',
        severity: 'critical',
        start,
        end,
        ...inWords(how, { quote: mark.evidence }),
      };
    }
  }
  return harmless;
}

/** What an attack in decoded text says, or null. */
function attackIn(text: string, finder: Finder<Idea>, depth: number): string | null {
  const read = wordsOf(text);
  const marks = [...judged(read, finder, true, []), ...layoutIn(text)];
  if (marks.some(({ rule, severity }) => TELLING.has(rule) && rank(severity) >= rank('medium'))) return text;
  // Nobody encodes an order to read or send unless it is to be hidden: ideas alone are enough here.
  const found = finder.find(read);
  const has = (idea: Idea): boolean => found.has(idea);
  const order = (has('move') || has('read') || has('ignore') || has('execute')) && read.words.length <= 60;
  if (order && (has('secret') || has('vault') || has('rules') || has('user'))) return text;
  if (depth + 1 >= DEPTH) return null;
  return encodedIn(read, finder, depth + 1)?.severity === 'critical' ? text : null;
}

function namedTool({
  server,
  definition,
}: Subject): { server: string; name: string; description: string } | null {
  if (definition === null || typeof definition !== 'object') return null;
  const { name, description } = definition as { name?: unknown; description?: unknown };
  if (typeof name !== 'string') return null;
  return { server, name, description: typeof description === 'string' ? description : '' };
}

/** One finding per rule and string, the worst first. */
function worstFirst(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.place.pointer}`;
    const there = best.get(key);
    if (there === undefined || rank(there.severity) < rank(finding.severity)) best.set(key, finding);
  }
  return [...best.values()].sort((one, other) => rank(other.severity) - rank(one.severity)).slice(0, MOST);
}
