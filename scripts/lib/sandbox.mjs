/**
 * Where tests run: with a home and a temporary folder of their own, and without the developer's display, bus and
 * keychain. All that they start carries the folder's name in its environment or arguments, so what they leave behind
 * is found, ended and reported.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const desktopVariables =
  /^(DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|DBUS_SESSION_BUS_ADDRESS|XDG_.*|GATEHOUSE_.*|ELECTRON_.*)$/;
/** What a stopped program may take to go. */
const graceMs = 5000;

/**
 * @typedef {object} Sandbox
 * @property {NodeJS.ProcessEnv} env the whole environment for the tests
 * @property {() => Promise<string[]>} endLeftovers waits a little for what still runs, ends the rest and names it
 * @property {() => Promise<void>} close ends what still runs and removes the folder
 */

/** @returns {Sandbox} */
export function openSandbox() {
  // A short name: sockets live below it, and their paths may have 107 characters.
  const dir = mkdtempSync(join(realpathSync(tmpdir()), 'gh-'));
  const linux = process.platform === 'linux';
  const own = {
    TMPDIR: dir,
    CI: 'true',
    ...(linux ? { HOME: join(dir, 'home') } : {}),
  };
  if (linux) mkdirSync(own.HOME ?? dir);
  const kept = Object.entries(process.env).filter(([name]) => !linux || !desktopVariables.test(name));
  const endLeftovers = async () => {
    const deadline = Date.now() + graceMs;
    let left = processesOf(dir);
    while (left.length > 0 && Date.now() < deadline) {
      await pause(100);
      left = processesOf(dir);
    }
    for (const { pid } of left) kill(pid);
    return left.map(({ pid, command }) => `${command.slice(0, 120)} (${pid})`);
  };
  return {
    env: { ...Object.fromEntries(kept), ...own },
    endLeftovers,
    async close() {
      for (const { pid } of processesOf(dir)) kill(pid);
      rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/**
 * The processes that belong to a sandbox. Only Linux tells.
 * @param {string} dir
 * @returns {Array<{ pid: number, command: string }>}
 */
function processesOf(dir) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const ours = command.includes(dir) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dir);
      // A process without a command line has ended and waits for its parent.
      return ours && command !== '' ? [{ pid, command }] : [];
    } catch {
      return [];
    }
  });
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went by itself.
  }
}
