/**
 * `npm ci` must work on every system from the lock file as it is: it refuses one that leaves out an optional package.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = resolve(import.meta.dirname, '../package-lock.json');
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> };

test('the lock file names the optional packages of every system (else: node scripts/mend-lock.mjs)', () => {
  const names = new Set(
    Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)),
  );
  const missing = Object.values(packages)
    .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    .filter((name) => !names.has(name));
  expect(missing).toEqual([]);
});

test('every package that is really installed here is pinned by its hash', () => {
  const loose = Object.entries(packages)
    .filter(([path, entry]) => path !== '' && entry.optional !== true && entry.integrity === undefined)
    .map(([path]) => path);
  expect(loose).toEqual([]);
});
