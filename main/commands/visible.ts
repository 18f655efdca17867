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

/** Controls, but for tabs and line ends. */
const STEERING = /(?![\t\n])(?!\r\n)\p{Cc}/gu;

/**
 * Any output of a command, of which some word may come from a server or a remote answer: with escapes in the place of what
 * would steer the terminal. They are those of JSON, which stays what it is.
 */
export function harmless(text: string): string {
  return text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
