/**
 * One writer at a time among processes (the app and `gatehouse secret set`): a file that exists while somebody writes.
 * A lock whose process died, or that is older than any write takes, is broken.
 */
import { readFileSync } from 'node:fs';
import { readFile, stat, unlink, writeFile } from 'node:fs/promises';
import type { Clock } from '../protocol/clock.ts';
import { busy, codeOf, fileTrouble } from './problems.ts';
import { writeDurably } from './write.ts';

/** Pause between two tries, in milliseconds: while somebody may just be writing, and when something longer goes on. */
const RETRY_MS = 20;
const PATIENT_RETRY_MS = 200;
const SOON_MS = 1_000;
/** How much longer than the longest work to try, in milliseconds. */
const MORE_MS = 2_000;
/** Older than this, a lock is left over: writes take milliseconds. */
const WRITE_MS = 10_000;
/** The same for a lock without a number in it: its owner died between making and filling it. */
const UNSIGNED_STALE_MS = 500;

/** Lets a helper process hold the lock too, in case this one is killed. */
export type ShareLock = (pid: number) => Promise<void>;

/**
 * Runs `work` while holding the lock.
 *
 * @param longestMs how long such work takes at most, in milliseconds; a lock that is older is broken
 * @throws GatehouseError `secrets.busy` two seconds after that, `secrets.file_failed` when no lock can be made
 */
export async function withLock<T>(
  file: string,
  clock: Clock,
  work: (share: ShareLock) => Promise<T>,
  longestMs = WRITE_MS,
): Promise<T> {
  // Waiting is work: the clock's timers let a process end that has nothing else to do, and its secret would not be stored.
  const awake = setInterval(() => undefined, longestMs);
  try {
    await acquire(file, clock, longestMs);
  } finally {
    clearInterval(awake);
  }
  try {
    return await work((pid) => writeDurably(file, `${signed(process.pid)}\n${signed(pid)}`));
  } finally {
    await unlink(file).catch(() => undefined);
  }
}

async function acquire(file: string, clock: Clock, longestMs: number): Promise<void> {
  for (let waited = 0; ; ) {
    try {
      await writeFile(file, signed(process.pid), { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw fileTrouble(file, error);
    }
    if ((await isStale(file, clock, longestMs)) && (await removed(file))) continue;
    if (waited >= longestMs + MORE_MS) throw busy(file);
    const pause = waited < SOON_MS ? RETRY_MS : PATIENT_RETRY_MS;
    await new Promise<void>((resolve) => void clock.after(pause, resolve));
    waited += pause;
  }
}

function removed(file: string): Promise<boolean> {
  return unlink(file).then(
    () => true,
    () => false,
  );
}

/** A process by its number and its birth: numbers are given again, and in containers soon. */
function signed(pid: number): string {
  return `${pid} ${birthOf(pid)}`;
}

/** 0 where it cannot be had; for our own always something that an earlier process of this number had not. */
function birthOf(pid: number): number {
  const stat = statOf(pid);
  if (stat !== null) return Number(stat[19] ?? 0);
  return pid === process.pid ? Math.round(performance.timeOrigin) : 0;
}

/** What Linux says of a process, from its state on (proc(5), `stat`, field 3); null where it says nothing. */
function statOf(pid: number): readonly string[] | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

async function isStale(file: string, clock: Clock, longestMs: number): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    const age = clock.now() - mtimeMs;
    if (age > longestMs) return true;
    const owners = (await readFile(file, 'utf8')).split('\n').map((line) => line.split(' ').map(Number));
    return owners.every(([pid = 0, born]) => {
      if (!Number.isInteger(pid) || pid <= 0) return age > UNSIGNED_STALE_MS;
      if (!isAlive(pid)) return true;
      const now = birthOf(pid);
      return born !== undefined && born !== 0 && now !== 0 && born !== now;
    });
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
  return !isZombie(pid);
}

/** Ended, and only not reaped: in containers often nobody does. */
function isZombie(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state === 'Z' || state === 'X';
}
