/**
 * Texts of servers for a terminal: what would steer it, or hide or turn text, is written as its code point. Pure.
 */

/** Controls, formats (bidirectional, tags), surrogates, private use, separators of lines, and what has no width. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The text with everything unseen written out; line feeds stay when `lines` is true. */
export function visible(text: string, lines = false): string {
  return text.replace(UNSEEN, (character) => {
    if (lines && character === '\n') return character;
    return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
  });
}
