/**
 * Something that is asked for whenever the state says that it may be another one. One question at a time; what changes
 * meanwhile is asked for once more afterwards. `close()` lets later answers fall.
 */

/** See above. */
export interface AskedAnew {
  /** Tells the newest revision; asks again when it is another one. */
  sync(revision: number): void;
  /** Asks again whatever the revision. */
  reload(): Promise<void>;
  close(): void;
}

/** What is done with the answers. */
export interface Asking {
  /** Asks once; the result takes the answer, and is not called after `close()`. Never rejects. */
  ask(): Promise<() => void>;
  /** Called before the first question and after the last one of a row. */
  busy?(asking: boolean): void;
}

/** Begins with the first `sync` or `reload`. */
export function askedAnew({ ask, busy }: Asking): AskedAnew {
  let seen: number | null = null;
  let asking: Promise<void> | null = null;
  let again = false;
  let open = true;
  const tell = (now: boolean): void => {
    if (open) busy?.(now);
  };
  const row = async (): Promise<void> => {
    tell(true);
    do {
      again = false;
      const take = await ask();
      if (open) take();
    } while (again && open);
    asking = null;
    tell(false);
  };
  const reload = (): Promise<void> => {
    again = asking !== null;
    asking ??= row();
    return asking;
  };
  return {
    sync(revision) {
      if (revision === seen) return;
      seen = revision;
      void reload();
    },
    reload,
    close() {
      open = false;
    },
  };
}
