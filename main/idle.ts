/**
 * Ends an app that was started for one client only, when that client is gone.
 */
import type { Clock } from './protocol/clock.ts';

/** Watches the number of open sessions. */
export interface IdleWatch {
  sessions(open: number): void;
  /** Idempotent. */
  close(): void;
}

/** Calls `onIdle` once when no session was open for `idleMs`; null never does. The time begins at once. */
export function watchIdle(idleMs: number | null, clock: Clock, onIdle: () => void): IdleWatch {
  if (idleMs === null) return { sessions: () => undefined, close: () => undefined };
  let cancel: (() => void) | null = clock.after(idleMs, onIdle);
  return {
    sessions(open) {
      cancel?.();
      cancel = open === 0 ? clock.after(idleMs, onIdle) : null;
    },
    close() {
      cancel?.();
      cancel = null;
    },
  };
}
