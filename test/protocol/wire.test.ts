import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatehouseError } from '../../main/protocol/error.ts';
import { errorAnswer, resultAnswer, singleLine, splice, wireCode } from '../../main/protocol/wire.ts';

describe('splice', () => {
  it('replaces each span and nothing else, in any order of edits', () => {
    const text = Buffer.from('{"id":1,"params":{"name":"ä__x","arguments":{"n":9007199254740993}}}');
    const name = text.indexOf('"ä__x"');
    const out = splice(text, [
      { start: name, end: name + Buffer.byteLength('"ä__x"'), text: Buffer.from('"ö"') },
      { start: 6, end: 7, text: '42' },
      { start: -1, end: -1, text: 'never' },
    ]);
    expect(out.toString()).toBe('{"id":42,"params":{"name":"ö","arguments":{"n":9007199254740993}}}');
  });
});

describe('singleLine', () => {
  it('keeps the meaning of any JSON and leaves no line break', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const pretty = Buffer.from(JSON.stringify(value, null, 2).replaceAll('\n', '\r\n'));
        const line = singleLine(pretty);
        expect(line.includes(0x0a) || line.includes(0x0d)).toBe(false);
        expect(JSON.parse(line.toString())).toEqual(JSON.parse(pretty.toString()));
      }),
    );
  });
});

describe('answers of our own', () => {
  it('carry our stable code beside the wire code', () => {
    const error = new GatehouseError({ code: 'gateway.unknown_tool', message: 'm "q"', remedy: 'r' });
    expect(JSON.parse(errorAnswer('"a"', error).toString())).toEqual({
      jsonrpc: '2.0',
      id: 'a',
      error: { code: -32602, message: 'm "q"', data: { code: 'gateway.unknown_tool', remedy: 'r' } },
    });
    expect(wireCode('anything.else')).toBe(-32000);
  });

  it('keep the bytes of a serialized result', () => {
    expect(resultAnswer('7', Buffer.from('{"n":1e400}')).toString()).toBe(
      '{"jsonrpc":"2.0","id":7,"result":{"n":1e400}}',
    );
  });
});
