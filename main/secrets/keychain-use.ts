/**
 * How Gatehouse uses the keychain: under which name, and how it finds out whether it works.
 */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../protocol/clock.ts';
import type { Keychain } from './keychain.ts';
import { keychainUnavailable } from './problems.ts';

/** The entry that the first look writes, reads and removes. */
export const PROBE = 'Gatehouse keychain check (safe to delete)';

/** The keychain's name for the secrets of `dataDir`: two data directories never share entries. */
export function keychainService(dataDir: string, defaultDataDir: string): string {
  const real = realPath(dataDir);
  if (real === realPath(defaultDataDir)) return 'Gatehouse';
  return `Gatehouse (${createHash('sha256').update(real).digest('hex').slice(0, 8)})`;
}

/**
 * Writes, reads and removes an entry.
 *
 * @param timeoutMs limit of the first, and of the other two together, in milliseconds
 * @throws GatehouseError `secrets.keychain_unavailable`
 */
export async function probe(keychain: Keychain, timeoutMs: number, clock: Clock): Promise<void> {
  await keychain.set(PROBE, 'check', timeoutMs);
  const end = clock.now() + timeoutMs;
  const left = (): number => Math.max(1, end - clock.now());
  const read = await keychain.get(PROBE, left());
  await keychain.delete(PROBE, left());
  if (read === 'check') return;
  throw keychainUnavailable('it does not keep what is stored in it');
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}
