/** Whom a server means when it speaks out of turn, and that everything under way ends once. */
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../main/protocol/call.ts';
import { GatehouseError } from '../../main/protocol/error.ts';
import { call, type FakeCall, peer } from '../fakes/call.ts';
import { type OverFakeLink, overFakeLink } from '../fakes/link.ts';

interface Opened extends OverFakeLink {
  readonly notified: string[];
  readonly asked: Ask[];
}

async function open(options: { heads?: boolean; revision?: string; nobody?: boolean } = {}): Promise<Opened> {
  const notified: string[] = [];
  const asked: Ask[] = [];
  const opened = await overFakeLink(options.revision ?? '2025-11-25', options.heads, {
    notification: (method) => void notified.push(method),
    ask(ask) {
      if (options.nobody === true) return null;
      asked.push(ask);
      return { cancel: () => undefined };
    },
  });
  return { ...opened, notified, asked };
}

const callTool = (key: string): FakeCall => call(peer(key), 'tools/call', { name: 'x' });
/** Two calls of these clients, one after the other, and the id under which the first one went. */
function callTwice({ connection, link }: Opened, ...keys: [string, string]): [FakeCall, FakeCall, number] {
  const [a, b] = [callTool(keys[0]), callTool(keys[1])];
  connection.forward(a.request, 1_000, null);
  const { id } = link.last('tools/call');
  connection.forward(b.request, 1_000, null);
  return [a, b, id];
}

const elicit = (id: unknown) => ({
  jsonrpc: '2.0',
  id,
  method: 'elicitation/create',
  params: { message: 'Name?', big: 12345678901234567890n.toString() },
});
const result = Buffer.from('{"action":"accept",\n"content":{"n":12345678901234567890}}');

describe('a batch of the server (2025-03-26, "Batching")', () => {
  it('is taken message by message, and batches in it are not', async () => {
    const opened = await open();
    const { link, notified } = opened;
    const [a, b, first] = callTwice(opened, 'a', 'a');
    const second = link.last('tools/call').id;
    const answer = (id: unknown): object => ({ jsonrpc: '2.0', id, result: { content: [] } });
    link.say([answer(second), { jsonrpc: '2.0', method: 'x/y' }, [answer(first)], answer(first)]);
    expect([a.answers.length, b.answers.length]).toEqual([1, 1]);
    expect(notified).toEqual(['x/y']);
    link.say([]);
  });
});

