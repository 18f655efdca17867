/** What a connection can meet: files that cannot or must not be changed, changes by others, and what clients are said to be. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clients } from '../../main/clients/clients.ts';
import { diffLines } from '../../main/clients/diff.ts';
import type { ClientView } from '../../preload/views/clients.ts';
import { change, fakeTokens, type Home, makeHome } from './home.ts';

// Many small writes, each synced: a busy computer takes its time.
vi.setConfig({ testTimeout: 60_000 });

const CURSOR = '.cursor/mcp.json';
let home: Home;
let clients: Clients;
beforeEach(async () => {
  home = makeHome();
  clients = await home.open();
});
afterEach(async () => {
  await clients.close();
  home.remove();
});

const refusal = (code: string): unknown => expect.objectContaining({ code });
const of = async (id: string): Promise<ClientView | undefined> =>
  (await clients.list(true)).find((one) => one.id === id);
const leftovers = (folder: string): string[] =>
  readdirSync(join(home.dir, folder)).filter((name) => /gatehouse-|\.lock$/.test(name));

describe('refused, and nothing is written', () => {
  it.each([
    ['a parse error', '{ "mcpServers": ', 'clients.syntax'],
    ['no JSON at all', 'hello: world', 'clients.syntax'],
    ['another shape', '[1, 2]', 'clients.unexpected_shape'],
    ['UTF-16', Buffer.from('\ufeff{"mcpServers":{}}', 'utf16le'), 'clients.encoding'],
    ['Latin-1', Buffer.from('{"mcpServers":{"a":"\xe9"}}', 'latin1'), 'clients.encoding'],
    ['zero bytes', Buffer.alloc(64), 'clients.encoding'],
  ])('%s', async (_name, bytes, code) => {
    const file = home.write(CURSOR, bytes);
    const before = readFileSync(file);
    await expect(clients.preview({ action: 'connect', client: 'cursor' })).rejects.toEqual(refusal(code));
    expect(readFileSync(file).equals(before)).toBe(true);
    if (code !== 'clients.unexpected_shape') expect((await of('cursor'))?.problem?.code).toBe(code);
  });

  it('a read-only file, a link to nowhere, a folder, an unknown client', async () => {
    const file = home.write(CURSOR, '{}');
    chmodSync(file, 0o444);
    await expect(change(clients, 'connect', 'cursor')).rejects.toEqual(refusal('clients.read_only'));
    expect(readFileSync(file, 'utf8')).toBe('{}');
    rmSync(file);
    symlinkSync(join(home.dir, 'nowhere.json'), file);
    await expect(change(clients, 'connect', 'cursor')).rejects.toEqual(refusal('clients.dangling_link'));
    expect(readlinkSync(file)).toContain('nowhere');
    rmSync(file);
    mkdirSync(file);
    await expect(change(clients, 'connect', 'cursor')).rejects.toEqual(refusal('clients.no_file'));
    await expect(change(clients, 'connect', 'nobody')).rejects.toEqual(refusal('clients.unknown'));
    expect(leftovers('.cursor')).toEqual([]);
  });

  it('a file that changed since it was shown', async () => {
    const file = home.write(CURSOR, '{}');
    const asked = { action: 'connect', client: 'cursor' } as const;
    const { hash } = await clients.preview(asked);
    writeFileSync(file, '{"mcpServers":{"new":{}}}');
    await expect(clients.apply(asked, hash)).rejects.toEqual(refusal('clients.changed_meanwhile'));
    expect(readFileSync(file, 'utf8')).toBe('{"mcpServers":{"new":{}}}');
    expect((await clients.list(true)).find(({ id }) => id === 'cursor')?.canUndo).toBe(false);
  });
});

describe('written', () => {
  it('with the mode it had, for the owner alone when new, through links', async () => {
    await change(clients, 'connect', 'cursor');
    expect(statSync(join(home.dir, CURSOR)).mode & 0o777).toBe(0o600);
    const real = home.write('dotfiles/claude.json', '{}');
    chmodSync(real, 0o644);
    symlinkSync(real, join(home.dir, '.claude.json'));
    await change(clients, 'connect', 'claude-code');
    expect(statSync(real).mode & 0o777).toBe(0o644);
    expect(readFileSync(real, 'utf8')).toContain('gatehouse');
    expect(readlinkSync(join(home.dir, '.claude.json'))).toBe(real);
    await clients.undo('claude-code');
    expect(readFileSync(real, 'utf8')).toBe('{}');
    expect([...leftovers('.cursor'), ...leftovers('dotfiles')]).toEqual([]);
    for (const folder of readdirSync(join(home.dataDir, 'backups', 'clients', 'claude-code'))) {
      const path = join(home.dataDir, 'backups', 'clients', 'claude-code', folder, 'original');
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
  });

  it('a file of 5 MB, with the rest untouched', async () => {
    const projects = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`/p/${index}`, { history: ['x'.repeat(980)] }]),
    );
    const before = JSON.stringify({ projects, mcpServers: { a: {} } }, null, 2);
    expect(before.length).toBeGreaterThan(5_000_000);
    home.write('.claude.json', before);
    await change(clients, 'connect', 'claude-code');
    await change(clients, 'disconnect', 'claude-code');
    expect(home.read('.claude.json').toString()).toBe(before);
  });

  it('while somebody else holds the lock: after them; a lock left behind is broken', async () => {
    home.write(CURSOR, '{}');
    const lock = join(home.dir, `${CURSOR}.lock`);
    mkdirSync(lock);
    const held = change(clients, 'connect', 'cursor');
    await new Promise((wake) => setImmediate(wake));
    expect(home.read(CURSOR).toString()).toBe('{}');
    rmSync(lock, { recursive: true });
    expect(await held).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });
});

describe('taken back', () => {
  it('only the entry, when others have changed the file since', async () => {
    const file = home.write(CURSOR, '{\n  "mcpServers": {\n    "a": {}\n  }\n}\n');
    await change(clients, 'connect', 'cursor');
    const now = readFileSync(file, 'utf8').replace('"a": {}', '"a": {},\n    "b": { "url": "x" } // new');
    writeFileSync(file, now);
    expect(await clients.undo('cursor')).toEqual({ file, exact: false });
    expect(readFileSync(file, 'utf8')).toBe(
      '{\n  "mcpServers": {\n    "a": {},\n    "b": { "url": "x" } // new\n  }\n}\n',
    );
    await expect(clients.undo('cursor')).rejects.toEqual(refusal('clients.nothing_to_undo'));
  });

  it('an entry that we replaced comes back', async () => {
    const text = '{"mcpServers":{"gatehouse":{"command":"/old/gatehouse","args":["x"],"env":{"A":"1"}}}}';
    home.write(CURSOR, text);
    await change(clients, 'connect', 'cursor');
    expect(JSON.parse(home.read(CURSOR).toString())).toMatchObject({
      mcpServers: { gatehouse: { env: { A: '1' } } },
    });
    home.write(CURSOR, home.read(CURSOR).toString().replace('{"mcpServers"', '{"x":1,"mcpServers"'));
    await clients.undo('cursor');
    expect(JSON.parse(home.read(CURSOR).toString())).toEqual({ x: 1, ...(JSON.parse(text) as object) });
  });

  it('whatever the file and whoever wrote it: connect, disconnect, the same bytes', async () => {
    const bytes = fc
      .tuple(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 2, '\t'),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
      )
      .filter(([map]) => !('__proto__' in map) && !('gatehouse' in map))
      .map(([map, indent, crlf, bom, inside]) => {
        const text = JSON.stringify(inside ? { mcpServers: map } : { ...map, mcpServers: {} }, null, indent);
        return Buffer.from((bom ? '\ufeff' : '') + (crlf ? text.replaceAll('\n', '\r\n') : text));
      });
    await fc.assert(
      fc.asyncProperty(bytes, async (before) => {
        home.write(CURSOR, before);
        await change(clients, 'connect', 'cursor');
        await change(clients, 'disconnect', 'cursor');
        return home.read(CURSOR).equals(before);
      }),
      { numRuns: 20 },
    );
  });
});

describe('how a client stands', () => {
  it('connected only when it was seen, gone when others took the entry out, repaired by connecting', async () => {
    mkdirSync(join(home.dir, '.config/Cursor'), { recursive: true });
    expect(await of('cursor')).toMatchObject({ state: 'not-connected', installed: true });
    await change(clients, 'connect', 'cursor');
    expect(await of('cursor')).toMatchObject({
      state: 'waiting',
      outdated: false,
      lastSeen: null,
      canUndo: true,
    });
    clients.saw('cursor', { name: 'cursor-vscode', version: '1.0' });
    clients.saw('not-a-client', { name: null, version: null });
    expect(await of('cursor')).toMatchObject({ state: 'connected', calls: { name: 'cursor-vscode' } });
    home.write(CURSOR, '{"mcpServers":{}}');
    expect(await of('cursor')).toMatchObject({ state: 'gone' });
    // Without reading, what was true at last is said.
    expect((await clients.list(false)).find(({ id }) => id === 'cursor')?.state).toBe('connected');
    await change(clients, 'connect', 'cursor');
    expect(await of('cursor')).toMatchObject({ state: 'waiting' });
    await change(clients, 'disconnect', 'cursor');
    expect(await of('cursor')).toMatchObject({ state: 'not-connected' });
  });

  it('is remembered by the next start, and an entry of an older installation is outdated', async () => {
    await change(clients, 'connect', 'claude-desktop');
    clients.saw('claude-desktop', { name: 'claude-ai', version: '1' });
    await clients.close();
    clients = await home.open({ launcher: () => ({ command: '/new/place', args: [] }) });
    expect(await of('claude-desktop')).toMatchObject({ state: 'connected', outdated: true });
    await change(clients, 'connect', 'claude-desktop');
    expect(await of('claude-desktop')).toMatchObject({ outdated: false });
  });

  it('goes by the bridge where the address does not last, or where it is wished', async () => {
    expect(await clients.preview({ action: 'connect', client: 'cursor' })).toMatchObject({
      via: 'http',
      holdsToken: true,
    });
    expect(await clients.preview({ action: 'connect', client: 'cursor', via: 'bridge' })).toMatchObject({
      via: 'bridge',
      holdsToken: false,
    });
    await clients.close();
    clients = await home.open({ address: () => Promise.resolve(null) });
    expect(await clients.preview({ action: 'connect', client: 'cursor' })).toMatchObject({
      via: 'bridge',
      holdsToken: false,
      link: null,
    });
  });
});

describe('the token of a client that goes by HTTP', () => {
  const tokenIn = (): string | undefined => /Bearer (\S+?)"/.exec(home.read(CURSOR).toString('utf8'))?.[1];

  it('is its own, made with the connection and not by looking at it', async () => {
    const tokens = fakeTokens();
    await clients.close();
    clients = await home.open({ tokens });
    await clients.preview({ action: 'connect', client: 'cursor' });
    expect(tokens.good.size).toBe(0);
    await change(clients, 'connect', 'cursor');
    expect(tokens.good.get('cursor')).toBe('token-of-cursor');
    expect(tokenIn()).toBe('token-of-cursor');
  });

  it('stays while it is good, and is replaced by Repair when it is not', async () => {
    const tokens = fakeTokens();
    await clients.close();
    clients = await home.open({ tokens });
    await change(clients, 'connect', 'cursor');
    expect(await change(clients, 'connect', 'cursor')).toBe(false);
    expect(await of('cursor')).toMatchObject({ outdated: false });
    await tokens.revoke('cursor');
    expect(await of('cursor')).toMatchObject({ outdated: true });
    expect(await change(clients, 'connect', 'cursor')).toBe(true);
    expect(tokenIn()).toBe('token-2-of-cursor');
    expect(await of('cursor')).toMatchObject({ outdated: false });
  });

  it.each(['disconnect', 'undo'] as const)('is good no more after %s', async (how) => {
    const tokens = fakeTokens();
    await clients.close();
    clients = await home.open({ tokens });
    await change(clients, 'connect', 'cursor');
    if (how === 'undo') await clients.undo('cursor');
    else await change(clients, 'disconnect', 'cursor');
    expect(tokens.good.size).toBe(0);
  });

  it('is no good when the file could not be written', async () => {
    const tokens = fakeTokens();
    await clients.close();
    clients = await home.open({ tokens });
    const asked = { action: 'connect', client: 'cursor' } as const;
    const { hash } = await clients.preview(asked);
    const issue = tokens.issue.bind(tokens);
    // Somebody changes the file between the look and the write.
    tokens.issue = async (client) => {
      home.write(CURSOR, '{ "mcpServers": {"other": {}} }');
      return issue(client);
    };
    await expect(clients.apply(asked, hash)).rejects.toMatchObject({ code: 'clients.changed_meanwhile' });
    expect(tokens.good.size).toBe(0);
  });

  it('is none where none is asked for', async () => {
    await clients.close();
    clients = await home.open({ tokens: { ...fakeTokens(), required: () => Promise.resolve(false) } });
    await change(clients, 'connect', 'cursor');
    expect(home.read(CURSOR).toString('utf8')).not.toContain('Authorization');
  });
});

describe('what is shown', () => {
  it('is the difference, without keys', async () => {
    home.write(
      CURSOR,
      '{\n  "mcpServers": {\n    "a": {\n      "env": { "GITHUB_TOKEN": "ghp_0123456789abcdefghij0123456789" } }\n  }\n}\n',
    );
    const { diff } = await clients.preview({ action: 'connect', client: 'cursor' });
    const text = JSON.stringify(diff);
    expect(text).not.toContain('ghp_');
    expect(text).not.toContain('new-token');
    expect(diff.filter(({ kind }) => kind === 'added')).toHaveLength(6);
    expect(diff.some(({ kind }) => kind === 'removed')).toBe(false);
  });

  it.each([
    ['"Authorization": "Bearer abcdefghijk"', 'abcdefghijk'],
    ["api_key: 'abcdef12345'", 'abcdef12345'],
    ['"args": ["--header", "Authorization: Bearer abcdefghijk"]', 'abcdefghijk'],
  ])('hides the key in %s', (line, key) => {
    expect(JSON.stringify(diffLines('', line))).not.toContain(key);
  });

  it('leaves what is no key', () => {
    for (const line of [
      '"command": "/opt/Gatehouse/gatehouse",',
      '"args": ["-y", "@modelcontextprotocol/server-filesystem"],',
      'url: http://127.0.0.1:4180/mcp',
    ]) {
      expect(diffLines('', line)).toEqual([{ kind: 'added', line: 1, text: line }]);
    }
  });
});
