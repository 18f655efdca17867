import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS, Block, DamagedBlockError, encodeBlock } from '../../main/activity/blocks.ts';
import type { BareEntry } from '../../main/activity/entry.ts';
import { faultOf } from '../../main/activity/sqlite.ts';

const fact = fc.record({
  at: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  facet: fc.integer({ min: 1, max: 65_535 }),
  session: fc.oneof(fc.constantFrom('a', 'b', ''), fc.string({ unit: 'binary' })),
  target: fc.option(fc.string({ unit: 'grapheme' })),
  durationMs: fc.nat({ max: 0xffff_ffff }),
  requestBytes: fc.nat({ max: 0xffff_ffff }),
  responseBytes: fc.nat({ max: 0xffff_ffff }),
  skipped: fc.boolean(),
});
const rowsFrom = (first: number, facts: readonly Omit<BareEntry, 'id'>[]): BareEntry[] =>
  facts.map((one, index) => ({ id: first + index, ...one }));
const read = (first: number, rows: readonly BareEntry[]): Block =>
  // As SQLite gives it: somewhere in a larger block of memory, at an odd address.
  new Block(first, rows.length, Buffer.concat([Buffer.alloc(3), encodeBlock(rows)]).subarray(3));

describe('a block', () => {
  it('gives back every fact of every row', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fact, { minLength: 1, maxLength: 40 }), (first, facts) => {
        const rows = rowsFrom(first, facts);
        const block = read(first, rows);
        expect(block.rowsFrom(0)).toEqual(rows);
        expect([...block.facets]).toEqual(rows.map((row) => row.facet));
        const last = rows.at(-1);
        if (last !== undefined)
          expect(block.time(last.id)).toEqual({ at: last.at, end: last.at + last.durationMs });
      }),
      { numRuns: 60 },
    );
  });

  it('holds as many rows as it may, each with names of its own', () => {
    const rows = rowsFrom(
      1_000_000,
      Array.from({ length: BLOCK_ROWS }, (_, index) => ({
        at: index,
        facet: index + 1,
        session: `session-${index}`,
        target: `file:///${index}`,
        durationMs: 0,
        requestBytes: 0,
        responseBytes: 0,
        skipped: false,
      })),
    );
    expect(read(1_000_000, rows).rowsFrom(1_000_250)).toEqual(rows.slice(250));
  });

  const one = rowsFrom(7, [
    {
      at: 1,
      facet: 2,
      session: 's',
      target: null,
      durationMs: 3,
      requestBytes: 4,
      responseBytes: 5,
      skipped: true,
    },
  ]);

  it('has no rows but its own', () => {
    const block = read(7, one);
    expect([6, 7, 8].map((id) => block.row(id)?.id)).toEqual([undefined, 7, undefined]);
  });

  it('takes the longest where a number is longer than its place', () => {
    const [row] = one;
    if (row === undefined) throw new Error('a row');
    const block = read(7, [{ ...row, durationMs: 2 ** 40, responseBytes: Number.MAX_SAFE_INTEGER }]);
    expect(block.row(7)).toMatchObject({
      durationMs: 0xffff_ffff,
      responseBytes: 0xffff_ffff,
      requestBytes: 4,
    });
  });

  it.each([
    ['cut off', (bytes: Uint8Array) => bytes.subarray(0, 20)],
    ['cut off in its names', (bytes: Uint8Array) => bytes.subarray(0, 30)],
    ['of other names', (bytes: Uint8Array) => Buffer.concat([bytes.subarray(0, 27), Buffer.from('{"a":1}')])],
  ])('that is %s counts as damage of the file', (_, spoil) => {
    const look = (): unknown => new Block(7, 1, spoil(encodeBlock(one))).row(7);
    expect(look).toThrow(DamagedBlockError);
    expect(faultOf(new DamagedBlockError())).toBe('damaged');
  });
});
