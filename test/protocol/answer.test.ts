import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultSaysError, scanAnswer } from '../../main/protocol/answer.ts';
import { expectSame } from '../fakes/same.ts';

/** The id by full parse, where the answer is one to a request of ours. */
function idByParse(text: string): number | null {
  const value = JSON.parse(text) as Record<string, unknown>;
  if (!Object.hasOwn(value, 'result') && !Object.hasOwn(value, 'error')) return null;
  const id = typeof value.id === 'string' || typeof value.id === 'number' ? Number(value.id) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
}

const payload = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '{"id":9}',
    '{"content":[{"type":"text","text":"{\\"id\\":3}"}]}',
    '",\\"jsonrpc\\":\\"2.0\\",\\"id\\":4}"',
    '{"x":{"jsonrpc":"2.0","id":5}}',
  ),
);
const extra = fc.constantFrom('', ',"id":77', ',"\\u0069d":78', ',"i\\u0064":79', ',"other":{"id":80}');

describe('scanAnswer', () => {
  it('finds the id that a full parse finds, in every spelling', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 }), payload, extra, fc.nat({ max: 5 }), (id, result, more, shape) => {
        const text = [
          `{"jsonrpc":"2.0","id":${id},"result":${result}${more}}`,
          `{"result":${result}${more},"jsonrpc":"2.0","id":${id}}`,
          `{"id":${id},"jsonrpc":"2.0","result":${result}${more}}`,
          `{ "jsonrpc": "2.0", "result": ${result}${more}, "id": ${id} }`,
          `{"jsonrpc":"2.0","id":"${id}","result":${result}}`,
          `{"jsonrpc":"2.0","id":${id},"error":{"code":-1,"message":"m","data":${result}}${more}}`,
        ][shape] as string;
        const found = scanAnswer(Buffer.from(text));
        expectSame(found?.id ?? null, idByParse(text));
        if (found === null) return;
        expectSame(found.isError, Object.hasOwn(JSON.parse(text) as object, 'error'));
        // Replacing the span must change the id of the message and nothing else.
        const replaced = `${text.slice(0, Buffer.from(text).toString('latin1', 0, found.idStart).length)}`;
        expectSame(
          Buffer.from(text).toString('utf8', 0, found.idStart),
          Buffer.from(replaced).toString('utf8'),
        );
        const out = Buffer.concat([
          Buffer.from(text).subarray(0, found.idStart),
          Buffer.from('"mine"'),
          Buffer.from(text).subarray(found.idEnd),
        ]);
        const after = JSON.parse(out.toString()) as object;
        expectSame(after, { ...(JSON.parse(text) as object), id: 'mine' });
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","method":"notifications/progress","params":{}}',
    '{"jsonrpc":"2.0","id":"abc","result":{}}',
  ])('takes %s for no answer to us', (text) => {
    expect(scanAnswer(Buffer.from(text))).toBeNull();
  });
});

describe('a line that was cut off', () => {
  it('is no answer, though it begins as one', () => {
    const whole = '{"jsonrpc":"2.0","id":7,"result":{"content":["x"]}}';
    expect(scanAnswer(Buffer.from(whole))?.id).toBe(7);
    for (let end = 0; end < whole.length - 2; end++) {
      expect(scanAnswer(Buffer.from(whole.slice(0, end)))).toBeNull();
    }
  });
});

describe('resultSaysError', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}', true],
    ['{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":false}}', false],
    ['{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"isError":true}}}', false],
    ['{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"\\"isError\\":true"}]}}', false],
  ])('%s -> %s', (text, expected) => {
    expect(resultSaysError(Buffer.from(text))).toBe(expected);
  });
});
