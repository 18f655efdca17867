/** What servers ask of clients: only those who said that they answer, on the stream of the call that caused it. */
import { describe, expect, it } from 'vitest';
import { ALL, serverScope } from '../../main/protocol/scope.ts';
import type { Forwarded } from '../fakes/gateway-ports.ts';
import { type Client, type ClientOptions, type Json, openHouse, question, type Sent } from './clients.ts';

const ONE = serverScope('one');
const EVERYTHING = { sampling: { tools: {} }, elicitation: { form: {}, url: {} }, roots: {} };

/** One client with one call under way. */
function calling(options: ClientOptions = {}): { client: Client; call: Sent; server: Forwarded } {
  const house = openHouse();
  const client = house.open({ capabilities: EVERYTHING, ...options });
  const tool = options.scope === undefined ? 'one__echo' : 'echo';
  const call = client.request('tools/call', { name: tool });
  const [server] = house.ports.forwarded;
  if (server === undefined) throw new Error('nothing was forwarded');
  return { client, call, server };
}

describe('a question within a call (streamable HTTP section, "Sending Messages to the Server")', () => {
  it('comes on the stream of that call with an id of our own, and its answer goes back byte for byte', () => {
    const { client, call, server } = calling();
    const params = { messages: [], maxTokens: 5, _meta: { x: 1 } };
    const asked = server.ask('sampling/createMessage', params);
    expect(call.stream).toEqual([
      { jsonrpc: '2.0', id: expect.any(String), method: 'sampling/createMessage', params },
    ]);
    expect(client.pushed).toEqual([]);
    const id = JSON.stringify(call.stream[0]?.id);
    const sent = client.raw(`{"jsonrpc":"2.0","id":${id},"result":{"big": 12345678901234567890}}`);
    expect(sent.end).toBe('accepted');
    expect(asked).toMatchObject({ result: '{"big": 12345678901234567890}', error: null });
    expect(call.end).toBe('open');
  });

  it('gives the client’s refusal to the server as it is (elicitation section, "Error Handling")', () => {
    const { client, call, server } = calling();
    const asked = server.ask('roots/list', null);
    expect(call.stream[0]).not.toHaveProperty('params');
    client.raw(`{"jsonrpc":"2.0","id":"${call.stream[0]?.id}","error":{"code":-1,  "message":"no"}}`);
    expect(asked).toMatchObject({ result: null, error: '{"code":-1,  "message":"no"}' });
  });

  it('of two clients at once reach each its own, and only their own answers count', () => {
    const house = openHouse();
    const a = house.open({ capabilities: EVERYTHING });
    const b = house.open({ capabilities: EVERYTHING });
    const callA = a.request('tools/call', { name: 'one__echo' }, 1);
    const callB = b.request('tools/call', { name: 'one__echo' }, 1);
    const ofA = house.ports.forwarded[0]?.ask('roots/list', null);
    const ofB = house.ports.forwarded[1]?.ask('roots/list', null);
    expect([callA.stream.length, callB.stream.length]).toEqual([1, 1]);
    const idA = callA.stream[0]?.id;
    a.reply(idA, { result: { roots: ['a'] } });
    // The same id means another question in another session.
    expect(ofB).toMatchObject({ result: null, error: null });
    b.reply(callB.stream[0]?.id, { result: { roots: ['b'] } });
    expect([ofA?.result, ofB?.result]).toEqual(['{"roots":["a"]}', '{"roots":["b"]}']);
  });

  it('cannot be answered by a client that was not asked', () => {
    const house = openHouse();
    const a = house.open({ capabilities: EVERYTHING });
    const thief = house.open({ capabilities: EVERYTHING });
    const call = a.request('tools/call', { name: 'one__echo' });
    const asked = house.ports.forwarded[0]?.ask('roots/list', null);
    expect(thief.reply(call.stream[0]?.id, { result: {} }).end).toBe('accepted');
    expect(asked).toMatchObject({ result: null, error: null });
  });

  it('takes the first answer; a second and a made up one are dropped', () => {
    const { client, call, server } = calling();
    const asked = server.ask('roots/list', null);
    const id = call.stream[0]?.id;
    for (const made of ['gh-99', 1, null]) client.reply(made, { result: { no: 1 } });
    client.reply(id, { result: { n: 1 } });
    client.reply(id, { error: { code: 1, message: '' } });
    expect(asked).toMatchObject({ result: '{"n":1}', error: null });
  });

  it('that is cancelled is called off at the client, and a late answer is dropped (cancellation section)', () => {
    const { client, call, server } = calling();
    const asked = server.ask('elicitation/create', { message: 'Name?', requestedSchema: {} });
    asked.handle?.cancel('no more');
    asked.handle?.cancel('again');
    const id = call.stream[0]?.id;
    expect(call.stream.slice(1)).toEqual([
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason: 'no more' } },
    ]);
    client.reply(id, { result: {} });
    expect(asked).toMatchObject({ result: null, error: null });
  });

  it('goes over the standing stream when the answers of the client take no events', () => {
    const { client, call, server } = calling({ streams: false });
    expect(server.ask('roots/list', null).handle).not.toBeNull();
    expect(client.pushed).toMatchObject([{ method: 'roots/list' }]);
    expect(call.stream).toEqual([]);
  });

  it('is refused when there is no way to the client at all', () => {
    const { client, server } = calling({ streams: false, standing: false });
    expect(server.ask('roots/list', null).handle).toBeNull();
    expect(client.pushed).toEqual([]);
  });

  it('is refused once the call is done', () => {
    const { server } = calling();
    server.result('{}');
    expect(server.ask('roots/list', null).handle).toBeNull();
  });

  it('is refused beyond a hundred open ones, and again possible when one is answered', () => {
    const { client, call, server } = calling();
    for (let n = 0; n < 100; n++) expect(server.ask('roots/list', null).handle).not.toBeNull();
    expect(server.ask('roots/list', null).handle).toBeNull();
    client.reply(call.stream[7]?.id, { result: {} });
    expect(server.ask('roots/list', null).handle).not.toBeNull();
  });

  it('ends with the session', () => {
    const { client, server } = calling();
    const asked = server.ask('roots/list', null);
    client.session.close();
    expect(asked.result).toBeNull();
    expect(JSON.parse(asked.error ?? '')).toMatchObject({
      code: -32000,
      message: expect.any(String),
      data: { code: 'gateway.client_gone' },
    });
  });
});

