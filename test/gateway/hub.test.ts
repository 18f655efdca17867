/** Who of the clients hears what servers say outside of calls. */
import { describe, expect, it } from 'vitest';
import { serverScope } from '../../main/protocol/scope.ts';
import { type Client, type Json, openHouse } from './clients.ts';

const ONE = serverScope('one');
const TWO = serverScope('two');
const note = (method: string, params?: Json): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', method, params }));
const methods = (client: Client): unknown[] => client.pushed.map((message) => message.method);

describe('log messages (logging section)', () => {
  const LOG = 'notifications/message';
  const log = (level: string): Buffer => note(LOG, { level, data: 'x' });
  const levels = (client: Client): unknown[] =>
    client.pushed.filter(({ method }) => method === LOG).map(({ params }) => (params as Json).level);

  it('reach everybody in whose scope the server is, while nobody has set a level', () => {
    const house = openHouse();
    const [all, one, two] = [house.open(), house.open({ scope: ONE }), house.open({ scope: TWO })];
    house.hub.notification('one', null, LOG, log('debug'));
    expect([all, one, two].map((client) => client && levels(client))).toEqual([['debug'], ['debug'], []]);
  });

  it('reach each client from its own level on; one that has set none hears from info on', () => {
    const house = openHouse();
    const [loud, quiet, silent] = [house.open(), house.open(), house.open()];
    loud?.request('logging/setLevel', { level: 'debug' });
    quiet?.request('logging/setLevel', { level: 'error' });
    for (const level of ['debug', 'info', 'error', 'emergency']) {
      house.hub.notification('one', null, LOG, log(level));
    }
    expect(loud && levels(loud)).toEqual(['debug', 'info', 'error', 'emergency']);
    expect(quiet && levels(quiet)).toEqual(['error', 'emergency']);
    expect(silent && levels(silent)).toEqual(['info', 'error', 'emergency']);
  });

  it('tell each server the most verbose level that any of its clients wants', () => {
    const house = openHouse();
    const all = house.open();
    all.request('logging/setLevel', { level: 'error' });
    expect(house.ports.levels.splice(0)).toEqual([
      ['one', 'error'],
      ['two', 'error'],
    ]);
    const own = house.open({ scope: TWO });
    // It has not said anything, so it is to get what is usual.
    expect(house.ports.levels.splice(0)).toEqual([['two', 'info']]);
    own.request('logging/setLevel', { level: 'debug' });
    expect(house.ports.levels.splice(0)).toEqual([['two', 'debug']]);
    own.request('logging/setLevel', { level: 'alert' });
    expect(house.ports.levels.splice(0)).toEqual([['two', 'error']]);
    all.session.close();
    expect(house.ports.levels.splice(0)).toEqual([
      ['one', null],
      ['two', 'alert'],
    ]);
    own.session.close();
    expect(house.ports.levels.splice(0)).toEqual([['two', null]]);
  });

  it('count no client that has not begun', () => {
    const house = openHouse();
    house.open({ initialized: false }).request('logging/setLevel', { level: 'debug' });
    expect(house.ports.levels).toEqual([]);
  });

  it('are told to servers together when there are many clients', () => {
    const house = openHouse();
    for (let n = 0; n < 300; n++) house.open();
    for (const level of ['error', 'debug']) house.open().request('logging/setLevel', { level });
    expect(house.ports.levels).toEqual([]);
    house.ports.clock.advance(50);
    expect(house.ports.levels).toEqual([
      ['one', 'debug'],
      ['two', 'debug'],
    ]);
  });

  it('within a call are held to the level of its client too', () => {
    const house = openHouse();
    const client = house.open();
    client.request('logging/setLevel', { level: 'warning' });
    const call = client.request('tools/call', { name: 'one__echo' });
    for (const level of ['info', 'warning']) house.ports.forwarded[0]?.sink.notify(log(level), LOG);
    expect(call.stream).toMatchObject([{ params: { level: 'warning' } }]);
  });

  it('on the own session of one client reach that client alone', () => {
    const house = openHouse();
    const [a, b] = [house.open(), house.open()];
    house.hub.notification('one', b?.session.id ?? '', LOG, log('info'));
    expect([a, b].map((client) => client && levels(client))).toEqual([[], ['info']]);
  });
});

