import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineSplitter } from '../../main/upstreams/lines.ts';

describe('lineSplitter', () => {
  it('gives the lines that a split of the whole gives, whatever the chunking, also within characters', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 20 }),
        (texts, eol, cuts) => {
          const whole = Buffer.from(texts.map((text) => text.replaceAll(/[\r\n]/g, '') + eol).join(''));
          const lines: string[] = [];
          const take = lineSplitter(
            (line) => lines.push(line.toString('utf8')),
            () => expect.unreachable(),
          );
          let from = 0;
          for (const cut of [
            ...cuts.map((n) => n % (whole.length + 1)).sort((a, b) => a - b),
            whole.length,
          ]) {
            take(whole.subarray(from, cut));
            from = cut;
          }
          const expected = whole
            .toString('utf8')
            .split('\n')
            .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
            .filter((line) => line !== '');
          expect(lines).toEqual(expected);
        },
      ),
    );
  });

  it('cuts off a server whose line never ends, instead of filling memory', () => {
    let overflows = 0;
    const take = lineSplitter(
      () => expect.unreachable(),
      () => {
        overflows++;
      },
      1_000,
    );
    for (let i = 0; i < 10; i++) take(Buffer.alloc(500, 0x61));
    expect(overflows).toBe(1);
  });
});
