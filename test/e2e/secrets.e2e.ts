/**
 * Where secrets go: into the real Secret Service when there is one, otherwise into an encrypted file, and the app says
 * which. Looked at from outside, never through the app's own eyes.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, root } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { connectClient, tokenFromClipboard } from './client.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
const run = promisify(execFile);

beforeAll(async () => {
  desktop = await startDesktop();
}, 60_000);

afterAll(() => desktop?.close());

/** Everything that the keyring holds, as another program of the same user sees it. */
async function keyring(): Promise<{ label: string; secret: string }[]> {
  const program = join(import.meta.dirname, 'secret-service.mjs');
  const { stdout } = await run(process.execPath, [program], { env: desktop.env, cwd: root });
  return JSON.parse(stdout) as { label: string; secret: string }[];
}

async function secretsOf(
  running: RunningApp,
): Promise<{ store: string; description: string; problem: unknown }> {
  return waitFor('the state of the secrets', async () => {
    const answer = (await running.page.evaluate(() => window.gatehouse?.invoke('snapshot.get', {}))) as {
      value: { secrets: { store: string; description: string; problem: unknown } };
    };
    const { secrets } = answer.value;
    return secrets.description === '' ? null : secrets;
  });
}

/** Every file of the data dir that holds `text`. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => contentOf(file).includes(text));
}

/** Empty where it has just been put in the place of another one: then that one's name is listed too. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

describe('secrets', () => {
  it('go into the keychain when there is one, and into no file', async () => {
    const running = await startApp(desktop);
    try {
      const token = await tokenFromClipboard(running);
      await expect(secretsOf(running)).resolves.toMatchObject({ store: 'keychain', problem: null });
      const entries = await keyring();
      expect(entries.filter((entry) => entry.secret === token)).toHaveLength(1);
      expect(entries.find((entry) => entry.secret === token)?.label).toContain('Gatehouse');
      expect(filesWith(running.folder, token)).toEqual([]);
    } finally {
      await running.close();
    }
  });

  it('go into an encrypted file without a session bus, and the app says so', async () => {
    const running = await startApp(desktop, {
      env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(desktop.env.TMPDIR ?? '/tmp', 'no-bus')}` },
    });
    try {
      const token = await tokenFromClipboard(running);
      const secrets = await secretsOf(running);
      expect(secrets.store).toMatch(/^(key-file|safe-storage)$/);
      expect(secrets.description).toMatch(/file/);
      expect(secrets.problem).toMatchObject({ code: expect.stringMatching(/^secrets\./) });
      expect((await keyring()).filter((entry) => entry.secret === token)).toEqual([]);
      expect(filesWith(running.folder, token)).toEqual([]);
      const { endpoint } = await running.ready();
      const client = await connectClient(endpoint, token);
      await client.close();
    } finally {
      await running.close();
    }
  });

  it('are in no file, dump or log after calls, and after a crash of the app', async () => {
    const planted = {
      keyring: 'several plain words for a key',
      environment: 'correct-horse-battery-staple',
      argument: 'swordfish and chips',
      inText: `ghp_${'a1B2c3D4e5'.repeat(4)}`,
    };
    const leaky = {
      ...nodeEntry(join(root, 'test/servers/leaky.mjs')),
      env: { API_KEY: '${keyring:in-env}', FROM_OUTSIDE: '${env:OUTER_PASSWORD}' },
      trust: 'auto',
    };
    const running = await startApp(desktop, {
      servers: { leaky },
      env: { OUTER_PASSWORD: planted.environment },
      args: ['--log-level', 'debug'],
    });
    try {
      const token = await tokenFromClipboard(running);
      const set = { name: 'in-env', value: planted.keyring, replace: false };
      expect(await askCommand(running.dataDir, 'secret.set', set)).toMatchObject({ ok: true });
      await waitFor('the server runs', async () => {
        const answer = await askCommand(running.dataDir, 'snapshot.get', {});
        return answer.ok && answer.value.servers[0]?.state === 'ready' ? true : null;
      });
      const client = await connectClient((await running.ready()).endpoint, token);
      const args = { password: planted.argument, note: `use ${planted.inText} please` };
      for (const tool of ['echo', 'tell', 'fail'])
        await client.call(`leaky__${tool}`, args).catch(() => null);
      await waitFor('the calls are recorded', async () => {
        const query = { filter: { kind: 'call' as const, server: 'leaky' }, limit: 10 };
        const answer = await askCommand(running.dataDir, 'activity.detailed', query);
        return answer.ok && answer.value.length === 3 ? true : null;
      });
      const left = (): string[] =>
        [...Object.values(planted), token].flatMap((secret) => filesWith(running.folder, secret));
      expect(left()).toEqual([]);
      await client.close();
      await running.app.evaluate(() => process.crash()).catch(() => undefined);
      expect(await running.exited()).toMatch(/^SIG/);
      expect(filesWith(running.folder, 'leaky').length).toBeGreaterThan(1);
      expect(left()).toEqual([]);
      expect(running.out()).not.toContain(planted.environment);
    } finally {
      await running.close();
    }
  });
});