describe('what a client did not declare is not asked of it (lifecycle section, "Capability Negotiation")', () => {
  const sampling = { messages: [], maxTokens: 1 };
  it.each<[string, Json, string, Json | null, boolean]>([
    ['sampling', { sampling: {} }, 'sampling/createMessage', sampling, true],
    ['sampling, undeclared', { roots: {} }, 'sampling/createMessage', sampling, false],
    ['sampling with tools', { sampling: { tools: {} } }, 'sampling/createMessage', { tools: [] }, true],
    ['sampling with tools, undeclared', { sampling: {} }, 'sampling/createMessage', { tools: [] }, false],
    ['tool choice, undeclared', { sampling: {} }, 'sampling/createMessage', { toolChoice: {} }, false],
    ['a form', { elicitation: {} }, 'elicitation/create', { message: '' }, true],
    ['a form by name', { elicitation: { form: {} } }, 'elicitation/create', { mode: 'form' }, true],
    ['a form, pages only declared', { elicitation: { url: {} } }, 'elicitation/create', {}, false],
    ['a form, undeclared', {}, 'elicitation/create', {}, false],
    ['a page', { elicitation: { url: {} } }, 'elicitation/create', { mode: 'url', url: 'x' }, true],
    ['a page, forms only declared', { elicitation: {} }, 'elicitation/create', { mode: 'url' }, false],
    ['roots', { roots: {} }, 'roots/list', null, true],
    ['roots, undeclared', { sampling: {} }, 'roots/list', null, false],
    ['roots, declared as nothing', { roots: null }, 'roots/list', null, false],
    ['an unknown question', EVERYTHING, 'x/ask', {}, false],
    ['a task, on a merged route', EVERYTHING, 'sampling/createMessage', { task: {} }, false],
  ])('%s', (_what, capabilities, method, params, allowed) => {
    const { client, call, server } = calling({ capabilities });
    expect(server.ask(method, params).handle !== null).toBe(allowed);
    expect(call.stream.length + client.pushed.length).toBe(allowed ? 1 : 0);
  });

  it.each(['x/ask', 'tasks/get'])('on the route of one server, %s passes', (method) => {
    const { call, server } = calling({ scope: ONE });
    expect(server.ask(method, { a: 1 }).handle).not.toBeNull();
    expect(call.stream).toMatchObject([{ method, params: { a: 1 } }]);
  });
});

