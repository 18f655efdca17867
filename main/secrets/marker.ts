/**
 * `secrets.json` in the data directory: which store holds its secrets, and nothing else. Once secrets lie somewhere, no
 * other store takes over silently on a day when that one is away.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOf, damaged, fileTrouble } from './problems.ts';
import { writeDurably } from './write.ts';

/** The kinds of stores, most wanted first. */
export type StoreKind = 'keychain' | 'safe-storage' | 'key-file';

const markerSchema = z.object({
  version: z.literal(1),
  store: z.enum(['keychain', 'safe-storage', 'key-file']),
  /** A store that holds copies which do not count: secrets were being moved. */
  unsettled: z.enum(['keychain', 'safe-storage', 'key-file']).optional(),
});

/** What the marker says. */
export interface Marker {
  readonly store: StoreKind;
  readonly unsettled: StoreKind | null;
}

/**
 * The store that was chosen, or null when none has been yet.
 *
 * @throws GatehouseError `secrets.damaged`, `secrets.file_failed`
 */
export async function readMarker(file: string): Promise<Marker | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw fileTrouble(file, error);
  }
  try {
    const { store, unsettled = null } = markerSchema.parse(JSON.parse(text));
    return { store, unsettled };
  } catch (cause) {
    throw damaged(file, cause);
  }
}

/** Remembers `store`, and one with copies that do not count. */
export async function writeMarker(file: string, store: StoreKind, unsettled?: StoreKind): Promise<void> {
  try {
    await writeDurably(file, `${JSON.stringify({ version: 1, store, unsettled })}\n`);
  } catch (error) {
    throw fileTrouble(file, error);
  }
}
