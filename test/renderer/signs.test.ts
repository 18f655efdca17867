/** Every state has its word, its icon and its tone, and no two states look and read the same. */
import { expect, test } from 'vitest';
import { effectSign, endpointSign, placeSign, serverSign } from '../../renderer/state/signs.ts';
import { problem, snapshot, words } from './fakes.ts';

const states = [
  'ready',
  'starting',
  'retrying',
  'signing-in',
  'quarantined',
  'failed',
  'stopped',
  'disabled',
] as const;

test('the words of the states', () => {
  expect(states.map((state) => words.t(serverSign({ state, problem: null }).word))).toEqual([
    'Ready',
    'Starting',
    'Reconnecting',
    'Sign-in needed',
    'Needs approval',
    'Failed',
    'Stopped',
    'Off',
  ]);
});

test('without colour, states still differ', () => {
  const seen = states.map((state) => {
    const { icon, word } = serverSign({ state, problem: null });
    return `${icon} ${words.t(word)}`;
  });
  expect(new Set(seen).size).toBe(states.length);
});

test('one that the next call starts is told apart from one that is stopped', () => {
  expect(serverSign({ state: 'stopped', problem: null, asleep: true }).word).toBe('state.asleep');
  expect(serverSign({ state: 'stopped', problem: null, asleep: false }).word).toBe('state.stopped');
  expect(serverSign({ state: 'ready', problem: null, asleep: true }).word).toBe('state.ready');
});

test('a remote server that cannot be reached is told apart from one that fails', () => {
  const lost = { ...problem, code: 'upstream.refused' };
  expect(serverSign({ state: 'failed', problem: lost }).word).toBe('state.unreachable');
  expect(serverSign({ state: 'failed', problem }).word).toBe('state.failed');
  expect(serverSign({ state: 'ready', problem: lost }).word).toBe('state.ready');
});

test('places and effects', () => {
  expect(
    (['container', 'host', 'remote'] as const).map((place) =>
      words.t(placeSign({ runsIn: place, containment: null }).word),
    ),
  ).toEqual(['Container', 'This computer', 'Remote']);
  expect(
    (['reads', 'changes', 'deletes', 'unknown'] as const).map((effect) => words.t(effectSign(effect).word)),
  ).toEqual(['Reads only', 'Changes things', 'Deletes things', 'Does not say']);
});

test('paused shows while the endpoint listens, and does not hide that it failed', () => {
  const { endpoint } = snapshot(1, []);
  expect(words.t(endpointSign(endpoint, false).word)).toBe('Running');
  expect(words.t(endpointSign(endpoint, true).word)).toBe('Paused');
  expect(words.t(endpointSign({ ...endpoint, state: 'failed' }, true).word)).toBe('Not running');
});
