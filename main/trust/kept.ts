/**
 * One value that is kept in a durable file: edits are made one after another, count once they are on disk, and are told.
 * Stops with `close()`, which waits for a write under way, two seconds at most.
 */
import type { Clock } from '../protocol/clock.ts';
import { writeDurable } from './durable.ts';
import { closedError, writeFailed } from './problems.ts';

/** Ends a subscription; calling it twice does nothing. */
export type Unsubscribe = () => void;

/** See above. `About` is what listeners are told with a change. */
export interface Kept<T, About> {
  readonly value: T;
  /**
   * Makes the next value of the one before; null changes nothing, and what `edit` throws neither.
   *
   * @throws GatehouseError `trust.write_failed` or `trust.closed`, and then nothing has changed
   */
  change(about: About, edit: (now: T) => T | null): Promise<void>;
  onChange(listener: (about: About) => void): Unsubscribe;
  /** Twice does nothing. */
  close(): Promise<void>;
}

/** Longest wait for a write under way when closing, in milliseconds. */
const CLOSE_MS = 2_000;

/**
 * @param file absolute path
 * @param first what was read from it
 * @param render the text that is written of a value
 */
export function keep<T, About>(
  file: string,
  clock: Clock,
  first: T,
  render: (value: T) => string,
): Kept<T, About> {
  const listeners = new Set<(about: About) => void>();
  let value = first;
  let queue: Promise<void> = Promise.resolve();
  let closed = false;
  return {
    get value() {
      return value;
    },
    change(about, edit) {
      const run = queue.then(async () => {
        if (closed) throw closedError();
        const next = edit(value);
        if (next === null) return;
        try {
          await writeDurable(file, render(next));
        } catch (cause) {
          throw writeFailed(cause);
        }
        value = next;
        for (const listener of [...listeners]) listener(about);
      });
      queue = run.catch(() => undefined);
      return run;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      let cancel: (() => void) | undefined;
      const limit = new Promise<void>((resolve) => {
        cancel = clock.after(CLOSE_MS, resolve);
      });
      await Promise.race([queue, limit]);
      cancel?.();
      listeners.clear();
    },
  };
}
