/**
 * The sockets of one app: the private one, which also says that this data directory is in use, and the endpoint.
 */
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname } from 'node:path';
import type { Door } from './gateway/door.ts';
import { type Listener, openListener } from './gateway/listener.ts';
import { localDoorPath } from './local-door.ts';
import type { Clock } from './protocol/clock.ts';
import { GatehouseError } from './protocol/error.ts';

/** Milliseconds that a running app has to answer on its private socket. */
const PROBE_MS = 1_000;

/** The private socket's path of a data directory, on this system. */
export function privateSocket(dataDir: string): string {
  return localDoorPath(dataDir, process.platform, tmpdir(), userInfo().username);
}

/** Rejects with `app.already_running` when an app serves this data directory. */
export async function assertFree(dataDir: string): Promise<void> {
  if (!(await answers(privateSocket(dataDir)))) return;
  throw new GatehouseError({
    code: 'app.already_running',
    message: `Gatehouse runs already with the data directory ${dataDir}.`,
    remedy: 'Use the running one, end it, or choose another --data-dir.',
  });
}

/** Both sockets, open. */
export interface Listeners {
  /** For example `http://127.0.0.1:4180/mcp`. */
  readonly url: string;
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

/** Opens both sockets before the door, which answers below `basePath`. Rejects as `openListener` does; then neither stays open. */
export async function openListeners(
  dataDir: string,
  address: { readonly host: string; readonly port: number },
  door: Door,
  clock: Clock,
  basePath: string,
): Promise<Listeners> {
  const endpoint = await openListener(address, door, clock);
  let local: Listener;
  try {
    local = await openPrivate(privateSocket(dataDir), door, clock);
  } catch (error) {
    await endpoint.close();
    throw error;
  }
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return {
    url: `http://${host}:${endpoint.port}${basePath}/mcp`,
    async close() {
      await Promise.all([endpoint.close(), local.close()]);
    },
  };
}

/** The folder, not the socket, keeps other users out: some systems ignore the mode of a socket. */
async function openPrivate(path: string, door: Door, clock: Clock): Promise<Listener> {
  if (process.platform !== 'win32') {
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder);
    if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== process.getuid())) {
      throw new GatehouseError({
        code: 'app.foreign_folder',
        message: `The folder ${folder} belongs to another user.`,
        remedy: 'Remove it, or choose another --data-dir.',
      });
    }
    chmodSync(folder, 0o700);
    // Nobody answers on it, or `assertFree` had said so: it is what a killed app left behind.
    if (existsSync(path)) rmSync(path);
  }
  return openListener({ path }, door, clock);
}

function answers(path: string): Promise<boolean> {
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
