/** The time of day for "12 s ago": ticks once a second while a screen reads it, and not otherwise. */
import { createSubscriber } from 'svelte/reactivity';

/** Epoch milliseconds, reactive. */
export interface Now {
  readonly current: number;
}

/** @param read epoch milliseconds */
export function createNow(read: () => number = Date.now): Now {
  const subscribe = createSubscriber((update) => {
    const timer = setInterval(update, 1000);
    return () => clearInterval(timer);
  });
  return {
    get current() {
      subscribe();
      return read();
    },
  };
}
