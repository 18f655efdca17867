import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerBeginning, answerEnd, type LongLines, lineSplitter } from '../../main/upstreams/lines.ts';
import { anyText } from '../fakes/any-text.ts';

const NEVER: LongLines = {
  begins: () => expect.unreachable(),
  ended: () => expect.unreachable(),
  endless: () => expect.unreachable(),
};

describe('lineSplitter', () => {
  it('gives the lines that a split of the whole gives, whatever the chunking, also within characters', () => {
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.nat(), { maxLength: 20 }),
        (texts, eol, cuts) => {
          const whole = Buffer.from(texts.map((text) => text.replaceAll(/[\r\n]/g, '') + eol).join(''));
          const lines: string[] = [];
          const take = lineSplitter((line) => lines.push(line.toString('utf8')), NEVER);
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

  it.each([3, 700, 5_000])(
    'passes over a line that is too long, and goes on behind it (chunks of %i)',
    (step) => {
      const long = `{"id":7,${'x'.repeat(3_000)},"id":8}`;
      const whole = Buffer.from(`first\n${long}\nsecond\n${long}\n\nthird\n`);
      for (const enough of [true, false]) {
        const told: string[] = [];
        const take = lineSplitter(
          (line) => told.push(line.toString()),
          {
            begins(head) {
              told.push(`<${head.toString('latin1', 0, 8)}`);
              return enough;
            },
            ended: (tail) => void told.push(`${tail.toString('latin1').slice(-8)}>`),
            endless: () => expect.unreachable(),
          },
          1_000,
        );
        for (let at = 0; at < whole.length; at += step) take(whole.subarray(at, at + step));
        const passed = enough ? ['<{"id":7,'] : ['<{"id":7,', ',"id":8}>'];
        expect(told).toEqual(['first', ...passed, 'second', ...passed, 'third']);
      }
    },
  );
});

describe('whose answer a long line is', () => {
  it.each<[text: string, begins: number | string | null, ends: number | null]>([
    ['{"jsonrpc":"2.0","id":12,"result":{"a":1}}', 12, null],
    ['{ "id" : 12 , "jsonrpc": "2.0", "result":{}}', 12, null],
    ['{"result":{"id":3},"jsonrpc":"2.0","id":12}', null, 12],
    ['{"result":{"id":3},"id":12,"jsonrpc":"2.0"}\r', null, 12],
    // The last id within the result is not the answer's.
    ['{"jsonrpc":"2.0","result":{"a":1,"id":3}}', null, null],
    ['{"jsonrpc":"2.0","method":"notifications/message","params":{"id":3}}', 'other', null],
    ['{"jsonrpc":"2.0","id":"12","result":{}}', null, null],
  ])('%s', (text, begins, ends) => {
    expect(answerBeginning(Buffer.from(text))).toBe(begins);
    expect(answerEnd(Buffer.from(text))).toBe(ends);
  });
});
