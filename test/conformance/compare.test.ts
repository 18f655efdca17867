/** The comparison behind `npm run conformance`: it must see every kind of difference, and nothing else. */
import { expect, test } from 'vitest';
import { type Check, differences, judge, totals } from './compare.mjs';

const ok = (id: string): Check => ({ id, status: 'SUCCESS' });
const failed = (id: string, errorMessage: string): Check => ({ id, status: 'FAILURE', errorMessage });

test('equal runs have no differences, also where both fail', () => {
  const run = { ping: [ok('ping')], tools: [failed('list', 'no tools'), ok('list')] };
  expect(differences(run, structuredClone(run))).toEqual([]);
});

test('a check that passes directly and fails through the gateway is named, with what the suite says', () => {
  const found = differences(
    { ping: [ok('ping'), ok('wire')] },
    { ping: [failed('ping', 'no answer'), ok('wire')] },
  );
  expect(found).toEqual([
    { scenario: 'ping', check: 'ping', direct: 'SUCCESS', through: 'FAILURE', said: 'no answer' },
  ]);
});

test('passing more than the server itself is a difference too', () => {
  const found = differences({ ping: [failed('ping', 'slow')] }, { ping: [ok('ping')] });
  expect(found).toMatchObject([{ direct: 'FAILURE', through: 'SUCCESS' }]);
});

test('checks of the same id are told apart by their order', () => {
  const direct = { base64: [ok('reject'), ok('reject'), ok('reject')] };
  const through = { base64: [ok('reject'), failed('reject', 'was accepted'), ok('reject')] };
  expect(differences(direct, through)).toMatchObject([{ check: 'reject#2', through: 'FAILURE' }]);
});

test('a check or a whole scenario that is missing on one side is a difference', () => {
  const direct = { ping: [ok('ping'), ok('wire')], roots: [ok('list')] };
  const through = { ping: [ok('ping')], extra: [ok('more')] };
  expect(differences(direct, through)).toMatchObject([
    { scenario: 'ping', check: 'wire', direct: 'SUCCESS', through: 'absent' },
    { scenario: 'roots', check: 'list', direct: 'SUCCESS', through: 'absent' },
    { scenario: 'extra', check: 'more', direct: 'absent', through: 'SUCCESS' },
  ]);
});

test('how many events a stream had is no verdict, but a failure among them is', () => {
  const event: Check = { id: 'incoming-sse-event', status: 'INFO' };
  expect(differences({ sse: [event, event, ok('end')] }, { sse: [event, ok('end')] })).toEqual([]);
  const bad = failed('incoming-sse-event', 'Tool call failed');
  expect(differences({ sse: [event] }, { sse: [event, bad] })).toMatchObject([{ through: 'FAILURE' }]);
});

test('an allowance lets exactly one difference pass', () => {
  const allowance = {
    scenario: 'sse',
    check: 'resume',
    direct: 'SUCCESS',
    through: 'INFO',
    because: 'no streams there',
  } as const;
  const one = { scenario: 'sse', check: 'resume', direct: 'SUCCESS', through: 'INFO', said: '' } as const;
  expect(judge([one], [allowance])).toEqual({ refused: [], allowed: { 'no streams there': [one] } });
  const worse = { ...one, through: 'FAILURE' } as const;
  expect(judge([worse], [allowance])).toEqual({ refused: [worse], allowed: {} });
  expect(judge([one], [])).toEqual({ refused: [one], allowed: {} });
});

test('totals count as the suite does', () => {
  expect(totals({ a: [ok('x'), failed('y', '')], b: [ok('x'), { id: 'z', status: 'WARNING' }] })).toEqual({
    passed: 2,
    failed: 1,
  });
});
