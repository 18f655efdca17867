import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberOf, rawJson, setMembers, withParams } from '../../main/protocol/members.ts';
import { scanMessage } from '../../main/protocol/scan.ts';

const set = (text: string, changes: Record<string, Buffer | null>): string => {
  const bytes = Buffer.from(text);
  return setMembers(bytes, 0, bytes.length, changes).toString();
};

describe('setMembers', () => {
  it('keeps the bytes and places of what is not named', () => {
    expect(
      set('{ "n" : 9007199254740993 , "x": {"b": 1, "a": 2e0}, "drop": 1, "y": "ä" }', {
        drop: null,
        y: rawJson('o'),
        z: rawJson([1]),
      }),
    ).toBe('{"n":9007199254740993,"x":{"b": 1, "a": 2e0},"y":"o","z":[1]}');
  });

  it('takes a span that holds no object for an empty one', () => {
    expect(set('[1]', { a: rawJson(1) })).toBe('{"a":1}');
    expect(set('', { a: null })).toBe('{}');
  });

  it('means what a change of the parsed object means, also for keys like __proto__', () => {
    const key = fc.oneof(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', ''), fc.string());
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.jsonValue()),
        key,
        fc.option(fc.jsonValue()),
        (object, name, value) => {
          const changes = Object.fromEntries([[name, value === null ? null : rawJson(value)]]);
          const expected = new Map(Object.entries(object));
          if (value === null) expected.delete(name);
          else expected.set(name, value);
          const out = JSON.parse(set(JSON.stringify(object), changes)) as object;
          expect(new Map(Object.entries(out))).toEqual(
            new Map(Object.entries(JSON.parse(JSON.stringify(Object.fromEntries(expected))) as object)),
          );
        },
      ),
    );
  });
});

describe('withParams', () => {
  it('makes params where there are none', () => {
    const bytes = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"m"}');
    const out = withParams(bytes, scanMessage(bytes), { a: rawJson(1) });
    expect(out.bytes.toString()).toBe('{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1}}');
    expect(out.bytes.toString('utf8', out.scan.paramsStart, out.scan.paramsEnd)).toBe('{"a":1}');
  });
});

describe('memberOf', () => {
  it('gives raw JSON, and null for what is not there', () => {
    const bytes = Buffer.from('{"a": 1.0 }');
    expect(memberOf(bytes, 0, bytes.length, 'a')?.toString()).toBe('1.0');
    expect(memberOf(bytes, 0, bytes.length, 'b')).toBeNull();
    expect(memberOf(bytes, -1, -1, 'a')).toBeNull();
  });
});
