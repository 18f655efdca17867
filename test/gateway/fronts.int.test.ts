/** Real clients through a real gateway: the SSE transport, profiles, a base path, and lines that break. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  autoEntry,
  type GatewayProcess,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { oneAtATime } from '../host/one-at-a-time.ts';

let gateway: GatewayProcess;
let auth: { Authorization: string };

beforeAll(async () => {
  gateway = await startGateway({
    config: {
      basePath: '/gate',
      mcpServers: { raw: autoEntry(rawServer), other: autoEntry(rawServer) },
      profiles: { work: { servers: ['raw'] } },
    },
  });
  auth = { Authorization: `Bearer ${gateway.token}` };
  await untilReady(gateway.base);
});
afterAll(() => gateway?.close());

type Transport = Parameters<Client['connect']>[0];

async function connected(transport: unknown): Promise<Client> {
  const client = new Client({ name: 'fronts', version: '1' });
  await client.connect(transport as Transport);
  oneAtATime(transport as Transport);
  return client;
}

const textOf = (result: unknown): string =>
  (result as { content: readonly { text: string }[] }).content[0]?.text ?? '';

interface Status {
  readonly version: string;
  readonly sessions: number;
  readonly servers: Readonly<Record<string, { state: string }>>;
}
const status = async (): Promise<Status> =>
  (await (await fetch(`${gateway.base}/status`, { headers: auth })).json()) as Status;

it('the address that is announced has the base path', () => {
  expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/gate\/mcp$/);
});

it('/status tells versions, sessions and states, but not without the token', async () => {
  expect((await fetch(`${gateway.base}/status`)).status).toBe(401);
  const { version, servers } = await status();
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(servers).toMatchObject({ raw: { state: 'ready' }, other: { state: 'ready' } });
});

describe('the official client over SSE', () => {
  it.each([
    ['/sse', 'raw__pid', ['raw__pid', 'other__pid']],
    ['/servers/raw/sse', 'pid', ['pid']],
    ['/raw/sse', 'pid', ['pid']],
    ['/p/work/sse', 'raw__pid', ['raw__pid']],
  ])('%s: lists, calls, hears, and leaves nothing behind', async (path, tool, listed) => {
    const before = (await status()).sessions;
    const client = await connected(
      new SSEClientTransport(new URL(gateway.base + path), { requestInit: { headers: auth } }),
    );
    let changes = 0;
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
      changes++;
    });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).filter((name) => name.endsWith('pid'))).toEqual(listed);
    expect(textOf(await client.callTool({ name: tool }))).toMatch(/^\d+$/);
    const progress: number[] = [];
    const slow = tool.replace('pid', 'slow');
    await client.callTool({ name: slow, arguments: { ms: 300 } }, undefined, {
      onprogress: ({ progress: step }) => void progress.push(step),
    });
    expect(progress.length).toBeGreaterThan(0);
    await client.callTool({ name: tool.replace('pid', 'grow') });
    await until(() => changes > 0, 'the list has changed');
    expect((await status()).sessions).toBe(before + 1);
    await client.close();
    await until(async () => (await status()).sessions === before, 'the session has ended');
  });

  it('is refused without the token', async () => {
    await expect(connected(new SSEClientTransport(new URL(`${gateway.base}/sse`)))).rejects.toThrow(/401/);
  });
});

describe('a line that breaks', () => {
  let proxy: Server;
  let port = 0;
  const lines = new Set<Socket>();
  /** Breaks every connection, both ways, without a word. */
  const cut = (): void => {
    for (const line of lines) line.resetAndDestroy();
  };

  beforeAll(async () => {
    const target = Number(new URL(gateway.url).port);
    proxy = createServer((incoming) => {
      const outgoing = connect({ host: '127.0.0.1', port: target });
      for (const [one, two] of [
        [incoming, outgoing],
        [outgoing, incoming],
      ] as const) {
        lines.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          lines.delete(one);
          two.destroy();
        });
        one.pipe(two);
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    port = (proxy.address() as { port: number }).port;
  });
  afterAll(async () => {
    cut();
    await new Promise((resolve) => proxy.close(resolve));
  });

  it('resumability: costs the official client no answer', async () => {
    const url = new URL(gateway.url.replace(/:\d+\//, `:${port}/`));
    const reconnectionOptions = {
      initialReconnectionDelay: 50,
      maxReconnectionDelay: 200,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 20,
    };
    const client = await connected(
      new StreamableHTTPClientTransport(url, { requestInit: { headers: auth }, reconnectionOptions }),
    );
    const progress: number[] = [];
    let cuts = 0;
    const result = await client.callTool({ name: 'raw__slow', arguments: { ms: 1_500 } }, undefined, {
      onprogress: ({ progress: step }) => {
        progress.push(step);
        if (cuts++ === 0) cut();
      },
    });
    const steps = Number(/^slow done after (\d+)$/.exec(textOf(result))?.[1]);
    expect(steps).toBeGreaterThan(1);
    // Every step, in order, none twice.
    expect(progress).toEqual(Array.from({ length: steps }, (_, index) => index + 1));
    await client.close();
  });
});
