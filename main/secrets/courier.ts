/**
 * Starts the helper that carries a token request (see courier-child.ts), where this process is plain Node; the desktop
 * app's executable cannot run as one, and asks itself. Ends with the answer.
 */
import { spawn } from 'node:child_process';
import { type Errand, type ErrandOutcome, errandProgram } from './courier-child.ts';

/** True where a helper can be started. */
export function canCarry(): boolean {
  return process.versions.electron === undefined;
}

/**
 * Runs the errand in a helper that outlives this process. `holding` is told the helper's number before anything is sent,
 * and what it returns is waited for. Rejects with an Error when there was no answer.
 */
export async function carry(
  errand: Errand,
  holding: (pid: number) => Promise<void>,
): Promise<{ readonly status: number; readonly body: string }> {
  // NODE_OPTIONS belong to the parent alone; nothing secret is in the environment or the arguments.
  const { NODE_OPTIONS: _dropped, ...env } = process.env;
  const child = spawn(process.execPath, ['-e', errandProgram()], {
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
  if ('failed' in outcome) throw new TypeError(outcome.failed);
  return outcome;
}
