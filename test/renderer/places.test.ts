/** Every dialog stands among the places that the end-to-end tests read in every language and search for barriers. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { allPlaces } from '../e2e/pages/places.ts';

const renderer = join(import.meta.dirname, '..', '..', 'renderer');
/** Shown in the web admin only, whose own journey looks at it. */
const elsewhere = ['ChangePassword'];

test('every dialog is one of the places', () => {
  const dialogs = ['parts', 'views']
    .flatMap((folder) => readdirSync(join(renderer, folder)).map((name) => join(renderer, folder, name)))
    .filter((file) => /from '(\.\.\/ui\/|\.\/)(Form)?Dialog\.svelte'/.test(readFileSync(file, 'utf8')))
    .map((file) => basename(file, '.svelte'))
    // What others are made of is not shown by itself.
    .filter((name) => name !== 'FormDialog');
  expect(dialogs.length).toBeGreaterThan(5);
  const shown = allPlaces.flatMap(({ dialog }) => dialog ?? []);
  expect([...new Set([...shown, ...elsewhere])].sort()).toEqual(dialogs.sort());
});

test('no two places have one name', () => {
  const names = allPlaces.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
