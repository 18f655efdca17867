/** Clients with tokens of their own before a real gateway, and what the activity log says of them afterwards. */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import type { ActivityDetail, ActivityRow } from '../../preload/views/activity.ts';
import {
  cli,
  type GatewayProcess,
  nodeEntry,
  npmServer,
  plainEnv,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { bytesOf } from '../host/left-behind.ts';
import { rawClient, rawPost } from '../host/raw-client.ts';

const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
const SECRET = `planted-${'q7Lk2ZxV9'.repeat(3)}`;

let gateway: GatewayProcess;
let notes: string;

const execute = promisify(execFile);
async function gatehouse(...args: string[]): Promise<string> {
  const { stdout } = await execute(process.execPath, [cli, ...args, '--data-dir', gateway.dataDir], {
    env: plainEnv(),
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
const failure = (run: Promise<string>): Promise<string> =>
  run.then(
    (out) => `no failure: ${out}`,
    (error: unknown) => String((error as { stderr?: string }).stderr ?? error),
  );
const add = async (...args: string[]): Promise<string> => (await gatehouse('client', 'add', ...args)).trim();
async function tools(token: string, path = '/mcp'): Promise<string[]> {
  const client = await rawClient(`${gateway.base}${path}`, token);
  const { text } = await client.post(LIST);
  await client.end();
  return (JSON.parse(text) as { result: { tools: { name: string }[] } }).result.tools.map(({ name }) => name);
}
const initialize = (url: string, headers: Record<string, string>) =>
  rawPost(
    url,
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
    headers,
  );
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

beforeAll(async () => {
  gateway = await startGateway();
  notes = join(gateway.dataDir, 'notes');
  mkdirSync(notes);
  writeFileSync(join(notes, 'a.txt'), 'a note');
  gateway.writeConfig({
    mcpServers: {
      files: nodeEntry(npmServer('filesystem'), notes),
      raw: nodeEntry(rawServer),
    },
    profiles: { work: { servers: ['files'], tools: { block: ['files/write_*'] } } },
  });
  await until(async () => {
    const { servers } = (await (await fetch(`${gateway.base}/_readyz`)).json()) as { servers: object };
    return Object.keys(servers).length === 2;
  }, 'both servers are known');
  await untilReady(gateway.base);
}, 60_000);
afterAll(() => gateway?.close());

describe('a client with a token of its own', () => {
  it('comes in with it, by header in any case, bare, or X-Api-Key, and is seen', async () => {
    const token = await add('plain');
    expect(await gatehouse('client', 'list')).toContain(
      'plain: destructive, all servers; does not end; never seen',
    );
    expect((await tools(token)).length).toBeGreaterThan(15);
    for (const headers of [
      bearer(token),
      { authorization: `bearer ${token}` },
      { Authorization: token },
      { 'x-api-key': token },
    ]) {
      expect((await initialize(gateway.url, headers)).status).toBe(200);
    }
    expect(await gatehouse('client', 'list')).toMatch(/plain: .*last seen \d{4}-/);
  });

  it('revoked-token: is out at once, with its open session; the others stay', async () => {
    const token = await add('leaver');
    const stays = await add('stays');
    const client = await rawClient(gateway.url, token);
    const other = await rawClient(gateway.url, stays);
    await gatehouse('client', 'revoke', 'leaver');
    expect((await client.post(LIST)).status).toBe(401);
    expect((await initialize(gateway.url, bearer(token))).status).toBe(401);
    expect((await other.post(LIST)).status).toBe(200);
    const next = (await gatehouse('client', 'rotate', 'leaver')).trim();
    expect((await initialize(gateway.url, bearer(token))).status).toBe(401);
    expect((await initialize(gateway.url, bearer(next))).status).toBe(200);
  });

  it('expired-token: ends by the clock, with everything that is open, a standing stream too', async () => {
    const { token } = await runCommand(gateway.dataDir, 'clientToken.create', {
      ...{ client: 'guest', servers: null, profile: null, permission: 'read' },
      expiresAt: Date.now() + 2_500,
    });
    const client = await rawClient(gateway.url, token);
    expect((await client.post(LIST)).status).toBe(200);
    const stream = await client.listen();
    await stream.ended;
    expect((await client.post(LIST)).status).toBe(401);
    expect((await initialize(gateway.url, bearer(token))).status).toBe(401);
  });

  it('other-servers: sees and reaches only its servers, on every address', async () => {
    const token = await add('narrow', '--servers', 'files');
    const seen = await tools(token);
    expect(seen.length).toBeGreaterThan(5);
    expect(seen.every((name) => name.startsWith('files'))).toBe(true);
    const client = await rawClient(gateway.url, token);
    expect(await client.call(1, 'raw__pid')).toContain('Unknown tool');
    for (const path of ['/raw/mcp', '/servers/raw/mcp', '/p/~plain/mcp', '/p/work/mcp', '/status']) {
      const { status } =
        path === '/status'
          ? await fetch(`${gateway.base}${path}`, { headers: bearer(token) })
          : await initialize(`${gateway.base}${path}`, bearer(token));
      expect([path, status]).toEqual([path, 403]);
    }
    expect((await initialize(`${gateway.base}/files/mcp`, bearer(token))).status).toBe(200);
    // What it may use changes: what it has open ends, and the next session sees more.
    await gatehouse('client', 'change', 'narrow', '--servers', 'files,raw');
    expect((await client.post(LIST)).status).toBe(404);
    expect((await tools(token)).some((name) => name.startsWith('raw'))).toBe(true);
  });

  it('other-profile: is held to its profile', async () => {
    const token = await add('worker', '--profile', 'work');
    const write = JSON.stringify({ path: join(notes, 'c.txt'), content: 'no' });
    for (const [path, prefix] of [
      ['/mcp', 'files__'],
      ['/p/work/mcp', 'files__'],
      ['/files/mcp', ''],
    ] as const) {
      const seen = await tools(token, path);
      expect(seen).toContain(`${prefix}read_text_file`);
      expect(seen.filter((name) => name.includes('write_') || !name.startsWith(prefix))).toEqual([]);
      const client = await rawClient(`${gateway.base}${path}`, token);
      expect(await client.call(1, `${prefix}write_file`, write)).toContain('trust.tool_filtered');
    }
    expect(readdirSync(notes)).not.toContain('c.txt');
    expect((await initialize(`${gateway.base}/raw/mcp`, bearer(token))).status).toBe(403);
    expect(await failure(gatehouse('client', 'add', 'nobody', '--profile', 'none'))).toContain(
      'There is no profile',
    );
    expect(await failure(gatehouse('client', 'add', 'nobody', '--servers', 'none'))).toContain(
      'There is no server',
    );
  });

  it('read-only-client: calls what reads, and nothing that may change or does not say', async () => {
    const token = await add('reader', '--may', 'read');
    const client = await rawClient(gateway.url, token);
    const path = JSON.stringify({ path: join(notes, 'a.txt') });
    expect(await client.call(1, 'files__read_text_file', path)).toContain('a note');
    // What it may not call is not listed to it, and to nobody else is anything missing.
    const seen = await tools(token);
    expect(seen).toContain('files__read_text_file');
    expect(seen).not.toContain('files__write_file');
    expect(seen).not.toContain('raw__pid');
    expect(await tools(token, '/raw/mcp')).toEqual([]);
    expect(await tools(gateway.token)).toEqual(expect.arrayContaining(['files__write_file', 'raw__pid']));
    const write = JSON.stringify({ path: join(notes, 'b.txt'), content: 'no' });
    expect(await client.call(2, 'files__write_file', write)).toContain('identity.not_allowed');
    expect(await client.call(3, 'raw__pid')).toContain('identity.not_allowed');
    expect(readdirSync(notes)).toEqual(['a.txt']);
  });

  it('client-token-as-owner: opens no command of the core, and no token of others', async () => {
    const token = await add('climber');
    for (const path of [
      '/_local/command',
      '/_local/connection',
      '/_local/presence',
      '/admin',
      '/api/v1/status',
    ]) {
      const answer = await rawPost(
        `${gateway.base}${path}`,
        '{"name":"clientToken.list","args":{}}',
        bearer(token),
      );
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it('csrf, foreign-origin, dns-rebinding: a page cannot use it, whatever it sends', async () => {
    const token = await add('page');
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'http://127.0.0.1.evil.example' },
    ]) {
      const answer = await initialize(gateway.url, { ...bearer(token), ...headers });
      expect([headers.Origin, answer.status]).toEqual([headers.Origin, 403]);
    }
    // A form of another page can send text, but no JSON; and no cookie ever lets anybody in.
    const form = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', ...bearer(token) },
      body: LIST,
    });
    expect(form.status).toBe(415);
    const cookie = await initialize(gateway.url, { Cookie: `token=${token}; Authorization=Bearer ${token}` });
    expect(cookie.status).toBe(401);
    const preflight = await fetch(gateway.url, {
      method: 'OPTIONS',
      headers: { 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('token-in-address: counts only where the owner allows it', async () => {
    const token = await add('linker');
    expect((await initialize(`${gateway.url}?key=${token}`, {})).status).toBe(401);
    expect((await initialize(`${gateway.base}/files/${token}/mcp`, {})).status).not.toBe(200);
  });
});

describe('the activity log', () => {
  it('tells of calls, clients, refusals, decisions and servers, without secrets, through every command', async () => {
    const token = await add('logged');
    const client = await rawClient(gateway.url, token);
    await client.call(1, 'raw__received', JSON.stringify({ api_key: SECRET, word: 'marmalade' }));
    await client.call(2, 'raw__refuse');
    await client.end();
    await initialize(gateway.url, bearer('wrong'));
    const rows = async (...args: string[]): Promise<ActivityRow[]> =>
      (await gatehouse('activity', 'list', '--json', '--limit', '500', ...args))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as ActivityRow);
    const mine = await rows('--client', 'logged', '--kind', 'call');
    expect(mine.map(({ tool, outcome, server }) => [server, tool, outcome])).toEqual([
      ['raw', 'refuse', 'error'],
      ['raw', 'received', 'ok'],
    ]);
    expect((await rows('--client', 'logged', '--kind', 'connection')).map((row) => row.action)).toEqual([
      'session.closed',
      'session.opened',
    ]);
    expect((await rows('--text', 'gateway.unauthorized')).length).toBeGreaterThan(0);
    expect(
      (await rows('--kind', 'decision', '--client', 'cli', '--text', 'leaver')).map((row) => row.action),
    ).toEqual(['clientToken.rotate', 'clientToken.revoke', 'clientToken.create']);
    expect((await rows('--kind', 'config')).length).toBeGreaterThan(0);
    expect((await rows('--kind', 'connection', '--server', 'raw')).map((row) => row.action)).toContain(
      'server.ready',
    );
    const [found] = await rows('--text', 'marmalade');
    const shown = JSON.parse(await gatehouse('activity', 'show', String(found?.id))) as ActivityDetail;
    expect(shown).toMatchObject({ client: 'logged', tool: 'received', details: 'kept' });
    expect(shown.request).toBe('{"api_key":"[hidden: by name]","word":"marmalade"}');
    expect(shown.response).toContain('[hidden');

    const file = join(gateway.dataDir, 'out.csv');
    await gatehouse('activity', 'export', '--format', 'csv', '--client', 'logged', '--output', file);
    expect(readFileSync(file, 'utf8').split('\r\n').length).toBeGreaterThan(4);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await failure(gatehouse('activity', 'export', '--output', file))).not.toContain('no failure');
    expect((await gatehouse('activity', 'export')).split('\n').length).toBeGreaterThan(20);
    expect(await gatehouse('activity', 'stats')).toMatch(/all: \d+ calls, \d+ failed, half within \d+ ms/);
    expect(await failure(gatehouse('activity', 'show', '999999999'))).toContain('There is no row');
    expect(await failure(gatehouse('activity', 'list', '--since', 'yesterday'))).toContain('is no time');
  });

  it('planted-secret: neither it nor any token is in any file or in our own log', async () => {
    const token = await add('searched');
    const client = await rawClient(gateway.url, token);
    await client.call(1, 'raw__received', JSON.stringify({ password: SECRET, text: `Bearer ${token}` }));
    await gatehouse('activity', 'list');
    await until(
      async () => (await gatehouse('activity', 'list', '--client', 'searched')).includes('received'),
      'recorded',
    );
    const files = readdirSync(gateway.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    for (const entry of files) {
      const bytes = bytesOf(join(entry.parentPath ?? entry.path, entry.name));
      expect([entry.name, bytes.includes(SECRET), bytes.includes(token)]).toEqual([entry.name, false, false]);
    }
    expect(gateway.log()).not.toContain(SECRET);
    expect(gateway.log()).not.toContain(token);
  });
});
