/** Where new keys of a server's entry go: into the secrets, so that the configuration holds references to them. Holds nothing. */
import { type KeyToKeep, withoutKeys } from './config/entry-keys.ts';

/** The secrets, as far as new ones are stored and taken back. */
export interface KeyStore {
  list(): Promise<readonly string[]>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<boolean>;
}

/**
 * Stores the keys of an entry, then writes it without them; what was stored is taken back when that fails.
 *
 * @param store null leaves the keys in the entry
 * @param server the name of the server, after which its secrets are called
 * @param write rejects when nothing was written; so does this, with the same error or with what the store says
 */
export async function writeWithKeys(
  store: KeyStore | null,
  server: string,
  entry: Readonly<Record<string, unknown>>,
  write: (entry: Readonly<Record<string, unknown>>) => Promise<void>,
): Promise<void> {
  if (store === null) return write(entry);
  const kept: KeyToKeep[] = [];
  const whole = withoutKeys(server, entry, kept, new Set(await store.list()));
  try {
    // Secrets first: what is cut off then leaves a secret too many, and no server without its key.
    for (const [secret, value] of kept) await store.set(secret, value);
    await write(whole);
  } catch (error) {
    for (const [secret] of kept) await store.delete(secret).catch(() => false);
    throw error;
  }
}
