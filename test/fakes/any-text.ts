/** Any text at all, for property tests. */
import fc from 'fast-check';

/**
 * Of any code points but lone halves of pairs. What `unit: 'binary'` of the library gives too, without the table of all
 * of Unicode (a second of processor time) that it makes first.
 */
export const anyText: fc.Arbitrary<string> = fc.string({
  unit: fc
    .oneof({ weight: 1, arbitrary: fc.integer({ min: 0, max: 0x7f }) }, { weight: 4, arbitrary: codePoint() })
    .map((point) => String.fromCodePoint(point)),
});

function codePoint(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 0x80, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }));
}
