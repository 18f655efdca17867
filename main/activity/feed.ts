/**
 * New rows on their way to the screens: several times a second, and no more at once than anybody can look at. Stops
 * with `close`.
 */
import type { Clock } from '../protocol/clock.ts';
import type { StoredEntry } from './entry.ts';

/** How often new rows are told at most. Milliseconds. */
const ROWS_MS = 250;
/** New rows that are told at once; of more only the number. */
const ROWS_TOLD = 200;

/** What is told while somebody watches. */
export interface Feed {
  watched: boolean;
  add(entry: StoredEntry): void;
  /** Idempotent. */
  close(): void;
}

/** `tell` gets the rows of the last moments, and how many more there were. */
export function createFeed(
  clock: Clock,
  tell: (entries: readonly StoredEntry[], missed: number) => void,
): Feed {
  let fresh: StoredEntry[] = [];
  let missed = 0;
  let cancel: (() => void) | null = null;
  const feed: Feed = {
    watched: false,
    add(entry) {
      if (!feed.watched) return;
      if (fresh.length < ROWS_TOLD) fresh.push(entry);
      else missed += 1;
      cancel ??= clock.after(ROWS_MS, () => {
        const [entries, more] = [fresh, missed];
        cancel = null;
        fresh = [];
        missed = 0;
        if (feed.watched) tell(entries, more);
      });
    },
    close() {
      cancel?.();
      feed.watched = false;
    },
  };
  return feed;
}
