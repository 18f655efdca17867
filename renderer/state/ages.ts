/**
 * Times as people say them: "now", "12 s ago", "3 min ago", then the clock, then the day. Pure; the time of day comes
 * from the caller.
 */
import type { Words } from '../i18n/words.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
/** Younger is now. */
const NOW_MS = 5 * second;

/** How long ago, from epoch milliseconds. A time to come counts as now. */
export function ageWords(words: Words, at: number, now: number): string {
  const age = now - at;
  if (age < NOW_MS) {
    return words.t('age.now');
  }
  if (age < minute) {
    return words.t('age.seconds', { seconds: Math.floor(age / second) });
  }
  if (age < hour) {
    return words.t('age.minutes', { minutes: Math.floor(age / minute) });
  }
  return sameDay(at, now) ? words.time(at) : words.date(at, now);
}

/** How often something was, and when last, from epoch milliseconds. */
export function timesWords(words: Words, count: number, last: number, now: number): string {
  return now - last < NOW_MS
    ? words.t('age.times_now', { count })
    : words.t('age.times', { count, age: ageWords(words, last, now) });
}

/** How long something takes, in milliseconds: seconds, from two minutes on minutes. */
export function waitWords(words: Words, milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / second));
  return seconds < 120
    ? words.t('wait.seconds', { seconds })
    : words.t('wait.minutes', { minutes: Math.round(seconds / 60) });
}

function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
