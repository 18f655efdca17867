import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../main/trust/fingerprint.ts';

/** The same value with the keys of every object in another order. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

/** Two values of JSON are the same when order of keys does not count. */
function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    return a === b || (a === 0 && b === 0);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return (
    left.size === right.size &&
    [...left].every(([key, value]) => right.has(key) && same(value, right.get(key)))
  );
}

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe('fingerprint', () => {
  it('is a stable 64 digits', () => {
    // RFC 8785 of this is {"a":[1,true,null,"é"],"b":{}}; the number was made with sha256sum.
    expect(fingerprint({ b: {}, a: [1, true, null, 'é'] })).toBe(
      'fe7227b6641e6cb192255153ffc7976464125f89d285a712b44bc032d05ef03c',
    );
  });

  it('sorts keys by UTF-16 units, as the RFC says', () => {
    const text = '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}';
    const order = '{"\\r":2,"1":4,"\\u0080":6,"\\u00f6":7,"\\u20ac":1,"\\ud83d\\ude00":5,"\\ufb33":3}';
    expect(fingerprint(JSON.parse(text))).toBe(fingerprint(JSON.parse(order)));
  });

  it('does not see the order of keys', () => {
    fc.assert(fc.property(json, (value) => fingerprint(shuffled(value)) === fingerprint(value)));
  });

  it('sees every other difference', () => {
    fc.assert(fc.property(json, json, (a, b) => (fingerprint(a) === fingerprint(b)) === same(a, b)));
  });

  it.each([
    ['a description', { description: 'x', name: 't' }],
    ['an annotation', { name: 't', annotations: { readOnlyHint: false } }],
    ['an unknown field', { name: 't', 'x-new': 1 }],
    ['hidden characters', { name: 't\u200b' }],
    ['null for nothing', { name: 't', title: null }],
  ])('sees %s', (_what, changed) => {
    expect(fingerprint(changed)).not.toBe(fingerprint({ name: 't' }));
  });

  it('is not for what JSON cannot hold', () => {
    expect(() => fingerprint(undefined)).toThrow(TypeError);
  });
});
