/**
 * The app as the stdio server of a client: the very command that Connect writes into a client's file, started by the
 * official SDK client.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askConnection } from '../../main/commands/local-client.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { electronLaunch } from '../host/electron.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { descendants, isAlive, makeHome, type RunningApp, startApp } from './app.ts';
import { waitFor } from './wait.ts';

const servers = { memory: nodeEntry(npmServer('memory')) };
let desktop: Desktop;

beforeAll(async () => {
  desktop = await startDesktop();
}, 60_000);
afterAll(() => desktop?.close());

interface Bridge {
  readonly client: Client;
  readonly pid: number;
  names(): Promise<readonly string[]>;
}

async function connect(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Bridge> {
  const transport = new StdioClientTransport({ command, args: [...args], env, stderr: 'inherit' });
  const client = new Client({ name: 'Cursor', version: '2.0' });
  await client.connect(transport);
  return {
    client,
    pid: transport.pid ?? 0,
    names: async () => (await client.listTools()).tools.map((tool) => tool.name),
  };
}

/** What Connect has written for Cursor. */
async function connectCursor(running: RunningApp): Promise<{ command: string; args: string[] }> {
  const invoke = (name: string, args: object): Promise<{ ok: boolean; value: unknown }> =>
    running.page.evaluate(
      ([command, given]) =>
        window.gatehouse?.invoke(command as never, given as never) as Promise<{
          ok: boolean;
          value: unknown;
        }>,
      [name, args] as const,
    );
  const change = { action: 'connect', client: 'cursor' };
  const preview = await invoke('clients.preview', change);
  const { hash } = preview.value as { hash: string };
  expect(await invoke('clients.apply', { ...change, hash })).toMatchObject({ ok: true });
  const file = join(running.env.HOME ?? '', '.cursor', 'mcp.json');
  return JSON.parse(readFileSync(file, 'utf8')).mcpServers.gatehouse;
}

async function lastSeen(running: RunningApp): Promise<number | null> {
  const list = await running.page.evaluate(() =>
    window.gatehouse?.invoke('clients.list' as never, { read: true } as never),
  );
  const { value } = list as unknown as { value: { id: string; state: string; lastSeen: number | null }[] };
  return value.find(({ id, state }) => id === 'cursor' && state === 'connected')?.lastSeen ?? null;
}

describe('--stdio', () => {
  it('is what Connect writes; the client is seen, and needs no window, no screen and no GPU process', async () => {
    const running = await startApp(desktop, { servers });
    try {
      const entry = await connectCursor(running);
      expect(entry.args).toContain('--stdio');
      expect(await lastSeen(running)).toBeNull();
      // Clients give a bare environment, and one in a terminal may have no screen.
      const bridge = await connect(entry.command, entry.args, {
        HOME: running.env.HOME ?? '',
        PATH: '/usr/bin:/bin',
      });
      expect(await bridge.names()).toContain('memory__read_graph');
      expect(await bridge.client.callTool({ name: 'memory__read_graph', arguments: {} })).toMatchObject({
        content: [{ type: 'text' }],
      });
      await waitFor('the client to be seen', () => lastSeen(running));
      const below = descendants(bridge.pid).map(({ command }) => command);
      expect(below.filter((command) => /--type=(gpu-process|renderer|utility)/.test(command))).toEqual([]);
      await bridge.client.close();
      await waitFor('the bridge to end', () => (isAlive(bridge.pid) ? null : true));
    } finally {
      await running.close();
    }
  });

  it('starts the app hidden when it does not run, and again when it was killed, in the same session', async () => {
    const home = makeHome(desktop, { servers });
    const { executablePath, args } = electronLaunch();
    const command = [...args, '--stdio', '--client', 'cursor', '--data-dir', home.dataDir];
    const bridge = await connect(executablePath, command, home.env);
    const appPid = async (): Promise<number> => (await askConnection(home.dataDir)).pid;
    try {
      await waitFor('the tools', async () => ((await bridge.names()).length > 0 ? true : null));
      const first = await appPid();
      expect(first).not.toBe(bridge.pid);
      process.kill(first, 'SIGKILL');
      await waitFor('its end', () => (isAlive(first) ? null : true));
      await waitFor('the tools again', async () => ((await bridge.names()).length > 0 ? true : null));
      expect(await appPid()).not.toBe(first);
    } finally {
      await bridge.client.close();
      const last = await appPid();
      process.kill(last, 'SIGTERM');
      await waitFor('the end of the app', () => (isAlive(last) ? null : true), 15_000);
    }
  });

  it('says what is wrong where there is no screen to start the app on', async () => {
    const home = makeHome(desktop, { servers });
    const { executablePath, args } = electronLaunch();
    const transport = new StdioClientTransport({
      command: executablePath,
      args: [...args, '--stdio', '--data-dir', home.dataDir],
      env: { HOME: home.env.HOME ?? '', PATH: '/usr/bin:/bin' },
      stderr: 'pipe',
    });
    let said = '';
    transport.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    await expect(new Client({ name: 't', version: '1' }).connect(transport)).rejects.toThrow();
    expect(said).toContain('there is no screen here to start it on. Start it in your desktop session');
  });
});
