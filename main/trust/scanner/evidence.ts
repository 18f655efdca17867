/**
 * Text of servers made safe to show: what cannot be seen is written out as a chip's name in brackets, runs of it with
 * their number, and nothing is longer than it may be. Pure.
 */
import { asTexts, filled, type Values } from '../../protocol/filled.ts';
import { chipName, concealment } from './characters.ts';

/** Longest evidence, in UTF-16 units. */
const MOST = 300;
/** Units of text shown before and after what was found. */
const AROUND = 30;

/** `text` with everything invisible written out: `note⟨ZWSP⟩book⟨TAG ×33⟩`. Line breaks become spaces. */
export function visible(text: string, most = MOST): string {
  let out = '';
  let chip = '';
  let count = 0;
  const flush = (): void => {
    if (count > 0) out += count === 1 ? `⟨${chip}⟩` : `⟨${chip} ×${count}⟩`;
    count = 0;
  };
  let spaces = 0;
  for (let at = 0; at < text.length && out.length < most; ) {
    const code = text.codePointAt(at) ?? 0;
    at += code > 0xffff ? 2 : 1;
    if (concealment(code) !== null || code === 0x0d || code === 0x7f) {
      const name = chipName(code);
      if (name !== chip) flush();
      chip = name;
      count += 1;
      spaces = 0;
      continue;
    }
    flush();
    const white = code === 0x20 || code === 0x09 || code === 0x0a || code === 0xa0;
    spaces = white ? spaces + 1 : 0;
    if (spaces > 1) continue;
    out += white ? ' ' : String.fromCodePoint(code);
  }
  flush();
  return out.length <= most ? out : `${out.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The place in its surroundings, as a quotation. */
export function quote(text: string, start: number, end: number): string {
  const from = Math.max(0, start - AROUND);
  const to = Math.min(text.length, Math.min(end, start + MOST) + AROUND);
  const before = from > 0 ? '…' : '';
  const after = to < text.length ? '…' : '';
  return `“${before}${visible(text.slice(from, to), MOST - 4)}${after}”`;
}

/** Evidence in plain words. Screens say it in other languages by its name: `renderer/i18n/core-texts.ts` has them all. */
export const EVIDENCE = {
  hidden_one: '1 invisible character: {quote}',
  hidden: '{count} invisible characters: {quote}',
  spelled_one: '1 invisible character spell “{text}”.',
  spelled: '{count} invisible characters spell “{text}”.',
  reversed: 'What you see is in another order than what the model reads: {quote}',
  controls: 'They can hide or overwrite text on a screen: {quote}',
  terminal: 'Codes that hide or colour text in a terminal: {quote}',
  lookalike: 'Letters of other scripts spell {words}.',
  styled: '{count} letters are mathematical signs that look like letters.',
  pushed: 'After a gap of {count} signs it goes on: {quote}',
  long: 'It has {count} signs. Each request pays for all of them, and nobody reads so far.',
  unread: 'Only its first part was read; nobody has looked at the rest.',
  link_sends: 'Opening or showing it sends what is filled in: {quote}',
  link_template: 'Opening it sends what is filled in: {quote}',
  link_collects: 'It collects whatever anybody sends: {quote}',
  link_number: 'An address without a name: {quote}',
  link_imitates: 'A name written so that it looks like another: {quote}',
  link_user: 'The part before @ hides the real host: {quote}',
  link_code: 'A link that runs code: {quote}',
  default_on: '“{name}” is on unless somebody says otherwise.',
  default_off: '“{name}” is off unless somebody says otherwise.',
  default_text: '“{name}” is “{text}” unless somebody says otherwise.',
  claims_reading: 'It claims to only read, but says “{word}”.',
  claims_keeping: 'It claims to destroy nothing, but says “{word}”.',
  says_reading: 'Its text says that it only reads, and also “{word}”.',
  reading_unsaid: 'The approved version said nothing of it; this one claims to only read.',
  reading_denied: 'The approved version said that it changes things; this one claims to only read.',
  keeping_unsaid: 'The approved version said nothing of it; this one claims not to delete or overwrite.',
  keeping_denied: 'The approved version said that it deletes or overwrites; this one claims not to.',
  reach_unsaid: 'The approved version said nothing of it; this one claims not to reach the internet.',
  reach_denied: 'The approved version said that it reaches the internet; this one claims not to.',
  same_name: 'Its name is the same, and it describes itself in the same words.',
  looks_alike: 'Its name only looks the same: other signs stand in for letters of “{tool}”.',
  parted: 'Its name differs from “{tool}” only in how words are parted, and it describes itself alike.',
  one_letter: 'Its name is one letter away from “{tool}”, and it describes itself alike.',
  server_name: 'It carries the name of the server “{server}” and of its tool.',
  base64: 'Base64 that says “{text}”.',
  hexadecimal: 'Hexadecimal that says “{text}”.',
  percent: 'Percent signs that say “{text}”.',
  escapes: 'Escapes that say “{text}”.',
  entities: 'Entities that say “{text}”.',
  binary: 'Binary digits that say “{text}”.',
  numbers: 'Numbers that say “{text}”.',
  rot13: 'Letters turned by 13 say {quote}',
  backwards: 'Reversed letters say {quote}',
} as const;

/** Evidence that is more than a quotation, by name. */
export type EvidenceForm = keyof typeof EVIDENCE;

/** Evidence, and by what a screen says it in another language; nothing of that for a bare quotation. */
export interface Evidence {
  readonly evidence: string;
  readonly said?: { readonly form: string; readonly values: Readonly<Record<string, string>> };
}

/** Evidence in plain words. `values` are names, numbers and quotations that are safe to show. */
export function inWords(form: EvidenceForm, values: Values = {}): Evidence {
  return {
    evidence: filled(EVIDENCE[form], values),
    said: { form: `evidence.${form}`, values: asTexts(values) },
  };
}

/** A place in its surroundings as evidence. */
export function quotation(text: string, start: number, end: number): Evidence {
  return { evidence: quote(text, start, end) };
}
