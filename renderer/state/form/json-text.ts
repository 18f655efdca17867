/** JSON that somebody writes by hand: where it is wrong. Pure. */
import { type ParseError, parse } from 'jsonc-parser';

/** A place in a text, counted from one. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Where the text stops being JSON; null when all of it is. */
export function jsonFault(text: string): TextPlace | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    return placeOf(text, offsetOf(text));
  }
}

function offsetOf(text: string): number {
  try {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
    return errors[0]?.offset ?? text.length;
  } catch {
    // Too deep to be read by recursion.
    return text.length;
  }
}

function placeOf(text: string, offset: number): TextPlace {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
