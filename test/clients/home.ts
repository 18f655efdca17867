/** A made-up home of one of the three layouts, with its own data directory, and clients opened on it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type Clients,
  type ClientsDeps,
  type ClientTokenPort,
  openClients,
} from '../../main/clients/clients.ts';
import type { System } from '../../main/clients/system.ts';
import { systemClock } from '../../main/protocol/clock.ts';

export interface Home {
  readonly dir: string;
  readonly dataDir: string;
  readonly system: System;
  /** Writes a file below the home. */
  write(path: string, bytes: string | Buffer): string;
  read(path: string): Buffer;
  open(overrides?: Partial<ClientsDeps>): Promise<Clients>;
  remove(): void;
}

export const URL_HERE = 'http://127.0.0.1:4180/mcp';

export function makeHome(platform: NodeJS.Platform = 'linux', env: Record<string, string> = {}): Home {
  // Every write is synced to disk, which memory does at once.
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'gh-home-'));
  const dataDir = join(dir, 'gatehouse-data');
  const system: System = { platform, home: dir, env };
  const full = (path: string): string => (path.startsWith(dir) ? path : join(dir, path));
  return {
    dir,
    dataDir,
    system,
    write(path, bytes) {
      const file = full(path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      return file;
    },
    read: (path) => readFileSync(full(path)),
    open: (overrides = {}) =>
      openClients({
        dataDir,
        system,
        clock: systemClock,
        appVersion: '1.0.0',
        launcher: (client) => ({
          command: '/opt/Gatehouse/gatehouse',
          args: ['--stdio', '--client', client],
        }),
        address: () => Promise.resolve(URL_HERE),
        tokens: fakeTokens(),
        ...overrides,
      }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Tokens that only count: `token-of-cursor`, then `token-2-of-cursor`. */
export function fakeTokens(): ClientTokenPort & { readonly good: ReadonlyMap<string, string> } {
  const good = new Map<string, string>();
  let count = 0;
  return {
    good,
    required: () => Promise.resolve(true),
    isGood: (client, token) => Promise.resolve(good.get(client) === token),
    issue(client) {
      count += 1;
      const token = `token-${count === 1 ? '' : `${count}-`}of-${client}`;
      good.set(client, token);
      return Promise.resolve(token);
    },
    revoke(client) {
      good.delete(client);
      return Promise.resolve();
    },
  };
}

/** Connects or disconnects as a screen does: look, then apply what was shown. */
export async function change(
  clients: Clients,
  action: 'connect' | 'disconnect',
  client: string,
): Promise<boolean> {
  const asked = { action, client } as const;
  const { hash } = await clients.preview(asked);
  return clients.apply(asked, hash);
}
