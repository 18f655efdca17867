import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callHash } from '../../main/trust/call-hash.ts';

const target = { server: 's', fingerprint: 'f', tool: 't' };
const hash = (args: string | null): string => callHash(target, args === null ? null : Buffer.from(args));

describe('what an approval of a call is bound to', () => {
  it.each([
    ['order of keys', '{"a":1,"b":{"c":2,"d":3}}', '{"b":{"d":3,"c":2},"a":1}'],
    ['white space', '{"a":[1,2]}', ' {\n "a" : [ 1 ,\t2 ] } '],
    ['escapes', '{"a":"é/x"}', '{"\\u0061":"\\u00e9\\/x"}'],
  ])('is the same for another %s', (_what, one, other) => {
    expect(hash(one)).toBe(hash(other));
  });

  it.each([
    ['numbers beyond 2^53', '{"id":9007199254740992}', '{"id":9007199254740993}'],
    ['fractions beyond what a double holds', '{"x":0.1}', '{"x":0.10000000000000000001}'],
    ['how a number is written', '{"x":1}', '{"x":1.0}'],
    ['a number and its text', '{"x":1}', '{"x":"1"}'],
    ['an empty object and none', '{}', null],
    ['null and nothing', '{"x":null}', '{}'],
    ['the last of two equal keys', '{"a":1,"a":2}', '{"a":2}'],
    ['the order of two equal keys', '{"a":1,"a":2}', '{"a":2,"a":1}'],
    ['where an array ends', '[[1],[2]]', '[[1,2],[]]'],
    ['a key that looks like structure', '{"a":{"b":1}}', '{"a:{\\"b":1}'],
    ['halves of pairs', '"\\ud800"', '"\\ud801"'],
  ])('differs by %s', (_what, one, other) => {
    expect(hash(one)).not.toBe(hash(other));
  });

  it('differs by server, fingerprint and tool, also where one runs into the next', () => {
    const all = [
      { server: 's', fingerprint: 'f', tool: 't' },
      { server: 'sf', fingerprint: '', tool: 't' },
      { server: 's', fingerprint: 'ft', tool: '' },
      { server: 's', fingerprint: 'f', tool: 'u' },
    ];
    expect(new Set(all.map((one) => callHash(one, Buffer.from('{}')))).size).toBe(all.length);
  });

  it('differs deep down and in arguments of any size', () => {
    const deep = (inner: string): string => '[['.repeat(100) + inner + ']]'.repeat(100);
    expect(hash(deep('1'))).not.toBe(hash(deep('2')));
    const large = 'x'.repeat(2 * 1024 * 1024);
    expect(hash(`{"a":"${large}1"}`)).not.toBe(hash(`{"a":"${large}2"}`));
  });

  it('is equal exactly for equal JSON', () => {
    const json = fc.jsonValue().map((value) => JSON.stringify(value));
    const canonical = (text: string): string =>
      JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
        typeof value === 'object' && value !== null && !Array.isArray(value)
          ? Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
          : value,
      );
    fc.assert(
      fc.property(json, json, (one, other) => {
        expect(hash(one)).toBe(hash(one));
        if (canonical(one) !== canonical(other)) expect(hash(one)).not.toBe(hash(other));
      }),
    );
  });
});
