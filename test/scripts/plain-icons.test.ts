/** The pages' icons are made plain when they are built: each is still what the library would have drawn. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { plainIcon } from '../../scripts/lib/plain-icons.mjs';

const root = join(import.meta.dirname, '../..');
const library = join(root, 'node_modules/@lucide/svelte/dist');
type Attributes = Readonly<Record<string, string | number>>;
type Node = readonly [tag: string, attributes: Attributes];
const { default: build } = (await import(
  pathToFileURL(join(library, 'utils/buildLucideIconNode.js')).href
)) as { default: (icon: unknown, params: object) => readonly [string, Attributes, readonly Node[]] };

/** Every icon that the pages use. */
const names = new Set(
  readdirSync(join(root, 'renderer'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.svelte') || name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'renderer', name), 'utf8'))
    .flatMap((text) => [...text.matchAll(/@lucide\/svelte\/icons\/([\w-]+)'/g)].map(([, name = '']) => name)),
);
/** Some names stand for another. */
function sourceOf(name: string): string {
  const entry = join(library, 'icons', `${name}.js`);
  const [, file = ''] = /from ["'](.+\.svelte)["']/.exec(readFileSync(entry, 'utf8')) ?? [];
  return readFileSync(join(entry, '..', file), 'utf8');
}

/** Elements with their attributes, in order. */
function drawn(svg: string): Node[] {
  return [...svg.matchAll(/<(\w+)((?:\s+[\w:-]+=(?:"[^"]*"|\{size\}))*)\s*\/?>/g)].map(
    ([, tag = '', rest = '']) => {
      const attributes = [...rest.matchAll(/([\w:-]+)=(?:"([^"]*)"|\{size\})/g)];
      return [tag, Object.fromEntries(attributes.map(([, name = '', value = '16']) => [name, value]))];
    },
  );
}

const asText = ([tag, attributes]: Node): Node => [
  tag,
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)])),
];

describe('an icon of the pages', () => {
  test.each([...names].sort())('%s', (name) => {
    const source = sourceOf(name);
    const icon: unknown = JSON.parse(/const iconData = (.*);/.exec(source)?.[1] ?? '');
    const [tag, attributes, shapes] = build(icon, {
      ...{ color: 'currentColor', width: 16, height: 16, strokeWidth: 2 },
      ...{ className: 'lucide-icon', hasA11yProp: false },
    });
    const plain = plainIcon(source);
    expect(drawn(plain.slice(plain.indexOf('<svg')))).toEqual(
      [[tag, attributes] as Node, ...shapes].map(asText),
    );
  });

  test('that is written otherwise stops the build', () => {
    expect(names.size).toBeGreaterThan(40);
    expect(() => plainIcon(sourceOf('server').replace('iconData', 'data'))).toThrow('no data');
  });
});
