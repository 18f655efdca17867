/** docs/errors.md lists every code that the source can give, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commandNames } from '../../preload/contract.ts';

const root = join(import.meta.dirname, '..', '..');

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.(ts|svelte)$/.test(entry.name) ? [path] : [];
  });
}

/** Codes are string literals `room.what_happened`; commands and the keys of settings look alike and are taken out. */
function codesInSource(): Set<string> {
  const rooms =
    'access|activity|adding|admin|app|args|bridge|call|catalog|clients|command|config|desktop|gateway|identity|internal|isolation|preferences|secrets|settings|shell|signin|startup|state|terminal|trust|upstream';
  const literal = new RegExp(`['"\`]((?:${rooms})\\.[a-z]+(?:_[a-z0-9]+)*)['"\`]`, 'g');
  const codes = new Set<string>();
  for (const file of [...sources(join(root, 'main')), ...sources(join(root, 'preload'))]) {
    for (const match of readFileSync(file, 'utf8').matchAll(literal)) codes.add(match[1] ?? '');
  }
  for (const command of commandNames) codes.delete(command);
  const settings = readFileSync(join(root, 'preload', 'views', 'settings.ts'), 'utf8');
  for (const match of settings.matchAll(/readonly key: '([a-z.]+)'/g)) codes.delete(match[1] ?? '');
  return new Set(
    [...codes].filter((code) => !/\.(json|ts|js|db|sock|log|md|html|lock|enc|key|what_happened)$/.test(code)),
  );
}

it('every error code of the source is explained in docs/errors.md, and nothing else is', () => {
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
  const listed = new Set(
    [...page.matchAll(/^\| `([a-z]+\.[a-z0-9_]+)` \|/gm)].map((match) => match[1] ?? ''),
  );
  const used = codesInSource();
  expect([...used].filter((code) => !listed.has(code)).sort(), 'missing in docs/errors.md').toEqual([]);
  expect(
    [...listed].filter((code) => !used.has(code)).sort(),
    'in docs/errors.md, but nowhere in the source',
  ).toEqual([]);
});
