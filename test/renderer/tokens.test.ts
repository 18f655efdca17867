/** The promises of the palette: both dark blocks agree, and every pair that is read or aimed at has its contrast. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../renderer/style/tokens.css', import.meta.url), 'utf8');

function block(opening: string): Map<string, string> {
  const start = css.indexOf(opening);
  expect(start, `${opening} is in the file`).toBeGreaterThan(-1);
  const body = css.slice(start + opening.length, css.indexOf('}', start));
  return new Map(
    [...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((found) => [found[1] ?? '', found[2] ?? '']),
  );
}

const light = block(':root {');
const dark = block(':root[data-theme="dark"] {');
const darkBySystem = block(':root:not([data-theme="light"]) {');

function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const pages = ['--window', '--canvas', '--surface', '--raised', '--sunken', '--hover'];
const read: readonly (readonly [text: string, grounds: readonly string[]])[] = [
  ['--text', [...pages, '--pressed', '--selected', '--nav-selected', '--tile']],
  ['--text-2', [...pages, '--pressed', '--selected', '--nav-selected', '--tile', '--segment']],
  ['--text-3', [...pages, '--selected']],
  ['--accent-text', [...pages, '--accent-soft', '--selected', '--nav-selected']],
  ['--on-accent', ['--accent', '--accent-hover', '--accent-press']],
  ['--ok', [...pages, '--ok-soft', '--selected']],
  ['--warn', [...pages, '--warn-soft', '--selected']],
  ['--bad', [...pages, '--bad-soft', '--selected']],
  ['--add-text', ['--add', '--add-word']],
  ['--del-text', ['--del', '--del-word']],
  ['--on-hidden-char', ['--hidden-char']],
];
const aimedAt: readonly (readonly [mark: string, grounds: readonly string[]])[] = [
  ['--line-strong', ['--canvas', '--surface', '--raised']],
  ['--accent', ['--canvas', '--surface']],
  ['--focus', ['--window', '--canvas', '--surface', '--raised', '--hover']],
  ['--chart-1', ['--canvas', '--surface']],
  ['--chart-2', ['--canvas', '--surface']],
  ['--chart-bad', ['--canvas', '--surface']],
];

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('%s', (_name, tokens) => {
  const ratio = (one: string, other: string): number =>
    contrast(tokens.get(one) ?? '', tokens.get(other) ?? '');
  const flat = (pairs: typeof read): [string, string][] =>
    pairs.flatMap(([mark, grounds]) => grounds.map((ground): [string, string] => [mark, ground]));

  test.each(flat(read))('%s can be read on %s', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(4.5);
  });
  test.each(flat(aimedAt))('%s can be seen on %s', (mark, ground) => {
    expect(ratio(mark, ground)).toBeGreaterThanOrEqual(3);
  });
});

test('dark by the system and dark by choice are the same', () => {
  expect([...darkBySystem]).toEqual([...dark]);
});

test('dark says every colour that light says', () => {
  const colors = [...light].filter(([, value]) => /^#|rgb/.test(value)).map(([name]) => name);
  expect(colors.length).toBeGreaterThan(45);
  expect(colors.filter((name) => !dark.has(name))).toEqual([]);
});
