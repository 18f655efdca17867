/** A client that is connected by address: its own token opens the endpoint, is known after a restart, and ends with the connection. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { autoEntry, rawServer, startGateway, until } from '../host/gateway.ts';

let home: string;
let dataDir: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gh-'));
  dataDir = join(home, 'data');
  mkdirSync(dataDir);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

interface Written {
  readonly url: string;
  readonly headers: { readonly Authorization: string };
}

async function call({ url, headers }: Written): Promise<string[]> {
  const client = new Client({ name: 'Cursor', version: '2.1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { ...headers } } }),
  );
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}

it('opens the endpoint to this client alone, across a restart, until it is disconnected', async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  const start = () =>
    startGateway({
      dataDir,
      config: { listen, mcpServers: { raw: autoEntry(rawServer) } },
      auth: 'default',
      args: ['--listen', listen],
      env: { HOME: home },
    });
  const change = async (action: 'connect' | 'disconnect'): Promise<void> => {
    const { hash } = await runCommand(dataDir, 'clients.preview', { action, client: 'cursor', via: 'http' });
    await runCommand(dataDir, 'clients.apply', { action, client: 'cursor', via: 'http', hash });
  };
  const cursor = async () =>
    (await runCommand(dataDir, 'clients.list', { read: true })).find(({ id }) => id === 'cursor');

  let gateway = await start();
  await change('connect');
  const written = JSON.parse(readFileSync(join(home, '.cursor', 'mcp.json'), 'utf8')).mcpServers
    .gatehouse as Written;
  expect(await cursor()).toMatchObject({ state: 'waiting', lastSeen: null });
  await until(async () => (await call(written)).includes('raw__pid'), 'the tools');
  await until(async () => (await cursor())?.state === 'connected', 'the client to be seen');
  expect(await cursor()).toMatchObject({ calls: { name: 'Cursor', version: '2.1' } });

  // Who was seen is written a moment later, in a file of its own.
  await gateway.close();
  gateway = await start();
  expect(await cursor()).toMatchObject({ state: 'connected', outdated: false });
  await until(async () => (await call(written)).includes('raw__pid'), 'the tools again');
  expect(await runCommand(dataDir, 'clientToken.list', {})).toMatchObject([
    { name: 'cursor', revokedAt: null },
  ]);

  await change('disconnect');
  await expect(call(written)).rejects.toThrow(/401|[Uu]nauthorized/);
  await gateway.close();
});
