/** Servers of all dialects become entries of our configuration: merged, fit, quarantined, their keys moved. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServers } from '../../main/clients/found.ts';
import { bringIn, findImportable } from '../../main/clients/import.ts';
import { parseConfig } from '../../main/config/read.ts';
import { TBXARK } from '../config/dialects/pages.ts';
import { FILES_BY_CLIENT } from './files.ts';
import { type Home, makeHome } from './home.ts';

const json = (mcpServers: object): string => JSON.stringify({ mcpServers });
let home: Home;
let config: string;
beforeEach(() => {
  home = makeHome();
  config = home.write(
    'config.json',
    '{\n  // mine\n  "mcpServers": {\n    "mine": { "command": "x" }\n  }\n}\n',
  );
});
afterEach(() => home.remove());

/** What the file of a client gives, without what every entry has. */
async function broughtFrom(path: string, text: string): Promise<readonly object[]> {
  home.write(path, text);
  const { servers } = await findImportable(home.system, { sources: [] }, config);
  return servers.map(({ name, enabled, entry }) => {
    const { quarantined, ...rest } = entry;
    expect(quarantined).toBe(true);
    return { name, ...(enabled ? {} : { enabled }), ...rest };
  });
}

describe('the file of a client', () => {
  const files = ['-y', '@modelcontextprotocol/server-filesystem', '/home/ada/notes'];

  it.each<[client: string, path: string, expected: readonly object[]]>([
    [
      'cursor',
      '.cursor/mcp.json',
      [
        { name: 'files', command: 'npx', args: files },
        { name: 'docs', url: 'https://docs.example.com/mcp' },
      ],
    ],
    [
      'windsurf',
      '.codeium/windsurf/mcp_config.json',
      [{ name: 'docs', url: 'https://docs.example.com/mcp', tools: { block: ['write'] } }],
    ],
    ['zed', '.config/zed/settings.json', [{ name: 'files', command: 'npx', args: ['-y', 'x'] }]],
    ['codex', '.codex/config.toml', [{ name: 'files', command: 'npx', args: files, env: { DEBUG: '*' } }]],
    [
      'gemini-cli',
      '.gemini/settings.json',
      [{ name: 'docs', url: 'https://docs.example.com/mcp', type: 'http' }],
    ],
    ['opencode', '.config/opencode/opencode.json', [{ name: 'files', command: 'npx', args: ['-y', 'x'] }]],
    [
      'goose',
      '.config/goose/config.yaml',
      [{ name: 'files', enabled: false, command: 'npx', args: files.slice(0, 2) }],
    ],
    ['continue', '.continue/config.yaml', [{ name: 'Files', command: 'npx', args: ['-y', 'x'] }]],
    ['copilot-cli', '.copilot/mcp-config.json', [{ name: 'files', command: 'npx', args: files }]],
    [
      'claude-code',
      '.claude.json',
      [
        {
          name: 'docs',
          url: 'https://docs.example.com/mcp',
          type: 'http',
          headers: { 'X-Api-Key': 'example-of-a-key' },
        },
      ],
    ],
  ])('%s', async (client, path, expected) => {
    expect(await broughtFrom(path, FILES_BY_CLIENT[client] ?? '')).toEqual(expected);
  });

  it('is read in its own words: times, filters, variables, headers', async () => {
    home.write(
      '.cursor/mcp.json',
      json({ a: { command: 'x', args: ['${env:HERE}', '${workspaceFolder}'] } }),
    );
    home.write(
      '.continue/config.yaml',
      'mcpServers:\n  - name: c\n    type: sse\n    url: https://c.example/sse\n    requestOptions: { headers: { K: v } }\n',
    );
    home.write('.gemini/settings.json', json({ g: { command: 'g', timeout: 5000, includeTools: ['one'] } }));
    const { servers, reports } = await findImportable(home.system, { sources: [] }, config);
    const entries = Object.fromEntries(servers.map(({ name, entry }) => [name, entry]));
    expect(entries.a).toMatchObject({ args: ['${env:HERE}', '.'] });
    expect(entries.c).toMatchObject({ type: 'sse', headers: { K: 'v' } });
    expect(entries.g).toMatchObject({ callTimeoutMs: 5_000, tools: { allow: ['one'] } });
    const said = reports.flatMap(({ lines }) => lines.map(({ key, kind }) => `${kind} ${key}`));
    expect(said).toContain('changed mcpServers.a.args[1]');
  });
});

