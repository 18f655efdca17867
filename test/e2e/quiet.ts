/**
 * The built app without Playwright, which keeps every page awake and so hides what a hidden window costs: started as a
 * desktop does, asked through a small probe in its main process (`probe.cjs`), measured from outside, in `/proc`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Desktop } from '../host/desktop.ts';
import { type AppSettings, type Home, makeHome, type Ready, readyLine } from './app.ts';
import { waitFor } from './wait.ts';

/** A running app. */
export interface QuietApp extends Home {
  readonly ready: Ready;
  /** Runs code in the main process, with `electron` at hand; gives what it returns. */
  ask<T>(code: string): Promise<T>;
  /** The page at that file, once it is loaded: whether it is awake, and its process. */
  page(file: string): Promise<{ readonly visible: boolean; readonly pid: number }>;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** Starts the app hidden, and waits until it is ready. */
export async function startQuiet(desktop: Desktop, settings: AppSettings): Promise<QuietApp> {
  const home = makeHome(desktop, settings);
  const socket = join(home.folder, 'probe');
  const env = {
    ...home.env,
    GATEHOUSE_PROBE: socket,
    NODE_OPTIONS: `--require ${join(import.meta.dirname, 'probe.cjs')}`,
  };
  const child = spawn(home.executable, [...home.args, '--hidden'], { env, stdio: 'ignore' });
  const ask = async <T>(code: string): Promise<T> => {
    const answer = JSON.parse(await post(socket, code)) as { value: T; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  };
  const close = async (): Promise<void> => {
    await end(child);
    rmSync(home.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  try {
    const ready = await waitFor('the ready line', () => readyLine(home.out()), 30_000);
    return {
      ...{ ...home, ready, ask, close },
      page: (file) =>
        waitFor(`the page ${file}`, () =>
          ask<{ visible: boolean; pid: number } | null>(`
            const page = electron.webContents.getAllWebContents().find((one) => one.getURL().includes('/${file}'));
            if (page === undefined || page.isLoading()) return null;
            const state = await page.executeJavaScript('document.visibilityState');
            return { visible: state === 'visible', pid: page.getOSProcessId() };`),
        ),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Milliseconds of processor time that a process has used, of all its threads. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  // After the name: the 12th and the 13th field, in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  // A bound on how long its end is waited for.
  await Promise.race([once(child, 'exit'), new Promise((resolve) => setTimeout(resolve, 8_000).unref())]);
  child.kill('SIGKILL');
}

function post(socketPath: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: 'POST', path: '/' }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => {
        text += part.toString();
      });
      response.on('end', () => resolve(text));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
