/** One call over one hop, for each pair of eras. The sections are those of 2026-07-28. */
import { describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { scanMessage } from '../../main/protocol/scan.ts';
import { call, type FakeCall, peer } from '../fakes/call.ts';
import { bigArguments, hop, legacy, modern, modernMeta, renamed } from './hop.ts';

describe('legacy client, legacy server', () => {
  it('id, name and progress token are changed, and not one byte else', async () => {
    const { link, carry } = await hop('legacy');
    const text =
      '{"jsonrpc":"2.0","method":"tools/call","params":{"_meta":{"progressToken":"p","y":1e400},"arguments":{"b":12345678901234567890,"a":{"id":1}},"name":"x__plain"},"id":"c"}';
    const one = call(legacy, 'tools/call', bigArguments);
    const bytes = Buffer.from(text);
    const scan = scanMessage(bytes);
    const key = { start: scan.nameStart, end: scan.nameEnd, text: Buffer.from('"plain"') };
    carry({ ...one.request, bytes, scan, key, target: 'plain' });
    const { id, text: sent, head } = link.last('tools/call');
    expect(sent).toBe(
      text
        .replace('"x__plain"', '"plain"')
        .replace('"id":"c"', `"id":${id}`)
        .replace('"progressToken":"p"', `"progressToken":${id}`),
    );
    expect(head).toBeNull();
    link.say(`{"result":{"resultType":"x","ttlMs":1,"n":1e400},"id":${id},"jsonrpc":"2.0"}`);
    expect(one.answers).toEqual([
      '{"result":{"resultType":"x","ttlMs":1,"n":1e400},"id":"c","jsonrpc":"2.0"}',
    ]);
  });
});

describe('modern client, modern server', () => {
  it('the bytes pass, what is required as input too (multi round-trip requests, "Basic Workflow")', async () => {
    const { link, carry } = await hop('modern');
    const params = { ...bigArguments, _meta: modernMeta, requestState: 's', inputResponses: { k: {} } };
    const one = call(modern, 'tools/call', params);
    carry(renamed(one, 'plain'));
    expect(link.last('tools/call').json.params).toEqual({ ...params, name: 'plain' });
    const result = { resultType: 'input_required', inputRequests: {}, requestState: 'x' };
    link.answer('tools/call', result);
    expect(one.answer.result).toEqual(result);
  });

  it('the headers repeat the server\'s own name (streamable HTTP, "Standard Request Headers")', async () => {
    const { link, carry } = await hop('modern', true);
    carry(renamed(call(modern, 'tools/call', { ...bigArguments, _meta: modernMeta }), 'pläin'));
    expect(link.last('tools/call').head).toEqual({ method: 'tools/call', name: 'pläin', params: null });
    carry(call(modern, 'completion/complete', { _meta: modernMeta }).request);
    expect(link.last('completion/complete').head).toEqual({
      method: 'completion/complete',
      name: null,
      params: null,
    });
  });

  it('the arguments that a tool wants in headers are there, encoded (streamable HTTP, "Value Encoding")', async () => {
    const { link, carry } = await hop('modern', true);
    const send = (args: object | undefined): unknown => {
      carry(
        renamed(
          call(modern, 'tools/call', { name: 'x__query', arguments: args, _meta: modernMeta }),
          'query',
        ),
      );
      return link.last('tools/call').head?.params;
    };
    expect(send({ region: 'Zürich', n: -7 })).toEqual({
      'Mcp-Param-Region': '=?base64?WsO8cmljaA==?=',
      'Mcp-Param-N': '-7',
    });
    expect(send({ region: null })).toEqual({});
    expect(send(undefined)).toEqual({});
  });
});

describe('legacy client, modern server', () => {
  it('the request says what the client has declared; the result loses what is new (overview, "_meta")', async () => {
    const { link, carry } = await hop('modern');
    const one = call(legacy, 'tools/call', { ...bigArguments, _meta: { progressToken: 5, own: 1 } });
    carry(renamed(one, 'plain'));
    const { id, json } = link.last('tools/call');
    expect(json.params).toEqual({
      name: 'plain',
      arguments: { n: 1 },
      _meta: {
        progressToken: id,
        own: 1,
        [META.version]: '2026-07-28',
        [META.clientCapabilities]: { roots: { listChanged: true }, elicitation: { form: {} } },
        [META.clientInfo]: legacy.info,
        [META.logLevel]: 'warning',
      },
    });
    link.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: id } });
    expect(one.progress.length).toBe(1);
    link.answer('tools/call', { resultType: 'complete', content: [], ttlMs: 1, cacheScope: 'public' });
    expect(one.answer.result).toEqual({ content: [] });
  });

  it('errors pass untouched', async () => {
    const { link, carry } = await hop('modern');
    const one = call(legacy, 'tools/call', bigArguments);
    carry(one.request);
    link.refuse('tools/call', { code: -32602, message: 'no', data: { a: 1 } });
    expect(one.answer.error).toEqual({ code: -32602, message: 'no', data: { a: 1 } });
  });
});

