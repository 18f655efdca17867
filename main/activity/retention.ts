/**
 * Keeps the log below its limits: the oldest rows go first, a few at a time, so that no call waits behind a cleaning.
 */
import type { Clock } from '../protocol/clock.ts';
import type { Sqlite } from './sqlite.ts';

/** How much is kept; whichever limit is reached first counts. */
export interface Limits {
  readonly days: number;
  readonly rows: number;
  /** Size of the used part of the database file, in bytes. */
  readonly bytes: number;
}

/** 30 days, a million rows, 256 MB. */
export const defaultLimits: Limits = { days: 30, rows: 1_000_000, bytes: 256 * 1024 * 1024 };

/** Rows that one step removes at most: some milliseconds of work. */
const STEP_ROWS = 1_000;
/** Unused pages that the file may keep for new rows, and how many one step gives back to the disk. */
const SPARE_PAGES = 1_024;
const STEP_PAGES = 256;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** One step of cleaning; gives true when more is to be done. */
export type CleaningStep = () => Promise<boolean>;

/** Prepares the cleaning of one open database. */
export async function createCleaning(db: Sqlite, limits: Limits, clock: Clock): Promise<CleaningStep> {
  const facts = await db.prepare(
    `SELECT json_array(
       (SELECT min(id) FROM calls), (SELECT max(id) FROM calls), (SELECT at FROM calls ORDER BY id LIMIT 1),
       (SELECT page_count FROM pragma_page_count), (SELECT freelist_count FROM pragma_freelist_count),
       (SELECT page_size FROM pragma_page_size)) AS json`,
  );
  const removeBelow = await db.prepare('DELETE FROM calls WHERE id < ?');
  const removeOlder = await db.prepare('DELETE FROM calls WHERE id < ? AND at < ?');

  return async () => {
    const [first, last, oldest, pages, spare, pageSize] = (await facts.read([])) as [
      number | null,
      number | null,
      number | null,
      number,
      number,
      number,
    ];
    if (first !== null && last !== null && oldest !== null) {
      const cutoff = clock.now() - limits.days * DAY_MS;
      const rows = last - first + 1;
      const used = (pages - spare) * pageSize;
      const tooLarge = Math.ceil((rows * (used - limits.bytes)) / used);
      const tooMany = Math.min(Math.max(rows - limits.rows, tooLarge), STEP_ROWS);
      if (tooMany > 0) {
        await removeBelow.run([first + tooMany]);
        return true;
      }
      if (oldest < cutoff) {
        await removeOlder.run([first + STEP_ROWS, cutoff]);
        return true;
      }
    }
    if (spare <= SPARE_PAGES) return false;
    await db.exec(`PRAGMA incremental_vacuum(${STEP_PAGES})`);
    return true;
  };
}
