/** The app as a stdio server, used by the official SDK clients of both lines. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askConnection } from '../../main/commands/local-client.ts';
import {
  alive,
  autoEntry,
  cli,
  nodeEntry,
  plainEnv,
  rawServer,
  root,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const server = (dataDir: string): { command: string; args: string[]; env: Record<string, string> } => ({
  command: process.execPath,
  args: [cli, 'stdio', '--data-dir', dataDir],
  env: plainEnv(),
});

describe('gatehouse stdio', () => {
  it('serves the running app: lists, calls, and hears of changes', async () => {
    const gateway = await startGateway({ servers: { raw: autoEntry(rawServer) } });
    await untilReady(gateway.base);
    const client = new Client({ name: 't', version: '1' });
    let changes = 0;
    client.setNotificationHandler('notifications/tools/list_changed', () => {
      changes++;
    });
    await client.connect(new StdioClientTransport(server(gateway.dataDir)));
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('raw__pid');
    await client.callTool({ name: 'raw__grow', arguments: {} });
    await until(() => changes > 0, 'list_changed over stdio');
    await client.close();
    await gateway.close();
  });

  it('serves stateless clients: found out by asking, several calls at once, changes, cancelled calls', async () => {
    const gateway = await startGateway({ servers: { raw: autoEntry(rawServer) } });
    await untilReady(gateway.base);
    let changes = 0;
    const client = new Client(
      { name: 't', version: '1' },
      {
        versionNegotiation: { mode: 'auto' },
        listChanged: {
          tools: {
            autoRefresh: false,
            onChanged: () => {
              changes++;
            },
          },
        },
      },
    );
    await client.connect(new StdioClientTransport(server(gateway.dataDir)));
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    expect(client.getServerVersion()?.name).toBe('gatehouse');
    const names = (await client.listTools()).tools.map((tool) => tool.name);
    expect(names).toContain('raw__pid');
    const steps: number[] = [];
    const slow = client.callTool(
      { name: 'raw__slow', arguments: { ms: 300 } },
      { onprogress: ({ progress }) => steps.push(progress) },
    );
    const stop = new AbortController();
    const never = client.callTool(
      { name: 'raw__slow', arguments: { ms: 600_000 } },
      { signal: stop.signal, onprogress: () => stop.abort() },
    );
    await expect(never).rejects.toThrow();
    await client.callTool({ name: 'raw__pid', arguments: {} });
    expect(JSON.stringify(await slow)).toContain('slow done');
    expect(steps.length).toBeGreaterThan(1);
    await until(async () => {
      const { content } = await client.callTool({ name: 'raw__cancelled', arguments: {} });
      return (content[0] as { text: string }).text !== '[]';
    }, 'the server hears of the cancelled call');
    await client.callTool({ name: 'raw__grow', arguments: {} });
    await until(() => changes > 0, 'told of the change');
    await client.close();
    await gateway.close();
  });

  it('lets servers with sessions ask stateless clients', async () => {
    const legacy = join(root, 'test', 'servers', 'parity-legacy.mjs');
    const gateway = await startGateway({ servers: { old: nodeEntry(legacy) } });
    await untilReady(gateway.base);
    const client = new Client(
      { name: 't', version: '1' },
      { versionNegotiation: { mode: 'auto' }, capabilities: { elicitation: { form: {} }, roots: {} } },
    );
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { color: 'red' } }));
    client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///mine' }] }));
    await client.connect(new StdioClientTransport(server(gateway.dataDir)));
    expect(client.getNegotiatedProtocolVersion()).toBe('2026-07-28');
    const call = async (name: string): Promise<string> => {
      const { content } = await client.callTool({ name, arguments: {} });
      return (content[0] as { text: string }).text;
    };
    expect(JSON.parse(await call('old__ask_elicitation'))).toMatchObject({ content: { color: 'red' } });
    expect(JSON.parse(await call('old__ask_roots'))).toMatchObject({ roots: [{ uri: 'file:///mine' }] });
    await client.close();
    await gateway.close();
  });

  it('outlives the app: what ran at its end fails, what comes then starts it again, in the same session', async () => {
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: { raw: nodeEntry(rawServer) } }));
    const first = await startGateway({ dataDir: dir });
    await untilReady(first.base);
    const clients = [
      new Client({ name: 'old', version: '1' }),
      new Client({ name: 'new', version: '1' }, { versionNegotiation: { mode: 'auto' } }),
    ];
    for (const client of clients) await client.connect(new StdioClientTransport(server(dir)));
    const pid = (client: Client): Promise<string> =>
      client
        .callTool({ name: 'raw__pid', arguments: {} })
        .then(({ content }) => (content[0] as { text: string }).text);
    const before = await Promise.all(clients.map(pid));
    const hanging = clients.map((client) =>
      client.callTool({ name: 'raw__slow', arguments: { ms: 600_000 } }),
    );
    const failed = Promise.allSettled(hanging);
    await first.stop('SIGKILL');
    expect((await failed).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    // Both bridges start one; the private socket lets only one be.
    const after = await Promise.all(clients.map(pid));
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(after[0]);
    const app = (await askConnection(dir)).pid;
    expect(app).not.toBe(first.pid);
    for (const client of clients) await client.close();
    await until(() => !alive(app), 'the app that was started for these clients ends', 25_000);
  });

  it('fails calls while no app can be started, and goes on when there is one again', async () => {
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: { raw: nodeEntry(rawServer) } }));
    const first = await startGateway({ dataDir: dir });
    const client = new Client({ name: 't', version: '1' });
    await client.connect(new StdioClientTransport(server(dir)));
    await first.stop('SIGKILL');
    writeFileSync(join(dir, 'config.json'), '{ "mcpServers": ');
    await expect(client.listTools()).rejects.toThrow(
      /could not be started in the background \(exit code 4\)/,
    );
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: { raw: nodeEntry(rawServer) } }));
    const second = await startGateway({ dataDir: dir });
    await untilReady(second.base);
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('raw__pid');
    await client.close();
    await second.close();
  });

  it('starts the app on the config.json of its data directory when none runs, and the app ends after its clients', async () => {
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ mcpServers: { raw: nodeEntry(rawServer) } }));
    const client = new ClientV1({ name: 't', version: '1' });
    await client.connect(new StdioV1(server(dir)));
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain('raw__pid');
    const result = (await client.callTool({ name: 'raw__pid', arguments: {} })) as {
      content: { text: string }[];
    };
    const pid = Number(result.content[0]?.text);
    expect(pid).toBeGreaterThan(1);
    const app = (await askConnection(dir)).pid;
    await client.close();
    // The server goes first; the app still writes in its directory until it is gone itself.
    await until(() => !alive(pid) && !alive(app), 'the app that was started for this client ends', 25_000);
  });

  it('writes nothing but JSON-RPC to stdout, whatever comes in', async () => {
    const gateway = await startGateway({ servers: { raw: nodeEntry(rawServer) } });
    await untilReady(gateway.base);
    const { command, args, env } = server(gateway.dataDir);
    const child = spawn(command, args, { env });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    const lines = [
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      'this is no JSON',
      '',
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"raw__slow","arguments":{"ms":50},"_meta":{"progressToken":"p"}}}',
      '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"raw__strange","arguments":{}}}',
    ];
    child.stdin.write(`${lines.join('\n')}\n`);
    await until(() => out.includes('slow done') && out.includes('hologram'), 'answers');
    child.stdin.end();
    await new Promise((resolve) => child.on('close', resolve));
    for (const line of out.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    expect(out).toContain('12345678901234567890');
    expect(out).toContain('"progressToken":"p"');
    await gateway.close();
  });
});
