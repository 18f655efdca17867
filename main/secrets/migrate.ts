/**
 * Secrets from one store to the other, so that a kill at any moment loses none: the marker says which store counts and
 * which one holds copies that do not; the latter is emptied by whoever comes next. The caller holds the lock.
 */
import type { Backend } from './file-store.ts';
import { PROBE } from './keychain-use.ts';
import { type StoreKind, writeMarker } from './marker.ts';
import { notKept } from './problems.ts';

/** One of the two stores. */
export interface MigrationSide {
  readonly kind: StoreKind;
  readonly backend: Backend;
}

/**
 * Copies, compares, switches over, and empties the old store; gives how many there were. Rejects as the stores do, or with
 * `secrets.not_kept`; the old store counts then as before.
 *
 * @param alive called after every secret: the lock stays ours however many there are
 */
export async function migrate(
  markerFile: string,
  from: MigrationSide,
  to: MigrationSide,
  alive: () => Promise<void>,
): Promise<number> {
  await writeMarker(markerFile, from.kind, to.kind);
  await empty(to.backend, alive);
  const names = (await from.backend.list()).filter((name) => name !== PROBE);
  for (const name of names) {
    const value = await from.backend.get(name);
    if (value === null) continue;
    await to.backend.set(name, value);
    if ((await to.backend.get(name)) !== value) throw notKept(name);
    await alive();
  }
  await writeMarker(markerFile, to.kind, from.kind);
  // What fails from here on is done by the next who looks.
  await empty(from.backend, alive).then(
    () => writeMarker(markerFile, to.kind),
    () => undefined,
  );
  return names.length;
}

/** Empties a store that does not count, and notes that. */
export async function settle(
  markerFile: string,
  counts: StoreKind,
  other: Backend,
  alive: () => Promise<void>,
): Promise<void> {
  await empty(other, alive);
  await writeMarker(markerFile, counts);
}

async function empty(backend: Backend, alive: () => Promise<void>): Promise<void> {
  for (const name of await backend.list()) {
    if (name === PROBE) continue;
    await backend.delete(name);
    await alive();
  }
}
