/**
 * What is asked of the log, answered from its two places as if they were one: the rows in the file, and those that still
 * wait to be written. Holds nothing itself, so there is nothing to close.
 */
import { GatehouseError } from '../protocol/error.ts';
import { textOf } from './batch.ts';
import type { Database } from './database.ts';
import {
  type ActivityDetail,
  type ActivityFilter,
  type ActivityRow,
  detailOf,
  rowOf,
  rowPasses,
  type StoredEntry,
  wordsOf,
} from './entry.ts';
import type { EntryQueue } from './queue.ts';
import { faultOf } from './sqlite.ts';
import { holdsWords } from './texts.ts';

/** Reads both places. Every way of it throws `activity.read_failed` when the file cannot be read. */
export interface Shelves {
  /** The newest rows that pass, older than `before`, newest first. */
  page(filter: ActivityFilter, before: number, limit: number): Promise<readonly ActivityRow[]>;
  /** The same with what was asked and answered. */
  detailed(filter: ActivityFilter, before: number, limit: number): Promise<readonly ActivityDetail[]>;
  /** One row with its details; null when there is none of that number. */
  entry(id: number): ActivityDetail | null;
  stats(...args: Parameters<Database['stats']>): ReturnType<Database['stats']>;
  /** How many calls each server had that ended at that time or later. Epoch milliseconds. */
  callsSince(epochMs: number): readonly (readonly [string, number])[];
  /** A row as it is shown. */
  shown(entry: StoredEntry): ActivityRow;
}

/** `database` gives the one that is open now: a damaged file is replaced while the log runs. */
export function createShelves(database: () => Database, queue: EntryQueue): Shelves {
  const readFailed = (error: unknown): GatehouseError => {
    if (faultOf(error) === 'damaged') queue.reportDamage(error);
    return new GatehouseError({
      code: 'activity.read_failed',
      message: 'The activity log could not be read.',
      remedy: 'Try again; if it stays, check the disk of the data directory.',
      cause: error,
    });
  };
  const read = <T>(run: () => T): T => {
    try {
      return run();
    } catch (error) {
      throw readFailed(error);
    }
  };
  const shown = (entry: StoredEntry): ActivityRow => rowOf(entry, database().facets.get(entry.facet));

  const page: Shelves['page'] = async (filter, before, limit) => {
    const { unwritten } = queue;
    const { facets, reader } = database();
    const words = wordsOf(filter.text ?? '');
    const waiting: ActivityRow[] = [];
    // A batch may be in the file already while it still waits here for the news.
    const belowWaiting = Math.min(before, unwritten[0]?.id ?? before);
    for (let index = unwritten.length - 1; index >= 0 && waiting.length < limit; index -= 1) {
      const entry = unwritten[index];
      if (entry === undefined || entry.id >= before) continue;
      const facet = facets.get(entry.facet);
      const row = rowOf(entry, facet);
      if (!rowPasses(row, facet, filter)) continue;
      if (words.length === 0 || holdsWords(textOf(entry, facet), words)) waiting.push(row);
    }
    if (waiting.length >= limit) return waiting;
    try {
      return [...waiting, ...(await reader.page(filter, belowWaiting, limit - waiting.length))];
    } catch (error) {
      throw readFailed(error);
    }
  };

  return {
    page,
    shown,
    async detailed(filter, before, limit) {
      const rows = await page(filter, before, limit);
      const waiting = new Map(queue.unwritten.map((entry) => [entry.id, entry]));
      const written = new Map(
        read(() => database().reader.details(rows.filter((row) => !waiting.has(row.id)))).map((row) => [
          row.id,
          row,
        ]),
      );
      return rows.map((row) => {
        const entry = waiting.get(row.id);
        return entry === undefined
          ? (written.get(row.id) ?? detailOf(row, null, false))
          : detailOf(row, entry.details, entry.skipped);
      });
    },
    entry(id) {
      const entry = queue.unwritten.find((one) => one.id === id);
      if (entry !== undefined) return detailOf(shown(entry), entry.details, entry.skipped);
      return read(() => database().reader.entry(id));
    },
    stats: (...args) => read(() => database().stats(...args)),
    callsSince(epochMs) {
      const { unwritten } = queue;
      const counts = read(() =>
        database().reader.callsSince(epochMs, unwritten[0]?.id ?? Number.MAX_SAFE_INTEGER),
      );
      for (const { facet, at, durationMs } of unwritten) {
        const { action, server } = database().facets.get(facet);
        if (action !== 'tools/call' || server === '' || at + durationMs < epochMs) continue;
        counts.set(server, (counts.get(server) ?? 0) + 1);
      }
      return [...counts];
    },
  };
}
