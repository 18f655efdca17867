/** Stdio clients of both eras through the bridge, at a door of this process with a house of fakes behind it. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBridge } from '../../main/commands/bridge.ts';
import { openDoor } from '../../main/gateway/door.ts';
import { type Listener, openListener } from '../../main/gateway/listener.ts';
import { privateSocket } from '../../main/local-door.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { META } from '../../main/protocol/modern.ts';
import { type FakePorts, type Forwarded, fakePorts } from '../fakes/gateway-ports.ts';
import { eventually, meta } from '../gateway/modern-door.ts';

type Message = {
  id?: unknown;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; data?: { code?: string } };
};

/** A door on the private socket of a data directory, which can be shut and opened anew. */
interface App {
  readonly ports: FakePorts;
  /** As many as the app would count. */
  readonly open: number;
  forwarded(index: number): Promise<Forwarded>;
  close(): Promise<void>;
}

let dataDir: string;
let apps: { close(): Promise<void> }[] = [];
let messages: Message[] = [];
let input: PassThrough;
let ended: Promise<void>;

const startApp = async (): Promise<App> => {
  let open = 0;
  const ports = fakePorts({
    sessionsChanged: (now) => {
      open = now;
    },
  });
  const health = {
    version: '0',
    readiness: () => ({ ready: true, servers: {} }),
    connection: () => ({ endpoint: null, token: null, pid: 0 }),
    command: async () => ({ ok: true, value: null }),
  };
  const door = openDoor({ host: '127.0.0.1' }, ports, health);
  const listener: Listener = await openListener({ path: privateSocket(dataDir) }, door, systemClock);
  const app: App = {
    ports,
    get open() {
      return open;
    },
    async forwarded(index) {
      await eventually(() => ports.forwarded.length > index);
      const found = ports.forwarded[index];
      if (found === undefined) throw new Error('nothing was forwarded');
      return found;
    },
    async close() {
      door.close();
      await listener.close();
    },
  };
  apps.push(app);
  return app;
};
/** Whatever answers on the private socket. */
const startOdd = async (listener: RequestListener): Promise<void> => {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(privateSocket(dataDir), resolve));
  apps.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};
