/** Servers of all dialects become entries of our configuration: merged, fit, quarantined, their keys moved. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findServers, readFound } from '../../main/clients/found.ts';
import { findImportable, importServers } from '../../main/clients/import.ts';
import { parseConfig } from '../../main/config/read.ts';
import { FILES_BY_CLIENT } from './files.ts';
import { type Home, makeHome } from './home.ts';

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

describe('one entry', () => {
  it.each([
    [
      'Claude',
      { command: 'npx', args: ['-y', 'a'], env: { A: '1' } },
      { command: 'npx', args: ['-y', 'a'], env: { A: '1' } },
    ],
    [
      'VS Code',
      { type: 'http', url: 'https://a/mcp', headers: { K: 'v' } },
      { url: 'https://a/mcp', type: 'http', headers: { K: 'v' } },
    ],
    ['Cursor', { url: 'https://a/mcp' }, { url: 'https://a/mcp' }],
    ['Windsurf', { serverUrl: 'https://a/mcp' }, { url: 'https://a/mcp' }],
    ['Gemini', { httpUrl: 'https://a/mcp' }, { url: 'https://a/mcp', type: 'http' }],
    ['Cline', { type: 'streamableHttp', url: 'https://a' }, { url: 'https://a', type: 'http' }],
    [
      'OpenCode, local',
      { type: 'local', command: ['npx', '-y', 'a'], environment: { A: '1' } },
      { command: 'npx', args: ['-y', 'a'], env: { A: '1' } },
    ],
    ['OpenCode, remote', { type: 'remote', url: 'https://a' }, { url: 'https://a' }],
    [
      'Goose',
      { type: 'stdio', cmd: 'uvx', args: ['a'], envs: { A: '1' } },
      { command: 'uvx', args: ['a'], env: { A: '1' } },
    ],
    ['Goose, remote', { type: 'streamable_http', uri: 'https://a' }, { url: 'https://a', type: 'http' }],
    ['Codex', { url: 'https://a', http_headers: { K: 'v' } }, { url: 'https://a', headers: { K: 'v' } }],
    [
      'Continue',
      { name: 'a', type: 'sse', url: 'https://a', requestOptions: { headers: { K: 'v' } } },
      { url: 'https://a', type: 'sse', headers: { K: 'v' } },
    ],
    ['TBXark', { url: 'https://a', transportType: 'streamable-http' }, { url: 'https://a', type: 'http' }],
    ['mcpproxy', { name: 'a', protocol: 'http', url: 'https://a' }, { url: 'https://a', type: 'http' }],
    [
      'ptbsare',
      { type: 'http', url: 'https://a', bearerToken: 't' },
      { url: 'https://a', type: 'http', headers: { Authorization: 'Bearer t' } },
    ],
  ])('of %s', (_name, raw, entry) => expect(readFound(raw)).toEqual(entry));

  it('of another program stands for itself where it has references that are not ours', () => {
    const raw = {
      command: 'npx',
      args: [['$', '{workspaceFolder}'].join('')],
      env: { A: ['$', '{env:B}'].join('') },
    };
    expect(readFound(raw)).toEqual({ ...raw, args: [['$', '${workspaceFolder}'].join('')] });
  });

  it.each([{ type: 'builtin', name: 'developer' }, { url: 'file:///x' }, { command: 1 }, 'x', null])(
    'is none: %j',
    (raw) => {
      expect(readFound(raw)).toBeNull();
    },
  );
});

it('merges what is the same, gives each a name of its own, and leaves us out', () => {
  const same = { command: 'npx', args: ['-y', 'a'] };
  const found = findServers(
    [
      {
        source: 'cursor',
        servers: {
          a: { ...same, disabled: true },
          gatehouse: { command: 'g' },
          'My Server!': { url: 'https://x/mcp' },
        },
      },
      { source: 'goose', servers: { b: same, a: { command: 'other' } } },
      { source: 'continue', servers: [{ name: 'x', url: 'https://x/mcp/' }] },
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
  const first = await findImportable(home.system, [other], config);
  expect(first.problems.map(({ source }) => source)).toEqual(['kimi']);
  const secrets = new Map<string, string>();
  await importServers(config, first.servers, {
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
  expect((await findImportable(home.system, [other], config)).servers).toEqual([]);
  expect(join(home.dir, 'config.json')).toBe(config);
});

it('also into a configuration that has a list', async () => {
  home.write('config.json', '{ "mcpServers": [{ "name": "mine", "command": "x" }] }');
  home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"y"}}}');
  const { servers } = await findImportable(home.system, [], config);
  await importServers(config, servers, null);
  expect(parseConfig(readFileSync(config, 'utf8'), config).servers.map(({ name }) => name)).toEqual([
    'mine',
    'a',
  ]);
});
