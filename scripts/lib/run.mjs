/**
 * Runs other programs, each bounded in time and each as a process group of its own, so that nothing it started stays
 * behind. `stopAll()` ends everything that still runs; the scripts call it on Ctrl-C and on the way out.
 */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

const posix = process.platform !== 'win32';

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; the script's own when left out
 * @property {number} [timeoutMs] the program is ended after so many milliseconds
 * @property {AbortSignal} [signal] ends the program
 * @property {'inherit' | 'collect'} [output] where stdout and stderr go; collected when left out
 * @property {(text: string) => void} [onOutput] called with each piece of collected output
 */

/** @typedef {{ code: number, stdout: string, stderr: string, timedOut: boolean }} RunResult */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program to its end. Never rejects for a program that fails: look at `code` (127 when it cannot be started).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const inherit = options.output === 'inherit';
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', inherit ? 'inherit' : 'pipe', inherit ? 'inherit' : 'pipe'],
      detached: posix,
      windowsHide: true,
      // npm and npx are .cmd files there, which only a shell can start.
      shell: !posix && /^(npm|npx)$/.test(command),
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const end = () => void stopGroup(child);
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            end();
          }, options.timeoutMs);
    options.signal?.addEventListener('abort', end, { once: true });
    if (options.signal?.aborted) end();
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      options.onOutput?.(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      stderr += text;
      options.onOutput?.(text);
    });
    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', end);
      running.delete(child);
      resolve({ code, stdout, stderr, timedOut });
    };
    child.once('error', (error) => {
      stderr += String(error);
      finish(127);
    });
    child.once('close', (code, signal) => finish(code ?? (signal ? 128 : 1)));
  });
}

/**
 * Ends a program and everything in its process group: asks first, insists after `graceMs`.
 * @param {import('node:child_process').ChildProcess} child started with `detached` on POSIX
 * @param {number} [graceMs]
 */
export async function stopGroup(child, graceMs = 3000) {
  signalGroup(child, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline && groupAlive(child)) await pause(25);
  signalGroup(child, 'SIGKILL');
}

/** Ends every program that `run` started and that still runs. */
export async function stopAll() {
  await Promise.all([...running].map((child) => stopGroup(child)));
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (posix) process.kill(-child.pid, signal);
    else if (child.exitCode === null) child.kill(signal);
  } catch {
    // ESRCH: the whole group has ended already.
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function groupAlive(child) {
  if (child.pid === undefined) return false;
  try {
    process.kill(posix ? -child.pid : child.pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** How npm is started: by the same npm that started this script where there is one. */
export function npmCommand() {
  const own = process.env.npm_execpath;
  return own?.endsWith('npm-cli.js')
    ? { command: process.execPath, args: [own] }
    : { command: 'npm', args: [] };
}
