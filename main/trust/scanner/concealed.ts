/**
 * Rules about characters: what is hidden, turned around, coloured away or only looks right. One pass over the text; knows
 * where such characters are honest (emoji, right-to-left and Indic scripts). Pure.
 */
import { chipName, concealment } from './characters.ts';
import { type Evidence, inWords, quotation, quote, visible } from './evidence.ts';
import type { RuleId, Severity } from './finding.ts';
import type { Words } from './words.ts';

/** A rule's word about a span of a text. */
export interface Mark extends Evidence {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly start: number;
  readonly end: number;
}

const pictograph = /^[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]$/u;
/** Scripts whose spelling needs joiners, or that are written from right to left. */
const joining =
  /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Gujarati}\p{Script=Gurmukhi}\p{Script=Oriya}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Thai}\p{Script=Mongolian}]$/u;
const combining = /^\p{Mn}$/u;

/** Marks on one letter that no language needs. */
const STACK = 3;
/** Styled letters that are no mathematics any more. */
const STYLED = 8;

interface Hidden {
  start: number;
  end: number;
  count: number;
  tags: string;
  bytes: number[];
  kinds: Set<string>;
}

/** What the characters of a text give away. */
export function concealedIn(read: Words): Mark[] {
  const { text } = read;
  const marks: Mark[] = [];
  const hidden: Hidden = { start: -1, end: 0, count: 0, tags: '', bytes: [], kinds: new Set() };
  let turned = -1;
  let turnedTo = 0;
  let strong = false;
  let control = -1;
  let controlTo = 0;
  let stack = 0;
  let stacked = -1;
  let before = 0;
  let beforeSeen = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    const next = at + (code > 0xffff ? 2 : 1);
    if (code >= 0x20 && code < 0x7f) {
      stack = 0;
      beforeSeen = code;
    } else {
      const how = concealment(code);
      const carriage = code === 0x0d && text.charCodeAt(next) !== 0x0a && next < text.length;
      if (how === null && !carriage) {
        stack = code >= 0x300 && combining.test(String.fromCodePoint(code)) ? stack + 1 : 0;
        if (stack > STACK && stacked < 0) stacked = at;
        if (stack === 0) beforeSeen = code;
      } else if (how === 'control' || carriage) {
        if (control < 0) control = at;
        controlTo = next;
      } else if (how === 'bidi') {
        const marker = code === 0x200e || code === 0x200f || code === 0x061c;
        if (!marker || !(isJoining(beforeSeen) || isJoining(text.codePointAt(next) ?? 0))) {
          if (turned < 0) turned = at;
          turnedTo = next;
          strong ||= !marker;
        }
      } else if (how !== null && !honest(how, code, before, beforeSeen, text, at, next)) {
        if (hidden.start < 0) hidden.start = at;
        hidden.end = next;
        hidden.count += 1;
        hidden.kinds.add(chipName(code));
        if (how === 'tag' && code >= 0xe0020 && code < 0xe007f)
          hidden.tags += String.fromCodePoint(code - 0xe0000);
        if (how === 'selector') hidden.bytes.push(code >= 0xe0100 ? code - 0xe0100 + 16 : code - 0xfe00);
      }
    }
    before = code;
    at = next;
  }
  if (hidden.start >= 0) marks.push(hiddenMark(text, hidden));
  if (turned >= 0) {
    marks.push({
      rule: 'text.direction',
      severity: strong ? 'high' : 'low',
      start: turned,
      end: turnedTo,
      ...inWords('reversed', { quote: quote(text, turned, turnedTo) }),
    });
  }
  if (control >= 0) {
    marks.push({
      rule: 'text.control',
      severity: 'high',
      start: control,
      end: controlTo,
      ...inWords('controls', { quote: quote(text, control, controlTo) }),
    });
  }
  if (stacked >= 0) {
    marks.push({
      rule: 'text.stacked',
      severity: 'medium',
      start: stacked,
      end: stacked + 1,
      ...quotation(text, stacked, stacked + 1),
    });
  }
  const first = read.mixed[0];
  if (first !== undefined) {
    const most = read.mixed.slice(0, 3).map(({ read: word }) => `“${word}”`);
    marks.push({
      rule: 'text.lookalike',
      severity: 'high',
      start: first.start,
      end: first.end,
      ...inWords('lookalike', { words: most.join(', ') }),
    });
  }
  if (read.styled >= STYLED) {
    const at = firstStyled(text);
    marks.push({
      rule: 'text.styled',
      severity: 'medium',
      start: at,
      end: at + 2,
      ...inWords('styled', { count: read.styled }),
    });
  }
  return marks;
}

