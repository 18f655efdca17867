/** Times in words. */
import { describe, expect, test } from 'vitest';
import { ageWords, waitWords } from '../../renderer/state/ages.ts';
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
