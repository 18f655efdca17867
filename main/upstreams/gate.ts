/**
 * How many servers start at once: enough to be quick, not so many that all of them crawl. One that takes long leaves its
 * place to the next after a while, and goes on. Holds nothing open but timers.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';

/** Milliseconds after which a start that is not over gives its place away. */
const LONGEST_MS = 5_000;

/** See above. */
export interface Gate {
  /** Waits for a place and gives what frees it again; twice does nothing. Rejects never; an aborted one goes through. */
  enter(signal: AbortSignal): Promise<() => void>;
}

/** `most` starts at once, 1 or more. */
export function createGate(most: number, clock: Clock): Gate {
  let free = most;
  const waiting: (() => void)[] = [];

  const place = (): (() => void) => {
    let cancel: CancelTimer = () => undefined;
    let held = true;
    const leave = (): void => {
      if (!held) return;
      held = false;
      cancel();
      free++;
      waiting.shift()?.();
    };
    free--;
    cancel = clock.after(LONGEST_MS, leave);
    return leave;
  };
  return {
    async enter(signal) {
      if (free <= 0) {
        await new Promise<void>((resolve) => {
          const go = (): void => {
            signal.removeEventListener('abort', gone);
            resolve();
          };
          const gone = (): void => {
            const at = waiting.indexOf(go);
            if (at !== -1) waiting.splice(at, 1);
            resolve();
          };
          if (signal.aborted) return resolve();
          signal.addEventListener('abort', gone, { once: true });
          waiting.push(go);
        });
      }
      return signal.aborted ? () => undefined : place();
    },
  };
}
