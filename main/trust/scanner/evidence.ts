/**
 * Text of servers made safe to show: what cannot be seen is written out as a chip's name in brackets, runs of it with
 * their number, and nothing is longer than it may be. Pure.
 */
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
