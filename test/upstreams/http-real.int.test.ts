/** The HTTP and SSE links against servers that others wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import type { Link } from '../../main/upstreams/link.ts';
import { openSseLink } from '../../main/upstreams/sse-link.ts';
import { npmServer, root } from '../host/gateway.ts';
import { closeAfterEach, closing, LEGACY, MODERN, type Opened, open } from './http-links.ts';
import { ask, initialize, Recorder, tell } from './http-peers.ts';

closeAfterEach();

/** The first words, as an upstream says them. */
async function greet({ link, told }: Opened): Promise<void> {
  link.send(initialize(1), 1, null);
  expect((await told.answerTo(1)).result?.protocolVersion).toBe(LEGACY);
  link.agreed(LEGACY);
  link.send(tell('notifications/initialized'), -1, null);
}

const call = (link: Link, id: number, name: string, args: object = {}): void => {
  const params = { name, arguments: args, _meta: { progressToken: id } };
  link.send(ask(id, 'tools/call', params), id, null);
};

/** A server of the SDK with one tool that talks while it runs: to its caller, to everybody, and asks. */
function talkative(): McpServer {
  const mcp = new McpServer(
    { name: 'talkative', version: '1' },
    { capabilities: { logging: {}, tools: {} } },
  );
  mcp.registerTool('talk', { description: 'talks' }, async (extra) => {
    const params = { level: 'info' as const, data: 'to the caller' };
    await extra.sendNotification({ method: 'notifications/message', params });
    await mcp.server.notification({
      method: 'notifications/message',
      params: { level: 'info', data: 'to everybody' },
    });
    const roots = await mcp.server.listRoots(undefined, { relatedRequestId: extra.requestId });
    return { content: [{ type: 'text', text: `${roots.roots.length} roots` }] };
  });
  return mcp;
}

/** Serves it at a free port; what a request becomes is the transport's. */
async function listen(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const http = createServer(handler);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closing(() => {
    http.close();
    http.closeAllConnections();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

/** Uses the tool that talks; `about` is how its words to the caller are to be attributed. */
async function talk({ link, told }: Opened, about: number | null): Promise<void> {
  call(link, 2, 'talk');
  expect(await told.heard('to the caller')).toMatchObject({ about });
  expect(await told.heard('to everybody')).toMatchObject({ about: null });
  const roots = await told.heard('roots/list');
  expect(roots.about).toBe(about);
  const { id } = JSON.parse(roots.text) as { id: number };
  link.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { roots: [] } })), -1, null);
  expect((await told.answerTo(2)).result?.content).toEqual([{ type: 'text', text: '0 roots' }]);
}

describe('servers of the SDK', () => {
  it('over streams: what belongs to a call comes as the call, the rest on the standing stream', async () => {
    const mcp = talkative();
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: () => randomUUID() });
    // The SDK's types do not fit exactOptionalPropertyTypes; the object does.
    await mcp.connect(transport as unknown as Transport);
    let standing: ServerResponse | undefined;
    const origin = await listen((request, response) => {
      if (request.method === 'GET') standing = response;
      void transport.handleRequest(request, response);
    });
    const opened = await open({ url: `${origin}/mcp` });
    await greet(opened);
    // What it says to everybody before that goes nowhere.
    await vi.waitFor(() => expect(standing?.headersSent).toBe(true), 10_000);
    await talk(opened, 2);
    let ended = false;
    transport.onclose = () => {
      ended = true;
    };
    await opened.link.close();
    // We gave the session back.
    await vi.waitFor(() => expect(ended).toBe(true), 10_000);
    expect(opened.told.ends).toEqual([null]);
  });

  it('with plain JSON answers', async () => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      enableJsonResponse: true,
    });
    await talkative().connect(transport as unknown as Transport);
    const origin = await listen((request, response) => void transport.handleRequest(request, response));
    const opened = await open({ url: origin });
    await greet(opened);
    opened.link.send(ask(2, 'tools/list'), 2, null);
    expect(JSON.stringify(await opened.told.answerTo(2))).toContain('"talk"');
  });

  it('over SSE of 2024-11-05', async () => {
    let transport: SSEServerTransport | undefined;
    const origin = await listen((request, response) => {
      if (request.method === 'POST') return void transport?.handlePostMessage(request, response);
      transport = new SSEServerTransport('/messages', response);
      void talkative().connect(transport as unknown as Transport);
    });
    const told = new Recorder();
    const link = await openSseLink({ url: `${origin}/sse`, headers: {} }, systemClock, told);
    closing(() => link.close());
    await greet({ link, told });
    await talk({ link, told }, null);
    await link.close();
    expect(told.ends).toEqual([null]);
  });
});

