/**
 * One app per data directory, from before its first file is opened until its last one is closed: a socket that only says
 * "taken" and dies with its process, however that ends. What a killed app left behind is cleared away such that of
 * several that start at once exactly one goes on. `close` lets go.
 */
import { chmodSync, linkSync, lstatSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { claimPath, privateSocket } from './local-door.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';

/** Milliseconds that a running app has to answer on a socket of its own. */
const PROBE_MS = 1_000;
/** How long an app that neither answers yet nor any more is waited for: ending may take 19 s. Milliseconds. */
const WAIT_MS = 22_000;
const POLL_MS = 50;

/** A data directory that is ours. */
export interface Claim {
  /** False when, against all odds, another one has it by now. */
  held(): boolean;
  /** Idempotent. */
  close(): Promise<void>;
}

/** True when somebody listens on the socket or pipe at `path`. */
export function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const finish = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(PROBE_MS, () => finish(true));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/** Rejects with `app.already_running`: an app serves this data directory. */
export function alreadyRunning(dataDir: string): GatehouseError {
  return new GatehouseError({
    code: 'app.already_running',
    message: 'Gatehouse runs already with the data directory {path}.',
    remedy: 'Use the running one, end it, or choose another --data-dir.',
    values: { path: dataDir },
  });
}

/**
 * Makes the folder of this user's private sockets, which keeps other users out: some systems ignore the mode of a socket.
 * @throws GatehouseError `app.foreign_folder` when it belongs to somebody else
 */
export function privateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid())) {
    throw new GatehouseError({
      code: 'app.foreign_folder',
      message: 'The folder {path} belongs to another user.',
      remedy: 'Remove it, or choose another --data-dir.',
      values: { path: folder },
    });
  }
  chmodSync(folder, 0o700);
}

/**
 * Makes the data directory, for its owner alone. One that was made before with more rights, by hand or for a volume, would
 * let others put approvals, servers and sockets of theirs in the place of ours: these rights go. False when that cannot be
 * done, since it is another user's or the file system knows no rights.
 */
export function privateDataDir(dataDir: string): boolean {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return true;
  const rights = (): number => statSync(dataDir).mode & 0o077;
  if (rights() === 0) return true;
  try {
    chmodSync(dataDir, 0o700);
  } catch {
    return false;
  }
  return rights() === 0;
}

/**
 * Takes the data directory. Waits for an app that is ending, and for one that is starting until `serves` says that it
 * does. Rejects with `app.already_running`.
 */
export async function claimDataDir(
  dataDir: string,
  clock: Clock,
  serves: () => Promise<boolean>,
  waitMs = WAIT_MS,
): Promise<Claim> {
  const path = claimPath(privateSocket(dataDir));
  const take = process.platform === 'win32' ? takePipe : takeSocket;
  if (process.platform !== 'win32') privateFolder(dirname(path));
  const deadline = clock.now() + waitMs;
  for (;;) {
    if (await serves()) throw alreadyRunning(dataDir);
    const claim = await take(path);
    if (claim !== null) return claim;
    if (clock.now() >= deadline) throw alreadyRunning(dataDir);
    // A timer of the clock would let the process end, which does nothing else yet.
    await new Promise<void>((resolve) => void setTimeout(resolve, POLL_MS));
  }
}

/** A pipe's name belongs to one process at a time, and goes with it. */
async function takePipe(path: string): Promise<Claim | null> {
  const server = await listenOn(path);
  return server === null
    ? null
    : claimOf(
        server,
        () => true,
        () => undefined,
      );
}

/**
 * A socket stays in the file system when its process is killed. Each one listens under a name of its own first; the link
 * to the common name is made by one only.
 */
async function takeSocket(path: string): Promise<Claim | null> {
  const own = join(dirname(path), `c${process.pid}-${Math.random().toString(36).slice(2, 8)}`);
  const server = await listenOn(own);
  if (server === null) return null;
  const mark = markOf(own);
  const taken = linked(own, path) || (await takeOver(own, path));
  if (!taken) {
    await closed(server);
    return null;
  }
  rmSync(own, { force: true });
  const held = (): boolean => markOf(path) === mark;
  return claimOf(server, held, () => {
    if (held()) rmSync(path, { force: true });
  });
}

/** In place of one that nobody listens on. Only who holds the broom, another link to a living socket, sweeps. */
async function takeOver(own: string, path: string): Promise<boolean> {
  const broom = `${path}x`;
  if (!linked(own, broom) && !((await sweepBroom(broom, `${own}x`)) && linked(own, broom))) return false;
  try {
    if (await answers(path)) return false;
    rmSync(path, { force: true });
    return linked(own, path);
  } finally {
    rmSync(broom, { force: true });
  }
}

function linked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Takes the broom from one that was killed while it swept. False when it is in use. */
async function sweepBroom(broom: string, aside: string): Promise<boolean> {
  const stale = markOf(broom);
  if (stale === null) return true;
  if (await answers(broom)) return false;
  try {
    renameSync(broom, aside);
  } catch {
    // Another one has taken it away.
    return true;
  }
  // Between the look and the act another one may have made its own of it: that goes back.
  const foreign = markOf(aside) !== stale;
  if (foreign) linked(aside, broom);
  rmSync(aside, { force: true });
  return !foreign;
}

/** What tells one socket from another of the same name; null when there is none. */
function markOf(path: string): string | null {
  const stat = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? null : `${stat.ino}-${stat.mtimeNs}`;
}

function claimOf(server: Server, held: () => boolean, leave: () => void): Claim {
  let closing: Promise<void> | null = null;
  return {
    held,
    close() {
      if (closing === null) leave();
      closing ??= closed(server);
      return closing;
    },
  };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Null when the name is in use. */
function listenOn(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.on('error', () => undefined).destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || (process.platform === 'win32' && error.code === 'EACCES');
      if (taken) resolve(null);
      else reject(error);
    });
    server.listen(path, () => {
      server.on('error', () => undefined);
      // What the app does keeps the process, not this.
      server.unref();
      resolve(server);
    });
  });
}
