/**
 * One writer at a time on a client's file. The lock is a folder `FILE.lock`, as the proper-lockfile package makes one:
 * clients that use it, such as Claude Code, wait for us, and we for them. One that is older than any write was left
 * behind by a killed process and is broken.
 */
import { mkdir, rmdir, stat } from 'node:fs/promises';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';

const RETRY_MS = 25;
const WAIT_MS = 12_000;
/** As that package has it: a living owner touches its lock more often. */
const STALE_MS = 10_000;

/** Runs `work` while holding the lock. @throws GatehouseError `clients.locked` after twelve seconds */
export async function withFileLock<T>(file: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const held = await acquire(lock, clock);
  try {
    return await work();
  } finally {
    if (held) await rmdir(lock).catch(() => undefined);
  }
}

/** False when something else than a lock has its name: then nobody can lock this way. */
async function acquire(lock: string, clock: Clock): Promise<boolean> {
  const start = clock.now();
  for (;;) {
    try {
      await mkdir(lock);
      return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const found = await stat(lock).catch(() => null);
    if (found !== null && !found.isDirectory()) return false;
    if (found !== null && clock.now() - found.mtimeMs > STALE_MS) await rmdir(lock).catch(() => undefined);
    else if (clock.now() - start >= WAIT_MS) throw locked();
    else await new Promise<void>((resolve) => void clock.after(RETRY_MS, resolve));
  }
}

function locked(): GatehouseError {
  return new GatehouseError({
    code: 'clients.locked',
    message: 'Another program is changing this file.',
    remedy: 'Try again in a moment.',
  });
}
