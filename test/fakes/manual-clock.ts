/** A clock whose hands the test turns. */
import type { CancelTimer, Clock } from '../../main/protocol/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on by `ms` and fires what is due, in order. */
  advance(ms: number): void;
  /** Milliseconds until each pending timer, soonest first. */
  pending(): number[];
}

/** A clock that stands at `start` (epoch milliseconds) until it is advanced. */
export function manualClock(start = 1_700_000_000_000): ManualClock {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  const soonest = (): { at: number; run: () => void } | undefined =>
    [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(ms, run): CancelTimer {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (let next = soonest(); next !== undefined && next.at <= end; next = soonest()) {
        timers.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
    pending: () => [...timers].map((timer) => timer.at - now).sort((a, b) => a - b),
  };
}
