/** What screens say of containment. */
import { expect, test } from 'vitest';
import { loadCatalog, loadCore } from '../../renderer/i18n/languages.ts';
import { createWords } from '../../renderer/i18n/words.ts';
import { containmentLine, hostText, networkFact, weakenedLines } from '../../renderer/state/isolation.ts';
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

test('one line, and what weakens it, in the language of the reader', async () => {
  const german = createWords('de', await loadCatalog('de'), await loadCore('de'));
  const said = (form: string, values: Readonly<Record<string, string>> = {}) => ({
    form: `contained.${form}`,
    values,
  });
  const parts = [
    { text: 'reads /a and /b', said: said('files_read', { reads: '/a, /b' }) },
    { text: 'no network', said: said('network_none') },
    { text: '512 MB' },
  ];
  const kept = { line: 'reads /a and /b, no network, 512 MB', lineParts: parts };
  expect(containmentLine(words, kept)).toBe(kept.line);
  expect(containmentLine(german, kept)).toBe('liest /a, /b, kein Netzwerk, 512 MB');
  expect(containmentLine(german, { line: 'it cannot start' })).toBe('it cannot start');
  const weak = {
    weakened: ['it has the device /dev/kvm', 'it runs as root inside', 'something newer'],
    weakenedSaid: [said('weak_device', { what: '/dev/kvm' }), said('weak_root')],
  };
  expect(weakenedLines(words, weak)).toEqual(weak.weakened);
  expect(weakenedLines(german, weak)).toEqual([
    'Er hat das Gerät /dev/kvm.',
    'Er läuft innen als root.',
    'something newer',
  ]);
  const network = { network: 'the network lan', networkSaid: said('network_named', { name: 'lan' }) };
  expect(networkFact(german, { ...network, networkKind: 'named', allowed: [] })?.value).toBe(
    'das Netzwerk lan',
  );
});

test('hosts read as entries of an allow-list', () => {
  expect(hostText({ host: 'a.example', port: 443 })).toBe('a.example');
  expect(hostText({ host: 'a.example', port: 8443 })).toBe('a.example:8443');
  expect(hostText({ host: 'a.example', port: null })).toBe('a.example');
});