describe('modern client, legacy server', () => {
  it('the request loses what initialize has said; the result gains what is required (overview, "Responses")', async () => {
    const { link, carry } = await hop('legacy');
    const one = call(modern, 'tools/call', {
      ...bigArguments,
      _meta: { ...modernMeta, progressToken: 9, own: 1, [META.logLevel]: 'info' },
    });
    carry(renamed(one, 'plain'));
    const { id, json } = link.last('tools/call');
    expect(json.params).toEqual({ name: 'plain', arguments: { n: 1 }, _meta: { progressToken: id, own: 1 } });
    link.answer('tools/call', { content: [], _meta: { k: 1 } });
    expect(one.answer).toEqual({
      jsonrpc: '2.0',
      id: 'c',
      result: {
        content: [],
        _meta: { k: 1, [META.serverInfo]: { name: 'S', version: '2' } },
        resultType: 'complete',
      },
    });
  });

  it.each([
    ['id first', (id: number, result: string) => `{"jsonrpc":"2.0","id":${id},"result":${result}}`],
    ['id last', (id: number, result: string) => `{"result":${result},"jsonrpc":"2.0","id":${id}}`],
    ['id last but one', (id: number, result: string) => `{"result":${result},"id":${id},"jsonrpc":"2.0"}`],
    ['with space', (id: number, result: string) => `{ "jsonrpc": "2.0", "id": ${id}, "result": ${result} }`],
  ])('a result that lacks nothing else keeps every byte of its own: %s', async (_name, spell) => {
    const { link, carry } = await hop('legacy');
    for (const own of ['"a":1e400,"b":[{"id":7,"n":12345678901234567890}]', '"t":"\\u005fmeta"', '']) {
      const one = call(modern, 'tools/call', { ...bigArguments, _meta: modernMeta });
      carry(renamed(one, 'plain'));
      link.say(spell(link.last('tools/call').id, `{${own}}`));
      expect(one.answers).toHaveLength(1);
      expect(one.answers[0]).toContain(own);
      expect(one.answer).toMatchObject({
        id: 'c',
        result: { resultType: 'complete', _meta: { [META.serverInfo]: { name: 'S', version: '2' } } },
      });
    }
  });

  it('what two clients say of themselves is told apart, again and again', async () => {
    const { link, carry } = await hop('legacy');
    for (const own of [{}, { own: 1 }, {}, { own: 2 }, { own: 1 }]) {
      carry(
        renamed(call(modern, 'tools/call', { ...bigArguments, _meta: { ...modernMeta, ...own } }), 'plain'),
      );
      expect(link.last('tools/call').json.params).toEqual({ name: 'plain', arguments: { n: 1 }, _meta: own });
    }
    // What answers an earlier question belongs to the round, not to the server.
    const again = { ...bigArguments, _meta: modernMeta, requestState: 's', inputResponses: { k: {} } };
    carry(renamed(call(modern, 'tools/call', again), 'plain'));
    expect(link.last('tools/call').json.params).toEqual({ name: 'plain', arguments: { n: 1 }, _meta: {} });
  });

  it('what is read may not be kept (caching section)', async () => {
    const { link, carry } = await hop('legacy');
    const one = call(modern, 'resources/read', { uri: 'a:b', _meta: modernMeta });
    carry(one.request);
    link.answer('resources/read', { contents: [] });
    expect(one.answer.result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
  });

  it('a resource that is not there has the code of these revisions (resources, "Error Handling")', async () => {
    const { link, carry } = await hop('legacy');
    const one = call(modern, 'resources/read', { uri: 'a:b', _meta: modernMeta });
    carry(one.request);
    link.refuse('resources/read', { code: -32002, message: 'Resource not found', data: { uri: 'a:b' } });
    expect(one.answer.error).toEqual({
      code: -32602,
      message: 'Resource not found',
      data: { uri: 'a:b' },
    });
  });

  it("the server's questions and logs reach the call's sink, and end with it", async () => {
    const { link, carry } = await hop('legacy');
    const one = call(modern, 'tools/call', { ...bigArguments, _meta: modernMeta });
    const handle = carry(one.request);
    link.say({ jsonrpc: '2.0', id: 1, method: 'sampling/createMessage', params: {} });
    link.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info' } });
    expect([one.asked.length, one.notified.length]).toEqual([1, 1]);
    handle.cancel('gone');
    expect(one.asked[0]?.cancelled).not.toBeNull();
    link.answer('tools/call', {});
    expect(one.answers).toEqual([]);
  });

  it('a level that only this call wants is set before the call goes, and kept a while (logging, "Per-request log level")', async () => {
    const { link, carry, clock } = await hop('legacy', false, true);
    const wants = (logLevel: 'debug' | 'error'): FakeCall => {
      const one = call(peer('new', { era: 'modern', logLevel }), 'tools/call', { ...bigArguments });
      carry(one.request);
      return one;
    };
    const one = wants('debug');
    await settled();
    expect(link.sent.map(({ json }) => json.method)).toEqual(['logging/setLevel']);
    expect(link.last('logging/setLevel').json.params).toEqual({ level: 'debug' });
    link.answer('logging/setLevel', {});
    await settled();
    link.answer('tools/call', {});
    expect(one.answers.length).toBe(1);
    // The next ones go at once.
    wants('debug');
    const quiet = wants('error');
    expect(link.sent.filter(({ json }) => json.method === 'tools/call').length).toBe(3);
    expect(link.sent.filter(({ json }) => json.method === 'logging/setLevel').length).toBe(1);
    expect(quiet.failed).toEqual([]);
    clock.advance(1_500);
  });
});

/** Lets promises that are settled already run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
