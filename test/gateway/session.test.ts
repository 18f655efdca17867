/** What the requests and notifications of a session mean, whatever front it came through. */
import { describe, expect, it } from 'vitest';
import { openSession } from '../../main/gateway/session.ts';
import { ServerError } from '../../main/protocol/call.ts';
import { scanMessage } from '../../main/protocol/scan.ts';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import { type Json, openHouse, sent, viewOf } from './clients.ts';

const ONE = serverScope('one');
const errorOf = (answered: Json | null): Json => (answered?.error ?? {}) as Json;
const codeOf = (answered: Json | null): unknown => (errorOf(answered).data as Json | undefined)?.code;

describe('initialize (lifecycle section, "Initialization")', () => {
  it('answers with what the view offers, and who we are', () => {
    const client = openHouse().open({ version: '2025-06-18' });
    expect(client.hello.answered).toEqual({
      jsonrpc: '2.0',
      id: 0,
      result: {
        protocolVersion: '2025-06-18',
        capabilities: viewOf(ALL).capabilities,
        serverInfo: { name: 'gatehouse', title: 'Gatehouse', version: '0' },
      },
    });
  });

  it('says on the route of one server who that is', () => {
    const client = openHouse().open({ scope: ONE });
    expect(client.hello.answered).toMatchObject({ result: { serverInfo: { name: 'one', version: '1' } } });
  });

  it('answers our newest revision to one that nobody knows, and keeps what the client declared', () => {
    const house = openHouse();
    const client = house.open({ version: '1999-01-01', capabilities: { roots: {}, x: { y: [1] } } });
    client.request('tools/call', { name: 'one__echo' });
    expect(house.ports.forwarded[0]?.request.peer).toMatchObject({
      key: client.session.id,
      client: client.session.id,
      era: 'legacy',
      revision: '2025-11-25',
      info: { name: 'client-1', version: '1' },
      capabilities: { roots: {}, x: { y: [1] } },
      logLevel: null,
    });
  });

  it('refuses one that says too much of itself', () => {
    const { ports, hub, loads } = openHouse();
    const params = { protocolVersion: '2025-11-25', capabilities: { x: 'y'.repeat(70_000) } };
    const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 'a', method: 'initialize', params }));
    const hello = sent();
    const init = { id: 's', caller: { id: 'c' }, scope: ALL, push: () => undefined, standing: () => true };
    expect(openSession(init, bytes, scanMessage(bytes), hello, ports, hub, loads)).toBeNull();
    expect(hello.answered).toMatchObject({ id: 'a', error: { code: -32602 } });
  });

  it('is refused a second time', () => {
    const again = openHouse().open().request('initialize', {});
    expect(errorOf(again.answered).code).toBe(-32600);
  });

  it('tells the house when the session ends, once', () => {
    const house = openHouse();
    const client = house.open();
    client.session.close();
    client.session.close();
    expect(house.ports.gone.map((peer) => peer.key)).toEqual([client.session.id]);
  });
});

describe('requests that we answer ourselves', () => {
  it.each(['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'])(
    '%s has one page, and no cursor is known (pagination section)',
    (method) => {
      const client = openHouse().open();
      expect(client.request(method).answered?.result).toBeDefined();
      expect(client.request(method, { cursor: 'x' }).answered).toMatchObject({ error: { code: -32602 } });
    },
  );

  it('gives empty lists on a merged route where no server has such', () => {
    const client = openHouse({ view: (scope) => viewOf(scope, {}) }).open();
    expect(client.request('prompts/list').answered?.result).toEqual({ prompts: [] });
  });

  it('leaves a list that its server does not offer to that server, on its own route', () => {
    const house = openHouse({ view: (scope) => viewOf(scope, { tools: {} }) });
    const client = house.open({ scope: ONE });
    const asked = client.request('prompts/list', {}, 'p');
    house.ports.forwarded[0]?.error('{"code":-32601,"message":"Method not found"}');
    expect(asked.answered).toEqual({
      jsonrpc: '2.0',
      id: 'p',
      error: { code: -32601, message: 'Method not found' },
    });
    expect(client.request('tools/list').answered?.result).toBeDefined();
  });

  it('answers ping with an empty result (ping section)', () => {
    expect(openHouse().open().request('ping', undefined, 'a"b').answered).toEqual({
      jsonrpc: '2.0',
      id: 'a"b',
      result: {},
    });
  });

  it('does not know a method that no server of a merged route is asked for', () => {
    const house = openHouse();
    const asked = house.open().request('no/such', {});
    expect(errorOf(asked.answered)).toMatchObject({ code: -32601, message: 'Method not found: no/such' });
    expect(house.ports.forwarded).toEqual([]);
  });

  it('hands a method that it does not know to the server of the route, byte for byte', () => {
    const house = openHouse();
    const text = '{"jsonrpc":"2.0", "id":1 ,"method":"x/y","params":{"big":12345678901234567890}}';
    const asked = house.open({ scope: ONE }).raw(text);
    const [one] = house.ports.forwarded;
    expect(one?.request.bytes.toString()).toBe(text);
    expect(one?.request.key).toBeNull();
    one?.result('{"a": 1}');
    expect(asked.bytes).toBe('{"jsonrpc":"2.0","id":1,"result":{"a": 1}}');
  });
});

