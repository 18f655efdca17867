/** Times in words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from '../../renderer/i18n/en.ts';
import { createWords } from '../../renderer/i18n/words.ts';
import { ageWords, timesWords, waitWords } from '../../renderer/state/ages.ts';
import { nextTryWords, sinceWords } from '../../renderer/state/since.ts';
import { server, words } from './fakes.ts';

const now = new Date(2026, 10, 21, 12, 0, 0).getTime();
const second = 1000;
const minute = 60 * second;

describe('how long ago', () => {
  test.each([
    [-5 * minute, 'now'],
    [0, 'now'],
    [4.9 * second, 'now'],
    [5 * second, '5 s ago'],
    [59.9 * second, '59 s ago'],
    [minute, '1 min ago'],
    [59.9 * minute, '59 min ago'],
    [60 * minute, '11:00 AM'],
    [24 * 60 * minute, 'Nov 20'],
    [400 * 24 * 60 * minute, 'Oct 17, 2025'],
  ])('%d ms: %s', (age, expected) => {
    expect(ageWords(words, now - age, now).replace('\u202f', ' ')).toBe(expected);
  });
});

test.each([
  [1, 0, 'Once, just now'],
  [1, 12 * second, 'Once, 12 s ago'],
  [3, 0, '3 times, last just now'],
  [3, minute, '3 times, last 1 min ago'],
])('%d times, the last %d ms ago: %s', (count, age, expected) => {
  expect(timesWords(words, count, now - age, now)).toBe(expected);
});

describe('the time of day', () => {
  const evening = new Date(2026, 10, 21, 21, 5, 7).getTime();
  const said = (locale: string): string[] => {
    const { time, clock, moment } = createWords(locale, en);
    return [time(evening), clock(evening), moment(evening)].map((text) => text.replaceAll('\u202f', ' '));
  };

  test.each([
    ['en-US', ['9:05 PM', '09:05:07 PM', 'Nov 21, 2026, 9:05:07 PM']],
    ['en-GB', ['21:05', '21:05:07', '21 Nov 2026, 21:05:07']],
    ['de-DE', ['21:05', '21:05:07', '21.11.2026, 21:05:07']],
    ['ja', ['21:05', '21:05:07', '2026/11/21 21:05:07']],
  ])('has the hours of %s wherever it stands', (locale, expected) => {
    expect(said(locale)).toEqual(expected);
  });

  test('is written in one place, so that no screen has hours of its own', () => {
    const renderer = join(import.meta.dirname, '../../renderer');
    const own = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(svelte|ts)$/.test(file) && file !== 'i18n/words.ts')
      .filter((file) =>
        /DateTimeFormat|toLocale(Time|Date)?String|hourCycle|hour12/.test(
          readFileSync(join(renderer, file), 'utf8'),
        ),
      );
    expect(own).toEqual([]);
  });
});

test.each([
  [0, '0 s'],
  [1, '1 s'],
  [8400, '9 s'],
  [119 * second, '119 s'],
  [120 * second, '2 min'],
  [-5, '0 s'],
])('waiting %d ms: %s', (time, expected) => {
  expect(waitWords(words, time)).toBe(expected);
});

test('since when a server is as it is', () => {
  const since = now - 12 * second;
  const of = (state: Parameters<typeof server>[1]): string | null =>
    sinceWords(words, server('a', { ...state, since }), now);
  expect(of({ state: 'ready' })).toBe('started 12 s ago');
  expect(of({ state: 'failed' })).toBe('failed 12 s ago');
  expect(of({ state: 'retrying' })).toBe('lost 12 s ago');
  expect(of({ state: 'starting' })).toBe('starting for 12 s');
  expect(of({ state: 'disabled' })).toBeNull();
  expect(of({ state: 'quarantined' })).toBeNull();
});

test('the next try', () => {
  expect(nextTryWords(words, null, now)).toBeNull();
  expect(nextTryWords(words, now + 8000, now)).toBe('Next try in 8 s.');
  expect(nextTryWords(words, now - 1, now)).toBe('Trying now.');
});
