import { expect, it } from 'vitest';
import { visible } from '../../main/commands/visible.ts';

it.each([
  ['plain, ünï, 漢字', 'plain, ünï, 漢字'],
  ['\u001b[2Jgone', '\\u{1b}[2Jgone'],
  ['a\u202eb', 'a\\u{202e}b'],
  ['a\u200bb', 'a\\u{200b}b'],
  ['\u{e0041}', '\\u{e0041}'],
  ['a\nb', 'a\\u{a}b'],
  ['a\u2028b', 'a\\u{2028}b'],
  ['\ud800', '\\u{d800}'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

it('keeps line feeds where lines are wanted, and nothing else that moves the cursor', () => {
  expect(visible('a\nb\rc', true)).toBe('a\nb\\u{d}c');
});
