/**
 * How fast a page may give commands: no faster than a person could ever need, so that one that floods stops itself and not
 * the app. An open terminal asks for more by itself, faster than anybody clicks; it has a measure of its own, so that a
 * program that writes much takes nothing from the page around it. Nothing to close.
 */
import type { Clock } from './clock.ts';

/** A bucket: so many at once, and so many a second after that. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** All pages of one kind together. */
const OTHERS: Rate = { burst: 300, perSecond: 100 };
/** Four terminals that all write without end ask 60 times a second each, and are typed into 50 times. */
const TERMINALS: Rate = { burst: 600, perSecond: 500 };

/** Whether one more command of that name may pass now. */
export function openCommandRate(clock: Clock): (name: string) => boolean {
  const [others, terminals] = [openRate(clock, OTHERS), openRate(clock, TERMINALS)];
  return (name) => (name.startsWith('terminal.') ? terminals() : others());
}

/** Whether one more of anything may pass now. */
export function openRate(clock: Clock, { burst, perSecond }: Rate): () => boolean {
  let left = burst;
  let last = clock.now();
  return () => {
    const now = clock.now();
    left = Math.min(burst, left + (Math.max(0, now - last) / 1_000) * perSecond);
    last = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
