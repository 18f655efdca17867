import { describe, expect, it } from 'vitest';
import {
  inputRequiredResult,
  META,
  readInputRequired,
  readRequestMeta,
  retryWith,
  toLegacyRequest,
  toLegacyResult,
  toModernError,
  toModernRequest,
  toModernResult,
} from '../../main/protocol/modern.ts';
import type { Peer } from '../../main/protocol/peer.ts';
import { scanMessage } from '../../main/protocol/scan.ts';

const peer: Peer = {
  key: 'k',
  client: 'k',
  era: 'legacy',
  revision: '2025-06-18',
  info: { name: 'c', version: '1' },
  capabilities: { sampling: {}, tasks: { list: {} } },
  logLevel: 'debug',
};

const scanned = (text: string): [Buffer, ReturnType<typeof scanMessage>] => {
  const bytes = Buffer.from(text);
  return [bytes, scanMessage(bytes)];
};

describe('a request of the other era (overview section, "General fields")', () => {
  it('gets its sender into _meta, beside what is there', () => {
    const out = toModernRequest(
      ...scanned(
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"n":9007199254740993},"_meta":{"progressToken":"p","x/y":1}}}',
      ),
      peer,
      '2026-07-28',
    );
    const text = out.bytes.toString();
    expect(text).toContain('"arguments":{"n":9007199254740993}');
    expect((JSON.parse(text) as { params: { _meta: unknown } }).params._meta).toEqual({
      progressToken: 'p',
      'x/y': 1,
      [META.version]: '2026-07-28',
      [META.clientCapabilities]: { sampling: {} },
      [META.clientInfo]: { name: 'c', version: '1' },
      [META.logLevel]: 'debug',
    });
    expect(out.bytes.toString('utf8', out.scan.metaTokenStart, out.scan.metaTokenEnd)).toBe('"p"');
  });

  it('loses what only stateless requests carry', () => {
    const modern = toModernRequest(
      ...scanned('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","_meta":{"x/y":1}}}'),
      peer,
      '2026-07-28',
    );
    expect(toLegacyRequest(modern.bytes, modern.scan).bytes.toString()).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","_meta":{"x/y":1}}}',
    );
    const bare = toModernRequest(...scanned('{"jsonrpc":"2.0","id":1,"method":"tools/list"}'), peer, 'v');
    expect(toLegacyRequest(bare.bytes, bare.scan).bytes.toString()).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{}}}',
    );
  });

  it('is read: version, capabilities, client and log level', () => {
    const read = (meta: object): unknown =>
      readRequestMeta(...scanned(JSON.stringify({ id: 1, method: 'm', params: { _meta: meta } })));
    expect(
      read({ [META.version]: 'v', [META.clientCapabilities]: { roots: {} }, [META.logLevel]: 'error' }),
    ).toEqual({
      version: 'v',
      capabilities: { roots: {} },
      info: null,
      logLevel: 'error',
      badLogLevel: false,
    });
    expect(read({ [META.clientCapabilities]: [], [META.logLevel]: 'loud' })).toEqual({
      version: undefined,
      capabilities: null,
      info: null,
      logLevel: null,
      badLogLevel: true,
    });
    expect(readRequestMeta(...scanned('{"id":1,"method":"m"}'))).toBeNull();
  });
});

