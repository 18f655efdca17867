/**
 * When lists are read again after a server has said that they changed: once for a burst of signs, in time even when they
 * never cease, and never twice at once. A call that needs to know what is listed does not wait for the burst to end.
 * Ends with `close`.
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
  /** True when the server has said that this list changed, and it was not read since. */
  doubts(kind: ListKind): boolean;
  /** Reads the list now, where need be; true when what is known is newer than the last sign. Never rejects. */
  catchUp(kind: ListKind): Promise<boolean>;
  readonly closed: boolean;
  close(): void;
}

/** `read` reads the lists, and says whether it could; it must not reject. */
export function createRefresh(clock: Clock, read: (kinds: readonly ListKind[]) => Promise<boolean>): Refresh {
  const stale = new Set<ListKind>();
  /** Said to have changed, and not read since with success. */
  const doubted = new Set<ListKind>();
  /** The first sign that is not followed yet. Epoch milliseconds. */
  let since: number | null = null;
  let cancel: () => void = () => undefined;
  let reading: Promise<boolean> | null = null;
  let closed = false;

  const wait = (): void => {
    // Of two at once the older answer could come last. What is said meanwhile is followed afterwards.
    if (reading !== null || closed || stale.size === 0) return;
    const now = clock.now();
    since ??= now;
    cancel();
    cancel = clock.after(Math.max(0, Math.min(QUIET_MS, since + LONGEST_MS - now)), () => void go());
  };
  const go = (): Promise<boolean> => {
    cancel();
    const kinds = [...stale];
    stale.clear();
    since = null;
    const done = read(kinds).then((good) => {
      if (good) for (const kind of kinds) if (!stale.has(kind)) doubted.delete(kind);
      reading = null;
      wait();
      return good;
    });
    reading = done;
    return done;
  };

  return {
    changed(kinds) {
      for (const kind of kinds) {
        stale.add(kind);
        doubted.add(kind);
      }
      wait();
    },
    doubts: (kind) => doubted.size > 0 && doubted.has(kind),
    async catchUp(kind) {
      // A reading that began before the last sign tells nothing about it.
      if (reading !== null && stale.has(kind)) await reading;
      if (closed) return false;
      if (reading !== null) return reading;
      if (!doubted.has(kind)) return true;
      stale.add(kind);
      return go();
    },
    get closed() {
      return closed;
    },
    close() {
      closed = true;
      cancel();
    },
  };
}