function hiddenMark(text: string, { start, end, count, tags, bytes, kinds }: Hidden): Mark {
  const selectors = new TextDecoder().decode(Uint8Array.from(bytes.filter((byte) => byte < 256)));
  const spelled = tags.trim() !== '' ? tags : bytes.length >= 3 ? selectors : '';
  const one = count === 1;
  const says =
    spelled === ''
      ? inWords(one ? 'hidden_one' : 'hidden', {
          count,
          quote: quote(text, start, Math.min(end, start + 80)),
        })
      : inWords(one ? 'spelled_one' : 'spelled', { count, text: visible(spelled, 160) });
  return {
    rule: 'text.hidden',
    severity:
      spelled !== '' ? 'critical' : kinds.has('SHY') && kinds.size === 1 && count < 3 ? 'medium' : 'high',
    start,
    end,
    ...says,
  };
}

/** Whether an invisible character is where an honest text has one. */
function honest(
  how: string,
  code: number,
  before: number,
  beforeSeen: number,
  text: string,
  at: number,
  next: number,
): boolean {
  switch (how) {
    case 'selector':
      // One after a picture, a digit of a keycap or an ideograph.
      return (
        code >= 0xfe00 &&
        code <= 0xfe0f &&
        before === beforeSeen &&
        (code === 0xfe0f || code === 0xfe0e || before >= 0x2e80) &&
        (before >= 0x203c || (before >= 0x23 && before <= 0x39) || before === 0xa9 || before === 0xae)
      );
    case 'zero-width': {
      if (code === 0xfeff) return at === 0;
      if (code !== 0x200d && code !== 0x200c) return false;
      const after = text.codePointAt(next) ?? 0;
      if (code === 0x200d && isPictograph(beforeSeen) && isPictograph(after)) return true;
      return isJoining(beforeSeen) && (isJoining(after) || after === 0x20 || next >= text.length);
    }
    case 'tag':
      return inSubdivisionFlag(text, at);
    default:
      return false;
  }
}

function isPictograph(code: number): boolean {
  return code > 0x7f && pictograph.test(String.fromCodePoint(code));
}

function isJoining(code: number): boolean {
  if (code < 0x590 || (code >= 0xd800 && code <= 0xdfff)) return false;
  const text = String.fromCodePoint(code);
  return joining.test(text) || combining.test(text);
}

/** Flags of England and the like are a black flag, at most six tag letters, and the tag that ends them. */
function inSubdivisionFlag(text: string, at: number): boolean {
  let start = at;
  for (let back = 0; back < 7 && start >= 2; back += 1) {
    const code = text.codePointAt(start - 2) ?? 0;
    if (code === 0x1f3f4) break;
    if (code < 0xe0030 || code > 0xe007a) return false;
    start -= 2;
  }
  if ((text.codePointAt(start - 2) ?? 0) !== 0x1f3f4) return false;
  for (let letters = 0; letters <= 6; letters += 1) {
    const code = text.codePointAt(start + letters * 2) ?? 0;
    if (code === 0xe007f) return letters >= 3;
    if (code < 0xe0030 || code > 0xe007a) return false;
  }
  return false;
}

function firstStyled(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.codePointAt(at) ?? 0;
    if ((code >= 0x1d400 && code <= 0x1d7ff) || (code >= 0x249c && code <= 0x24e9)) return at;
  }
  return 0;
}
