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
import { cli, nodeEntry, plainEnv, rawServer, startGateway, until, untilReady } from '../host/gateway.ts';

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
    const gateway = await startGateway({ servers: { raw: nodeEntry(rawServer) } });
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
    await client.close();
    const { alive } = await import('../host/gateway.ts');
    await until(() => !alive(pid), 'the app that was started for this client ends', 25_000);
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
