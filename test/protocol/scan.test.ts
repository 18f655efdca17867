import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueAt } from '../../main/protocol/json.ts';
import { scanMessage } from '../../main/protocol/scan.ts';
import { withoutDuplicates } from '../../main/protocol/wire.ts';
import { anyText } from '../fakes/any-text.ts';
import { expectSame } from '../fakes/same.ts';

/** What a full parse says of a text; the scanner must say the same. */
function parsed(text: string): { ok: boolean; value: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, value: null };
  }
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function expectAgreement(text: string): void {
  const bytes = Buffer.from(text);
  const full = parsed(bytes.toString('utf8'));
  const scan = scanMessage(bytes);
  expectSame(scan.failedAt < 0, full.ok, `scanner and JSON.parse agree on ${text.slice(0, 200)}`);
  if (!full.ok) {
    expectSame(scan.kind, 'invalid');
    return;
  }
  const at = (start: number, end: number): unknown => (start < 0 ? undefined : valueAt(bytes, start, end));
  const params = member(full.value, 'params');
  const meta = member(params, '_meta');
  expectSame(at(scan.idStart, scan.idEnd), member(full.value, 'id'));
  expectSame(at(scan.paramsStart, scan.paramsEnd), params);
  expectSame(at(scan.resultStart, scan.resultEnd), member(full.value, 'result'));
  expectSame(at(scan.errorStart, scan.errorEnd), member(full.value, 'error'));
  expectSame(at(scan.nameStart, scan.nameEnd), member(params, 'name'));
  expectSame(at(scan.uriStart, scan.uriEnd), member(params, 'uri'));
  expectSame(at(scan.metaStart, scan.metaEnd), meta);
  expectSame(at(scan.metaTokenStart, scan.metaTokenEnd), member(meta, 'progressToken'));
  expectSame(at(scan.tokenStart, scan.tokenEnd), member(params, 'progressToken'));
  expectSame(at(scan.requestIdStart, scan.requestIdEnd), member(params, 'requestId'));
  const method = member(full.value, 'method');
  expectSame(scan.method, typeof method === 'string' ? method : '');
}

const keys = fc.constantFrom(
  'id',
  'method',
  'params',
  'result',
  'error',
  'name',
  'uri',
  '_meta',
  'progressToken',
  'requestId',
  'jsonrpc',
  'arguments',
  'x',
);
const ids = fc.oneof(
  fc.string(),
  anyText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constant(null),
);
/** A string as some writer might spell it: with any character escaped. */
const spelled = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map(
      (escapes) =>
        `"${[...text].map((c, i) => (escapes[i] ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c)).join('')}"`,
    );
const leaf = fc.oneof(
  fc.json({ maxDepth: 2 }),
  ids.map((id) => JSON.stringify(id) ?? 'null'),
  fc.constantFrom('9007199254740993', '-0', '1e400', '"\\ud800"', '{"id":{"id":1}}', '"\\"id\\":7}"'),
);
const space = fc.constantFrom('', ' ', '\n', '\r\n\t ');
/** JSON objects as text: repeated keys, escaped keys, odd white space, nested look-alikes. */
const message: fc.Arbitrary<string> = fc.letrec<{ object: string; value: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, tie('object')),
  object: fc
    .array(fc.tuple(keys.chain(spelled), tie('value'), space, space), { maxLength: 6 })
    .map(
      (members) => `{${members.map(([key, value, a, b]) => `${a}${key}${b}:${a}${value}${b}`).join(',')}}`,
    ),
})).object;

describe('scanMessage', () => {
  it('says what a full parse says, for any JSON object: repeated, escaped and nested keys', () => {
    fc.assert(
      fc.property(message, (text) => expectAgreement(text)),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it('says what a full parse says of any JSON value', () => {
    fc.assert(
      fc.property(fc.json(), space, (text, around) => expectAgreement(around + text + around)),
      { numRuns: 500 },
    );
  });

  it('refuses exactly what JSON.parse refuses, for texts broken at any place', () => {
    fc.assert(
      fc.property(
        message,
        fc.nat(),
        fc.constantFrom('', '"', '{', '}', ',', '\\', '\u0001', '0', 'é', ':'),
        (text, at, put) => {
          const cut = at % (text.length + 1);
          expectAgreement(text.slice(0, cut) + put + text.slice(cut + 1));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('tells of a repeated key, so that a first-wins reader cannot see another tool than we admitted', () => {
    const text = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"safe","name":"blocked"}}';
    const scan = scanMessage(Buffer.from(text));
    expect(scan.duplicate).toBe(true);
    const clean = withoutDuplicates(Buffer.from(text));
    expect(clean.bytes.toString()).not.toContain('safe');
    expect(clean.scan.duplicate).toBe(false);
  });

  it.each(['arguments', 'ref', 'taskId', 'task'])(
    'repeated-%s: no reader sees another one than a person was asked about',
    (key) => {
      const text = `{"id":1,"method":"tools/call","params":{"${key}":{"a":1},"name":"x","${key}":{"a":2}}}`;
      expect(scanMessage(Buffer.from(text)).duplicate).toBe(true);
      expect(withoutDuplicates(Buffer.from(text)).bytes.toString()).not.toContain('"a":1');
    },
  );

  it.each([
    '"Name"',
    '"NAME"',
    '"n\\u0041me"',
    '"Arguments"',
    '"argument\u017f"',
    '"ta\u017f\u212aId"',
    '"URI"',
    '"_Meta"',
    '"TaskID"',
  ])(
    'twin-member: tells of %s in params, which readers without regard to case take for the real one',
    (key) => {
      const text = `{"id":1,"method":"tools/call","params":{"name":"x",${key}:"y"}}`;
      expect(scanMessage(Buffer.from(text))).toMatchObject({ twin: true, duplicate: false, kind: 'request' });
    },
  );

  it.each(['"Id"', '"METHOD"', '"Params"', '"param\u017f"', '"p\\u0041rams"', '"JSONRPC"'])(
    'twin-member: tells of %s in the message',
    (key) => {
      const text = `{${key}:1,"id":1,"method":"x"}`;
      expect(scanMessage(Buffer.from(text)).twin).toBe(true);
    },
  );

  it('takes nothing else for a twin: names deeper down, of other letters, in the metadata', () => {
    const args = '{"Name":1,"ID":2,"Params":{"Method":3}}';
    const text = `{"jsonrpc":"2.0","id":1,"Ident":1,"method":"x","params":{"n\u0061me":"a","names":1,"náme":1,"_meta":{"Id":1,"progressToken":1},"arguments":${args}}}`;
    const { twin, duplicate, nameStart } = scanMessage(Buffer.from(text));
    expect([twin, duplicate, nameStart > 0]).toEqual([false, false, true]);
  });

  it('stops at nesting that would exhaust the stack', () => {
    const deep = `{"id":1,"method":"x","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(scanMessage(Buffer.from(deep)).kind).toBe('invalid');
  });

  it.each([
    ['{"jsonrpc":"2.0","id":1,"method":"ping"}', 'request'],
    ['{"jsonrpc":"2.0","id":"a","method":"ping"}', 'request'],
    ['{"jsonrpc":"2.0","method":"x"}', 'notification'],
    ['{"jsonrpc":"2.0","id":null,"method":"x"}', 'invalid'],
    ['{"jsonrpc":"2.0","id":1,"result":{}}', 'response'],
    ['{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":""}}', 'response'],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 'invalid'],
    ['"x"', 'invalid'],
  ])('takes %s for a %s', (text, kind) => {
    expect(scanMessage(Buffer.from(text)).kind).toBe(kind);
  });
});
