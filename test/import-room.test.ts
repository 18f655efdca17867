/** Bringing servers in through the app: what was shown is what is written, keys leave the files, originals are named. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ImportDeps } from '../main/api/import.ts';
import { openImportRoom } from '../main/import-room.ts';
import { type Home, makeHome } from './clients/home.ts';

const KEY = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const entry = { command: 'npx', args: ['-y', 'github-mcp'], env: { GITHUB_TOKEN: KEY } };

let home: Home;
let configFile: string;
let secrets: Map<string, string>;
let room: ImportDeps;
beforeEach(() => {
  home = makeHome();
  mkdirSync(home.dataDir);
  configFile = join(home.dataDir, 'config.json');
  writeFileSync(configFile, '{ "mcpServers": {} }\n');
  secrets = new Map();
  room = openImportRoom({
    system: home.system,
    configFile,
    secrets: async () => ({
      list: async () => [...secrets.keys()],
      set: async (name, value) => void secrets.set(name, value),
    }),
  });
});
afterEach(() => home.remove());

const config = (): { mcpServers: Record<string, Record<string, unknown>> } =>
  JSON.parse(readFileSync(configFile, 'utf8'));

it('shows each server once, without its arguments and keys, and which files could not be read', async () => {
  home.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { github: entry } }));
  home.write('.gemini/settings.json', JSON.stringify({ mcpServers: { gh: { ...entry, env: {} } } }));
  home.write('.kiro/settings/mcp.json', '{ "mcpServers": ');
  const found = await room['import.find']({ files: [] });
  expect(found.servers).toMatchObject([
    {
      name: 'github',
      kind: 'program',
      what: 'npx',
      keys: ['GITHUB_TOKEN'],
      from: [
        { source: 'cursor', label: 'Cursor', name: 'github' },
        { source: 'gemini-cli', label: 'Gemini CLI', name: 'gh' },
      ],
    },
  ]);
  expect(found.problems).toMatchObject([{ label: 'Kiro', problem: { code: 'config.syntax' } }]);
  expect(JSON.stringify(found)).not.toContain(KEY);
});

it('writes what was chosen, held for approval, its key in the secrets, and names what can go', async () => {
  const file = home.write(
    '.cursor/mcp.json',
    JSON.stringify({ mcpServers: { github: entry, more: { url: 'https://x.dev/mcp' } } }),
  );
  const { servers } = await room['import.find']({ files: [] });
  const chosen = servers
    .filter(({ name }) => name === 'github')
    .map(({ name, digest }) => ({ name, digest }));
  const done = await room['import.apply']({ files: [], servers: chosen, keepKeys: false });
  expect(done).toEqual({
    imported: 1,
    replaceable: [{ client: 'cursor', label: 'Cursor', file, names: ['github'] }],
  });
  expect(Object.keys(config().mcpServers)).toEqual(['github']);
  expect(config().mcpServers.github).toMatchObject({ command: 'npx', quarantined: true });
  expect(readFileSync(configFile, 'utf8')).not.toContain(KEY);
  expect([...secrets.values()]).toEqual([KEY]);
});

it('refuses a server that is another than was shown, and writes nothing', async () => {
  home.write('.cursor/mcp.json', JSON.stringify({ mcpServers: { github: entry } }));
  const { servers } = await room['import.find']({ files: [] });
  const chosen = servers.map(({ name, digest }) => ({ name, digest }));
  home.write(
    '.cursor/mcp.json',
    JSON.stringify({ mcpServers: { github: { ...entry, args: ['-y', 'evil'] } } }),
  );
  await expect(room['import.apply']({ files: [], servers: chosen, keepKeys: false })).rejects.toMatchObject({
    code: 'clients.changed_meanwhile',
  });
  expect([config().mcpServers, secrets.size]).toEqual([{}, 0]);
});

it('replaces the originals by the one entry of Gatehouse when asked, and gives them back with undo', async () => {
  const before = JSON.stringify(
    { mcpServers: { github: entry, 'My Notes!': entry, mine: { command: 'mine' } } },
    null,
    2,
  );
  home.write('.cursor/mcp.json', before);
  const clients = await home.open();
  try {
    const asked = {
      action: 'connect',
      client: 'cursor',
      without: ['github', 'My-Notes', 'gone', 'gatehouse'],
    } as const;
    const { hash, diff } = await clients.preview(asked);
    expect(JSON.stringify(diff)).not.toContain(KEY);
    expect(await clients.apply(asked, hash)).toBe(true);
    const now = JSON.parse(home.read('.cursor/mcp.json').toString());
    expect(Object.keys(now.mcpServers).sort()).toEqual(['gatehouse', 'mine']);
    // The token that stands there is the client's, and not the placeholder of the preview.
    expect(now.mcpServers.gatehouse.headers).toEqual({ Authorization: 'Bearer token-of-cursor' });
    expect(await clients.undo('cursor')).toMatchObject({ exact: true });
    expect(home.read('.cursor/mcp.json').toString()).toBe(before);
  } finally {
    await clients.close();
  }
  expect(existsSync(join(home.dir, '.cursor'))).toBe(true);
});
