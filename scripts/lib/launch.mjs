/**
 * Starts the built app, with a window or without, and brings it down again with everything it started.
 *
 * The app runs in a process group of its own and gets a pipe as its standard input. It ends when that pipe closes
 * (`--exit-with-parent`), so it does not outlive this process even when this one is killed with SIGKILL.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { displaySwitches } from './display.mjs';
import { root } from './places.mjs';
import { signalGroup, stopGroup } from './run.mjs';

/** The app itself leaves within 25 s; then it is killed. */
const leaveMs = 28_000;

/** What Chromium says about a bus, a graphics card or a font that is not there; it gets along without. */
const chromiumNoise = /^\[\d+:\d{4}\/\d{6}\.\d+:(ERROR|WARNING|INFO):[\w./]+\(\d+\)\]/;

/**
 * @typedef {object} Launched
 * @property {Promise<number>} ended its exit code
 * @property {(signal: NodeJS.Signals) => Promise<void>} stop forwards the signal and waits; whoever asks
 *   again a second later wants it killed
 */

/**
 * @param {object} options
 * @param {import('./electron-runtime.mjs').ElectronRuntime | null} options.electron null starts it without a window
 * @param {readonly string[]} options.args for the app
 * @param {(event: Record<string, unknown>) => void} options.onEvent called with each JSON line that the app prints
 * @returns {Launched}
 */
export function launch({ electron, args, onEvent }) {
  const { command, first } = electron ? withWindow(electron) : withoutWindow();
  const logLevel = args.some((arg) => arg.startsWith('--log-level')) ? [] : ['--log-level=warn'];
  const child = spawn(command, [...first, ...args, ...logLevel, '--exit-with-parent'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  // It may be gone before the pipe is: nobody reads an end that is not there.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseEvent(line);
    if (event === null) process.stdout.write(`${line}\n`);
    else onEvent(event);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!chromiumNoise.test(line)) process.stderr.write(`${line}\n`);
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      // What is left of its group has lost its head.
      signalGroup(child, 'SIGKILL');
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
  let stopping = 0;
  return {
    ended,
    async stop(signal) {
      if (stopping > 0) {
        // One Ctrl-C arrives twice: from the terminal, and forwarded by npm.
        if (Date.now() - stopping > 1000) await stopGroup(child, 0);
        return;
      }
      stopping = Date.now();
      child.kill(signal);
      const late = new AbortController();
      const timer = pause(leaveMs, undefined, { signal: late.signal }).then(
        () => stopGroup(child, 0),
        () => undefined,
      );
      await Promise.race([ended, timer]);
      late.abort();
    },
  };
}

/** @param {import('./electron-runtime.mjs').ElectronRuntime} electron */
function withWindow(electron) {
  const switches = [...(electron.sandbox === 'root' ? ['--no-sandbox'] : []), ...displaySwitches()];
  return { command: electron.executable, first: [...switches, ...electron.args] };
}

function withoutWindow() {
  return { command: process.execPath, first: [join(root, 'out', 'cli.js'), 'serve'] };
}

/**
 * @param {string} line
 * @returns {Record<string, unknown> | null}
 */
function parseEvent(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null && typeof value.event === 'string' ? value : null;
  } catch {
    return null;
  }
}
