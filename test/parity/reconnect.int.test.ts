/**
 * Connections that break and names that meet, with the same body directly and through the gateway. Each test names the
 * section of the specification.
 */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sseDecoder } from '../../main/protocol/sse.ts';
import { type GatewayProcess, nodeEntry, root, startGateway, until, untilReady } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';
import { legacyClient, type ParityClient } from './clients.ts';
import { type Fixture, startFixture } from './ways.ts';

const program = nodeEntry(join(root, 'test/servers/parity-legacy.mjs'));
const STEPS = 12;

interface Heard {
  readonly steps: number[];
  lastId: string;
  answer: string | null;
}

/** Sends a request and reads its event stream into `heard`, until it ends or `enough` says so. */
async function read(
  url: string,
  headers: Record<string, string>,
  body: string | null,
  heard: Heard,
  enough: () => boolean,
): Promise<void> {
  const out = request(url, {
    method: body === null ? 'GET' : 'POST',
    headers: {
      Accept: 'application/json, text/event-stream',
      'Content-Type': 'application/json',
      ...headers,
    },
  });
  out.end(body);
  const [response] = (await once(out, 'response')) as [IncomingMessage];
  expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
  const ended = once(response, 'close');
  const decode = sseDecoder(
    (event) => {
      if (event.id !== '') heard.lastId = event.id;
      if (event.data.length === 0 || enough()) return;
      const message = JSON.parse(event.data.toString('utf8')) as {
        method?: string;
        params?: { progress: number };
        result?: { content: { text: string }[] };
      };
      if (message.method === 'notifications/progress') heard.steps.push(message.params?.progress ?? -1);
      if (message.result !== undefined) heard.answer = message.result.content[0]?.text ?? '';
      if (enough()) response.destroy();
    },
    () => undefined,
  );
  response.on('data', decode).on('error', () => undefined);
  await ended;
}

describe.each(['directly', 'gateway over http', 'gateway over stdio'] as const)('%s', (way) => {
  let fixture: Fixture | null = null;
  let gateway: GatewayProcess | null = null;
  let url = '';
  let token: string | null = null;

  beforeAll(async () => {
    if (way !== 'gateway over stdio') fixture = await startFixture('legacy', '--http');
    url = fixture?.url ?? '';
    if (way === 'directly') return;
    gateway = await startGateway({ servers: { parity: fixture === null ? program : { url: fixture.url } } });
    await untilReady(gateway.base);
    url = `${gateway.base}/servers/parity/mcp`;
    token = gateway.token;
  });
  afterAll(async () => {
    await gateway?.close();
    await fixture?.stop();
  });

  it('resumability and redelivery: a stream that broke goes on after its last event, nothing lost or told twice', async () => {
    const client = await rawClient(url, token);
    const headers = {
      'Mcp-Session-Id': client.sessionId,
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    };
    const heard: Heard = { steps: [], lastId: '', answer: null };
    const call = {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'slow', arguments: { key: 'r', steps: STEPS, ms: 40 }, _meta: { progressToken: 't' } },
    };
    await read(url, headers, JSON.stringify(call), heard, () => heard.steps.length >= 2);
    expect(heard.steps).toEqual([1, 2]);
    expect(heard.answer).toBeNull();
    await read(url, { ...headers, 'Last-Event-ID': heard.lastId }, null, heard, () => heard.answer !== null);
    expect(heard.steps).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    expect(heard.answer).toBe('done r');
  });

  it('session management: what has ended is gone, and a new session begins where nothing is left of the old', async () => {
    const one = await rawClient(url, token);
    expect((await one.end()).status).toBe(200);
    expect((await one.post('{"jsonrpc":"2.0","id":1,"method":"ping"}')).status).toBe(404);
    const two = await rawClient(url, token);
    expect(two.sessionId).not.toBe(one.sessionId);
    expect(await two.call(1, 'echo', '{"again":true}')).toContain('again');
  });
});

/** Two servers with the same names: asked by two clients directly, or by one through the gateway. */
describe.each(['directly', 'gateway'] as const)('names that two servers have, %s', (way) => {
  const names = ['one', 'two'] as const;
  const opened: { close(): Promise<unknown> }[] = [];
  let call: (server: 'one' | 'two', tool: string, args?: Record<string, unknown>) => Promise<string>;
  let resources: () => Promise<readonly { client: ParityClient; uri: string }[]>;

  beforeAll(async () => {
    if (way === 'directly') {
      const clients = { one: await direct(), two: await direct() };
      call = (server, tool, args) => clients[server].call(tool, args);
      resources = async () =>
        (
          await Promise.all(
            names.map(async (name) =>
              (await clients[name].resources()).map((uri) => ({ client: clients[name], uri })),
            ),
          )
        ).flat();
      return;
    }
    const auto = { ...program, trust: 'auto' };
    const gateway = await startGateway({ servers: { one: auto, two: auto } });
    await untilReady(gateway.base);
    const client = await legacyClient({ url: gateway.url, token: gateway.token });
    opened.push(client, gateway);
    call = (server, tool, args) => client.call(`${server}__${tool}`, args);
    resources = async () => (await client.resources()).map((uri) => ({ client, uri }));
  });
  afterAll(async () => {
    for (const one of opened) await one.close();
  });

  async function direct(): Promise<ParityClient> {
    const fixture = await startFixture('legacy', '--http');
    const client = await legacyClient({ url: fixture.url, token: null });
    opened.push(client, { close: () => fixture.stop() });
    return client;
  }

  it('tools: each call reaches the server that was meant', async () => {
    const running = call('one', 'slow', { key: 'k', steps: 60, ms: 10 });
    // What fails before it is awaited must not count as unhandled too.
    running.catch(() => undefined);
    await until(async () => (await call('one', 'is_running', { key: 'k' })) === 'true', 'it runs on one');
    expect(await call('two', 'is_running', { key: 'k' })).toBe('false');
    await call('two', 'add_tool', { name: 'only_two' });
    await until(async () => (await call('two', 'only_two').catch(String)) === 'only_two', 'two has it');
    expect(await call('one', 'only_two').catch(String)).toMatch(/unknown tool/i);
    expect(await running).toBe('done k');
  });

  it('resources: all of both are listed and can be read', async () => {
    const all = await resources();
    expect(all).toHaveLength(50);
    for (const { client, uri } of all) expect(await client.read(uri)).toMatch(/^text of note:\/\/\d+$/);
  });
});
