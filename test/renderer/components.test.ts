/** The page of components shows every component of renderer/ui, with each value of those properties that are one of a few. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const renderer = join(import.meta.dirname, '../../renderer');
const page = readFileSync(join(renderer, 'dev', 'Components.svelte'), 'utf8');
/** Signs of states choose tones and icons there. */
const signs = ['signs.ts', 'clients.ts']
  .map((name) => readFileSync(join(renderer, 'state', name), 'utf8'))
  .join('\n');

const components = readdirSync(join(renderer, 'ui'))
  .filter((name) => name.endsWith('.svelte'))
  .map((name) => ({ name: name.slice(0, -7), text: readFileSync(join(renderer, 'ui', name), 'utf8') }));

/** The values of properties that are one of a few words: `tone: 'info' | 'warn'`. */
function choices(text: string): string[] {
  const props = /type Props = \{(.*?)\n?\};/s.exec(text)?.[1] ?? '';
  return [...props.matchAll(/(\w+)\??: ((?:'[\w-]+'(?: \| )?){2,})/g)].flatMap(([, , values = '']) =>
    [...values.matchAll(/'([\w-]+)'/g)].map((found) => found[1] ?? ''),
  );
}

const shows = (text: string, value: string): boolean => new RegExp(`['"]${value}['"]`).test(text);

describe('the page of components shows', () => {
  test.each(components.map(({ name, text }) => [name, text] as const))('%s', (name, text) => {
    expect(page).toMatch(new RegExp(`<${name}[\\s/>]`));
    // The first value of each is what it is when nothing is said.
    const missing = choices(text).filter(
      (value) => !shows(page, value) && !shows(signs, value) && !isDefault(text, value),
    );
    expect(missing).toEqual([]);
  });

  test('every one: a value that is not there would be found', () => {
    const text =
      "type Props = {\n  tone: 'info' | 'glaring';\n  size?: 'row' | 'primary';\n};\nlet { tone, size = 'row' }: Props";
    expect(choices(text)).toEqual(['info', 'glaring', 'row', 'primary']);
    expect(choices(text).filter((value) => !shows(page, value))).toEqual(['glaring']);
    expect(components.length).toBeGreaterThan(20);
  });
});

function isDefault(text: string, value: string): boolean {
  return new RegExp(`\\w+ = '${value}'`).test(text);
}
