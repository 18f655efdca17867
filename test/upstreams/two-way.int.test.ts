/** What goes from a server to its clients, and what clients want of it, over real processes of both eras. */
import { afterEach, describe, expect, it } from 'vitest';
import { ServerError } from '../../main/protocol/call.ts';
import { memberOf } from '../../main/protocol/members.ts';
import type { UpstreamSpec } from '../../main/upstreams/ports.ts';
import { call, peer } from '../fakes/call.ts';
import { alive, until } from '../host/gateway.ts';
import { local, type PoolHost, poolHost } from './pool-host.ts';

const open: PoolHost[] = [];
async function host(...specs: UpstreamSpec[]): Promise<PoolHost> {
  const made = poolHost();
  open.push(made);
  made.pool.apply(specs);
  await Promise.all(specs.map(({ name }) => made.state(name, 'ready')));
  return made;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()));
});

const server = (name: string, ...args: string[]): UpstreamSpec =>
  local(name, ['two-way-server.mjs', ...args]);
const [a, b] = [peer('a', { capabilities: { roots: {} } }), peer('b')];
const modern = peer('m', { era: 'modern', revision: '2026-07-28', capabilities: { sampling: {} } });
const updated = (made: PoolHost): string[] =>
  made.notified
    .filter(({ method }) => method === 'notifications/resources/updated')
    .map(({ text }) => JSON.parse(text).params.uri);

