/** Which rows of a long list are made, and that what is made and what is not is as high as the whole. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Piece, piecesOf, rowsBetween, topsOf } from '../../renderer/state/long-list.ts';

const keyOf = (at: number): string => `k${at}`;
const even = topsOf(100, () => 50);

/** Rows by their place, gaps by their height in brackets. */
const drawn = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (piece.kind === 'row' ? piece.at : `(${piece.height})`)).join(' ');

describe('rows between two heights', () => {
  test.each([
    ['at the top', 0, 120, 0, 3],
    ['in the middle, cut at both edges', 125, 240, 2, 5],
    ['exactly at edges', 100, 200, 2, 4],
    ['at the end', 4900, 5000, 98, 100],
    ['of a list that begins below what is seen', 0, 0, 0, 0],
    ['of a list that has become shorter: its end', 9000, 9120, 97, 100],
    ['of a list that is shorter than the window', 0, 9000, 0, 100],
  ])('%s', (_where, from, to, start, end) => {
    expect(rowsBetween(even, from, to)).toEqual({ start, end });
  });

  test('of no list at all', () => {
    expect(
      rowsBetween(
        topsOf(0, () => 50),
        0,
        500,
      ),
    ).toEqual({ start: 0, end: 0 });
  });

  test('are all that are seen, however high each is', () => {
    const heights = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(heights, fc.nat(9000), fc.integer({ min: 1, max: 900 }), (each, from, height) => {
        const tops = topsOf(each.length, (at) => each[at] ?? 0);
        const { start, end } = rowsBetween(tops, from, from + height);
        for (let at = 0; at < each.length; at += 1) {
          const seen = (tops[at] ?? 0) < from + height && (tops[at + 1] ?? 0) > from;
          if (seen) expect(at >= start && at < end).toBe(true);
        }
        // Something of a list that ends above is there as well.
        expect(end).toBeGreaterThan(start);
      }),
    );
  });
});

describe('the list is made of', () => {
  test('rows and the room of the others', () => {
    expect(drawn(piecesOf({ start: 2, end: 4 }, [], even, keyOf))).toBe('(100) 2 3 (4800)');
    expect(drawn(piecesOf({ start: 0, end: 0 }, [], even, keyOf))).toBe('(5000)');
    expect(drawn(piecesOf({ start: 98, end: 100 }, [], even, keyOf))).toBe('(4900) 98 99');
  });

  test('such as stay, wherever they are', () => {
    const kept = [50, 3, 50, 99, -1, 100];
    expect(drawn(piecesOf({ start: 2, end: 4 }, kept, even, keyOf))).toBe('(100) 2 3 (2300) 50 (2400) 99');
  });

  test('pieces with keys of their own, as high as all rows together, in order', () => {
    const nat = fc.nat(120);
    fc.assert(
      fc.property(fc.nat(100), nat, nat, fc.array(fc.integer({ min: -2, max: 120 })), (count, a, b, kept) => {
        const tops = topsOf(count, (at) => 20 + (at % 7));
        const range = { start: Math.min(a, b, count), end: Math.min(Math.max(a, b), count) };
        const pieces = piecesOf(range, kept, tops, keyOf);
        const heights = pieces.map((piece) =>
          piece.kind === 'gap' ? piece.height : (tops[piece.at + 1] ?? 0) - (tops[piece.at] ?? 0),
        );
        expect(heights.reduce((sum, height) => sum + height, 0)).toBe(tops.at(-1));
        expect(new Set(pieces.map(({ key }) => key)).size).toBe(pieces.length);
        const places = pieces.flatMap((piece) => (piece.kind === 'row' ? [piece.at] : []));
        expect(places).toEqual([...new Set(places)].sort((x, y) => x - y));
      }),
    );
  });
});
