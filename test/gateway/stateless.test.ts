/** Requests of the revision 2026-07-28: what is refused before anything is done for it, and what is answered here. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { META } from '../../main/protocol/modern.ts';
import { serverScope } from '../../main/protocol/scope.ts';
import { fakePorts, fakeView } from '../fakes/gateway-ports.ts';
import { eventually, type ModernDoor, meta, openModernDoor, VERSION } from './modern-door.ts';

let doors: ModernDoor[] = [];
const open = async (settings: Parameters<typeof openModernDoor>[0] = {}): Promise<ModernDoor> => {
  const door = await openModernDoor(settings);
  doors.push(door);
  return door;
};
afterEach(async () => {
  for (const door of doors) await door.close();
  doors = [];
});

const text = (method: string, params: object, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const headers = (method: string, more: Record<string, string> = {}): Record<string, string> => ({
  'MCP-Protocol-Version': VERSION,
  'Mcp-Method': method,
  ...more,
});

describe('which requests are of this revision (versioning section, "Backward Compatibility")', () => {
  const claim = { _meta: meta() };
  it.each<[string, boolean, string, Record<string, string>]>([
    ['the body says so', true, text('tools/list', claim), {}],
    ['the header alone says so', true, text('tools/list', {}), { 'MCP-Protocol-Version': VERSION }],
    ['a later revision', true, text('tools/list', {}), { 'MCP-Protocol-Version': '2027-01-01' }],
    ['initialize with a whole claim', true, text('initialize', claim), headers('initialize')],
    ['initialize without', false, text('initialize', {}), { 'MCP-Protocol-Version': VERSION }],
    ['neither says so', false, text('tools/list', {}), { 'MCP-Protocol-Version': '2025-11-25' }],
    ['no header at all', false, text('tools/list', {}), {}],
    [
      'an older revision in a session',
      false,
      text('tools/list', { _meta: { [META.version]: '2025-11-25' } }),
      { 'Mcp-Session-Id': 'x' },
    ],
    ['an escaped slash', true, text('tools/list', claim).replaceAll('/', '\\/'), {}],
    [
      'a notification of its header',
      true,
      '{"jsonrpc":"2.0","method":"x"}',
      { 'MCP-Protocol-Version': VERSION },
    ],
    ['a batch with its header', true, '[]', { 'MCP-Protocol-Version': VERSION }],
  ])('%s: %s', async (_what, modern, body, extra) => {
    const door = await open();
    await door.post(body, extra).answer;
    expect(door.modern).toBe(modern);
  });
});

describe('per-request fields (overview section)', () => {
  it.each<[string, object]>([
    ['_meta', {}],
    ['protocolVersion', { _meta: { [META.clientCapabilities]: {} } }],
    ['clientCapabilities', { _meta: { [META.version]: VERSION } }],
    ['clientCapabilities', { _meta: meta({ [META.clientCapabilities]: [] }) }],
    ['logLevel', { _meta: meta({ [META.logLevel]: 'loud' }) }],
    ['protocolVersion', { _meta: meta({ [META.version]: 7 }) }],
  ])('400 and -32602 without a sound %s', async (key, params) => {
    const door = await open();
    const { status, json } = await door.post(text('server/discover', params, 'a'), headers('server/discover'))
      .answer;
    expect(status).toBe(400);
    expect(json).toMatchObject({ id: 'a', error: { code: -32602, message: expect.stringContaining(key) } });
  });

  it('takes requests without clientInfo, and with the same facts spelled in another way', async () => {
    const door = await open();
    const { [META.clientInfo]: _info, ...rest } = meta();
    expect((await door.send('server/discover', { _meta: rest }).answer).status).toBe(200);
    const spaced = JSON.stringify(
      { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: meta() } },
      null,
      1,
    );
    expect((await door.post(spaced, headers('server/discover')).answer).status).toBe(200);
  });

  it('answers an unknown revision with those it speaks (versioning section, "Protocol Version Negotiation")', async () => {
    const door = await open();
    const params = { _meta: meta({ [META.version]: 'v999' }) };
    const { status, json } = await door.post(
      text('server/discover', params),
      headers('server/discover', { 'MCP-Protocol-Version': 'v999' }),
    ).answer;
    expect(status).toBe(400);
    expect(json.error).toMatchObject({
      code: -32022,
      data: {
        requested: 'v999',
        supported: [VERSION, '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'],
      },
    });
  });

  it('says first that header and body differ, whatever either says', async () => {
    const door = await open();
    const params = { _meta: meta({ [META.version]: 'v999' }) };
    const sent = door.post(text('server/discover', params, 3), headers('server/discover'));
    expect(await sent.answer).toMatchObject({ status: 400, json: { id: 3, error: { code: -32020 } } });
  });

  it('does not offer a revision with sessions to who names it in a stateless request', async () => {
    const door = await open();
    const params = { _meta: meta({ [META.version]: '2025-11-25' }) };
    const { json } = await door.post(text('tools/list', params), { 'MCP-Protocol-Version': '2025-11-25' })
      .answer;
    expect(json.error).toMatchObject({
      code: -32022,
      data: { requested: '2025-11-25', supported: [VERSION] },
    });
  });
});

describe('headers repeat the body (streamable HTTP section, "Server Validation")', () => {
  const call = text('tools/call', { name: 'echo', arguments: {}, _meta: meta() }, 9);
  it.each<[string, Record<string, string>]>([
    ['no version header', { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'echo' }],
    [
      'another version header',
      headers('tools/call', { 'MCP-Protocol-Version': '2025-11-25', 'Mcp-Name': 'echo' }),
    ],
    ['no method', { 'MCP-Protocol-Version': VERSION, 'Mcp-Name': 'echo' }],
    ['another method', headers('tools/list', { 'Mcp-Name': 'echo' })],
    ['the method in capitals', headers('TOOLS/CALL', { 'Mcp-Name': 'echo' })],
    ['no name', headers('tools/call')],
    ['another name', headers('tools/call', { 'Mcp-Name': 'other' })],
    ['a name that cannot be decoded', headers('tools/call', { 'Mcp-Name': '=?base64?!?=' })],
  ])('400 and -32020 with %s', async (_what, wrong) => {
    const door = await open();
    const { status, json } = await door.post(call, wrong).answer;
    expect(status).toBe(400);
    expect(json).toMatchObject({ id: 9, error: { code: -32020, data: { code: 'gateway.header_mismatch' } } });
    expect(door.ports.forwarded).toHaveLength(0);
  });

  it.each([
    ['echo', 'echo'],
    ['echo', '  echo  '],
    ['caf\u00e9', '=?base64?Y2Fmw6k=?='],
  ])('takes %j for the header %j', async (name, header) => {
    const ports = fakePorts();
    ports.current = fakeView({ [name]: {} });
    const door = await open({ ports });
    const sent = door.post(
      text('tools/call', { name, arguments: {}, _meta: meta() }),
      headers('tools/call', { 'Mcp-Name': header }),
    );
    (await door.forwarded(0)).result('{}');
    expect((await sent.answer).status).toBe(200);
  });

  it('asks for none on the private socket: stdio has no headers (stdio section, "Request Metadata")', async () => {
    const path = join(tmpdir(), `gh-unit-${process.pid}.sock`);
    const ports = fakePorts();
    ports.current = fakeView({ echo: { properties: { r: { type: 'string', 'x-mcp-header': 'R' } } } });
    const door = await open({ path, ports });
    const sent = door.post(text('tools/call', { name: 'echo', arguments: { r: 'x' }, _meta: meta() }));
    (await door.forwarded(0)).result('{"content":[]}');
    expect((await sent.answer).json.result).toEqual({ content: [] });
  });
});

describe('custom headers (streamable HTTP section, "Server Behavior for Custom Headers")', () => {
  const schema = {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      deep: { type: 'object', properties: { n: { type: 'integer', 'x-mcp-header': 'N' } } },
    },
  };
  const call = (args: object, extra: Record<string, string>) => async (door: ModernDoor) => {
    const sent = door.post(
      text('tools/call', { name: 'tool', arguments: args, _meta: meta() }),
      headers('tools/call', { 'Mcp-Name': 'tool', ...extra }),
    );
    void eventually(() => door.ports.forwarded.length > 0, 1_000).then(
      () => door.ports.forwarded[0]?.result('{}'),
      () => undefined,
    );
    return sent.answer;
  };
  it.each<[string, number, object, Record<string, string>]>([
    ['the value', 200, { region: 'us' }, { 'Mcp-Param-Region': 'us' }],
    ['the value in Base64', 200, { region: 'Hello' }, { 'mcp-param-region': '=?base64?SGVsbG8=?=' }],
    ['a nested number, written in another way', 200, { deep: { n: 42 } }, { 'Mcp-Param-N': '42.0' }],
    ['nothing for null', 200, { region: null }, {}],
    ['nothing for what is absent', 200, {}, {}],
    ['nothing', 400, { region: 'us' }, {}],
    ['another value', 400, { region: 'us' }, { 'Mcp-Param-Region': 'eu' }],
    ['Base64 without padding', 400, { region: 'Hello' }, { 'Mcp-Param-Region': '=?base64?SGVsbG8?=' }],
    ['another number', 400, { deep: { n: 42 } }, { 'Mcp-Param-N': '43' }],
  ])('with %s: %i', async (_what, status, args, extra) => {
    const ports = fakePorts();
    ports.current = fakeView({ tool: schema });
    const door = await open({ ports });
    const answer = await call(args, extra)(door);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.json.error?.code).toBe(-32020);
  });
});

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
