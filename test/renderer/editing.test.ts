/** The form of an entry and its JSON say the same. */
import { expect, it } from 'vitest';
import { formOf, parseEntry, withForm } from '../../renderer/state/editing.ts';

it.each([
  [{ command: 'npx', args: ['-y', 'x'], env: { A: '1' }, cwd: '/srv', tools: { block: ['y'] } }],
  [{ command: 'npx' }],
  [{ command: 'npx', args: [], env: {} }],
  [{ url: 'https://example.com', headers: { A: 'b' }, session: 'per-client' }],
])('%j is the same after nothing was changed', (entry) => {
  const form = formOf(entry);
  expect(form).not.toBeNull();
  expect(form === null ? null : withForm(entry, form)).toEqual(entry);
});

it('a change is written where it belongs, and what becomes empty goes', () => {
  const entry = { command: 'npx', args: ['-y'], env: { A: '1' }, cwd: '/srv', enabled: false };
  const form = formOf(entry);
  if (form === null) throw new Error('no form');
  expect(withForm(entry, { ...form, args: '', cwd: '', pairs: [{ name: '', value: 'lost' }] })).toEqual({
    command: 'npx',
    enabled: false,
  });
  expect(withForm(entry, { ...form, args: '-y\nx y' }).args).toEqual(['-y', 'x y']);
});

it.each([
  [{ command: 'x', args: ['a\nb'] }],
  [{ command: 'x', env: { A: 1 } }],
  [{ command: 'x', working_dir: '/y' }],
  [{ args: ['x'] }],
])('%j is edited as JSON', (entry) => {
  expect(formOf(entry)).toBeNull();
});

it.each(['', '[]', 'null', '{', '5'])('%j is no entry', (text) => {
  expect(parseEntry(text).ok).toBe(false);
});
