/**
 * Keeps the log below its limits: the oldest rows go first, a few at a time, so that no call waits behind a cleaning.
 * The limit in bytes counts all that lies on the disk, the write-ahead log and unused pages included; SQLite itself
 * refuses to grow the file beyond it.
 */
import type { Clock } from '../protocol/clock.ts';
import { CHUNK_ROWS, type Columns } from './columns.ts';
import type { Rows } from './rows.ts';
import type { Sqlite } from './sqlite.ts';
import type { Texts } from './texts.ts';

/** How much is kept; whichever limit is reached first counts. */
export interface Limits {
  readonly days: number;
  readonly rows: number;
  /** Size on disk, in bytes: the database and its write-ahead log. At least `LEAST_BYTES`. */
  readonly bytes: number;
}

/** 30 days, a million rows, 256 MB. */
export const defaultLimits: Limits = { days: 30, rows: 1_000_000, bytes: 256 * 1024 * 1024 };

/** Less has no room for the tables and a batch. */
export const LEAST_BYTES = 8 * 1024 * 1024;

const PAGE = 4_096;
/** Rows that one step removes at most: some milliseconds of work. */
const STEP_ROWS = 1_000;
/** How many unused pages one step gives back to the disk. */
const STEP_PAGES = 256;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** One step of cleaning; gives true when more is to be done. */
export type CleaningStep = () => Promise<boolean>;

/** The cleaning of one open database. */
export interface Cleaning {
  readonly step: CleaningStep;
  /** Makes room in a file that may not grow; false when it is not the limit that stops it. */
  makeRoom(): Promise<boolean>;
  /** Puts new limits in force. */
  limit(limits: Limits): Promise<void>;
  /** Removes every row. */
  clear(): Promise<void>;
}

/** How a limit in bytes is shared out. */
export function sharesOf({ bytes }: Limits): {
  readonly filePages: number;
  readonly walPages: number;
  readonly partText: number;
} {
  const all = Math.max(bytes, LEAST_BYTES);
  const wal = Math.min(Math.floor(all / 4), 16 * 1024 * 1024);
  return {
    filePages: Math.floor((all - wal) / PAGE),
    // Half of its share starts the copying back; the rest is for the batch that is being written.
    walPages: Math.floor(wal / 4 / PAGE),
    partText: Math.min(Math.floor(all / 64), 4 * 1024 * 1024),
  };
}

/** Prepares the cleaning. */
export async function createCleaning(
  db: Sqlite,
  texts: Texts,
  columns: Columns,
  rows: Rows,
  clock: Clock,
  initial: Limits,
): Promise<Cleaning> {
  let limits = initial;
  let vacuumed = false;
  const size = await db.prepare(
    `SELECT json_array((SELECT page_count FROM pragma_page_count),
       (SELECT freelist_count FROM pragma_freelist_count)) AS json`,
  );
  const removeDetails = await db.prepare('DELETE FROM details WHERE id < ?');
  const removeChunks = await db.prepare(`DELETE FROM columns WHERE (chunk + 1) * ${CHUNK_ROWS} <= ?`);
  const read = async () => {
    const [pages, spare] = (await size.read([])) as [number, number];
    return { extent: rows.extent(), pages, spare };
  };
  /** The last of the first `STEP_ROWS` rows that is older; 0 when none is. */
  const lastOlder = (first: number, cutoff: number): number => {
    let older = 0;
    for (let id = first; id < first + STEP_ROWS; ) {
      const block = rows.blockFrom(id);
      if (block === null) break;
      const end = Math.min(block.first + block.count, first + STEP_ROWS);
      for (id = Math.max(id, block.first); id < end; id += 1) if (block.time(id).at < cutoff) older = id;
    }
    return older;
  };
  /** Rows, their details and whatever of the index covers only such rows. */
  const removeBelow = async (id: number): Promise<void> => {
    await db.exec('BEGIN IMMEDIATE');
    try {
      await removeDetails.run([id]);
      await removeChunks.run([id]);
      await rows.removeBelow(id);
      await db.exec('COMMIT');
    } catch (error) {
      await db.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
    await texts.dropBelow(rows.extent()?.first ?? id);
  };
  const limit = async (next: Limits): Promise<void> => {
    limits = next;
    const { filePages, walPages } = sharesOf(next);
    // A file that is larger already keeps its size until it is cleaned: SQLite takes the larger of both.
    await db.exec(
      `PRAGMA max_page_count = ${filePages}; PRAGMA wal_autocheckpoint = ${walPages}; PRAGMA journal_size_limit = ${walPages * PAGE}`,
    );
  };
  await limit(initial);

  return {
    limit,
    async step() {
      const { extent, pages, spare } = await read();
      const { filePages } = sharesOf(limits);
      if (extent !== null) {
        const { first, last } = extent;
        const count = last - first + 1;
        const used = pages - spare;
        const room = Math.floor(filePages * 0.85);
        const tooLarge = used > room ? Math.max(1, Math.ceil((count * (used - room)) / used)) : 0;
        const tooMany = Math.min(Math.max(count - limits.rows, tooLarge), STEP_ROWS);
        if (tooMany > 0) {
          await removeBelow(first + tooMany);
          return true;
        }
        const older = lastOlder(first, clock.now() - limits.days * DAY_MS);
        if (older > 0) {
          await removeBelow(older + 1);
          return true;
        }
      }
      // New rows use what is spare; only what lies beyond the limit, or is much, goes back to the disk.
      const most = Math.max(256, Math.min(1_024, Math.floor(filePages / 16)));
      if (spare === 0 || (spare <= most && pages <= filePages)) {
        // Only a copy of the whole log into the file cuts the file off.
        if (vacuumed) await db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        vacuumed = false;
        return false;
      }
      vacuumed = true;
      await db.exec(`PRAGMA incremental_vacuum(${Math.min(STEP_PAGES, spare)})`);
      if (pages > filePages) await limit(limits);
      return true;
    },
    async makeRoom() {
      const { extent, pages, spare } = await read();
      if (extent === null || spare > STEP_PAGES || pages < sharesOf(limits).filePages - STEP_PAGES)
        return false;
      const { first, last } = extent;
      await removeBelow(first + Math.min(STEP_ROWS, Math.ceil((last - first + 1) / 10)));
      return true;
    },
    async clear() {
      await removeBelow((rows.extent()?.last ?? 0) + 1);
      await db.exec('DELETE FROM columns');
      columns.reset();
      while (await texts.dropBelow(Number.MAX_SAFE_INTEGER));
      await db.exec('PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)');
    },
  };
}
