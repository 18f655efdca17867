/** Screens know no left and right: what is written from right to left turns around by itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const renderer = join(import.meta.dirname, '../../renderer');

/** Declarations of one side, with the one that turns with the text. */
const sided: readonly (readonly [RegExp, string])[] = [
  [/^(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-|$)/, '-inline-start or -inline-end'],
  [/^border-(top|bottom)-(left|right)-radius$/, 'border-start-start-radius and so on'],
  [/^(left|right)$/, 'inset-inline-start or inset-inline-end'],
];
const sidedValues: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^(text-align|justify-\w+|float|clear|caption-side)$/, /^(left|right)$/, 'start or end'],
];
/** Four values are four sides; both inline ones must be the same. */
const fourSided = /^(margin|padding|border-width|inset|border-style|border-color)$/;

/** The tooltip is laid at the coordinates that its target has on the screen. */
const coordinates = 'inset: 0 auto auto 0;';

/** Styles of a component or a style sheet that depend on a side, as "what: instead". */
function sides(css: string): string[] {
  return [
    ...css.replace(/\/\*.*?\*\//gs, '').matchAll(/(?<=[{;]\s*)([a-z-]+)\s*:\s*([^;{}]+?)\s*(?=[;}])/g),
  ].flatMap(([, name = '', value = '']) => {
    const found = [
      ...sided.filter(([pattern]) => pattern.test(name)).map(([, instead]) => instead),
      ...sidedValues
        .filter(([pattern, side]) => pattern.test(name) && side.test(value))
        .map(([, , instead]) => instead),
    ];
    const four = fourSided.test(name)
      ? (value.match(/(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[^\s(])+/g) ?? [])
      : [];
    if (four.length === 4 && four[1] !== four[3]) found.push('-inline and -block');
    return found.map((instead) => `${name}: ${value}: ${instead}`);
  });
}

const styleOf = (file: string, text: string): string =>
  file.endsWith('.svelte')
    ? [...text.matchAll(/<style[^>]*>(.*?)<\/style>/gs)].map(([, css]) => css).join('\n')
    : text;

describe('left and right', () => {
  test('are in no style', () => {
    const files = readdirSync(renderer, { recursive: true, withFileTypes: true })
      .filter((entry) => /\.(svelte|css)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(60);
    const found = files.flatMap((file) =>
      sides(styleOf(file, readFileSync(file, 'utf8').replace(coordinates, ''))).map(
        (one) => `${file.slice(renderer.length + 1)}: ${one}`,
      ),
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['.a { margin-left: 4px; }', 1],
    ['.a { color: red; right: 0; }', 1],
    ['.a { border-right-color: red }', 1],
    ['.a { text-align: right; }', 1],
    ['.a { padding: 1px 2px 3px 4px; }', 1],
    ['.a { border-top-left-radius: 4px; }', 1],
    ['.a { padding: 1px var(--a, 2px) 3px var(--a, 2px); margin-inline-start: 3px; text-align: start; }', 0],
    ['.a { transition: left 1s; inset-inline-end: 0; } /* right: 0; */', 0],
  ])('%s would be found', (css, count) => {
    expect(sides(css)).toHaveLength(count);
  });
});
