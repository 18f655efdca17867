import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHeader, encodeHeader, headerText, paramHeaders } from '../../main/protocol/headers.ts';
import { anyText } from '../fakes/any-text.ts';

describe('header values (streamable HTTP section, "Value Encoding")', () => {
  it.each([
    ['us-west1', 'us-west1'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['', ''],
  ])('writes %j as %j', (value, header) => {
    expect(encodeHeader(value)).toBe(header);
  });

  it('come back as they were, and are always safe to send', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const header = encodeHeader(value);
        expect(header).toMatch(/^[\x20-\x7e\t]*$/);
        // A lone surrogate has no UTF-8 form and no way into a JSON text of UTF-8 either.
        if (Buffer.from(value).toString() === value) expect(decodeHeader(header)).toBe(value);
      }),
    );
  });

  it.each([
    '=?base64?SGVsbG8?=',
    '=?base64?a?=',
    '=?base64?!!!!?=',
    '=?base64?/w==?=',
    'caf\u00e9',
    'a\u0000b',
  ])('refuses %j', (header) => {
    expect(decodeHeader(header)).toBeNull();
  });
});

describe('x-mcp-header (streamable HTTP section, "Schema Extension")', () => {
  const schema = (properties: object): object => ({ type: 'object', properties });

  it('is found on nested properties, with its path', () => {
    const found = paramHeaders(
      schema({
        region: { type: 'string', 'x-mcp-header': 'Region' },
        deep: schema({ n: { type: 'integer', 'x-mcp-header': 'N' } }),
        plain: { type: 'number', default: { 'x-mcp-header': 'no schema' } },
      }),
    );
    expect(found).toEqual([
      { header: 'Mcp-Param-Region', path: ['region'], type: 'string' },
      { header: 'Mcp-Param-N', path: ['deep', 'n'], type: 'integer' },
    ]);
  });

  it.each([
    ['an empty name', schema({ a: { type: 'string', 'x-mcp-header': '' } })],
    ['a name with a line break', schema({ a: { type: 'string', 'x-mcp-header': 'a\r\nb' } })],
    ['a name that is no text', schema({ a: { type: 'string', 'x-mcp-header': 1 } })],
    ['a number', schema({ a: { type: 'number', 'x-mcp-header': 'A' } })],
    ['no type', schema({ a: { 'x-mcp-header': 'A' } })],
    [
      'two names that differ in case',
      schema({ a: { type: 'string', 'x-mcp-header': 'A' }, b: { type: 'string', 'x-mcp-header': 'a' } }),
    ],
    ['a place in items', schema({ a: { type: 'array', items: { type: 'string', 'x-mcp-header': 'A' } } })],
    ['a place in anyOf', { anyOf: [schema({ a: { type: 'string', 'x-mcp-header': 'A' } })] }],
    ['the root', { type: 'string', 'x-mcp-header': 'A' }],
  ])('is refused with %s', (_what, tool) => {
    expect(typeof paramHeaders(tool)).toBe('string');
  });

  it('gives the argument as text, or nothing', () => {
    const at = (path: string[]) => ({ header: 'h', path, type: 'string' as const });
    const args = { a: 'x', n: 42, yes: true, none: null, deep: { b: 'y' }, big: 2 ** 53, half: 0.5 };
    expect(headerText(args, at(['a']))).toBe('x');
    expect(headerText(args, at(['n']))).toBe('42');
    expect(headerText(args, at(['yes']))).toBe('true');
    expect(headerText(args, at(['deep', 'b']))).toBe('y');
    for (const path of [['none'], ['deep'], ['missing'], ['a', 'b'], ['big'], ['half'], ['toString']]) {
      expect(headerText(args, at(path))).toBeNull();
    }
  });
});
