/** Challenges as servers really write them, and as hostile ones do. */
import { expect, it } from 'vitest';
import { readChallenge, union, widens } from '../../../main/identity/oauth/challenge.ts';

it.each([
  ['Bearer resource_metadata="https://a/b"', 'https://a/b', null],
  [
    'bearer realm="x, Bearer y", resource_metadata=https://a/b , scope="read write"',
    'https://a/b',
    'read write',
  ],
  ['Basic realm="old", Bearer error="invalid_token", resource_metadata="https://a/b"', 'https://a/b', null],
  ['Negotiate, Bearer scope=read', null, 'read'],
  ['Bearer', null, null],
  ['Basic realm="Bearer resource_metadata=https://evil/"', null, null],
  ['', null, null],
])('%s', (header, resourceMetadata, scope) => {
  expect(readChallenge(header)).toMatchObject({ resourceMetadata, scope });
});

it('reads errors with quoted marks in them, and the first of two values', () => {
  const challenge = readChallenge(
    'Bearer error="insufficient_scope", error_description="say \\"please\\"", error="x"',
  );
  expect(challenge).toMatchObject({ error: 'insufficient_scope', description: 'say "please"' });
});

it('takes no time for a header made to cost it', () => {
  const before = performance.now();
  readChallenge(`Bearer ${'a="'.repeat(20_000)}`);
  readChallenge(`Bearer ${' ,'.repeat(20_000)}`);
  expect(performance.now() - before).toBeLessThan(500);
});

it('joins scopes and sees what is new', () => {
  expect(union('read write', null, 'write  admin')).toBe('read write admin');
  expect(union(null, '')).toBeNull();
  expect(widens('read admin', 'read')).toBe(true);
  expect(widens('read', 'read write')).toBe(false);
});