describe('calls', () => {
  it('go under the server’s own name, and unknown names to nobody on a merged route', () => {
    const house = openHouse();
    const client = house.open();
    client.request('tools/call', { name: 'two__echo' });
    expect(house.ports.forwarded[0]).toMatchObject({ server: 'two', request: { target: 'echo' } });
    expect(house.ports.forwarded[0]?.request.key?.text.toString()).toBe('"echo"');
    expect(codeOf(client.request('tools/call', { name: 'one__no-x' }).answered)).toBe('gateway.unknown_tool');
    expect(codeOf(client.request('prompts/get', { name: 'one__no-x' }).answered)).toBe(
      'gateway.unknown_prompt',
    );
    expect(errorOf(client.request('resources/read', { uri: 'one+no-x' }).answered).code).toBe(-32002);
    expect(house.ports.records.map((record) => record.outcome)).toEqual(['refused', 'refused', 'refused']);
  });

  it('go to the server of the route even if it has not listed the name: its own error says more', () => {
    const house = openHouse();
    const client = house.open({ scope: ONE });
    client.request('resources/read', { uri: 'no-x' });
    expect(house.ports.forwarded.at(-1)).toMatchObject({
      server: 'one',
      request: { target: 'no-x', key: null },
    });
    // A view that knows no way to a prompt means it, as with tools.
    client.request('prompts/get', { name: 'no-x' });
    expect(house.ports.forwarded).toHaveLength(1);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'of the method %s are unknown, no more',
    (method) => {
      const house = openHouse();
      const reply = house.open({}).request(method, {});
      expect(reply.answered).toMatchObject({ error: { code: -32601 } });
    },
  );

  it('do not go past a view that knows no way to the tool: a switch may stand behind that', () => {
    const house = openHouse();
    const client = house.open({ scope: ONE });
    const reply = client.request('tools/call', { name: 'no-x' });
    expect(reply.answered).toMatchObject({ error: { code: -32602 } });
    expect(house.ports.forwarded).toEqual([]);
  });

  it('write links as clients of a merged route must, wherever the id stands in the answer', () => {
    const house = openHouse();
    const client = house.open();
    const asked = client.request('tools/call', { name: 'two__echo' }, 'id-1');
    const text = '{"result":{"uri":"test:a"},"jsonrpc":"2.0","id":7}';
    house.ports.forwarded[0]?.sink.answer(Buffer.from(text), text.length - 2, text.length - 1, false);
    expect(asked.bytes).toBe('{"result":{"uri":"two+test:a"},"jsonrpc":"2.0","id":"id-1"}');
  });

  it('leave links alone on the route of one server, and in errors', () => {
    const house = openHouse();
    const own = house.open({ scope: ONE }).request('tools/call', { name: 'echo' });
    house.ports.forwarded[0]?.result('{"uri":"test:a"}');
    expect(own.answered?.result).toEqual({ uri: 'test:a' });
    const merged = house.open().request('tools/call', { name: 'one__echo' });
    house.ports.forwarded[1]?.error('{"code":5,"message":"m","data":{"uri":"test:a"}}');
    expect(errorOf(merged.answered)).toEqual({ code: 5, message: 'm', data: { uri: 'test:a' } });
  });

  it('are cancelled by the id of their own session only (cancellation section)', () => {
    const house = openHouse();
    const a = house.open();
    const b = house.open();
    const ours = a.request('tools/call', { name: 'one__echo' }, 1);
    const theirs = b.request('tools/call', { name: 'one__echo' }, 1);
    b.notify('notifications/cancelled', { requestId: 1 });
    expect(house.ports.forwarded.map((one) => one.cancelled)).toEqual([null, 'cancelled by the client']);
    expect([ours.end, theirs.end]).toEqual(['open', 'nothing']);
  });
});

describe('logging/setLevel (logging section)', () => {
  it('keeps the level for what is asked of servers from now on', () => {
    const house = openHouse();
    const client = house.open();
    expect(client.request('logging/setLevel', { level: 'warning' }).answered?.result).toEqual({});
    client.request('tools/call', { name: 'one__echo' });
    expect(house.ports.forwarded[0]?.request.peer.logLevel).toBe('warning');
  });

  it.each([{}, { level: 'loud' }, { level: 3 }, undefined])('refuses %j', (params) => {
    const house = openHouse();
    expect(errorOf(house.open().request('logging/setLevel', params).answered).code).toBe(-32602);
    expect(house.ports.levels).toEqual([]);
  });

  it('is unknown on the route of a server without logging', () => {
    const house = openHouse({ view: (scope) => viewOf(scope, { tools: {} }) });
    const asked = house.open({ scope: ONE }).request('logging/setLevel', { level: 'info' });
    expect(errorOf(asked.answered).code).toBe(-32601);
  });
});

describe('resources/subscribe', () => {
  it('passes the server’s own refusal as it is', async () => {
    const refusal = '{"code":-32002,"message":"gone", "data":{"x":1}}';
    const house = openHouse({ subscribe: () => Promise.reject(new ServerError(Buffer.from(refusal))) });
    const asked = house.open().request('resources/subscribe', { uri: 'one+test:a' });
    await expect.poll(() => asked.bytes).toBe(`{"jsonrpc":"2.0","id":1,"error":${refusal}}`);
  });

  it('needs a URI, and one that leads somewhere', async () => {
    const client = openHouse().open();
    expect(errorOf(client.request('resources/subscribe', {}).answered).code).toBe(-32602);
    const unknown = client.request('resources/subscribe', { uri: 'nowhere' });
    await expect.poll(() => codeOf(unknown.answered)).toBe('gateway.unknown_resource');
  });
});

describe('notifications of the client', () => {
  const roots = 'notifications/roots/list_changed';

  it('tells every server of the view that its roots have changed, if it said that they may (roots section)', () => {
    const house = openHouse();
    house.open().notify(roots);
    house.open({ capabilities: { roots: {} } }).notify(roots);
    expect(house.notified).toEqual([]);
    const client = house.open({ capabilities: { roots: { listChanged: true } } });
    client.notify(roots);
    expect(house.notified).toEqual(
      ['one', 'two'].map((server) => [server, client.session.id, { jsonrpc: '2.0', method: roots }]),
    );
  });

  it('passes what it does not know on the route of one server, and nothing on a merged one', () => {
    const house = openHouse();
    house.open().notify('notifications/x', { a: 1 });
    const own = house.open({ scope: ONE });
    own.notify('notifications/x', { a: 1 });
    expect(house.notified).toEqual([
      ['one', own.session.id, { jsonrpc: '2.0', method: 'notifications/x', params: { a: 1 } }],
    ]);
  });
});

describe('after the end', () => {
  it('answers nothing any more, and forwards nothing', () => {
    const house = openHouse();
    const client = house.open();
    client.session.close();
    expect(client.request('tools/call', { name: 'one__echo' }).end).toBe('nothing');
    expect(client.notify('notifications/roots/list_changed').end).toBe('accepted');
    expect(house.ports.forwarded).toEqual([]);
  });

  it('a list that waited for servers ends with the session', async () => {
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => {
      settle = resolve;
    });
    let wait = false;
    const client = openHouse({ settled: () => (wait ? settled : null) }).open();
    wait = true;
    const asked = client.request('tools/list');
    expect(asked.end).toBe('open');
    client.session.close();
    settle();
    await expect.poll(() => asked.end).toBe('nothing');
  });
});
