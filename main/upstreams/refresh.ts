/**
 * When lists are read again after a server has said that they changed: once for a burst of signs, in time even when they
 * never cease, and never twice at once. Ends with `close`.
 */
import type { Clock } from '../protocol/clock.ts';
import type { ListKind } from '../protocol/listing.ts';

/** Milliseconds from the last sign, and from the first one at most. */
const QUIET_MS = 100;
const LONGEST_MS = 1_000;

/** See above. */
export interface Refresh {
  /** These lists are not what they were. */
  changed(kinds: readonly ListKind[]): void;
  close(): void;
}

/** `read` reads the lists; it must not reject. */
export function createRefresh(clock: Clock, read: (kinds: readonly ListKind[]) => Promise<void>): Refresh {
  const stale = new Set<ListKind>();
  /** The first sign that is not followed yet. Epoch milliseconds. */
  let since: number | null = null;
  let cancel: () => void = () => undefined;
  let reading = false;
  let closed = false;

  const wait = (): void => {
    // Of two at once the older answer could come last. What is said meanwhile is followed afterwards.
    if (reading || closed || stale.size === 0) return;
    const now = clock.now();
    since ??= now;
    cancel();
    cancel = clock.after(Math.max(0, Math.min(QUIET_MS, since + LONGEST_MS - now)), () => void go());
  };
  const go = async (): Promise<void> => {
    const kinds = [...stale];
    stale.clear();
    since = null;
    reading = true;
    await read(kinds);
    reading = false;
    wait();
  };

  return {
    changed(kinds) {
      for (const kind of kinds) stale.add(kind);
      wait();
    },
    close() {
      closed = true;
      cancel();
    },
  };
}