describe('subscriptions (resources section)', () => {
  const UPDATED = 'notifications/resources/updated';
  const updated = (uri: string): Buffer => note(UPDATED, { uri, title: 'x' });
  const subscribe = async (client: Client | undefined, uri: string): Promise<void> => {
    const asked = client?.request('resources/subscribe', { uri });
    await expect.poll(() => asked?.answered?.result).toEqual({});
  };
  const unsubscribe = async (client: Client | undefined, uri: string): Promise<void> => {
    const asked = client?.request('resources/unsubscribe', { uri });
    await expect.poll(() => asked?.answered?.result).toEqual({});
  };

  it('tell subscribers only, by the URI under which they asked', async () => {
    const house = openHouse();
    const [merged, own, other] = [house.open(), house.open({ scope: ONE }), house.open()];
    await subscribe(merged, 'one+test:a');
    await subscribe(own, 'test:a');
    await subscribe(other, 'two+test:a');
    house.hub.notification('one', null, UPDATED, updated('test:a'));
    house.hub.notification('one', null, UPDATED, updated('test:b'));
    expect(merged?.pushed).toEqual([
      { jsonrpc: '2.0', method: UPDATED, params: { uri: 'one+test:a', title: 'x' } },
    ]);
    expect(own?.pushed).toEqual([{ jsonrpc: '2.0', method: UPDATED, params: { uri: 'test:a', title: 'x' } }]);
    expect(other?.pushed).toEqual([]);
  });

  it('tell of parts of what was subscribed to, but not of what only begins alike', async () => {
    const house = openHouse();
    const client = house.open({ scope: ONE });
    for (const uri of ['test://a/b', 'test://dir/']) await subscribe(client, uri);
    for (const uri of [
      'test://a/b/c/d',
      'test://a/b?x#y',
      'test://dir/x',
      'test://a/bc',
      'test://a',
      'test://dirx',
    ]) {
      house.hub.notification('one', null, UPDATED, updated(uri));
    }
    expect(client.pushed.map(({ params }) => (params as Json).uri)).toEqual([
      'test://a/b/c/d',
      'test://a/b?x#y',
      'test://dir/x',
    ]);
  });

  it('tell once who asked for a thing and for what it is a part of', async () => {
    const house = openHouse();
    const client = house.open({ scope: ONE });
    for (const uri of ['test://a/b', 'test://a']) await subscribe(client, uri);
    house.hub.notification('one', null, UPDATED, updated('test://a/b'));
    expect(client.pushed.length).toBe(1);
  });

  it('on the own session of one client tell that client alone', async () => {
    const house = openHouse();
    const [a, b] = [house.open(), house.open()];
    for (const client of [a, b]) await subscribe(client, 'one+test:a');
    house.hub.notification('one', b?.session.id ?? '', UPDATED, updated('test:a'));
    expect([a?.pushed.length, b?.pushed.length]).toEqual([0, 1]);
  });

  it('count each client once, and end when it unsubscribes or leaves', async () => {
    const house = openHouse();
    const [a, b] = [house.open(), house.open()];
    await subscribe(a, 'one+test:a');
    await subscribe(b, 'one+test:a');
    await subscribe(b, 'one+test:b');
    expect(house.subscribed).toEqual(['one test:a client-1', 'one test:a client-2', 'one test:b client-2']);
    await unsubscribe(a, 'one+test:a');
    expect(house.subscribed).toEqual(['one test:a client-2', 'one test:b client-2']);
    house.hub.notification('one', null, UPDATED, updated('test:a'));
    expect([a?.pushed.length, b?.pushed.length]).toEqual([0, 1]);
    b?.session.close();
    await expect.poll(() => house.subscribed).toEqual([]);
    house.hub.notification('one', null, UPDATED, updated('test:a'));
    expect(b?.pushed.length).toBe(1);
  });

  it('keep what another stream of the same peer still wants', async () => {
    const house = openHouse();
    const peer = {
      key: 'p',
      client: 'p',
      era: 'modern',
      revision: '2026-07-28',
      info: null,
      capabilities: {},
      logLevel: null,
    } as const;
    const streams = [0, 1].map(() => ({
      peer,
      caller: { id: 'c' },
      scope: ONE,
      wants: () => true,
      push: () => undefined,
      ask: () => null,
    }));
    for (const stream of streams) await house.hub.subscribe(stream, 'test:a');
    const [first, second] = streams;
    if (first === undefined || second === undefined) throw new Error('two streams');
    house.hub.leave(first);
    await expect.poll(() => house.subscribed).toEqual(['one test:a p']);
    house.hub.leave(second);
    await expect.poll(() => house.subscribed).toEqual([]);
  });

  it('do not outlive a client that leaves while its server is asked', async () => {
    let granted: () => void = () => undefined;
    const ended: string[] = [];
    const house = openHouse({
      subscribe: () =>
        new Promise((resolve) => {
          granted = resolve;
        }),
      unsubscribe: async (server, uri) => {
        ended.push(`${server} ${uri}`);
      },
    });
    const client = house.open();
    client.request('resources/subscribe', { uri: 'one+test:a' });
    client.session.close();
    // This one may have overtaken the other on its way to the server.
    expect(ended.splice(0)).toEqual(['one test:a']);
    granted();
    await expect.poll(() => ended).toEqual(['one test:a']);
    house.hub.notification('one', null, UPDATED, updated('test:a'));
    expect(client.pushed).toEqual([]);
  });

  it('are forgotten when the server refuses', async () => {
    const house = openHouse({ subscribe: () => Promise.reject(new Error('no')) });
    const client = house.open();
    const asked = client.request('resources/subscribe', { uri: 'one+test:a' });
    await expect.poll(() => asked.answered?.error).toBeDefined();
    house.hub.notification('one', null, UPDATED, updated('test:a'));
    expect(client.pushed).toEqual([]);
  });

  it('are bounded', async () => {
    const client = openHouse().open({ scope: ONE });
    for (let n = 0; n < 1000; n++) client.request('resources/subscribe', { uri: `test:${n}` });
    const more = client.request('resources/subscribe', { uri: 'test:more' });
    await expect
      .poll(() => more.answered)
      .toMatchObject({
        error: { data: { code: 'gateway.too_many_subscriptions' } },
      });
    const long = openHouse().open({ scope: ONE });
    const endless = long.request('resources/subscribe', { uri: `test:${'x'.repeat(8_192)}` });
    await expect.poll(() => endless.answered).toMatchObject({ error: { code: -32602 } });
    const again = client.request('resources/subscribe', { uri: 'test:1' });
    await expect.poll(() => again.answered?.result).toEqual({});
  });

  it('hear an update even when it came within a call of another client', async () => {
    const house = openHouse();
    const [watching, calling] = [house.open(), house.open()];
    await subscribe(watching, 'one+test:a');
    const call = calling?.request('tools/call', { name: 'one__echo' });
    house.ports.forwarded[0]?.sink.notify(updated('test:a'), UPDATED);
    expect(watching && methods(watching)).toEqual([UPDATED]);
    expect(call?.stream).toEqual([]);
  });
});