describe('a result of the other era (overview section, "ResultType"; caching section)', () => {
  const result = Buffer.from('{"contents":[{"uri":"a","n":1e0}],"_meta":{"x/y":1}}');

  it('gets a type, hints and the server, and keeps its own bytes', () => {
    const out = toModernResult(result, {
      caching: { ttlMs: 0, cacheScope: 'private' },
      serverInfo: { name: 's' },
    }).toString();
    expect(out).toContain('"contents":[{"uri":"a","n":1e0}]');
    expect(JSON.parse(out)).toMatchObject({
      resultType: 'complete',
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { 'x/y': 1, [META.serverInfo]: { name: 's' } },
    });
  });

  it.each([
    ['{"content":[{"type":"text","text":"t"}]}'],
    ['{}'],
    [' { "content" : [] } '],
    ['{"_meta":{"x/y":1},"content":[]}'],
    ['{"\\u005fmeta":{"x/y":1},"content":[]}'],
    ['{"content":[{"text":"resultType _meta"}]}'],
  ])('says who made it, however it is written: %s', (text) => {
    const out = toModernResult(Buffer.from(text), { serverInfo: { name: 's' } }).toString();
    const before = JSON.parse(text) as { _meta?: object };
    expect(JSON.parse(out)).toEqual({
      ...before,
      resultType: 'complete',
      _meta: { ...before._meta, [META.serverInfo]: { name: 's' } },
    });
    expect(out.match(/resultType"/g)).toHaveLength(1);
  });

  it('keeps the type and the hints that it has', () => {
    const own = Buffer.from('{"resultType":"task","ttlMs":5}');
    expect(toModernResult(own, { caching: { ttlMs: 0, cacheScope: 'public' } }).toString()).toBe(
      '{"resultType":"task","ttlMs":5,"cacheScope":"public"}',
    );
  });

  it('loses them again', () => {
    const modern = toModernResult(result, { caching: { ttlMs: 0, cacheScope: 'private' } });
    expect(toLegacyResult(modern).toString()).toBe(result.toString());
  });

  it('never says -32002 to a modern client', () => {
    expect(toModernError(Buffer.from('{"code":-32002,"message":"m","data":{"uri":"u"}}')).toString()).toBe(
      '{"code":-32602,"message":"m","data":{"uri":"u"}}',
    );
    const other = Buffer.from('{"code":-32042,"message":"m"}');
    expect(toModernError(other)).toBe(other);
  });
});

describe('multi round-trip requests', () => {
  it('reads what a server needs, and its state byte by byte', () => {
    const result = Buffer.from(
      '{"resultType":"input_required","inputRequests":{"a b":{"method":"elicitation/create","params":{"n":1e0}},"r":{"method":"roots/list"}},"requestState":"\\u0041\\/"}',
    );
    const needed = readInputRequired(result);
    expect(
      [...(needed?.requests ?? [])].map(([key, { method, params }]) => [key, method, params?.toString()]),
    ).toEqual([
      ['a b', 'elicitation/create', '{"n":1e0}'],
      ['r', 'roots/list', undefined],
    ]);
    expect(needed?.state?.toString()).toBe('"\\u0041\\/"');
  });

  it('is not fooled by the word alone', () => {
    expect(readInputRequired(Buffer.from('{"content":[{"text":"input_required"}]}'))).toBeNull();
    expect(readInputRequired(Buffer.from('{"resultType":"complete","x":"input_required"}'))).toBeNull();
  });

  it('tries again with the answers and the same state', () => {
    const out = retryWith(
      ...scanned('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","requestState":"old"}}'),
      new Map([['a b', Buffer.from('{"action":"accept"}')]]),
      Buffer.from('"\\u0041\\/"'),
    );
    expect(out.bytes.toString()).toBe(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","requestState":"\\u0041\\/","inputResponses":{"a b":{"action":"accept"}}}}',
    );
  });

  it('writes what it reads, also under a key like __proto__', () => {
    const requests = new Map([
      ['__proto__', { method: 'roots/list', params: null }],
      ['e', { method: 'elicitation/create', params: Buffer.from('{"message":"m"}') }],
    ]);
    const read = readInputRequired(inputRequiredResult(requests, 'state'));
    expect([...(read?.requests.keys() ?? [])]).toEqual(['__proto__', 'e']);
    expect(read?.requests.get('e')?.params?.toString()).toBe('{"message":"m"}');
    expect(read?.state?.toString()).toBe('"state"');
  });
});
