/**
 * Servers that others have written, from npm and, where `uvx` is, from PyPI: each lists through Gatehouse exactly what it
 * lists by itself, and is called. Those that drive a browser are listed only: there may be none here.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OWN_CAPABILITIES } from '../../main/upstreams/speech.ts';
import {
  type GatewayProcess,
  nodeEntry,
  npmServer,
  readiness,
  root,
  startGateway,
  untilReady,
} from '../host/gateway.ts';

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'gh-real-')));
writeFileSync(join(dir, 'note.txt'), 'kept in the house');

interface Entry {
  readonly command: string;
  readonly args: string[];
  readonly env?: Record<string, string>;
}

const modules = (...path: string[]): string => join(root, 'node_modules', ...path);
const quiet = { CHROME_DEVTOOLS_MCP_NO_USAGE_STATISTICS: '1', CI: '1' };
const servers: Readonly<Record<string, Entry>> = {
  everything: nodeEntry(npmServer('everything')),
  filesystem: nodeEntry(npmServer('filesystem'), dir),
  memory: { ...nodeEntry(npmServer('memory')), env: { MEMORY_FILE_PATH: join(dir, 'memory.jsonl') } },
  thinking: nodeEntry(npmServer('sequential-thinking')),
  devtools: {
    ...nodeEntry(
      modules('chrome-devtools-mcp', 'build', 'src', 'bin', 'chrome-devtools-mcp.js'),
      '--headless',
    ),
    env: quiet,
  },
  playwright: { ...nodeEntry(modules('@playwright', 'mcp', 'cli.js'), '--headless'), env: quiet },
};

function hasUvx(): boolean {
  try {
    execFileSync('uvx', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let gateway: GatewayProcess;
const clients: Client[] = [];

async function through(path: string): Promise<Client> {
  const client = new Client({ name: 'real', version: '1' });
  const requestInit = { headers: { Authorization: `Bearer ${gateway.token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.base}${path}`), { requestInit }));
  clients.push(client);
  return client;
}

async function direct({ command, args, env }: Entry): Promise<Client> {
  // Some list by what their client can do; Gatehouse says what its clients can do together.
  const client = new Client({ name: 'real', version: '1' }, { capabilities: OWN_CAPABILITIES });
  const vars = { PATH: process.env.PATH ?? '', HOME: tmpdir(), ...env };
  await client.connect(new StdioClientTransport({ command, args, env: vars, stderr: 'ignore' }));
  clients.push(client);
  return client;
}

beforeAll(async () => {
  gateway = await startGateway({ servers });
  await untilReady(gateway.base);
}, 60_000);
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await gateway?.close();
  rmSync(dir, { recursive: true, force: true });
}, 40_000);

describe('servers from npm', () => {
  it('are all ready', async () => {
    const report = await readiness(gateway.base);
    expect(
      Object.fromEntries(Object.entries(report.servers).map(([name, { state }]) => [name, state])),
    ).toEqual(Object.fromEntries(Object.keys(servers).map((name) => [name, 'ready'])));
  });

  it.each(Object.entries(servers))(
    '%s lists through its own route what it lists by itself',
    async (name, entry) => {
      const [ours, own] = await Promise.all([through(`/servers/${name}/mcp`), direct(entry)]);
      const [{ tools }, expected] = await Promise.all([ours.listTools(), own.listTools()]);
      expect(tools.length).toBeGreaterThan(0);
      expect(tools).toEqual(expected.tools);
      expect(ours.getServerVersion()).toEqual(own.getServerVersion());
    },
  );

  it.each([
    ['everything__echo', { message: 'hello' }, 'hello'],
    ['filesystem__read_text_file', { path: join(dir, 'note.txt') }, 'kept in the house'],
    [
      'memory__create_entities',
      { entities: [{ name: 'Ada', entityType: 'person', observations: ['x'] }] },
      'Ada',
    ],
    [
      'thinking__sequentialthinking',
      { thought: 'one', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
      '"thoughtNumber": 1',
    ],
  ])('%s is called among all others', async (name, args, says) => {
    const client = await through('/mcp');
    const result = await client.callTool({ name, arguments: args });
    expect(result.isError ?? false).toBe(false);
    expect(JSON.stringify(result.content).replaceAll('\\"', '"')).toContain(says);
  });
});

describe('servers from PyPI', () => {
  beforeEach(({ skip }) => skip(!hasUvx(), '"uvx" is not installed'));

  it('mcp-server-time: listed and called', async () => {
    const time = { command: 'uvx', args: ['mcp-server-time', '--local-timezone', 'UTC'] };
    gateway.writeConfig({ mcpServers: { ...servers, time } });
    await expect
      .poll(async () => (await readiness(gateway.base)).servers.time?.state, { timeout: 120_000 })
      .toBe('ready');
    const client = await through('/servers/time/mcp');
    const result = await client.callTool({ name: 'get_current_time', arguments: { timezone: 'UTC' } });
    expect(JSON.stringify(result.content)).toContain('UTC');
  }, 150_000);
});
