/**
 * Notices that the computer has slept, or has another network than before: what failed then may work now. Sleep shows as
 * a leap of the clock; the network is looked at only while somebody waits for it. Ends with `close`.
 */
import { networkInterfaces } from 'node:os';
import type { Clock } from '../protocol/clock.ts';

/** How often it is looked, and how late a look must come to mean sleep. Milliseconds. */
const LOOK_MS = 5_000;
const LEAP_MS = 15_000;

/** What it needs. */
export interface WakeOptions {
  readonly clock: Clock;
  /** Whether somebody waits for the network. */
  waiting(): boolean;
  /** The computer has woken, or has another network. */
  changed(why: 'woken' | 'network'): void;
  /** The addresses of this computer, as one text; the system's unless a test has others. */
  readonly addresses?: () => string;
}

/** Begins to look. `close` is idempotent. */
export function watchWake({ clock, waiting, changed, addresses = systemAddresses }: WakeOptions): {
  close(): void;
} {
  let closed = false;
  let known: string | null = null;
  let cancel: () => void = () => undefined;
  const look = (last: number): void => {
    cancel = clock.after(LOOK_MS, () => {
      if (closed) return;
      const now = clock.now();
      if (now - last > LOOK_MS + LEAP_MS) {
        known = null;
        changed('woken');
      } else if (waiting()) {
        const present = addresses();
        const other = known !== null && known !== present;
        known = present;
        if (other) changed('network');
      } else known = null;
      look(clock.now());
    });
  };
  look(clock.now());
  return {
    close() {
      closed = true;
      cancel();
    },
  };
}

/** Loopback and link-local addresses come and go without meaning anything. */
function systemAddresses(): string {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !address.startsWith('fe80'))
    .map(({ address }) => address)
    .sort()
    .join(' ');
}
