/**
 * A lock between processes, so that `npm start` and `npm test` in the same checkout do not install or build over each
 * other. A lock whose owner has died is taken over.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sharedCache } from './places.mjs';
import { say, Trouble } from './say.mjs';

const patienceMs = 15 * 60_000;

/**
 * Runs `work` while no other process holds the lock of that name.
 * @template T
 * @param {string} name file-name safe
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const file = join(sharedCache(), `${name}.lock`);
  const mine = `${file}.${process.pid}`;
  const deadline = Date.now() + patienceMs;
  let told = false;
  writeFileSync(mine, String(process.pid));
  try {
    while (!tryLink(mine, file)) {
      const owner = ownerOf(file);
      if (owner !== null && !alive(owner)) {
        rmSync(file, { force: true });
        continue;
      }
      if (Date.now() > deadline)
        throw new Trouble(`Process ${owner} still holds ${file}. End it and try again.`);
      if (!told) say(`waiting for process ${owner}, which prepares the same thing`);
      told = true;
      await pause(100);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * A hard link is made whole or not at all, so the lock file always names its owner.
 * @param {string} from
 * @param {string} to
 */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
