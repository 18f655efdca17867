import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideKnown } from '../../main/protocol/known-values.ts';

/** What an expression of all of them finds, which takes longer the more there are. */
function byExpression(values: readonly string[], text: string): string {
  const sorted = [...new Set(values)].sort((a, b) => b.length - a.length);
  const escaped = sorted.map((value) => value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  return text.replace(new RegExp(escaped.join('|'), 'g'), () => '<>');
}
const hidden = (values: readonly string[], text: string): string => hideKnown(values)(text, () => '<>');

/** Few letters, so that many begin alike; the low byte of the last is that of the first. */
const letter = fc.constantFrom('a', 'b', '\u0161');
const secret = fc.string({ unit: letter, minLength: 4, maxLength: 7 });

describe('known values', () => {
  it('are found as one expression finds them, where none overlaps another', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('', '.', ' x ', 'abc', '\ud800')), { maxLength: 20 }),
        (values, pieces) => {
          // Between dots no secret reaches into another.
          const text = pieces.map(([index, more]) => `${more}.${values[index % values.length]}.`).join('');
          expect(hidden(values, text)).toBe(byExpression(values, text));
        },
      ),
    );
  });

  it('leave nothing of any of them that stands in the text, however they overlap', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 40, size: 'max' }),
        fc.string({ unit: letter, maxLength: 200, size: 'max' }),
        (values, text) => {
          const secretAt = new Set<number>();
          for (const value of values)
            for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1))
              for (let i = 0; i < value.length; i += 1) secretAt.add(at + i);
          const left = [...Array(text.length).keys()].filter((at) => !secretAt.has(at));
          expect(hidden(values, text).replaceAll('<>', '')).toBe(left.map((at) => text[at]).join(''));
        },
      ),
    );
  });

  it('count each place once: beside another as two, within and across another as one', () => {
    expect(hidden(['abcd', 'efgh'], 'abcdefgh')).toBe('<><>');
    expect(hidden(['abcd', 'cdefg'], '-abcdefg-')).toBe('-<>-');
    expect(hidden(['abcdefgh', 'cdef'], 'abcdefgh cdef')).toBe('<> <>');
    expect(hidden(['abcd'], 'abcdabc')).toBe('<>abc');
    expect(hidden(['abc', ''], 'abc')).toBe('abc');
  });

  it('are found among a thousand that begin alike', () => {
    const values = Array.from(
      { length: 1_000 },
      (_, index) => `sk-live-${index.toString(36).padStart(9, '0')}`,
    );
    expect(hidden(values, `a ${values[0]}, ${values[999]}; sk-live-zzzzzzzzz`)).toBe(
      'a <>, <>; sk-live-zzzzzzzzz',
    );
  });
});
