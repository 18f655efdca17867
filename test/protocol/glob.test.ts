import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, passes } from '../../main/protocol/glob.ts';

describe('a pattern', () => {
  it.each([
    ['get_a', 'get_a', true],
    ['get_a', 'get_A', false],
    ['get_*', 'get_', true],
    ['get_*', 'xget_', false],
    ['*', '', true],
    ['?', '', false],
    ['a?c', 'abc', true],
    ['*b*b', 'abab', true],
    ['*ab', 'aab', true],
    ['a*b*c', 'abcb', false],
    ['[a]{b}\\', '[a]{b}\\', true],
    ['server/*', 'server/tool', true],
  ])('%s and %s: %s', (pattern, name, fit) => {
    expect(fits(pattern, name)).toBe(fit);
  });

  it('fits what the regular expression of the same meaning fits', () => {
    const letter = fc.constantFrom('a', 'b', '*', '?');
    const text = fc.array(letter, { maxLength: 8 }).map((letters) => letters.join(''));
    const name = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(text, name, (pattern, word) => {
        const twin = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
        expect(fits(pattern, word)).toBe(twin.test(word));
      }),
    );
  });

  it('made to take for ever does not', () => {
    expect(fits('*a'.repeat(60), `${'a'.repeat(5_000)}b`)).toBe(false);
  });
});

describe('a filter', () => {
  it('lets pass what it allows and does not block', () => {
    const filter = { allow: ['get_*'], block: ['*_secret'] };
    expect(['get_a', 'get_secret', 'set_a'].filter((name) => passes(filter, name))).toEqual(['get_a']);
    expect(passes({ allow: null, block: [] }, 'x')).toBe(true);
    expect(passes({ allow: [], block: [] }, 'x')).toBe(false);
  });
});
