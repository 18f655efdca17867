/**
 * Time as a port, so that tests turn the hands themselves.
 */

/** Stops a timer; calling it twice, or after it fired, does nothing. */
export type CancelTimer = () => void;

/** The only way this code base reads time or waits. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls `run` once after `ms` milliseconds. The timer never keeps the process alive. */
  after(ms: number, run: () => void): CancelTimer;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
