/** Requests of the revision 2026-07-28: what is answered here, and what is carried to servers. */
import { describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { serverScope } from '../../main/protocol/scope.ts';
import { fakePorts, fakeView } from '../fakes/gateway-ports.ts';
import { closingDoors, eventually, headers, meta, text, VERSION } from './modern-door.ts';

const open = closingDoors();

describe('messages that are no requests (streamable HTTP section, "Sending Messages")', () => {
  it('202 for notifications, 400 when their header names another method', async () => {
    const door = await open();
    const note = '{"jsonrpc":"2.0","method":"notifications/x"}';
    expect(await door.post(note, headers('notifications/x')).answer).toMatchObject({ status: 202, text: '' });
    expect((await door.post(note, headers('notifications/y')).answer).status).toBe(400);
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"result":{}}',
    '[]',
    '[{"jsonrpc":"2.0","id":1,"method":"x"}]',
    '7',
    '{',
  ])('400 for %s', async (body) => {
    const door = await open();
    const { status, json } = await door.post(body, { 'MCP-Protocol-Version': VERSION }).answer;
    expect(status).toBe(400);
    expect([-32600, -32700]).toContain(json.error?.code);
  });
});

describe('methods', () => {
  it.each([
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'resources/unsubscribe',
    'unknown/method',
  ])('404 and -32601 for %s (streamable HTTP section, "Protocol Version Header")', async (method) => {
    const door = await open();
    const { status, json } = await door.send(method, {}, 5).answer;
    expect(status).toBe(404);
    expect(json).toMatchObject({ id: 5, error: { code: -32601 } });
    expect(door.ports.forwarded).toHaveLength(0);
  });

  it('sends unknown methods of a server\u2019s own route to that server, and its -32601 is a 404', async () => {
    const door = await open({ scope: serverScope('one') });
    const sent = door.send('ext/method', { x: 1 });
    const forwarded = await door.forwarded(0);
    expect(forwarded.server).toBe('one');
    forwarded.error('{"code":-32601,"message":"no","data":{"own":1}}');
    expect(await sent.answer).toMatchObject({ status: 404, json: { id: 1, error: { data: { own: 1 } } } });
    // But not what older revisions had.
    expect((await door.send('ping').answer).status).toBe(404);
    expect(door.ports.forwarded).toHaveLength(1);
  });

  it('twin-member: refuses what a server could read in another way than it was admitted', async () => {
    const door = await open({ scope: serverScope('one') });
    const { status, json } = await door.send('tools/call', { name: 'echo', Name: 'hidden' }).answer;
    expect([status, json]).toMatchObject([400, { id: 1, error: { code: -32600 } }]);
    expect(door.ports.forwarded).toEqual([]);
  });

  it('server/discover tells versions, capabilities and who answers (discovery section)', async () => {
    const ports = fakePorts();
    ports.current = fakeView(
      {},
      { instructions: 'Hello.', capabilities: { tools: {}, tasks: { list: {} } } },
    );
    const merged = (await (await open({ ports })).send('server/discover').answer).json.result;
    expect(merged).toMatchObject({
      resultType: 'complete',
      supportedVersions: expect.arrayContaining([VERSION, '2025-11-25']),
      capabilities: { tools: {} },
      instructions: 'Hello.',
      ttlMs: 0,
      cacheScope: 'private',
      _meta: { [META.serverInfo]: { name: 'gatehouse' } },
    });
    // Tasks of 2025-11-25 are not those of the extension.
    expect(merged?.capabilities).not.toHaveProperty('tasks');
    const own = await (await open({ ports, scope: serverScope('one') })).send('server/discover').answer;
    expect(own.json.result?._meta).toEqual({ [META.serverInfo]: { name: 'one', version: '1' } });
  });

  it('lists carry hints and who answers, and the view\u2019s own bytes (caching section)', async () => {
    const ports = fakePorts();
    const tools = '{"tools":[{"name":"a","x":12345678901234567890}]}';
    const view = fakeView();
    ports.current = {
      ...view,
      lists: { ...view.lists, tools: Buffer.from(tools) },
      caching: { ...view.caching, tools: { ttlMs: 5_000, cacheScope: 'public' } },
    };
    const door = await open({ ports });
    const answer = await door.send('tools/list').answer;
    expect(answer.text).toContain(tools.slice(1));
    expect(answer.json.result).toMatchObject({
      resultType: 'complete',
      ttlMs: 5_000,
      cacheScope: 'public',
      _meta: { [META.serverInfo]: { name: 'gatehouse' } },
    });
    for (const method of ['prompts/list', 'resources/list', 'resources/templates/list']) {
      expect((await door.send(method).answer).json.result).toMatchObject({
        resultType: 'complete',
        ttlMs: 0,
      });
    }
    expect((await door.send('tools/list', { cursor: 'x' }).answer).json.error?.code).toBe(-32602);
  });

  it('waits for servers that still start before it tells what there is', async () => {
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const ports = fakePorts({ settled: () => settled });
    const door = await open({ ports });
    const sent = door.send('tools/list');
    await door.send('ping').answer;
    ports.current = fakeView({ late: {} });
    settle();
    expect((await sent.answer).text).toContain('"late"');
  });
});

