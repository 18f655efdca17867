/** What the tests of all three formats share: one entry, and putting it in and taking it out again. */
import { expect } from 'vitest';
import {
  type Editor,
  type Entry,
  type Slot,
  safeDrop,
  safePut,
  valueIn,
} from '../../../main/clients/formats/editor.ts';

export const entry: Entry = { command: '/opt/Gate house/gatehouse', args: ['--stdio', '--client', 'c'] };

export const lines = (...all: string[]): string => `${all.join('\n')}\n`;

/** Put in, found, taken out: the same characters again. */
export function roundTrip(editor: Editor, text: string, where: Slot): string {
  const after = safePut(editor, text, where, entry);
  expect(valueIn(editor.parse(after), where)).toMatchObject(entry);
  // Doing it again changes nothing.
  expect(safePut(editor, after, where, entry)).toBe(after);
  expect(safeDrop(editor, after, where, false)).toBe(text);
  return after;
}
