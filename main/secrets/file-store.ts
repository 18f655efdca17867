/**
 * Secrets in one encrypted file. Every look-up reads the file anew, so that the app and the command line agree; every
 * change rewrites it whole, under the lock that the caller holds. Holds nothing open.
 */
import { readdir, readFile, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { codeOf, damaged, fileTrouble } from './problems.ts';
import type { Seal } from './seal.ts';
import { writeDurably } from './write.ts';

/** What each kind of store can do; names and values are checked before. */
export interface Backend {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<boolean>;
  list(): Promise<readonly string[]>;
}

const entriesSchema = z.array(z.tuple([z.string(), z.string()]));

/**
 * The secrets in `file`.
 *
 * Calls reject with `secrets.damaged` when the file does not open, `secrets.file_failed`. A damaged file
 * is never overwritten.
 */
export function createFileBackend(file: string, seal: Seal): Backend {
  const read = async (): Promise<Map<string, string>> => {
    let sealed: string;
    try {
      sealed = await readFile(file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return new Map();
      throw fileTrouble(file, error);
    }
    try {
      return new Map(entriesSchema.parse(JSON.parse(await seal.open(sealed))));
    } catch {
      // The cause is dropped: a parser's complaint could quote what was decrypted.
      throw damaged(file, undefined);
    }
  };
  /** `edit` says whether it changed anything. */
  const change = async (edit: (entries: Map<string, string>) => boolean): Promise<boolean> => {
    const entries = await read();
    if (!edit(entries)) return false;
    try {
      await removeLeftovers(file);
      await writeDurably(file, await seal.close(JSON.stringify([...entries])));
    } catch (error) {
      throw fileTrouble(file, error);
    }
    return true;
  };
  return {
    get: async (name) => (await read()).get(name) ?? null,
    async set(name, value) {
      await change((entries) => {
        if (entries.get(name) === value) return false;
        entries.set(name, value);
        return true;
      });
    },
    delete: (name) => change((entries) => entries.delete(name)),
    list: async () => [...(await read()).keys()],
  };
}

/** Temp files of writers that were killed. Under the lock none can be of a living one. */
async function removeLeftovers(file: string): Promise<void> {
  const directory = dirname(file);
  const leftover = new RegExp(`^${basename(file).replaceAll('.', '\\.')}\\.\\d+$`);
  for (const name of await readdir(directory)) {
    if (leftover.test(name)) await unlink(join(directory, name)).catch(() => undefined);
  }
}
