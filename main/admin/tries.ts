/**
 * How often a password may be tried. Each address has a small bucket that fills again by itself; all strange addresses
 * together have one more. Nothing locks anybody out for good: a browser that was signed in before has a bucket of its
 * own, and so has this computer, so that whoever tries from elsewhere cannot use up the owner's tries. Pure but for time.
 */
import { isIPv6 } from 'node:net';
import type { Clock } from '../protocol/clock.ts';

/** One bucket. */
interface Bucket {
  left: number;
  at: number;
}

/** Tries of one address at once, and the milliseconds after which there is one more. */
const OWN = { most: 5, everyMs: 12_000 } as const;
/** The same for all strange addresses together. */
const ALL = { most: 20, everyMs: 3_000 } as const;
/** Addresses that are remembered; the one that was seen longest ago goes first. */
const REMEMBERED = 2_000;

/** Who tries. */
export interface Trier {
  /** The address of the connection. */
  readonly address: string;
  /** True when it comes from this computer. */
  readonly near: boolean;
  /** The id of a browser that was signed in before; null for a strange one. */
  readonly browser: string | null;
}

/** The limits. */
export interface Tries {
  /** Takes one try: 0 when it may be made, else the milliseconds to wait. */
  take(trier: Trier): number;
  /** It was right: the bucket is full again. */
  right(trier: Trier): void;
}

export function createTries(clock: Clock): Tries {
  const buckets = new Map<string, Bucket>();
  const all: Bucket = { left: ALL.most, at: clock.now() };
  const wait = (bucket: Bucket, { most, everyMs }: { most: number; everyMs: number }): number => {
    const now = clock.now();
    const gained = Math.max(0, now - bucket.at) / everyMs;
    bucket.left = Math.min(most, bucket.left + gained);
    bucket.at = now;
    return bucket.left >= 1 ? 0 : Math.ceil((1 - bucket.left) * everyMs);
  };
  const bucketOf = (key: string): Bucket => {
    const found = buckets.get(key) ?? { left: OWN.most, at: clock.now() };
    buckets.delete(key);
    buckets.set(key, found);
    const [oldest] = buckets.keys();
    if (buckets.size > REMEMBERED && oldest !== undefined) buckets.delete(oldest);
    return found;
  };
  return {
    take(trier) {
      const own = bucketOf(keyOf(trier));
      const strange = !trier.near && trier.browser === null;
      const waits = Math.max(wait(own, OWN), strange ? wait(all, ALL) : 0);
      if (waits > 0) return waits;
      own.left -= 1;
      if (strange) all.left -= 1;
      return 0;
    },
    right: (trier) => void buckets.delete(keyOf(trier)),
  };
}

/** Whoever has one IPv6 address has all those that begin with the same 64 bits. */
function keyOf({ address, browser }: Trier): string {
  if (browser !== null) return `browser ${browser}`;
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIPv6(plain) ? network(plain) : plain;
}

function network(address: string): string {
  const [head = '', tail = ''] = address.toLowerCase().split('::');
  const before = head.split(':').filter((part) => part !== '');
  const after = tail.split(':').filter((part) => part !== '');
  const zeros = address.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':');
}