describe('the end of an elicitation at a page (elicitation section, "URL Mode")', () => {
  const DONE = 'notifications/elicitation/complete';
  const done = (elicitationId: string): Buffer => note(DONE, { elicitationId });
  const CAN = { capabilities: { elicitation: { url: {} } } };

  it('is told to the client that was sent there by a question', () => {
    const house = openHouse();
    const [a, b] = [house.open(CAN), house.open(CAN)];
    b?.request('tools/call', { name: 'one__echo' });
    house.ports.forwarded[0]?.ask('elicitation/create', {
      mode: 'url',
      elicitationId: 'e',
      url: 'https://x',
    });
    house.hub.notification('one', null, DONE, done('e'));
    house.hub.notification('two', null, DONE, done('e'));
    house.hub.notification('one', null, DONE, done('other'));
    expect(a && methods(a)).toEqual([]);
    expect(b?.pushed).toEqual([{ jsonrpc: '2.0', method: DONE, params: { elicitationId: 'e' } }]);
  });

  it('is told to the client that was sent there by an error', () => {
    const house = openHouse();
    const [a, b] = [house.open(CAN), house.open(CAN)];
    const call = a?.request('tools/call', { name: 'one__echo' });
    const data = { elicitations: [{ mode: 'url', elicitationId: 'e', url: 'https://x' }] };
    house.ports.forwarded[0]?.error(JSON.stringify({ code: -32042, message: 'm', data }));
    expect(call?.answered?.error).toEqual({ code: -32042, message: 'm', data });
    house.hub.notification('one', null, DONE, done('e'));
    expect([a && methods(a), b && methods(b)]).toEqual([[DONE], []]);
  });
});

describe('what we do not know', () => {
  it('reaches clients of the server’s own route only', () => {
    const house = openHouse();
    const [all, one, two] = [house.open(), house.open({ scope: ONE }), house.open({ scope: TWO })];
    house.hub.notification('one', null, 'notifications/x', note('notifications/x', { a: 1 }));
    expect([all, one, two].map((client) => client && methods(client))).toEqual([[], ['notifications/x'], []]);
  });

  it('on the own session of one client reaches that client alone', () => {
    const house = openHouse();
    const [a, b] = [house.open({ scope: ONE }), house.open({ scope: ONE })];
    house.hub.notification('one', a?.session.id ?? '', 'notifications/x', note('notifications/x'));
    expect([a, b].map((client) => client && methods(client))).toEqual([['notifications/x'], []]);
  });
});