describe('a request of the server', () => {
  it('goes to the call on whose stream it came, whoever else calls (transports, "Sending Messages to the Server")', async () => {
    const opened = await open({ heads: true });
    const { link } = opened;
    const [a, b, about] = callTwice(opened, 'a', 'b');
    link.say(elicit(1), about);
    expect([a.asked.length, b.asked.length]).toEqual([1, 0]);
    expect(a.asked[0]?.params?.toString()).toBe(JSON.stringify(elicit(1).params));
  });

  it('goes to the newest call when all are of one client', async () => {
    const { link, connection, asked } = await open();
    const calls = [1, 2].map(() => callTool('a'));
    for (const { request } of calls) connection.forward(request, 1_000, null);
    link.say(elicit(1));
    expect(calls.map((one) => one.asked.length)).toEqual([0, 1]);
    expect(asked).toEqual([]);
  });

  it('is refused when several clients call and nothing tells which is meant: never sent to all', async () => {
    const { link, connection, asked } = await open();
    const calls = ['a', 'b'].map((key) => callTool(key));
    for (const { request } of calls) connection.forward(request, 1_000, null);
    link.say(elicit(7));
    expect([...calls.flatMap((one) => one.asked), ...asked]).toEqual([]);
    expect(link.sent.at(-1)?.json).toMatchObject({
      id: 7,
      error: { code: -32601, data: { code: 'gateway.nobody_to_ask' } },
    });
    expect(link.sent.at(-1)?.text).toContain('per-client');
  });

  it('without any call goes to whom the gateway knows; requests of our own do not count as calls', async () => {
    const { link, connection, asked } = await open();
    connection.request('tools/list', {}, 1_000, null).catch(() => undefined);
    link.say(elicit('q'));
    expect(asked.map((ask) => ask.method)).toEqual(['elicitation/create']);
    asked[0]?.result(result);
    expect(link.sent.at(-1)?.text).toBe(
      '{"jsonrpc":"2.0","id":"q","result":{"action":"accept", "content":{"n":12345678901234567890}}}',
    );
  });

  it('that nobody takes is refused at once', async () => {
    const { link } = await open({ nobody: true });
    link.say(elicit(1));
    expect(link.sent.at(-1)?.json).toMatchObject({ id: 1, error: { code: -32601 } });
  });

  it("is answered once, with the server's own id byte by byte", async () => {
    const { link, connection } = await open();
    const one = callTool('a');
    connection.forward(one.request, 1_000, null);
    link.say('{"jsonrpc":"2.0","id":"a\\u00e4\\/","method":"roots/list"}');
    const [asked] = one.asked;
    expect(asked?.params).toBeNull();
    asked?.error(Buffer.from('{"code":-1,"message":"no","data":1e400}'));
    asked?.result(result);
    const answers = link.sent.filter(({ json }) => json.method === undefined);
    expect(answers.map(({ text }) => text)).toEqual([
      '{"jsonrpc":"2.0","id":"a\\u00e4\\/","error":{"code":-1,"message":"no","data":1e400}}',
    ]);
  });

  it('is withdrawn when the server cancels it (cancellation, "Cancellation Flow"), and not answered', async () => {
    const { link, connection } = await open();
    const one = callTool('a');
    connection.forward(one.request, 1_000, null);
    link.say(elicit(5));
    const before = link.sent.length;
    link.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } });
    expect(one.asked[0]?.cancelled).not.toBeNull();
    one.asked[0]?.result(result);
    expect(link.sent.length).toBe(before);
  });

  it.each(['answer', 'cancel', 'failure'] as const)(
    'is withdrawn by the end of its call: %s',
    async (how) => {
      const { link, connection } = await open();
      const one = callTool('a');
      const handle = connection.forward(one.request, 1_000, null);
      const { id } = link.last('tools/call');
      link.say(elicit(5));
      if (how === 'answer') link.answer('tools/call', {});
      else if (how === 'cancel') handle.cancel('by the client');
      else link.fail(id, new GatehouseError({ code: 'test.broken', message: '', remedy: '' }));
      expect(one.asked[0]?.cancelled).not.toBeNull();
      const answers = link.sent.filter(({ json }) => json.id === 5);
      expect(answers.map(({ json }) => json.error.data.code)).toEqual(['upstream.ask_ended']);
    },
  );

  it('stretches the deadline of its call while a person answers, and resets it afterwards', async () => {
    const { link, clock, connection } = await open();
    const one = callTool('a');
    connection.forward(one.request, 1_000, null);
    link.say(elicit(5));
    const progressToken = link.last('tools/call').id;
    link.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken } });
    clock.advance(9 * 60_000);
    expect(one.failed).toEqual([]);
    one.asked[0]?.result(result);
    clock.advance(900);
    expect(one.failed).toEqual([]);
    clock.advance(500);
    expect(one.failed.map((error) => error.code)).toEqual(['upstream.timeout']);
  });

  it('that is not answered in ten minutes is refused; its call goes on with that', async () => {
    const { link, clock, connection } = await open();
    const one = callTool('a');
    connection.forward(one.request, 5_000, null);
    link.say(elicit(5));
    clock.advance(10 * 60_000 + 500);
    expect(one.asked[0]?.cancelled).not.toBeNull();
    expect(link.sent.at(-1)?.json).toMatchObject({ id: 5, error: { data: { code: 'upstream.ask_ended' } } });
    expect(one.failed).toEqual([]);
    link.answer('tools/call', { ok: true });
    expect(one.answer.result).toEqual({ ok: true });
  });

  it('is one of 256 at most', async () => {
    const { link, connection } = await open();
    connection.forward(callTool('a').request, 1_000, null);
    for (let id = 0; id < 257; id++) link.say(elicit(id));
    expect(link.sent.slice(1).map(({ json }) => json.error.data.code)).toEqual(['upstream.too_many_asks']);
  });

  it('ping is answered by us (ping section)', async () => {
    const { link } = await open({ nobody: true });
    link.say({ jsonrpc: '2.0', id: 3, method: 'ping' });
    expect(link.sent.at(-1)?.json).toEqual({ jsonrpc: '2.0', id: 3, result: {} });
  });
});

