/** What did not change keeps its identity, whatever else did. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { share } from '../../renderer/state/share.ts';
import { server, snapshot } from './fakes.ts';

const copy = <T>(value: T): T => structuredClone(value);

test('an equal snapshot is the very same one', () => {
  const before = snapshot(1, [server('a'), server('b')]);
  expect(share(before, copy(before))).toBe(before);
});

test('only the server that changed is another object', () => {
  const before = snapshot(1, [server('a'), server('b'), server('c')]);
  const after = share(before, {
    ...copy(before),
    revision: 2,
    servers: [server('a'), server('b', { callsToday: 1 }), server('c')],
  });
  expect(after).not.toBe(before);
  expect(after.servers[0]).toBe(before.servers[0]);
  expect(after.servers[1]).not.toBe(before.servers[1]);
  expect(after.servers[1]?.callsToday).toBe(1);
  expect(after.servers[2]).toBe(before.servers[2]);
  expect(after.endpoint).toBe(before.endpoint);
});

test('servers are matched by name when one goes, one comes and they move', () => {
  const before = snapshot(1, [server('a'), server('b'), server('c')]);
  const after = share(before, snapshot(2, [server('new'), server('c'), server('a')]));
  expect(after.servers.map(({ name }) => name)).toEqual(['new', 'c', 'a']);
  expect(after.servers[1]).toBe(before.servers[2]);
  expect(after.servers[2]).toBe(before.servers[0]);
});

test('a key that went away is gone', () => {
  expect(share({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  expect(share({ a: undefined }, { b: undefined })).toEqual({ b: undefined });
});

test('the result always equals the newer value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      expect(share(before, after)).toEqual(after);
      expect(share(after, copy(after))).toBe(after);
    }),
  );
});
