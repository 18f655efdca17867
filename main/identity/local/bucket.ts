/** How often something may be done: so many at once, and so many a minute in the long run. */
import type { Clock } from '../../protocol/clock.ts';

/** True when it may be done now. */
export type Bucket = () => boolean;

/** Full at first. Each call of it takes one; false when there is none. */
export function createBucket(clock: Clock, perMinute: number, atOnce: number): Bucket {
  let left = atOnce;
  let last = clock.now();
  return () => {
    const now = clock.now();
    left = Math.min(atOnce, left + (Math.max(0, now - last) * perMinute) / 60_000);
    last = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