describe('a notification of the server', () => {
  const log = { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } };

  it('on the stream of a call belongs to that call', async () => {
    const opened = await open({ heads: true });
    const { link, notified } = opened;
    const [a, b, about] = callTwice(opened, 'a', 'b');
    link.say(log, about);
    link.say({ jsonrpc: '2.0', method: 'notifications/x/y', params: {} }, about);
    expect([a.notified.length, b.notified.length, notified.length]).toEqual([2, 0, 0]);
  });

  it('that logs belongs to the newest call while all are of one client, else to everybody', async () => {
    const { link, connection, notified } = await open();
    const one = callTool('a');
    connection.forward(one.request, 1_000, null);
    link.say(log);
    expect(one.notified).toEqual([JSON.stringify(log)]);
    connection.forward(callTool('b').request, 1_000, null);
    link.say(log);
    expect(one.notified.length).toBe(1);
    expect(notified).toEqual(['notifications/message']);
  });

  it('of an updated resource goes to all who subscribed, also from the stream of a call', async () => {
    const { link, connection, notified } = await open({ heads: true });
    const one = callTool('a');
    connection.forward(one.request, 1_000, null);
    const about = link.last('tools/call').id;
    link.say({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'a:b' } }, about);
    expect(one.notified).toEqual([]);
    expect(notified).toEqual(['notifications/resources/updated']);
  });

  it('of progress goes to its call, under the id that we gave', async () => {
    const { link, connection, notified } = await open();
    const one = call(peer('a'), 'tools/call', { name: 'x', _meta: { progressToken: 'mine' } });
    connection.forward(one.request, 1_000, null);
    const { json, id } = link.last('tools/call');
    expect(json.params._meta.progressToken).toBe(id);
    link.say(
      `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${id},"x":1e400}}`,
    );
    expect(one.progress).toEqual([
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","x":1e400}}',
    ]);
    link.say({ jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 'mine' } });
    expect([one.progress.length, notified.length]).toEqual([1, 0]);
  });
});

describe('cancelling', () => {
  it.each([
    ['legacy over stdio', false, '2025-11-25', 1],
    ['legacy over HTTP', true, '2025-11-25', 1],
    ['modern over stdio', false, '2026-07-28', 1],
    ['modern over HTTP: its stream is closed and nothing is said', true, '2026-07-28', 0],
  ] as const)('%s (cancellation section)', async (_name, heads, revision, told) => {
    const { link, connection, clock } = await open({ heads, revision });
    const one = callTool('a');
    const handle = connection.forward(one.request, 1_000, null);
    const { id } = link.last('tools/call');
    handle.cancel('no more');
    handle.cancel('no more');
    const notices = link.sent.filter(({ json }) => json.method === 'notifications/cancelled');
    expect(notices.map(({ json }) => json.params)).toEqual(
      told === 1 ? [{ requestId: id, reason: 'no more' }] : [],
    );
    expect(link.abandoned).toEqual([id]);
    connection.forward(one.request, 1_000, null);
    clock.advance(2_000);
    expect(link.abandoned.length).toBe(2);
    link.say({ jsonrpc: '2.0', id, result: {} });
    expect(one.answers).toEqual([]);
  });

  it('initialize is never cancelled (cancellation, "Behavior Requirements")', async () => {
    const { link, clock, connection } = await overFakeLink(null);
    const asked = connection.request('initialize', {}, 1_000, null);
    const refused = expect(asked).rejects.toMatchObject({ code: 'upstream.timeout' });
    clock.advance(2_000);
    await refused;
    expect(link.sent.map(({ json }) => json.method)).toEqual(['initialize']);
  });
});

it('what was under way when the link is lost fails with its cause, once; what comes later fails at once', async () => {
  const { link, connection } = await open();
  const [a, b] = [callTool('a'), callTool('a')];
  connection.forward(a.request, 1_000, null);
  link.say(elicit(1));
  const cause = new GatehouseError({ code: 'upstream.exited', message: 'gone', remedy: '' });
  link.lose(cause);
  link.lose(cause);
  expect(a.failed).toEqual([cause]);
  expect(a.asked[0]?.cancelled).not.toBeNull();
  connection.forward(b.request, 1_000, null);
  expect(b.failed).toEqual([cause]);
  expect(link.sent.length).toBe(1);
});

it('a stream that stays open keeps no timer running', async () => {
  const { link, clock, connection } = await open({ revision: '2026-07-28' });
  connection.open('subscriptions/listen', {}, null, call(peer('a'), 'x', null).request.sink);
  expect(clock.pending()).toEqual([]);
  connection.forward(callTool('a').request, 1_000, null);
  expect(clock.pending().length).toBe(1);
  link.answer('tools/call', {});
  clock.advance(1_000);
  expect(clock.pending()).toEqual([]);
});
