/**
 * Adds a key to an object in the text of the file the way a person would: on a line of its own where the others have
 * one, else on the same line, and behind the comment that belongs to the key before. Pure.
 *
 * jsonc-parser's own insertion puts the key between its neighbor and that neighbor's comment, and opens up objects that
 * were written on one line.
 */
import { createScanner, type Node } from 'jsonc-parser';

/** How the file is written. */
export interface Habits {
  readonly eol: string;
  /** One step of indentation. */
  readonly indent: string;
}

/** Token kinds of the scanner; its enum is const and does not survive bundling file by file. */
const COMMA = 5;
const LINE_BREAK = 14;

/** Where the neighborhood of an object's last key ends. */
interface Surroundings {
  /** Offset past the comma behind the last value, or null when there is none. */
  readonly afterComma: number | null;
  /** Offset of the end of the line, past its comments; null when the object closes on that line. */
  readonly endOfLine: number | null;
}

/**
 * The text with `key` added as the last one of `object`, which has at least one already.
 *
 * @param text without byte order mark; `object` is a node of its tree
 */
export function insertKey(text: string, object: Node, key: string, value: unknown, habits: Habits): string {
  const last = object.children?.at(-1);
  if (last === undefined) throw new Error('an object without keys has no neighbor');
  const end = last.offset + last.length;
  const { afterComma, endOfLine } = surroundings(text, end, object.offset + object.length - 1);
  const [comma, trailing] = afterComma === null ? [',', ''] : ['', ','];
  if (endOfLine === null) {
    const at = afterComma ?? end;
    return `${text.slice(0, at)}${comma} ${property(key, value, null)}${trailing}${text.slice(at)}`;
  }
  const indent = /^[ \t]*/.exec(text.slice(lineStart(text, last.offset)))?.[0] ?? '';
  const line = `${habits.eol}${indent}${property(key, value, habits, indent)}`;
  return text.slice(0, end) + comma + text.slice(end, endOfLine) + line + trailing + text.slice(endOfLine);
}

function surroundings(text: string, from: number, closing: number): Surroundings {
  const scanner = createScanner(text, false);
  scanner.setPosition(from);
  let afterComma: number | null = null;
  let endOfLine: number | null = null;
  while (scanner.getPosition() < closing) {
    const kind: number = scanner.scan();
    if (kind === COMMA) {
      // A comma that opens a later line: the new key goes behind it, on that line.
      if (endOfLine !== null) return { afterComma: scanner.getPosition(), endOfLine: null };
      afterComma = scanner.getPosition();
    }
    if (kind === LINE_BREAK) endOfLine ??= scanner.getTokenOffset();
  }
  return { afterComma, endOfLine };
}

function property(key: string, value: unknown, habits: Habits | null, indent = ''): string {
  const written = habits === null ? JSON.stringify(value) : JSON.stringify(value, null, habits.indent);
  return `${JSON.stringify(key)}: ${written.replaceAll('\n', `${habits?.eol ?? '\n'}${indent}`)}`;
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}
