/**
 * Notices that a server has not been used for its time, so that it can be put to sleep. Ends with `close`.
 */
import type { Clock } from '../protocol/clock.ts';

/** Looks in one idle time: a server sleeps a quarter of it late at most. */
const LOOKS = 4;

/** What it needs. */
export interface IdleOptions {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly afterMs: number;
  /** How often it was used so far. */
  uses(): number;
  /** Whether something keeps it awake: calls under way, subscriptions, clients with their own sessions. */
  busy(): boolean;
  /** It was not used for so long. */
  idle(): void;
}

/** Begins. `close` is idempotent. */
export function watchUse({ clock, afterMs, uses, busy, idle }: IdleOptions): { close(): void } {
  let known = uses();
  let quiet = 0;
  let cancel: () => void = () => undefined;
  const look = (): void => {
    const now = uses();
    quiet = now === known && !busy() ? quiet + 1 : 0;
    known = now;
    if (quiet >= LOOKS) idle();
    else later();
  };
  const later = (): void => {
    cancel = clock.after(afterMs / LOOKS, look);
  };
  later();
  return { close: () => cancel() };
}