describe('server-everything', () => {
  /** Starts it; the port is free for as long as nobody else takes it. */
  const start = async (transport: string, port: number): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [npmServer('everything'), transport], {
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    closing(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    });
    await new Promise<void>((resolve, reject) => {
      let seen = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        seen += chunk.toString('utf8');
        if (/listening|running on port/.test(seen)) resolve();
      });
      child.once('exit', () => reject(new Error(`it ended: ${seen}`)));
    });
    return child;
  };
  const freePort = async (): Promise<number> => {
    const http = createServer();
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const { port } = http.address() as AddressInfo;
    await new Promise((resolve) => http.close(resolve));
    return port;
  };

  it('over streamable HTTP: calls, progress, and the loss of the session when it starts anew', async () => {
    const port = await freePort();
    const child = await start('streamableHttp', port);
    const opened = await open({ url: `http://127.0.0.1:${port}/mcp` });
    const { link, told } = opened;
    await greet(opened);
    call(link, 2, 'echo', { message: 'hello' });
    expect(JSON.stringify(await told.answerTo(2))).toContain('hello');
    call(link, 3, 'trigger-long-running-operation', { duration: 0.2, steps: 2 });
    await told.answerTo(3);
    expect(await told.heard('notifications/progress')).toMatchObject({ about: 3 });

    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    call(link, 4, 'echo', { message: 'anybody?' });
    expect((await told.failureOf(4)).code).toMatch(/^upstream\.(refused|stream_broken)$/);
    expect(told.ends).toEqual([]);
    await start('streamableHttp', port);
    call(link, 5, 'echo', { message: 'hello again' });
    expect(await told.end()).toMatchObject({ code: 'upstream.session_lost' });

    const again = await open({ url: `http://127.0.0.1:${port}/mcp` });
    await greet(again);
    call(again.link, 2, 'echo', { message: 'hello' });
    expect(JSON.stringify(await again.told.answerTo(2))).toContain('hello');
  });

  it('over SSE: calls, progress, and the end of the link when it dies', async () => {
    const port = await freePort();
    const child = await start('sse', port);
    const told = new Recorder();
    const url = `http://127.0.0.1:${port}/sse`;
    const link = await openSseLink({ url, headers: {} }, systemClock, told);
    closing(() => link.close());
    await greet({ link, told });
    call(link, 2, 'trigger-long-running-operation', { duration: 0.2, steps: 2 });
    await told.answerTo(2);
    expect(await told.heard('notifications/progress')).toMatchObject({ about: null });
    child.kill('SIGKILL');
    expect(await told.end()).toMatchObject({ code: 'upstream.stream_ended' });
  });
});

it('a modern server, which compares every header with the body', async () => {
  const child = spawn(process.execPath, [join(root, 'test', 'servers', 'conformance-modern.mjs'), '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closing(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http:\/\/\S+?\/mcp/.exec(line.toString('utf8'))?.[0] ?? '';
  const { link, told } = await open({ url });
  const meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
    'io.modelcontextprotocol/clientInfo': { name: 'link', version: '1' },
  };
  const request = (id: number, method: string, params: object, name: string | null, says = name): void => {
    link.send(ask(id, method, { ...params, _meta: meta }), id, { method, name: says, params: null });
  };
  request(1, 'server/discover', {}, null);
  expect(JSON.stringify(await told.answerTo(1))).toContain(MODERN);
  link.agreed(MODERN);
  request(2, 'tools/call', { name: 'test_simple_text', arguments: {} }, 'test_simple_text');
  expect(JSON.stringify(await told.answerTo(2))).toContain('simple text response');
  request(3, 'tools/call', { name: 'test_simple_text', arguments: {} }, 'test_simple_text', 'another');
  expect((await told.answerTo(3)).error?.code).toBe(-32020);
  request(4, 'no/such', {}, null);
  expect((await told.answerTo(4)).error?.code).toBe(-32601);
  expect(told.ends).toEqual([]);
});
