/** What is shown of a program's output. */
import { expect, it } from 'vitest';
import { ansiLines } from '../../renderer/state/ansi.ts';

const ESC = String.fromCharCode(27);
const plain = (text: string): string[] =>
  ansiLines(text, 1_000).map((runs) => runs.map((run) => run.text).join(''));

it('keeps colors and bold, over line ends, and drops every other sequence', () => {
  const text = `${ESC}[1;31mred\nstill${ESC}[0m plain ${ESC}[38;5;31mx${ESC}[92mgreen${ESC}[2J${ESC}[H${ESC}]0;title${String.fromCharCode(7)}.`;
  expect(ansiLines(text, 10)).toEqual([
    [{ text: 'red', color: 'red', bold: true }],
    [
      { text: 'still', color: 'red', bold: true },
      { text: ' plain ', color: null, bold: false },
      { text: 'x', color: null, bold: false },
      { text: 'green', color: 'green', bold: false },
      { text: '.', color: 'green', bold: false },
    ],
  ]);
});

it('a progress line is written over, and only the last lines are kept', () => {
  expect(plain('10 %\r50 %\r100 %\r\ndone')).toEqual(['100 %', 'done']);
  expect(ansiLines('a\nb\nc', 2).map((runs) => runs[0]?.text)).toEqual(['b', 'c']);
});
