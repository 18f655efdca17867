/**
 * Where the private socket of a data directory lies. Only its owner can reach it, so what comes through it needs no
 * token: the bridge and the commands find the running app by it, and it tells that the app runs at all.
 */
import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { posix } from 'node:path';

/** Longest path that every system's socket address takes. Bytes. */
const MAX_PATH = 100;

/** The socket's path (a named pipe on Windows). `dataDir` must be absolute; `tmp` is the fallback for long paths. */
export function localDoorPath(dataDir: string, platform: NodeJS.Platform, tmp: string, user: string): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\gatehouse-${hash}`;
  const inside = posix.join(dataDir, 'run', 'gatehouse.sock');
  if (Buffer.byteLength(inside) <= MAX_PATH) return inside;
  return posix.join(tmp, `gatehouse-${user}`, `${hash}.sock`);
}

/** The private socket's path of a data directory, on this system. */
export function privateSocket(dataDir: string): string {
  return localDoorPath(dataDir, process.platform, tmpdir(), userInfo().username);
}

/** Beside a private socket: the one that says that the data directory is taken. */
export function claimPath(socket: string): string {
  return socket.endsWith('.sock') ? socket.replace(/\.sock$/, '.own') : `${socket}-own`;
}
