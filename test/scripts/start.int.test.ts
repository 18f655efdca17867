/**
 * `npm start` without a screen, as a person or a supervisor meets it: what it says, and that it never leaves the app
 * behind, however it ends.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

const runFile = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

let dir = '';
const started: ChildProcess[] = [];
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-start-'));
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

interface Started {
  readonly child: ChildProcess;
  readonly endpoint: string;
  /** Of the app, not of the script. */
  readonly pid: number;
  text(): string;
}

/** Starts the script in a process group of its own, as a terminal does. */
function begin(dataDir: string, ...args: string[]): { child: ChildProcess; text(): string } {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _w, ...env } = process.env;
  const all = ['scripts/start.mjs', '--listen', '127.0.0.1:0', '--data-dir', join(dir, dataDir), ...args];
  const child = spawn(process.execPath, all, { cwd: root, env, detached: true });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  return { child, text: () => text };
}

async function start(dataDir: string, ...args: string[]): Promise<Started> {
  const { child, text } = begin(dataDir, ...args);
  const match = await vi.waitFor(
    () => {
      const found = /ready at (\S+) \(process (\d+);/.exec(text());
      if (found === null) throw new Error(`not ready: ${text()}`);
      return found;
    },
    { timeout: 25_000, interval: 50 },
  );
  return { child, endpoint: match[1] ?? '', pid: Number(match[2]), text };
}

/** Settles when there is no such process any more. */
async function gone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), { timeout: 10_000 });
}

describe.skipIf(process.platform !== 'linux')('npm start without a display', () => {
  test('says why there is no window, where the gateway is, and how to come in', async () => {
    const { child, endpoint, pid, text } = await start('says');
    expect(text()).toContain('Starting without a window: this terminal has no display.');
    expect((await fetch(new URL('/_healthz', endpoint))).status).toBe(200);

    const command = /\$\((node out\/cli\.js token .*)\)/.exec(text())?.[1] ?? 'false';
    // The endpoint listens before the keychain has given the token.
    const { stdout: token } = await vi.waitFor(() => runFile('sh', ['-c', command], { cwd: root }), 10_000);
    expect(token.trim().length).toBeGreaterThan(20);
    expect(text()).not.toContain(token.trim());

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await gone(pid);
  });

  test('SIGTERM to its own process alone ends the app first, and both well', async () => {
    const { child, pid } = await start('term');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  });

  test('Ctrl-C reaches the whole group and ends both well', async () => {
    const { child, pid } = await start('int');
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await gone(pid);
  });

  test('SIGKILL takes nothing with it, and still leaves no app behind', async () => {
    const { child, pid } = await start('kill');
    child.kill('SIGKILL');
    await gone(pid);
  });

  test('a second start with the same data directory says that it runs already', async () => {
    const first = await start('twice');
    const second = begin('twice');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
    expect(second.text()).toContain('runs already');
    expect((await fetch(new URL('/_healthz', first.endpoint))).status).toBe(200);
  });

  test("a wrong argument is the app's to explain", async () => {
    const { child, text } = begin('wrong', '--no-such-argument');
    const [code] = await once(child, 'exit');
    expect(code).not.toBe(0);
    expect(text()).toContain('--no-such-argument');
  });
});
