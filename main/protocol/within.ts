/** Waiting with a bound. */
import type { Clock } from './clock.ts';

/** Whether `done` settles, however, within `ms` milliseconds. Never rejects. */
export function within(done: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    const settled = (): void => {
      cancel();
      resolve(true);
    };
    done.then(settled, settled);
  });
}