describe.each(['legacy', 'modern'])('a %s server', (era) => {
  it('asks the client that calls, and gets what it says to the byte', async () => {
    const made = await host(server('s', '--era', era));
    const answer = await made.tool(
      's',
      a,
      'ask',
      { method: 'elicitation/create', params: { message: 'Name?' } },
      (ask) => ask.result(Buffer.from('{"action":"accept","content":{"n":1}}')),
    );
    expect(answer.result).toEqual({ action: 'accept', content: { n: 1 } });
    if (era === 'modern') expect(answer.state).toBe('opaque "ä');
    const refused = await made.tool('s', a, 'ask', { method: 'roots/list' }, (ask) =>
      ask.error(Buffer.from('{"code":-5,"message":"not now"}')),
    );
    expect(refused.error).toMatchObject({ code: -5, message: 'not now' });
  });

  it('tells of updated resources while anybody wants it, also after it was started anew', async () => {
    const made = await host(server('s', '--era', era));
    await Promise.all([
      made.pool.subscribe('s', 'note://1', a),
      made.pool.subscribe('s', 'note://1', b),
      made.pool.subscribe('s', 'note://2', b),
      made.pool.subscribe('s', 'note://1', a),
    ]);
    const told = async (uri: string): Promise<boolean> => {
      const before = updated(made).filter((one) => one === uri).length;
      await made.tool('s', a, 'touch', { uri });
      // What the server says before its answer has come before it.
      return updated(made).filter((one) => one === uri).length > before;
    };
    expect([await told('note://1'), await told('note://2'), await told('note://3')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(made.notified.every(({ text }) => !text.includes('subscriptionId'))).toBe(true);
    if (era === 'legacy') expect(await made.tool('s', a, 'facts')).toMatchObject({ subscriptions: 2 });
    await made.pool.unsubscribe('s', 'note://1', a);
    expect(await told('note://1')).toBe(true);

    await expect(made.tool('s', a, 'crash')).rejects.toMatchObject({ code: 'upstream.exited' });
    await made.state('s', 'retrying');
    await made.state('s', 'ready');
    await until(() => told('note://1'), 'subscribed again');
    await until(() => told('note://2'), 'subscribed again');

    await made.pool.unsubscribe('s', 'note://1', b);
    expect([await told('note://1'), await told('note://2')]).toEqual([false, true]);
    made.pool.peerGone(b);
    await until(async () => !(await told('note://2')), 'nobody is left');
    if (era === 'legacy') expect((await made.tool('s', a, 'facts')).subscribed).toEqual([]);
  });

  it('hears that a call is cancelled', async () => {
    const made = await host(server('s', '--era', era));
    const one = call(a, 'tools/call', { name: 'slow', arguments: {} });
    made.pool.forward('s', one.request).cancel('no more');
    await until(async () => (await made.tool('s', a, 'facts')).cancelled.length === 1, 'it has heard');
    expect([one.answers, one.failed]).toEqual([[], []]);
  });
});

it('one stream carries everything that a modern server tells, and the new one is open before the old one is closed (subscriptions section)', async () => {
  const made = await host(server('s', '--era', 'modern'));
  const streams = async (): Promise<object[]> => (await made.tool('s', a, 'facts')).streams;
  const kinds = { toolsListChanged: true, resourcesListChanged: true };
  await until(async () => (await streams()).length === 1, 'one stream');
  expect(await streams()).toEqual([kinds]);
  await made.pool.subscribe('s', 'note://1', a);
  await made.pool.subscribe('s', 'note://2', b);
  await until(async () => (await streams()).length === 1, 'one stream');
  expect(await streams()).toEqual([{ ...kinds, resourceSubscriptions: ['note://1', 'note://2'] }]);
  expect(await made.tool('s', a, 'facts')).toMatchObject({ listens: 3 });
});

it('the server\'s refusal of a subscription passes to the caller and counts for nothing (resources, "Error Handling")', async () => {
  const made = await host(server('s'));
  const refused = await made.pool.subscribe('s', 'note://absent', a).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ServerError);
  const { json } = refused as ServerError;
  expect(memberOf(json, 0, json.length, 'data')?.toString()).toBe('{"uri":"note://absent"}');
  await expect(made.pool.subscribe('s', 'note://absent', b)).rejects.toBeInstanceOf(ServerError);
  expect(await made.tool('s', a, 'facts')).toMatchObject({ subscriptions: 2, subscribed: [] });
  await made.pool.restart('s');
  await made.state('s', 'ready');
  await made.pool.subscribe('s', 'note://1', a);
  expect(await made.tool('s', a, 'facts')).toMatchObject({ subscriptions: 1, subscribed: ['note://1'] });
});

describe('log levels (logging section)', () => {
  it('are told on change, to servers that log, and again after a restart', async () => {
    const made = await host(server('s'), server('plain', '--plain'));
    for (const name of ['s', 'plain']) made.pool.setLogLevel(name, 'warning');
    made.pool.setLogLevel('s', 'warning');
    await until(async () => (await made.tool('s', a, 'facts')).level === 'warning', 'told');
    made.pool.setLogLevel('s', 'error');
    made.pool.setLogLevel('s', null);
    await until(async () => (await made.tool('s', a, 'facts')).level === 'error', 'told');
    expect(await made.tool('s', a, 'facts')).toMatchObject({ levels: 2 });
    expect(await made.tool('plain', a, 'facts')).toMatchObject({ levels: 0 });
    made.pool.setLogLevel('s', 'notice');
    await expect(made.tool('s', a, 'crash')).rejects.toMatchObject({ code: 'upstream.exited' });
    await made.state('s', 'retrying');
    await made.state('s', 'ready');
    await until(async () => (await made.tool('s', a, 'facts')).level === 'notice', 'told again');
  });

  it('of a stateless call counts while it runs, and its logs reach it', async () => {
    const made = await host(server('s'));
    made.pool.setLogLevel('s', 'error');
    const one = call({ ...modern, logLevel: 'warning' }, 'tools/call', {
      name: 'log',
      arguments: { text: 't' },
    });
    made.pool.forward('s', one.request);
    await until(() => one.answers.length === 1, 'the answer');
    expect(one.notified.map((text) => JSON.parse(text).params.level)).toEqual([
      'warning',
      'error',
      'critical',
      'alert',
      'emergency',
    ]);
  });

  it('of a legacy client go with its calls to a modern server', async () => {
    const made = await host(server('s', '--era', 'modern'));
    const one = call({ ...a, logLevel: 'alert' }, 'tools/call', { name: 'log', arguments: { text: 't' } });
    made.pool.forward('s', one.request);
    await until(() => one.answers.length === 1, 'the answer');
    expect(one.notified.length).toBe(2);
    const quiet = call(a, 'tools/call', { name: 'log', arguments: { text: 't' } });
    made.pool.forward('s', quiet.request);
    await until(() => quiet.answers.length === 1, 'the answer');
    expect(quiet.notified).toEqual([]);
  });
});

it("a client's notification reaches the shared session; a modern server gets none (roots section)", async () => {
  const made = await host(server('s'), server('m', '--era', 'modern'));
  const changed = Buffer.from('{"jsonrpc":"2.0",\n"method":"notifications/roots/list_changed"}');
  for (const name of ['s', 'm', 'unknown']) made.pool.notify(name, a, changed);
  await until(
    async () => (await made.tool('s', a, 'facts')).heard.includes('notifications/roots/list_changed'),
    'heard',
  );
  expect(await made.tool('m', a, 'facts')).toMatchObject({ heard: [] });
});

describe('a session for each client', () => {
  const own = (...args: string[]): UpstreamSpec =>
    local('s', ['two-way-server.mjs', ...args], { session: 'per-client' });

  it('is greeted with what that client declared, and knows no other', async () => {
    const made = await host(own());
    const c = peer('c', {
      ...{ revision: '2025-06-18', info: { name: 'Client C', version: '3', title: 'C' } },
      capabilities: {
        roots: { listChanged: false },
        sampling: {},
        tasks: { list: {} },
        experimental: { x: {} },
      },
    });
    const [ofC, ofA] = await Promise.all([made.tool('s', c, 'facts'), made.tool('s', a, 'facts')]);
    expect(ofC.pid).not.toBe(ofA.pid);
    expect(ofC.greeting).toEqual({
      protocolVersion: '2025-06-18',
      clientInfo: { name: 'Client C', version: '3', title: 'C' },
      capabilities: { roots: { listChanged: false }, sampling: {}, experimental: { x: {} } },
    });
    expect(ofA.greeting.capabilities).toEqual({ roots: {} });
    expect([...made.own.keys()].sort()).toEqual(['s a', 's c']);
    expect(made.own.get('s c')?.tools.length).toBe(7);
    expect(await made.tool('s', modern, 'facts')).toMatchObject({
      greeting: { capabilities: { sampling: {} }, clientInfo: modern.info },
    });
  });

  it('is open before its client is told what there is, and ends when the client is gone', async () => {
    const made = await host(own());
    const settled = made.pool.settleOwn(['s', 'unknown'], a);
    expect(settled).not.toBeNull();
    await settled;
    expect(made.own.get('s a')).toMatchObject({ era: 'legacy' });
    expect(made.pool.settleOwn(['s'], a)).toBeNull();
    // Also while the server is still on its way.
    await made.pool.restart('s');
    await made.pool.settleOwn(['s'], a);
    expect(made.own.get('s a')).toMatchObject({ era: 'legacy' });
    const { pid } = await made.tool('s', a, 'facts');
    made.pool.peerGone(a);
    expect(made.own.get('s a')).toBeNull();
    await until(() => !alive(pid), 'its process is gone');
    expect(made.pool.status('s')?.state).toBe('ready');
  });

  it('has its own subscriptions, notifications and questions', async () => {
    const made = await host(own());
    await made.pool.subscribe('s', 'note://1', a);
    expect(await made.tool('s', a, 'facts')).toMatchObject({ subscribed: ['note://1'] });
    expect(await made.tool('s', b, 'facts')).toMatchObject({ subscribed: [] });
    await made.tool('s', a, 'touch', { uri: 'note://1' });
    expect(made.notified.map(({ from }) => from)).toEqual(['s a']);
    made.pool.notify('s', b, Buffer.from('{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}'));
    await until(async () => (await made.tool('s', b, 'facts')).heard.length === 2, 'heard');
    expect((await made.tool('s', a, 'facts')).heard.length).toBe(1);
    made.pool.setLogLevel('s', 'alert');
    await until(async () => (await made.tool('s', b, 'facts')).level === 'alert', 'told');
  });

  it('that ends is opened again with the next call, and the others do not notice', async () => {
    const made = await host(own());
    const before = await made.tool('s', b, 'facts');
    await made.tool('s', a, 'facts');
    await expect(made.tool('s', a, 'crash')).rejects.toMatchObject({ code: 'upstream.exited' });
    expect(made.own.get('s a')).not.toBeNull();
    expect(await made.tool('s', a, 'facts')).toMatchObject({ greetings: 1 });
    expect((await made.tool('s', b, 'facts')).pid).toBe(before.pid);
    expect(made.statuses.get('s')?.map(({ state }) => state)).toEqual(['starting', 'ready']);
  });

  it('ends with the server: restart, edit, pause, close', async () => {
    const made = await host(own());
    const pids: number[] = [];
    const note = async (): Promise<void> => void pids.push((await made.tool('s', a, 'facts')).pid);
    await note();
    await made.pool.restart('s');
    expect(alive(pids[0] ?? 0)).toBe(false);
    await made.state('s', 'ready');
    await note();
    made.pool.apply([{ ...own(), callTimeoutMs: 19_000 }]);
    await until(() => !alive(pids[1] ?? 0), 'ended by the edit');
    await made.state('s', 'ready');
    await note();
    made.pool.setPaused(true);
    await until(() => !alive(pids[2] ?? 0), 'ended by the pause');
    await expect(made.tool('s', a, 'facts')).rejects.toMatchObject({ code: 'upstream.not_ready' });
    made.pool.setPaused(false);
    await made.state('s', 'ready');
    await note();
    await made.pool.close();
    expect(new Set(pids).size).toBe(4);
    expect(pids.filter(alive)).toEqual([]);
  });

  it('is not needed where the server has no sessions', async () => {
    const made = await host(own('--era', 'modern'));
    expect(made.pool.settleOwn(['s'], a)).toBeNull();
    const pids = await Promise.all([a, b, modern].map((one) => made.tool('s', one, 'facts')));
    expect(new Set(pids.map(({ pid }) => pid)).size).toBe(1);
    expect([...made.own.keys()]).toEqual([]);
  });
});