describe('a question that no call caused', () => {
  it('goes to the one client that may be meant, on its standing stream', () => {
    const house = openHouse();
    const meant = house.open({ capabilities: { roots: {} } });
    house.open({ capabilities: { sampling: {} } });
    house.open({ capabilities: { roots: {} }, scope: serverScope('two') });
    const asked = question('roots/list');
    expect(house.hub.ask('one', null, asked)).not.toBeNull();
    expect(meant.pushed).toMatchObject([{ method: 'roots/list' }]);
    meant.reply(meant.pushed[0]?.id, { result: { roots: [] } });
    expect(asked.answer).toBe('{"roots":[]}');
  });

  it('never counts a stateless client: it can be asked only by the answer to a call', () => {
    const house = openHouse();
    const capabilities = { roots: {} };
    house.hub.join({
      peer: {
        key: 'p',
        client: 'p',
        era: 'modern',
        revision: '2026-07-28',
        info: null,
        capabilities,
        logLevel: null,
      },
      caller: { id: 'c' },
      scope: ALL,
      wants: () => true,
      push: () => undefined,
      ask: () => null,
    });
    const client = house.open({ capabilities });
    expect(house.hub.ask('one', null, question('roots/list'))).not.toBeNull();
    expect(client.pushed.length).toBe(1);
  });

  it('is refused when two may be meant, and never sent to both', () => {
    const house = openHouse();
    const clients = [ONE, undefined].map((scope) =>
      house.open({ capabilities: { roots: {} }, ...(scope === undefined ? {} : { scope }) }),
    );
    expect(house.hub.ask('one', null, question('roots/list'))).toBeNull();
    expect(clients.map((client) => client.pushed)).toEqual([[], []]);
    clients[0]?.session.close();
    expect(house.hub.ask('one', null, question('roots/list'))).not.toBeNull();
  });

  it('is refused when nobody is there', () => {
    expect(openHouse().hub.ask('one', null, question('roots/list'))).toBeNull();
  });

  it('on the own session of one client goes to that client alone', () => {
    const house = openHouse();
    const [a, b] = [house.open({ capabilities: { roots: {} } }), house.open({ capabilities: { roots: {} } })];
    expect(house.hub.ask('one', b?.session.id ?? '', question('roots/list'))).not.toBeNull();
    expect([a?.pushed.length, b?.pushed.length]).toEqual([0, 1]);
    expect(house.hub.ask('one', 'nobody', question('roots/list'))).toBeNull();
  });

  it('waits until its client is ready (lifecycle section, "Initialization")', () => {
    const house = openHouse();
    const client = house.open({ capabilities: { roots: {} }, initialized: false });
    expect(house.hub.ask('one', null, question('roots/list'))).toBeNull();
    const early = question('roots/list');
    const withdrawn = question('roots/list');
    expect(house.hub.ask('one', client.session.id, early)).not.toBeNull();
    house.hub.ask('one', client.session.id, withdrawn)?.cancel('never mind');
    expect(client.pushed).toEqual([]);
    client.notify('notifications/initialized');
    client.notify('notifications/initialized');
    expect(client.pushed).toMatchObject([{ method: 'roots/list' }]);
    client.reply(client.pushed[0]?.id, { result: {} });
    expect(early.answer).toBe('{}');
  });

  it('is called off on the standing stream', () => {
    const house = openHouse();
    const client = house.open({ capabilities: { roots: {} } });
    house.hub.ask('one', null, question('roots/list'))?.cancel('late');
    expect(client.pushed[1]).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: client.pushed[0]?.id, reason: 'late' },
    });
  });
});

describe('progress of what a server asked for (progress section)', () => {
  const ask = { messages: [], _meta: { progressToken: 7 } };

  it('reaches the server that gave out the token, while it waits', () => {
    const house = openHouse();
    const client = house.open({ capabilities: EVERYTHING });
    const call = client.request('tools/call', { name: 'two__echo' });
    house.ports.forwarded[0]?.ask('sampling/createMessage', ask);
    client.notify('notifications/progress', { progressToken: 8, progress: 1 });
    expect(house.notified).toEqual([]);
    client.notify('notifications/progress', { progressToken: 7, progress: 1 });
    expect(house.notified.map(([server]) => server)).toEqual(['two']);
    client.reply(call.stream[0]?.id, { result: {} });
    client.notify('notifications/progress', { progressToken: 7, progress: 2 });
    expect(house.notified.length).toBe(1);
  });

  it('goes nowhere when two servers gave out the same token', () => {
    const house = openHouse();
    const client = house.open({ capabilities: EVERYTHING });
    for (const [index, name] of ['one__echo', 'two__echo'].entries()) {
      client.request('tools/call', { name });
      house.ports.forwarded[index]?.ask('sampling/createMessage', ask);
    }
    client.notify('notifications/progress', { progressToken: 7, progress: 1 });
    expect(house.notified).toEqual([]);
  });
});
