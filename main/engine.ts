/**
 * What the JavaScript engine is told: at the start, and whenever the process has come to rest. `collectAtRest` stops
 * with the function that it gives.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CancelTimer, Clock } from './protocol/clock.ts';

/** How often is looked while there may be something to collect, and while there is not. Milliseconds. */
const LOOK_MS = 5_000;
const RESTING_MS = 30_000;
/** Shares of one core: from so much on it was at work, below so much it rests. */
const AT_WORK = 0.1;
const AT_REST = 0.03;

/**
 * Large messages live outside of the engine's heap and die within a moment. Freed by helper threads they cost more than
 * the work itself: a result of 1 MB takes 1.3 ms of processor time instead of 2.2, small calls the same
 * (`npm run bench`).
 */
export function tuneEngine(): void {
  setFlagsFromString('--no-concurrent-array-buffer-sweeping');
}

/** What `collectAtRest` needs of the process. */
export interface RestingProcess {
  readonly clock: Clock;
  /** Microseconds of processor time so far. */
  cpuUs(): number;
  /** Collects everything and gives the room back. */
  collect(): void;
}

/**
 * Gives back to the system what the start, or a storm of calls, has left behind: once each, when the process has come
 * to rest. The engine itself would keep the room for the next storm (some 15 MB after a start with ten servers).
 */
export function collectAtRest(deps: RestingProcess): CancelTimer {
  const { clock, cpuUs, collect } = deps;
  let owed = true;
  let spent = cpuUs();
  let since = clock.now();
  let cancel: CancelTimer;
  const look = (): void => {
    const [cpu, now] = [cpuUs(), clock.now()];
    const share = (cpu - spent) / Math.max(1, now - since) / 1_000;
    if (share >= AT_WORK) owed = true;
    else if (share < AT_REST && owed) {
      collect();
      owed = false;
    }
    spent = cpuUs();
    since = clock.now();
    cancel = clock.after(owed ? LOOK_MS : RESTING_MS, look);
  };
  cancel = clock.after(LOOK_MS, look);
  return () => cancel();
}

/** The process that this is. */
export function thisProcess(clock: Clock): RestingProcess {
  return {
    clock,
    cpuUs() {
      const { user, system } = process.cpuUsage();
      return user + system;
    },
    collect: wholeCollection(),
  };
}

/** The engine shows it only to contexts that are made while the flag is set. */
function wholeCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return () => {
    if (typeof gc === 'function') gc();
  };
}
