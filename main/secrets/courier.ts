/**
 * Starts the helper that carries a token request (see courier-child.ts): under plain Node that is Node itself; the desktop
 * app's executable cannot act as Node, and is started once more with a switch that makes it nothing but this helper.
 */
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { type Errand, type ErrandOutcome, errandProgram } from './courier-child.ts';

/** How a helper is started: its executable and arguments, with nothing secret in them. */
export interface CourierCommand {
  readonly file: string;
  readonly args: readonly string[];
}

/** The switch that makes the desktop's executable the helper. */
export const COURIER_SWITCH = '--carry-token-request';

/** The helper of plain Node; null in the desktop app, which gives its own. */
export function nodeCourier(): CourierCommand | null {
  if (process.versions.electron !== undefined) return null;
  return { file: process.execPath, args: ['-e', errandProgram()] };
}

/**
 * Is the helper, in the desktop's executable, and never returns: while this waits, nothing of Chromium begins, so that it
 * needs no display and opens no window. The errand's own limit ends it.
 */
export function beCourier(exit: () => never): never {
  const done = new Int32Array(new SharedArrayBuffer(4));
  new Worker(errandProgram(), { eval: true, workerData: done });
  Atomics.wait(done, 0, 0);
  return exit();
}

/**
 * Runs the errand in a helper that outlives this process. `holding` is told the helper's number before anything is sent,
 * and what it returns is waited for. Rejects with an Error when there was no answer.
 */
export async function carry(
  { file, args }: CourierCommand,
  errand: Errand,
  holding: (pid: number) => Promise<void>,
): Promise<{ readonly status: number; readonly body: string }> {
  // NODE_OPTIONS belong to the parent alone; nothing secret is in the environment or the arguments.
  const { NODE_OPTIONS: _dropped, ...env } = process.env;
  const child = spawn(file, [...args], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  ended.catch(() => undefined);
  if (child.pid !== undefined) await holding(child.pid);
  child.stdin.end(JSON.stringify(errand));
  await ended;
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') throw new Error('the helper process ended without an answer');
  const outcome = JSON.parse(text) as ErrandOutcome;
  if ('failed' in outcome) throw Object.assign(new Error(outcome.failed), { code: outcome.failed });
  return outcome;
}
