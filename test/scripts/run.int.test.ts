/**
 * The scripts end what they start: whole process groups, in bounded time, and what tests left behind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withLock } from '../../scripts/lib/lock.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { openSandbox } from '../../scripts/lib/sandbox.mjs';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-scripts-'));
  vi.stubEnv('XDG_CACHE_HOME', dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A program that starts another one, notes its process id and never ends by itself. */
const stubborn = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  require('node:fs').writeFileSync(process.argv[1], String(child.pid));
  process.on('SIGTERM', () => {});
  console.log('up');
  setInterval(() => {}, 1000);`;

function alive(pid: number): boolean {
  try {
    // A zombie still answers to signals.
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe.skipIf(process.platform === 'win32')('run', () => {
  test('ends the whole group of a program that does not listen', async () => {
    const note = join(dir, 'pid');
    const stop = new AbortController();
    const result = await run(process.execPath, ['-e', stubborn, note], {
      signal: stop.signal,
      onOutput: () => stop.abort(),
    });
    expect(result.code).not.toBe(0);
    const grandchild = Number(readFileSync(note, 'utf8'));
    expect(grandchild).toBeGreaterThan(1);
    await vi.waitFor(() => expect(alive(grandchild)).toBe(false));
  });
  test('says when the time is over, and when there is no such program', async () => {
    const late = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 });
    expect(late).toMatchObject({ timedOut: true });
    const none = await run('/no/such/program', []);
    expect(none).toMatchObject({ code: 127, timedOut: false });
  });
});

describe('withLock', () => {
  test('lets one in after the other', async () => {
    const steps: string[] = [];
    const job = (name: string) => async (): Promise<void> => {
      steps.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${name} out`);
    };
    await withLock('x', job('first'));
    await withLock('x', job('second'));
    expect(steps).toEqual(['first in', 'first out', 'second in', 'second out']);
    expect(existsSync(join(dir, 'gatehouse', 'x.lock'))).toBe(false);
  });
  test('waits for another process, and takes over when that one dies', async () => {
    const program = `
      import('${new URL('../../scripts/lib/lock.mjs', import.meta.url)}').then(({ withLock }) =>
        withLock('x', () => new Promise(() => { console.log('held'); setInterval(() => {}, 1000); })));`;
    const holder = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    let entered = false;
    const waiting = withLock('x', async () => {
      entered = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(entered).toBe(false);
    holder.kill('SIGKILL');
    await waiting;
    expect(entered).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux')('the sandbox of the tests', () => {
  test('has a home of its own and nothing of the desktop', async () => {
    vi.stubEnv('DISPLAY', ':0');
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/run/user/0/bus');
    const sandbox = openSandbox();
    expect(sandbox.env).not.toHaveProperty('DISPLAY');
    expect(sandbox.env).not.toHaveProperty('DBUS_SESSION_BUS_ADDRESS');
    expect(sandbox.env.HOME).toContain(String(sandbox.env.TMPDIR));
    writeFileSync(join(String(sandbox.env.TMPDIR), 'left'), '');
    await sandbox.close();
    expect(existsSync(String(sandbox.env.TMPDIR))).toBe(false);
  });
  test('finds, names and ends what was left behind, in whatever group it is', async () => {
    const sandbox = openSandbox();
    const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], {
      env: sandbox.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const gone = once(child, 'exit');
    const left = await sandbox.endLeftovers();
    expect(left).toHaveLength(1);
    expect(left[0]).toContain(`(${child.pid})`);
    await gone;
    expect(await sandbox.endLeftovers()).toEqual([]);
    await sandbox.close();
  });
});
