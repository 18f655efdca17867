/**
 * From the file to the proof: a client is connected as the command line does it, then started as a client starts what its
 * file says, word for word; the app has seen it then.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientView } from '../../preload/views/clients.ts';
import { cli, nodeEntry, plainEnv, rawServer, startGateway, until, untilReady } from '../host/gateway.ts';

const run = promisify(execFile);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gh-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** The command line in that home. */
async function gatehouse(dataDir: string, ...args: string[]): Promise<string> {
  return (await said(dataDir, ...args)).stdout;
}

async function said(dataDir: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const env = plainEnv({ HOME: home });
  return run(process.execPath, [cli, ...args, '--data-dir', dataDir], { env });
}

async function view(dataDir: string, id: string): Promise<ClientView | undefined> {
  const list = JSON.parse(await gatehouse(dataDir, 'clients', 'list', '--all', '--json')) as ClientView[];
  return list.find((one) => one.id === id);
}

describe.skipIf(process.platform !== 'linux')('connecting Claude Desktop', () => {
  it('its command, as written, lists and calls; only then it counts as connected', async () => {
    const gateway = await startGateway({ servers: { raw: nodeEntry(rawServer) } });
    await untilReady(gateway.base);
    const file = join(home, '.config', 'Claude', 'claude_desktop_config.json');
    const shown = await gatehouse(gateway.dataDir, 'connect', 'claude-desktop', '--yes');
    expect(shown).toContain('+     "gatehouse": {');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(gateway.token);
    expect((await view(gateway.dataDir, 'claude-desktop'))?.state).toBe('waiting');

    const { mcpServers } = JSON.parse(text) as {
      mcpServers: { gatehouse: { command: string; args: string[] } };
    };
    // As bare as clients start their servers.
    const transport = { ...mcpServers.gatehouse, env: { HOME: home, GATEHOUSE_KEYCHAIN: 'off' } };
    for (const client of [
      new ClientV1({ name: 'claude-ai', version: '0.1.0' }),
      new Client({ name: 'claude-ai', version: '0.2.0' }, { versionNegotiation: { mode: 'auto' } }),
    ]) {
      const link = client instanceof ClientV1 ? new StdioV1(transport) : new StdioClientTransport(transport);
      await client.connect(link as never);
      expect((await client.listTools()).tools.map(({ name }) => name)).toContain('raw__pid');
      expect((await client.callTool({ name: 'raw__pid', arguments: {} })).isError).not.toBe(true);
      await client.close();
    }
    await until(async () => {
      const now = await view(gateway.dataDir, 'claude-desktop');
      return now?.state === 'connected' && now.calls?.version === '0.2.0';
    }, 'the client counts as connected');

    const { stderr } = await said(gateway.dataDir, 'disconnect', 'claude-desktop', '--yes');
    expect(stderr).toContain('Claude Desktop: done. Take it back with: gatehouse undo claude-desktop\n');
    expect((await view(gateway.dataDir, 'claude-desktop'))?.state).toBe('not-installed');
    // A home without any client is told as such, and not by silence.
    expect(await said(gateway.dataDir, 'clients', 'list')).toEqual({
      stdout: '',
      stderr: 'No client that Gatehouse knows was found here. --all lists those it knows.\n',
    });
    await gateway.close();
  });
});