describe('calls', () => {
  const call = { name: 'echo', arguments: { n: 1 } };

  it('carry the client\u2019s id back, and pass bytes as they are', async () => {
    const door = await open();
    const sent = door.send('tools/call', call, 'id-"1"');
    const { request, result } = await door.forwarded(0);
    expect(request.peer).toMatchObject({
      era: 'modern',
      revision: VERSION,
      capabilities: {},
      logLevel: null,
    });
    result('{"resultType":"complete","n":12345678901234567890}');
    const { text: all } = await sent.answer;
    expect(all).toBe(
      '{"jsonrpc":"2.0","id":"id-\\"1\\"","result":{"resultType":"complete","n":12345678901234567890}}',
    );
  });

  it('of one client are one peer, of others another', async () => {
    const door = await open();
    door.send('tools/call', { ...call, _meta: { ...meta(), progressToken: 1 } });
    door.send('tools/call', { ...call, _meta: { ...meta(), progressToken: 'two' } });
    await door.forwarded(1);
    door.send('tools/call', { ...call, _meta: meta({ [META.clientCapabilities]: { roots: {} } }) });
    const third = await door.forwarded(2);
    door.post(text('tools/call', { ...call, _meta: meta() }), {
      ...headers('tools/call', { 'Mcp-Name': 'echo' }),
      'X-Caller': 'another',
    });
    const fourth = await door.forwarded(3);
    const keys = door.ports.forwarded.slice(0, 2).map(({ request }) => request.peer.key);
    expect(new Set(keys).size).toBe(1);
    expect(new Set([...keys, third.request.peer.key, fourth.request.peer.key]).size).toBe(3);
  });

  it('become an event stream when progress comes first (receiving messages)', async () => {
    const door = await open();
    const sent = door.send('tools/call', { ...call, _meta: { ...meta(), progressToken: 'tok' } });
    const { sink, result } = await door.forwarded(0);
    const note =
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":33,"progress":1}}';
    sink.progress(Buffer.from(note), note.indexOf('33'), note.indexOf('33') + 2);
    result('{}');
    const answer = await sent.answer;
    expect(answer.type).toBe('text/event-stream');
    expect(sent.events).toMatchObject([
      { method: 'notifications/progress', params: { progressToken: 'tok', progress: 1 } },
      { id: 1, result: {} },
    ]);
  });

  it('pass log messages only when the request asks for them, from its level on (logging section)', async () => {
    const door = await open();
    const log = (level: string): Buffer =>
      Buffer.from(
        `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"${level}","data":1}}`,
      );
    const silent = door.send('tools/call', call);
    const first = await door.forwarded(0);
    first.sink.notify(log('error'), 'notifications/message');
    first.result('{}');
    expect((await silent.answer).type).toBe('application/json');
    const sent = door.send('tools/call', { ...call, _meta: meta({ [META.logLevel]: 'warning' }) });
    const second = await door.forwarded(1);
    for (const level of ['info', 'warning', 'error']) second.sink.notify(log(level), 'notifications/message');
    second.result('{}');
    await sent.answer;
    expect(sent.events.map((event) => (event.params as { level?: string } | undefined)?.level)).toEqual([
      'warning',
      'error',
      undefined,
    ]);
  });

  it('are cancelled by hanging up (streamable HTTP section, "Cancellation")', async () => {
    const door = await open();
    const sent = door.send('tools/call', call);
    const forwarded = await door.forwarded(0);
    sent.hangUp();
    await eventually(() => forwarded.cancelled !== null);
    expect(door.ports.records).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it.each([
    [-32601, 404],
    [-32020, 400],
    [-32021, 400],
    [-32022, 400],
    [-32602, 200],
    [-32603, 200],
    [7, 200],
  ])('of servers that answer %i have the status %i', async (code, status) => {
    const door = await open();
    const sent = door.send('tools/call', call);
    (await door.forwarded(0)).error(`{"code":${code},"message":"m"}`);
    expect(await sent.answer).toMatchObject({ status, json: { error: { code } } });
  });

  it('never answer -32002, which this revision does not know (overview section, "Error Codes")', async () => {
    const door = await open();
    const { status, json } = await door.send('resources/read', { uri: 'none:here' }).answer;
    expect({ status, code: json.error?.code }).toEqual({ status: 200, code: -32602 });
  });

  it('end with the front', async () => {
    const door = await open();
    const sent = door.send('tools/call', call);
    const forwarded = await door.forwarded(0);
    door.end();
    expect(forwarded.cancelled).not.toBeNull();
    await expect(sent.answer).rejects.toThrow();
    expect(door.ports.gone).toHaveLength(1);
  });

  it('tell when their client was last here once a minute, and at the end, not with each of them', async () => {
    const door = await open();
    const { clock, used } = door.ports;
    const begin = clock.now();
    for (let i = 1; i <= 3; i++) {
      clock.advance(10_000);
      await door.send('tools/list', { _meta: meta() }, i).answer;
    }
    expect(used).toEqual([]);
    clock.advance(60_000);
    expect(used.map(({ at }) => at - begin)).toEqual([30_000]);
    await door.send('tools/list', { _meta: meta() }, 4).answer;
    door.end();
    expect(used.map(({ at }) => at - begin)).toEqual([30_000, 90_000]);
  });

  it('keep their client known until it is quiet for long', async () => {
    const door = await open({ limits: { sessionIdleMs: 60_000 } });
    door.send('tools/call', call);
    const forwarded = await door.forwarded(0);
    door.ports.clock.advance(10 * 60_000);
    expect(door.ports.gone).toHaveLength(0);
    forwarded.result('{}');
    door.ports.clock.advance(10 * 60_000);
    expect(door.ports.gone.map((peer) => peer.key)).toEqual([forwarded.request.peer.key]);
  });
});

describe('tasks of the extension `io.modelcontextprotocol/tasks`, on merged endpoints', () => {
  const extensions = { 'io.modelcontextprotocol/tasks': {} };
  const able = { _meta: meta({ [META.clientCapabilities]: { extensions } }) };
  const started = '{"resultType":"task","taskId":"t-1","status":"working"}';

  it('are found at the server that runs them, by the client that began them', async () => {
    const ports = fakePorts();
    ports.current = fakeView({ echo: {} }, { capabilities: { tools: {}, extensions } });
    const door = await open({ ports });
    const call = door.send('tools/call', { name: 'echo', arguments: {}, ...able });
    (await door.forwarded(0)).result(started);
    expect((await call.answer).json.result).toMatchObject({ taskId: 't-1' });
    for (const [index, method] of ['tasks/get', 'tasks/update', 'tasks/cancel'].entries()) {
      const sent = door.send(method, { taskId: 't-1', ...able }, 1, { 'Mcp-Name': 't-1' });
      const { server, request, result } = await door.forwarded(index + 1);
      expect({ server, target: request.target }).toEqual({ server: 'one', target: 't-1' });
      result('{"resultType":"complete"}');
      expect((await sent.answer).status).toBe(200);
    }
    const unknown = door.send('tasks/get', { taskId: 't-2', ...able }, 1, { 'Mcp-Name': 't-2' });
    expect((await unknown.answer).json.error?.code).toBe(-32602);
    const params = { taskId: 't-1', ...able };
    const foreign = door.post(
      text('tasks/get', params),
      headers('tasks/get', { 'Mcp-Name': 't-1', 'X-Caller': 'b' }),
    );
    expect((await foreign.answer).json.error?.code).toBe(-32602);
    expect(ports.forwarded).toHaveLength(4);
  });

  it('need their header, and a server that has them', async () => {
    const door = await open();
    expect((await door.send('tasks/get', { taskId: 't', ...able }).answer).json.error?.code).toBe(-32020);
    const sent = door.send('tasks/get', { taskId: 't', ...able }, 1, { 'Mcp-Name': 't' });
    expect((await sent.answer).status).toBe(404);
  });
});
