/** The launcher contract, as scripts rely on it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, nodeEntry, plainEnv, rawServer, startGateway, untilReady } from '../host/gateway.ts';
import { rawClient, rawPost } from '../host/raw-client.ts';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Runs the command to its end. */
function run(
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], { env: plainEnv() });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

describe('gatehouse serve', () => {
  it('writes one ready line at once, and then nothing, to stdout', async () => {
    const began = performance.now();
    const gateway = await startGateway({ servers: { slow: nodeEntry(rawServer, '--late', '5000') } });
    const took = performance.now() - began;
    expect(took).toBeLessThan(4_000);
    expect(gateway.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    expect((await fetch(`${gateway.base}/_healthz`)).status).toBe(200);
    expect((await fetch(`${gateway.base}/_readyz`)).status).toBe(503);
    await gateway.close();
  });

  it.each([
    ['staus', "there is no command 'staus'"],
    ['serve staus', "serve takes no argument 'staus'"],
  ])('"gatehouse %s" starts nothing and says what is wrong', async (words, says) => {
    const { code, err, out } = await run([...words.split(' '), '--data-dir', join(dir, 'none')]);
    expect({ code, out, first: err.split('\n')[0] }).toEqual({ code: 1, out: '', first: `error: ${says}` });
    expect(existsSync(join(dir, 'none'))).toBe(false);
  });

  it('a port in use: exit 2 with one line that names it', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const { code, err, out } = await run([
      'serve',
      '--data-dir',
      join(dir, 'p'),
      '--listen',
      `127.0.0.1:${port}`,
    ]);
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual([expect.stringContaining(String(port))]);
    expect(out).toBe('');
    other.close();
  });

  it.each([
    ['{ "mcpServers": { "a": { "command": 5 } } }', 'command'],
    ['{\n  "mcpServers": {\n    "a": { "comand": "x" }\n  }\n}', 'comand'],
    ['{ "mcpServers": ', ':1:17'],
  ])('a bad configuration %j: exit 4 naming file, line and key', async (text, word) => {
    const file = join(dir, 'bad.json');
    writeFileSync(file, text);
    const { code, err } = await run([
      'serve',
      '--data-dir',
      join(dir, 'q'),
      '--config',
      file,
      '--listen',
      '127.0.0.1:0',
    ]);
    expect(code).toBe(4);
    expect(err).toContain('bad.json');
    expect(err).toContain(word);
    expect(err).toMatch(/line \d+|:\d+/);
  });

  it('a configuration that is not there: exit 4', async () => {
    expect(
      (await run(['serve', '--data-dir', join(dir, 'r'), '--config', join(dir, 'none.json')])).code,
    ).toBe(4);
  });

  it('--no-auth is refused where others could reach it', async () => {
    const { code, err } = await run([
      'serve',
      '--data-dir',
      join(dir, 's'),
      '--listen',
      '0.0.0.0:0',
      '--no-auth',
    ]);
    expect(code).toBe(1);
    expect(err).toContain('--no-auth');
  });

  it('--no-auth on loopback lets everybody of this computer in', async () => {
    const gateway = await startGateway({ servers: {}, auth: 'none' });
    const client = await rawClient(gateway.url, null);
    expect((await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).text).toBe(
      '{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}',
    );
    await gateway.close();
  });

  it('a second one on the same data directory: exit 3, and the first goes on', async () => {
    const gateway = await startGateway({ servers: {} });
    expect((await run(['serve', '--data-dir', gateway.dataDir, '--listen', '127.0.0.1:0'])).code).toBe(3);
    expect((await fetch(`${gateway.base}/_healthz`)).status).toBe(200);
    await gateway.close();
  });

  it('asks for a token of its own by default, which its user can print; after a restart it is the same', async () => {
    const first = await startGateway({ servers: { raw: nodeEntry(rawServer) }, auth: 'default' });
    expect((await rawPost(first.url, '{}')).status).toBe(401);
    const token = (await run(['token', '--data-dir', first.dataDir])).out.trim();
    expect(token.length).toBeGreaterThan(30);
    await untilReady(first.base);
    await rawClient(first.url, token);
    const connect = (await run(['connect', '--data-dir', first.dataDir, '--format', 'json'])).out;
    expect(JSON.parse(connect)).toMatchObject({ mcpServers: { gatehouse: { url: first.url } } });
    expect(first.log()).not.toContain(token);
    await first.stop();
    const second = await startGateway({ dataDir: first.dataDir, auth: 'default' });
    await rawClient(second.url, token);
    await second.close();
    rmSync(first.dataDir, { recursive: true, force: true });
  });

  it('unknown options and commands say so and exit 1', async () => {
    expect((await run(['serve', '--no-such'])).code).toBe(1);
    expect((await run(['no-such-command'])).code).toBe(1);
    expect((await run(['--version'])).out).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('without a running app, token says so', async () => {
    const { code, err } = await run(['token', '--data-dir', join(dir, 'nobody')]);
    expect(code).toBe(1);
    expect(err).toContain('No Gatehouse runs');
  });
});
