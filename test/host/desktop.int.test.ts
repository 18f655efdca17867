/**
 * The desktop that tests run on is real: programs outside of this process meet on its bus, keep secrets in its keyring
 * and draw on its display, and two desktops know nothing of each other.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { bundle } from '../fakes/bundle.ts';
import { startDesktop } from './desktop.ts';

const runFile = promisify(execFile);

/** Runs a line of JavaScript with keytar in a process of its own on that desktop. */
async function keytar(env: Record<string, string>, line: string): Promise<string> {
  const script = `const keytar = require('keytar'); ${line}.then((value) => process.stdout.write(String(value)));`;
  const { stdout } = await runFile(process.execPath, ['-e', script], { env, timeout: 10_000 });
  return stdout;
}

/** The processes whose environment names that folder. */
function livingIn(dir: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dir);
    } catch {
      return false;
    }
  });
}

test.skipIf(process.platform !== 'linux')(
  'desktops are real, apart from each other, and leave nothing',
  async () => {
    const [one, two] = await Promise.all([startDesktop(), startDesktop()]);
    try {
      expect(one.env.DISPLAY).not.toBe(two.env.DISPLAY);

      await keytar(one.env, `keytar.setPassword('Gatehouse', 'probe', 'only here')`);
      expect(await keytar(one.env, `keytar.getPassword('Gatehouse', 'probe')`)).toBe('only here');
      expect(await keytar(two.env, `keytar.getPassword('Gatehouse', 'probe')`)).toBe('null');
    } finally {
      await Promise.all([one.close(), two.close(), one.close()]);
    }
    expect(livingIn(one.env.HOME ?? '?')).toEqual([]);
    expect(existsSync(one.env.HOME ?? '?')).toBe(false);
  },
);

test.skipIf(process.platform !== 'linux')(
  'a desktop ends with the process that holds it, even by SIGKILL',
  async () => {
    const program = await bundle(resolve(import.meta.dirname, 'desktop.fixture.ts'));
    const holder = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(holder.stdout.setEncoding('utf8'), 'data')) as [string];
    const home = (JSON.parse(line) as { HOME: string }).HOME;
    // The three servers; the holder's own environment names no such folder.
    expect(livingIn(home)).toHaveLength(3);
    holder.kill('SIGKILL');
    await vi.waitFor(() => expect(livingIn(home)).toEqual([]), { timeout: 5000 });
    rmSync(resolve(home, '..'), { recursive: true, force: true });
  },
);
