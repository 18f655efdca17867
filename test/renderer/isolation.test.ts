/** What screens say of containment. */
import { expect, test } from 'vitest';
import { hostText, networkFact } from '../../renderer/state/isolation.ts';
import { placeSign } from '../../renderer/state/signs.ts';
import { words } from './fakes.ts';

const view = { line: '', weakened: [], fellBack: false, download: null };

test('what is less contained than it looks is red wherever its place is shown', () => {
  expect(placeSign({ runsIn: 'container', containment: view }).tone).toBe('quiet');
  expect(placeSign({ runsIn: 'container', containment: { ...view, weakened: ['x'] } })).toMatchObject({
    tone: 'bad',
    word: 'runs_in.weakened',
  });
  expect(placeSign({ runsIn: 'host', containment: { ...view, fellBack: true } })).toMatchObject({
    tone: 'bad',
    word: 'runs_in.fell_back',
  });
  expect(placeSign({ runsIn: 'host', containment: view }).tone).toBe('quiet');
});

test('the network in one line', () => {
  const fact = (networkKind: Parameters<typeof networkFact>[1]['networkKind'], allowed: string[] = []) =>
    networkFact(words, { networkKind, allowed, network: 'the network lan' });
  expect(fact(null)).toBeNull();
  expect(fact('none')).toMatchObject({ value: 'None', open: false });
  // An empty list is no way out.
  expect(fact('allowlist')).toEqual(fact('none'));
  expect(fact('allowlist', ['a.example', 'b.example:22'])).toMatchObject({
    value: 'a.example, b.example:22',
    more: 'and nothing else',
  });
  expect(fact('named')).toMatchObject({ value: 'the network lan', open: true });
});

test('hosts read as entries of an allow-list', () => {
  expect(hostText({ host: 'a.example', port: 443 })).toBe('a.example');
  expect(hostText({ host: 'a.example', port: 8443 })).toBe('a.example:8443');
  expect(hostText({ host: 'a.example', port: null })).toBe('a.example');
});