describe('a named source', () => {
  it('is read in its own words and reported key by key; what cannot be read is an error', async () => {
    const file = home.write('tbxark.json', TBXARK);
    const { servers, reports } = await findImportable(home.system, { sources: [file] }, config);
    expect(servers.map(({ name, entry }) => [name, entry.tools])).toEqual([
      ['github', { block: ['create_or_update_file'] }],
      ['fetch', undefined],
      ['amap', undefined],
    ]);
    const [report] = reports;
    expect(report?.file).toBe(file);
    expect(report?.lines.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['understood', 'dropped']));
    expect(report?.lines.find(({ key }) => key === 'mcpServers.amap.url')?.line).toBeGreaterThan(1);
    await expect(
      findImportable(home.system, { sources: [join(home.dir, 'gone.json')] }, config),
    ).rejects.toMatchObject({ code: 'config.not_found' });
  });
});

it('merges what is the same, gives each a name of its own, and leaves us out', () => {
  const same = { command: 'npx', args: ['-y', 'a'] };
  const found = findServers(
    [
      {
        source: 'cursor',
        file: '/cursor',
        servers: [
          { name: 'a', entry: { ...same, enabled: false } },
          { name: 'gatehouse', entry: { command: 'g' } },
          { name: 'My-Server', entry: { url: 'https://x/mcp' } },
        ],
      },
      {
        source: 'goose',
        file: '/goose',
        servers: [
          { name: 'b', entry: same },
          { name: 'a', entry: { command: 'other' } },
        ],
      },
      { source: 'continue', file: '/continue', servers: [{ name: 'x', entry: { url: 'https://x/mcp/' } }] },
    ],
    ['A'],
  );
  expect(found.map(({ name, enabled, from }) => [name, enabled, from.length])).toEqual([
    ['a-2', true, 2],
    ['My-Server', true, 2],
    ['a-3', true, 1],
  ]);
});

it('brings all in, quarantined, with keys in the keychain; a second time nothing is new', async () => {
  for (const [path, client] of [
    ['.cursor/mcp.json', 'cursor'],
    ['.config/zed/settings.json', 'zed'],
    ['.codex/config.toml', 'codex'],
    ['.config/goose/config.yaml', 'goose'],
    ['.continue/config.yaml', 'continue'],
    ['.factory/mcp.json', 'factory'],
  ] as const) {
    home.write(path, FILES_BY_CLIENT[client] ?? '');
  }
  home.write('.kimi/mcp.json', '{ broken');
  const other = home.write(
    'mcp_server.json',
    JSON.stringify({ mcpServers: { ours: { type: 'http', url: 'https://o/mcp', bearerToken: 'abc123' } } }),
  );
  const first = await findImportable(home.system, { sources: [other] }, config);
  expect(first.problems.map(({ source }) => source)).toEqual(['kimi']);
  const secrets = new Map<string, string>();
  await bringIn(config, first.servers, {
    taken: ['docs-x-api-key'],
    set: async (name, value) => void secrets.set(name, value),
  });
  const text = readFileSync(config, 'utf8');
  expect(text).toContain('// mine');
  expect(text).not.toContain('abc123');
  expect(secrets.get('ours-authorization')).toBe('abc123');
  // A secret of this name was there before, and stays what it is.
  expect(secrets.get('docs-x-api-key')).toBeUndefined();
  expect(secrets.get('docs-x-api-key-2')).toBe('example-of-a-key');
  const { servers } = parseConfig(text, config);
  expect(servers.find(({ name }) => name === 'mine')?.quarantined).toBe(false);
  expect(servers.filter(({ name }) => name !== 'mine').every(({ quarantined }) => quarantined)).toBe(true);
  expect(servers.find(({ name }) => name === 'docs')?.transport).toMatchObject({
    url: 'https://docs.example.com/mcp',
  });
  expect(servers.length).toBe(first.servers.length + 1);
  expect((await findImportable(home.system, { sources: [other] }, config)).servers).toEqual([]);
  expect(join(home.dir, 'config.json')).toBe(config);
});

it('also into a configuration that has a list', async () => {
  home.write('config.json', '{ "mcpServers": [{ "name": "mine", "command": "x" }] }');
  home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"y"}}}');
  const { servers } = await findImportable(home.system, { sources: [] }, config);
  await bringIn(config, servers, null);
  expect(parseConfig(readFileSync(config, 'utf8'), config).servers.map(({ name }) => name)).toEqual([
    'mine',
    'a',
  ]);
});
