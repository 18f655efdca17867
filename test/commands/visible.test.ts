import { expect, it } from 'vitest';
import { harmless, visible } from '../../main/commands/visible.ts';

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

it('terminal-injection: whatever a command writes has no controls but line ends and tabs, and JSON stays JSON', () => {
  expect(harmless('a\tb\r\nc\u001b[2J\u0007\rd\u009b1me\u007f')).toBe(
    'a\tb\r\nc\\u001b[2J\\u0007\\u000dd\\u009b1me\\u007f',
  );
  const value = { text: 'x\u009b2Jy\u001b[0m\u202e漢字' };
  expect(JSON.parse(harmless(JSON.stringify(value, null, 2)))).toEqual(value);
});
