/**
 * Which rows of a long list are made: those that are seen, some beyond, and such as must stay; the rest are gaps of their
 * height. Pure.
 */

/** Rows from `start` up to, not including, `end`. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** What stands in the list: a row by its place, or the room of rows that are not made, in pixels. */
export type Piece =
  | { readonly kind: 'row'; readonly key: string; readonly at: number }
  | { readonly kind: 'gap'; readonly key: string; readonly height: number };

/**
 * Where each row begins, in pixels below the list's top; one more for the end of the last.
 * @param heightOf of the row at that place
 */
export function topsOf(count: number, heightOf: (at: number) => number): Float64Array {
  const tops = new Float64Array(count + 1);
  for (let at = 0; at < count; at += 1) tops[at + 1] = (tops[at] ?? 0) + heightOf(at);
  return tops;
}

/**
 * The rows between two heights, in pixels below the list's top. Of a list that has become shorter than where one looks,
 * those at its end, since that is where the browser scrolls to.
 */
export function rowsBetween(tops: Float64Array, from: number, to: number): RowRange {
  const total = tops.at(-1) ?? 0;
  const over = Math.max(0, Math.min(to - total, from));
  return { start: Math.max(0, firstBelow(tops, from - over) - 1), end: firstAt(tops, to - over) };
}

/** What the list is made of. @param kept places of rows outside of the range that stay; in any order, also twice */
export function piecesOf(
  { start, end }: RowRange,
  kept: Iterable<number>,
  tops: Float64Array,
  keyOf: (at: number) => string,
): Piece[] {
  const count = tops.length - 1;
  const outside = [...new Set(kept)].filter((at) => at >= 0 && at < count && (at < start || at >= end));
  const places = [...outside, ...Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)];
  places.sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let next = 0;
  const skipTo = (at: number): void => {
    const height = (tops[at] ?? 0) - (tops[next] ?? 0);
    // By their number, so that the room above is the same element while one scrolls.
    if (at > next) pieces.push({ kind: 'gap', key: `gap ${pieces.length === 0 ? 'above' : at}`, height });
  };
  for (const at of places) {
    skipTo(at);
    pieces.push({ kind: 'row', key: `row ${keyOf(at)}`, at });
    next = at + 1;
  }
  skipTo(count);
  return pieces;
}

/** The first place whose row begins below that height. */
function firstBelow(tops: Float64Array, height: number): number {
  return search(tops, (top) => top > height);
}

/** The first place whose row begins at that height or below, but no place beyond the last row. */
function firstAt(tops: Float64Array, height: number): number {
  return Math.min(
    search(tops, (top) => top >= height),
    tops.length - 1,
  );
}

/** The first place that `fits`; they are in order, so that all behind it fit as well. */
function search(tops: Float64Array, fits: (top: number) => boolean): number {
  let low = 0;
  let high = tops.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(tops[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
