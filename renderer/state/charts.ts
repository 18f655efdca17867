/** Figures over time as shapes: bars and lines in a box, the scale beside it, and times below it. Pure. */
import type { ActivityStats } from '../../preload/views/activity.ts';
import type { Words } from '../i18n/words.ts';
import { tookWords } from './activity.ts';

/** The box, in units of the drawing. */
export const BOX = { width: 360, height: 62 } as const;

/** One bar: calls that went well, and above them those that did not. */
export interface Bar {
  readonly x: number;
  readonly width: number;
  readonly good: { readonly y: number; readonly height: number };
  readonly bad: { readonly y: number; readonly height: number };
}

/** The next round number: 1, 2, 2.5 or 5 times a power of ten; at least `least`. */
export function roundTop(value: number, least: number): number {
  if (value <= least) {
    return least;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

/** Bars for calls and failures; `top` is what the height stands for. */
export function barsOf(buckets: ActivityStats['buckets'], top: number): readonly Bar[] {
  const slot = BOX.width / Math.max(1, buckets.length);
  const gap = Math.min(3, slot / 4);
  return buckets.map(({ calls, failures }, index) => {
    const bad = heightOf(failures, top);
    const good = heightOf(calls, top) - bad;
    return {
      x: index * slot + gap / 2,
      width: slot - gap,
      good: { y: BOX.height - good, height: good },
      // A line of the ground keeps them apart.
      bad: { y: BOX.height - good - bad - (bad > 0 && good > 0 ? 1 : 0), height: bad },
    };
  });
}

/** A line through the times that there are; it is broken where there were no calls. */
export function lineOf(buckets: ActivityStats['buckets'], which: 'p50' | 'p95', top: number): string {
  const slot = BOX.width / Math.max(1, buckets.length);
  let open = false;
  return buckets
    .flatMap((bucket, index) => {
      const value = bucket[which];
      if (value === null) {
        open = false;
        return [];
      }
      const middle = index * slot + slot / 2;
      const y = (BOX.height - heightOf(value, top)).toFixed(1);
      const next = buckets[index + 1]?.[which] ?? null;
      // A moment that stands alone is a line as wide as its bar, or it would not be seen.
      const alone = !open && next === null;
      const half = alone ? slot * 0.3 : 0;
      const drawn = `${open ? 'L' : 'M'}${(middle - half).toFixed(1)} ${y}${alone ? `h${(2 * half).toFixed(1)}` : ''}`;
      open = true;
      return [drawn];
    })
    .join('');
}

/** Times below a chart: of at most five pieces, as hours or, over more than two days, as days. */
export function timesBelow(words: Words, buckets: ActivityStats['buckets'], now: number): readonly string[] {
  const first = buckets[0]?.at ?? now;
  const days = now - first > 2 * 86_400_000;
  const step = Math.max(1, Math.floor(buckets.length / 5));
  return buckets
    .filter((_, index) => index % step === 0)
    .slice(0, 5)
    .map(({ at }) => (days ? words.date(at, now) : words.time(at)));
}

type Bucket = ActivityStats['buckets'][number];

/** What there is to say of the calls of one moment. */
export function callsAt(words: Words, { at, calls, failures }: Bucket, now: number): string {
  const failed = failures === 0 ? [] : [words.t('activity.failures', { count: failures })];
  return [momentOf(words, at, now), words.t('activity.calls_in_span', { count: calls }), ...failed].join(
    ' · ',
  );
}

/** What there is to say of the times to answer of one moment. */
export function timesAt(words: Words, { at, p50, p95 }: Bucket, now: number): string {
  const said = (word: 'activity.half' | 'activity.most', value: number | null): string =>
    `${words.t(word)}: ${value === null ? '–' : tookWords(words, value)}`;
  return [momentOf(words, at, now), said('activity.half', p50), said('activity.most', p95)].join(' · ');
}

/** Where a key leads among so many moments; from nowhere, to the newest. Null for other keys. */
export function momentFor(key: string, at: number | null, count: number): number | null {
  const last = count - 1;
  const from = at ?? last + (key === 'ArrowLeft' || key === 'ArrowDown' ? 1 : 0);
  const to = {
    ...{ ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1 },
    ...{ PageDown: from - 10, PageUp: from + 10, Home: 0, End: last },
  }[key];
  return to === undefined || count === 0 ? null : Math.min(last, Math.max(0, to));
}

function momentOf(words: Words, at: number, now: number): string {
  return `${words.date(at, now)} ${words.time(at)}`;
}

function heightOf(value: number, top: number): number {
  return value <= 0 ? 0 : Math.max(1, Math.min(BOX.height, (value / top) * BOX.height));
}
