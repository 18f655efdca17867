/**
 * Token requests are carried by a helper process, and by this process itself where no helper can be had; never twice, and
 * what comes back is stored before it is used.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../main/protocol/clock.ts';
import { DIRECT } from '../../main/protocol/exchange.ts';
import { type CourierCommand, nodeCourier } from '../../main/secrets/courier.ts';
import { openSecrets } from '../../main/secrets/secrets.ts';
import { type CourierRequest, createVault, type Vault } from '../../main/secrets/vault.ts';

/** A helper that hangs is given up sooner than it is. */
const hasty: Clock = {
  now: systemClock.now,
  after: (ms, run) => systemClock.after(ms === 15_000 ? 1_000 : ms, run),
};

describe('the helper that carries token requests', () => {
  let dir: string;
  let server: Server;
  let asked: string[];
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'ghq-'));
    asked = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        asked.push(body);
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"access_token":"né w"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true, force: true });
  });

  const vaultWith = (courier: CourierCommand, clock = systemClock): Vault => {
    const secrets = openSecrets({
      ...{ dataDir: dir, defaultDataDir: dir, safeStorage: null, clock: systemClock, keychain: 'off' },
    });
    return createVault({ directory: join(dir, 'v'), clock, secrets: () => secrets, courier });
  };
  const request = (): CourierRequest => ({
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/token`),
    headers: new Headers({ 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...{ body: 'grant_type=refresh_token&refresh_token=old', limitMs: 5_000, way: DIRECT },
  });
  const script = (text: string): CourierCommand => ({ file: process.execPath, args: ['-e', text] });
  const { file, args } = nodeCourier() ?? { file: '', args: [] };

  it.each<[string, CourierCommand]>([
    ['the helper itself', { file, args }],
    ['no such program', { file: join(tmpdir(), 'no-such-program'), args: [] }],
    ['a helper that ends at once', script('process.exit(3)')],
    ['a helper that ends with a word of its own', script('console.log("hello")')],
    ...(process.platform === 'win32'
      ? []
      : ([
          [
            'a helper without an input',
            { file: '/bin/sh', args: ['-c', 'exec "$@" <&-', 'sh', file, ...args] },
          ],
          [
            'a helper without an output',
            { file: '/bin/sh', args: ['-c', 'exec "$@" >&-', 'sh', file, ...args] },
          ],
        ] satisfies [string, CourierCommand][])),
  ])('asks once, and keeps the answer before it is used: %s', async (_what, command) => {
    const vault = vaultWith(command);
    await vault.exclusive('mail', async (courier) => {
      const response = await courier.post('of the old token', request());
      expect([response.status, await response.text()]).toEqual([200, '{"access_token":"né w"}']);
      expect(asked).toEqual([request().body]);
      const kept = await courier.kept('of the old token');
      expect(await kept?.text()).toBe('{"access_token":"né w"}');
      expect(await courier.kept('of another')).toBeNull();
    });
    // The next process finds it, too.
    await vaultWith(command).exclusive('mail', async (courier) => {
      expect((await courier.kept('of the old token'))?.status).toBe(200);
      await courier.settle();
      expect(await courier.kept('of the old token')).toBeNull();
    });
  });

  it('a helper that hangs is ended, and not waited for again', async () => {
    const started = join(dir, 'started');
    const text = `require('node:fs').appendFileSync(${JSON.stringify(started)}, 'x'); setInterval(() => 0, 1e6)`;
    const vault = vaultWith(script(text), hasty);
    for (let i = 0; i < 2; i++) {
      const response = await vault.exclusive('mail', (courier) => courier.post(`${i}`, request()));
      expect(response.status).toBe(200);
    }
    expect(asked).toHaveLength(2);
    expect(readFileSync(started, 'utf8')).toBe('x');
  });

  it('one that had its errand and died is not followed by a second request: the first may have been made', async () => {
    const vault = vaultWith(script('console.log("taken"); require("node:fs").readFileSync(0)'));
    await expect(vault.exclusive('mail', (courier) => courier.post('x', request()))).rejects.toThrow(
      TypeError,
    );
    expect(asked).toEqual([]);
  });
});
