/** Real servers from npm, used through the gateway by the official SDK clients of both lines. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, nodeEntry, npmServer, startGateway, untilReady } from '../host/gateway.ts';

let gateway: GatewayProcess;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'gh-files-'));
  mkdirSync(join(dir, 'files'));
  writeFileSync(join(dir, 'files', 'hello.txt'), 'hello from a file');
  gateway = await startGateway({
    servers: {
      everything: nodeEntry(npmServer('everything')),
      filesystem: nodeEntry(npmServer('filesystem'), join(dir, 'files')),
      memory: { ...nodeEntry(npmServer('memory')), env: { MEMORY_FILE_PATH: join(dir, 'memory.jsonl') } },
    },
  });
  await untilReady(gateway.base);
});
afterAll(async () => {
  await gateway.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The part of both clients that this test uses. */
interface AnyClient {
  listTools(): Promise<{ tools: { name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<unknown>;
  listPrompts(): Promise<{ prompts: { name: string }[] }>;
  getPrompt(prompt: { name: string; arguments?: Record<string, string> }): Promise<{ messages: unknown[] }>;
  listResources(): Promise<{ resources: { uri: string }[] }>;
  readResource(resource: { uri: string }): Promise<{ contents: unknown[] }>;
  close(): Promise<void>;
}

const headers = (): Record<string, string> => ({ Authorization: `Bearer ${gateway.token}` });

async function connectV2(): Promise<AnyClient> {
  const client = new Client({ name: 'v2', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(gateway.url), { requestInit: { headers: headers() } }),
  );
  return client as unknown as AnyClient;
}

async function connectV1(): Promise<AnyClient> {
  const client = new ClientV1({ name: 'v1', version: '1' });
  const transport = new HttpV1(new URL(gateway.url), { requestInit: { headers: headers() } });
  // The v1 types do not fit exactOptionalPropertyTypes; the object does.
  await client.connect(transport as unknown as Parameters<ClientV1['connect']>[0]);
  return client as unknown as AnyClient;
}

describe.each([
  ['SDK v2', connectV2],
  ['SDK v1', connectV1],
])('%s', (_name, connect) => {
  it('sees the tools of all three servers under their names', async () => {
    const client = await connect();
    const names = (await client.listTools()).tools.map((tool) => tool.name);
    expect(names).toEqual(
      expect.arrayContaining([
        'everything__echo',
        'everything__get-sum',
        'filesystem__read_text_file',
        'memory__read_graph',
      ]),
    );
    expect(new Set(names).size).toBe(names.length);
    await client.close();
  });

  it('calls each of them', async () => {
    const client = await connect();
    const call = async (name: string, args: Record<string, unknown>): Promise<string> =>
      JSON.stringify(await client.callTool({ name, arguments: args }));
    expect(await call('everything__get-sum', { a: 2, b: 40 })).toContain('42');
    expect(await call('filesystem__read_text_file', { path: join(dir, 'files', 'hello.txt') })).toContain(
      'hello from a file',
    );
    await call('memory__create_entities', {
      entities: [{ name: `door-${_name}`, entityType: 'thing', observations: ['is local'] }],
    });
    expect(await call('memory__read_graph', {})).toContain(`door-${_name}`);
    expect(await call('filesystem__read_text_file', { path: '/etc/passwd' })).toContain('"isError":true');
    await client.close();
  });

  it('gets prompts and reads resources', async () => {
    const client = await connect();
    const { prompts } = await client.listPrompts();
    const simple = prompts.find((prompt) => prompt.name.includes('simple'));
    expect(simple?.name).toMatch(/^everything__/);
    expect((await client.getPrompt({ name: simple?.name ?? '' })).messages.length).toBeGreaterThan(0);
    const { resources } = await client.listResources();
    expect(resources.length).toBeGreaterThan(1);
    for (const resource of resources.slice(0, 3)) {
      expect((await client.readResource({ uri: resource.uri })).contents.length).toBeGreaterThan(0);
    }
    await client.close();
  });
});

it('sixty-four calls at once over eight clients: every answer belongs to its asker', async () => {
  const clients = await Promise.all(
    Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? connectV2 : connectV1)()),
  );
  const answers = await Promise.all(
    clients.flatMap((client, c) =>
      Array.from({ length: 8 }, async (_, i) => {
        const message = `client ${c} call ${i}`;
        const answer = JSON.stringify(
          await client.callTool({ name: 'everything__echo', arguments: { message } }),
        );
        return answer.includes(`${message}"`);
      }),
    ),
  );
  expect(answers.every(Boolean)).toBe(true);
  await Promise.all(clients.map((client) => client.close()));
});
