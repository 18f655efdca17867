/**
 * What was opened, to be closed in reverse order. One that fails does not keep the others open.
 */

/** A growing list of things to close. */
export interface Closers {
  add(close: () => Promise<void> | void): void;
  /** Closes all, newest first; the first failure is thrown after the last one is closed. */
  closeAll(): Promise<void>;
}

/** An empty list. */
export function createClosers(): Closers {
  const open: (() => Promise<void> | void)[] = [];
  return {
    add(close) {
      open.push(close);
    },
    async closeAll() {
      const failures: unknown[] = [];
      for (let close = open.pop(); close !== undefined; close = open.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) {
        throw failures[0];
      }
    },
  };
}
