/**
 * The sockets of one app: the private one, the endpoint, and the one that takes the data directory.
 */
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { alreadyRunning, answers, type Claim, claimDataDir, privateFolder } from './claim.ts';
import type { Door } from './gateway/door.ts';
import { type Listener, openListener } from './gateway/listener.ts';
import { privateSocket } from './local-door.ts';
import type { Clock } from './protocol/clock.ts';

/**
 * Takes the data directory for this app, before any file of it is opened. Rejects with `app.already_running`.
 */
export function claim(dataDir: string, clock: Clock): Promise<Claim> {
  return claimDataDir(dataDir, clock, () => answers(privateSocket(dataDir)));
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
  ours: Claim,
  dataDir: string,
  address: { readonly host: string; readonly port: number },
  door: Door,
  clock: Clock,
  basePath: string,
): Promise<Listeners> {
  if (!ours.held()) throw alreadyRunning(dataDir);
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

async function openPrivate(path: string, door: Door, clock: Clock): Promise<Listener> {
  if (process.platform !== 'win32') {
    privateFolder(dirname(path));
    // The data directory is ours: what still lies there was left behind by a killed app.
    if (existsSync(path)) rmSync(path);
  }
  return openListener({ path }, door, clock);
}