const connect = (): void => {
  input = new PassThrough();
  const output = new PassThrough();
  messages = [];
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    // Whatever is no JSON fails the test here.
    for (const line of lines) messages.push(JSON.parse(line) as Message);
  });
  ended = openBridge({ client: null, dataDir, input, output });
};
const send = (message: object | string): void => {
  input.write(`${typeof message === 'string' ? message : JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
};
const answerTo = async (id: unknown): Promise<Message> => {
  const found = (): Message | undefined =>
    messages.find((message) => message.id === id && message.method === undefined);
  await eventually(() => found() !== undefined);
  return found() ?? {};
};
const modern = (id: unknown, method: string, params: object = {}): void =>
  send({ id, method, params: { _meta: meta(), ...params } });
const CALL = { name: 'echo', arguments: {} };
const initialize = async (capabilities: object = {}): Promise<void> => {
  const clientInfo = { name: 't', version: '1' };
  send({ id: 0, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities, clientInfo } });
  expect((await answerTo(0)).result?.protocolVersion).toBe('2025-11-25');
  send({ method: 'notifications/initialized' });
};

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gh-'));
  mkdirSync(dirname(privateSocket(dataDir)), { recursive: true });
});
afterEach(async () => {
  input.end();
  for (const app of apps) await app.close();
  await ended;
  apps = [];
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a stateless stdio client (stdio section of 2026-07-28)', () => {
  it('has several requests under way at once, each answered when it is done', async () => {
    const app = await startApp();
    connect();
    modern('slow', 'tools/call', { ...CALL, _meta: { ...meta(), progressToken: 1 } });
    const slow = await app.forwarded(0);
    modern(2, 'tools/list');
    expect((await answerTo(2)).result).toMatchObject({ resultType: 'complete' });
    const note =
      '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":9,"progress":1}}';
    slow.sink.progress(Buffer.from(note), note.indexOf('9'), note.indexOf('9') + 1);
    await eventually(() => messages.some(({ method }) => method === 'notifications/progress'));
    slow.result('{"big":12345678901234567890}');
    expect((await answerTo('slow')).result).toHaveProperty('big');
    // Unknown methods are answers too, whatever the HTTP status.
    modern(3, 'ping');
    expect((await answerTo(3)).error?.code).toBe(-32601);
  });

  it('cancels with a notification, and hears nothing of that request any more (section "Cancellation")', async () => {
    const app = await startApp();
    connect();
    modern(1, 'tools/call', CALL);
    const forwarded = await app.forwarded(0);
    send({ method: 'notifications/cancelled', params: { requestId: 1 } });
    await eventually(() => forwarded.cancelled !== null);
    modern(2, 'tools/list');
    await answerTo(2);
    expect(messages.some(({ id }) => id === 1)).toBe(false);
  });

  it('listens while it does other things, until it cancels or ends', async () => {
    const app = await startApp();
    connect();
    modern('l', 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    await eventually(() => messages.length === 1);
    expect(messages[0]).toMatchObject({ params: { _meta: { [META.subscriptionId]: 'l' } } });
    app.ports.change(['tools']);
    await eventually(() => messages.length === 2);
    modern(2, 'tools/list');
    await answerTo(2);
    input.end();
    await ended;
    expect(messages).toHaveLength(3);
  });

  it('counts like a session as long as it is here, so that an app started for it stays', async () => {
    const app = await startApp();
    connect();
    modern(1, 'server/discover');
    await answerTo(1);
    await eventually(() => app.open === 1);
    input.end();
    await ended;
    await eventually(() => app.open === 0);
  });

  it('gets an error for what was under way when the app goes, hears that streams ended, and goes on', async () => {
    const app = await startApp();
    connect();
    modern(1, 'tools/call', CALL);
    modern(7, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    await app.forwarded(0);
    await eventually(() => messages.length === 1);
    await app.close();
    expect((await answerTo(1)).error?.data?.code).toBe('bridge.lost');
    // In good order: with its result.
    expect((await answerTo(7)).result).toMatchObject({ _meta: { [META.subscriptionId]: 7 } });
    modern(2, 'tools/list');
    expect((await answerTo(2)).error?.data?.code).toBe('bridge.lost');
    await startApp();
    modern(3, 'tools/list');
    expect((await answerTo(3)).result).toHaveProperty('tools');
  });

  it('hears it when a stream breaks off', async () => {
    await startOdd((request, response) => {
      if (request.method !== 'POST') return;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}\n\n', () =>
        response.destroy(),
      );
    });
    connect();
    modern(7, 'subscriptions/listen', { notifications: {} });
    await eventually(() => messages.length === 2);
    expect(messages[1]).toEqual({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: 7 },
    });
  });
});

describe('a stdio client with a session', () => {
  it('is asked on the stream of its call, and answers', async () => {
    const app = await startApp();
    connect();
    await initialize({ roots: {} });
    send({ id: 1, method: 'tools/call', params: CALL });
    const forwarded = await app.forwarded(0);
    const asked = forwarded.ask('roots/list', null);
    await eventually(() => messages.some(({ method }) => method === 'roots/list'));
    const { id } = messages.find(({ method }) => method === 'roots/list') ?? {};
    send({ id, result: { roots: [] } });
    await eventually(() => asked.result !== null);
    forwarded.result('{}');
    expect((await answerTo(1)).result).toEqual({});
    send({ method: 'notifications/cancelled', params: { requestId: 99 } });
  });

  it('hears of changes on the standing stream', async () => {
    const app = await startApp();
    connect();
    await initialize();
    await eventually(() => {
      app.ports.change(['tools']);
      return messages.some(({ method }) => method === 'notifications/tools/list_changed');
    });
  });

  it('does not notice that the app was started anew, but for what may have changed', async () => {
    const app = await startApp();
    connect();
    await initialize();
    send({ id: 1, method: 'logging/setLevel', params: { level: 'error' } });
    send({ id: 2, method: 'resources/subscribe', params: { uri: 'test:a' } });
    send({ id: 3, method: 'tools/call', params: CALL });
    await answerTo(1);
    await answerTo(2);
    await app.forwarded(0);
    messages.length = 0;
    await app.close();
    expect((await answerTo(3)).error?.data?.code).toBe('bridge.lost');
    const again = await startApp();
    await eventually(() => again.ports.subscribed.includes('one test:a'));
    expect(again.ports.levels).toContainEqual(['one', 'error']);
    send({ id: 4, method: 'tools/call', params: CALL });
    (await again.forwarded(0)).result('{"after":true}');
    expect((await answerTo(4)).result).toEqual({ after: true });
    await eventually(() => messages.some(({ method }) => method === 'notifications/tools/list_changed'));
    // Nothing of what the bridge said for itself.
    expect(messages.map(({ id }) => id).filter((id) => id !== undefined)).toEqual([3, 4]);
  });

  it('finds its lost session again with a request, too', async () => {
    const app = await startApp();
    connect();
    const params = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    send({ id: 0, method: 'initialize', params });
    await answerTo(0);
    // No standing stream, which would find out first.
    await app.close();
    await startApp();
    for (const id of [1, 2, 3]) send({ id, method: 'tools/list' });
    for (const id of [1, 2, 3]) expect((await answerTo(id)).result).toHaveProperty('tools');
  });

  it('may speak stateless beside it', async () => {
    const app = await startApp();
    connect();
    modern('d', 'server/discover');
    await answerTo('d');
    await initialize();
    send({ id: 1, method: 'ping' });
    expect((await answerTo(1)).result).toEqual({});
    modern(2, 'tools/list');
    expect((await answerTo(2)).result).toHaveProperty('resultType');
    await eventually(() => app.open >= 2);
  });
});

describe('whatever comes', () => {
  it('what is no JSON is answered here', async () => {
    await startApp();
    connect();
    send('this is no JSON');
    await eventually(() => messages.length === 1);
    expect(messages[0]).toMatchObject({ id: null, error: { code: -32700 } });
  });

  it('a request before initialize is refused under its own id', async () => {
    await startApp();
    connect();
    send({ id: 'early', method: 'tools/list' });
    expect((await answerTo('early')).error?.data?.code).toBe('gateway.missing_session');
  });

  it.each([
    ['<html>', 502, 'bridge.bad_answer'],
    ['', 500, 'bridge.bad_answer'],
    ['{"jsonrpc":"2.0","method":"a request?"}', 200, 'bridge.bad_answer'],
  ])('an answer %j with %i becomes an error', async (body, status, code) => {
    await startOdd((_request, response) => response.writeHead(status).end(body));
    connect();
    modern(1, 'tools/list');
    send({ id: 2, method: 'initialize', params: {} });
    expect((await answerTo(1)).error?.data?.code).toBe(code);
    expect((await answerTo(2)).error?.data?.code).toBe(code);
  });

  it('without any app there are answers', async () => {
    connect();
    modern(1, 'tools/list');
    send({ id: 2, method: 'initialize', params: {} });
    expect((await answerTo(1)).error?.data?.code).toBe('bridge.lost');
    expect((await answerTo(2)).error?.data?.code).toBe('bridge.lost');
  });
});
