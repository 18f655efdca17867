/**
 * Copies of clients' files from before each change, with what is needed to take the change back. They lie in the data
 * directory, not beside the files, so that they survive a client that clears its folder. Readable by the owner only:
 * settings files hold keys.
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { GatehouseError } from '../protocol/error.ts';

/** So many are kept of one client. */
const KEPT = 20;

const metaSchema = z.object({
  version: z.literal(1),
  client: z.string(),
  action: z.enum(['connect', 'disconnect', 'replace']),
  /** Epoch milliseconds. */
  at: z.number(),
  appVersion: z.string(),
  /** The path as it was asked for; links are followed again when it is taken back. */
  file: z.string(),
  existed: z.boolean(),
  beforeHash: z.string(),
  afterHash: z.string(),
  format: z.enum(['json', 'toml', 'yaml']),
  root: z.string(),
  kind: z.enum(['map', 'list']),
  /** The names of the entries that were put in, changed or taken out. */
  names: z.array(z.string()),
  /** Epoch milliseconds; null while the change stands. */
  undone: z.number().nullable(),
});

/** One change. */
export type BackupMeta = z.infer<typeof metaSchema>;

/** One change that was made, with the bytes from before. */
export interface Backup {
  readonly folder: string;
  readonly meta: BackupMeta;
  original(): Promise<Buffer>;
}

/** The backups of one data directory. */
export interface Backups {
  /** Keeps the bytes durably before the change is made. @throws GatehouseError `clients.backup_failed` */
  keep(meta: BackupMeta, original: Buffer): Promise<Backup>;
  /** A client's changes, the newest first; what cannot be read is left out. */
  of(client: string): Promise<readonly Backup[]>;
  /** The change was not made after all. */
  forget(backup: Backup): Promise<void>;
  markUndone(backup: Backup, at: number): Promise<void>;
}

export function openBackups(dataDir: string): Backups {
  const folderOf = (client: string): string => join(dataDir, 'backups', 'clients', client);

  const load = async (folder: string): Promise<Backup | null> => {
    try {
      const meta = metaSchema.parse(JSON.parse(await readFile(join(folder, 'meta.json'), 'utf8')));
      return { folder, meta, original: () => readFile(join(folder, 'original')) };
    } catch {
      return null;
    }
  };
  const of = async (client: string): Promise<readonly Backup[]> => {
    const names = await readdir(folderOf(client)).catch(() => []);
    const all = await Promise.all(names.map((name) => load(join(folderOf(client), name))));
    return all
      .filter((one) => one !== null)
      .sort((a, b) => b.meta.at - a.meta.at || (a.folder < b.folder ? 1 : -1));
  };

  return {
    of,
    async keep(meta, original) {
      try {
        const parent = folderOf(meta.client);
        await mkdir(parent, { recursive: true, mode: 0o700 });
        const stamp = new Date(meta.at).toISOString().replace(/[:.]/g, '-');
        const folder = await freshFolder(join(parent, `${stamp}-${meta.beforeHash.slice(0, 8)}`));
        await writeFileAtomic(join(folder, 'original'), original, { mode: 0o600 });
        await writeFileAtomic(join(folder, 'meta.json'), JSON.stringify(meta, null, 2), { mode: 0o600 });
        for (const old of (await of(meta.client)).slice(KEPT))
          await rm(old.folder, { recursive: true, force: true });
        return { folder, meta, original: () => Promise.resolve(original) };
      } catch (cause) {
        throw new GatehouseError({
          code: 'clients.backup_failed',
          message: 'No copy of the old file could be kept, so it was not changed.',
          remedy: 'Check that the data directory is writable and that the disk has room.',
          cause,
        });
      }
    },
    forget: (backup) => rm(backup.folder, { recursive: true, force: true }),
    async markUndone(backup, at) {
      const text = JSON.stringify({ ...backup.meta, undone: at }, null, 2);
      await writeFileAtomic(join(backup.folder, 'meta.json'), text, { mode: 0o600 });
    },
  };
}

/** Two changes within one millisecond get two folders. */
async function freshFolder(path: string): Promise<string> {
  for (let number = 0; ; number++) {
    const folder = number === 0 ? path : `${path}-${number}`;
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) return folder;
  }
}
