/**
 * Counts each server's calls of the day, off the hot path: one map update a call, one event every half second.
 */
import type { Clock } from './protocol/clock.ts';
import type { AppEvent } from './state/state.ts';

const TELL_MS = 500;

/** Where the counts of the day so far come from. */
interface History {
  callsSince(epochMs: number): Promise<ReadonlyMap<string, number>>;
}

/** The counter. */
export interface CallCounter {
  count(server: string, method: string): void;
  /** Adds what earlier runs of the same day counted; nothing when the history cannot be read. Never rejects. */
  load(history: History): Promise<void>;
  /** Idempotent. */
  close(): void;
}

/** Begins at zero; `load` takes in what the log has of today. */
export function createCallCounter(clock: Clock, dispatch: (event: AppEvent) => void): CallCounter {
  let added = new Map<string, number>();
  let cancelTell: (() => void) | null = null;
  let closed = false;
  const tell = (): void => {
    cancelTell = null;
    const counts = added;
    added = new Map();
    dispatch({ kind: 'calls', added: counts });
  };
  const turnOfDay = (): void => {
    dispatch({ kind: 'calls-reset', counts: new Map() });
    cancelMidnight = clock.after(untilMidnight(clock.now()), turnOfDay);
  };
  let cancelMidnight = clock.after(untilMidnight(clock.now()), turnOfDay);
  return {
    count(server, method) {
      if (method !== 'tools/call' || server === '') return;
      added.set(server, (added.get(server) ?? 0) + 1);
      cancelTell ??= clock.after(TELL_MS, tell);
    },
    async load(history) {
      const midnight = new Date(clock.now());
      midnight.setHours(0, 0, 0, 0);
      const counts = await history.callsSince(midnight.getTime()).catch(() => null);
      if (!closed && counts !== null) dispatch({ kind: 'calls', added: counts });
    },
    close() {
      closed = true;
      cancelTell?.();
      cancelMidnight();
    },
  };
}

function untilMidnight(now: number): number {
  const next = new Date(now);
  next.setHours(24, 0, 0, 0);
  return next.getTime() - now;
}
