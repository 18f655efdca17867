/** Links from outside open a place, and do nothing else whatever they say. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeOfLink } from '../../main/shell/deep-link.ts';

const nowhere = { view: 'nowhere', server: null };

test.each([
  ['gatehouse://open', null],
  ['gatehouse://open/', null],
  ['gatehouse://servers', { view: 'servers', server: null }],
  ['gatehouse://servers/git-hub_1.x', { view: 'server', server: 'git-hub_1.x' }],
  ['gatehouse://approvals/', { view: 'approvals', server: null }],
  ['gatehouse://activity', { view: 'activity', server: null }],
  ['gatehouse://settings', { view: 'settings', server: null }],
  ['gatehouse://add', { view: 'add', server: null }],
  [
    'gatehouse://add?url=https%3A%2F%2Fmcp.example.org%2Fmcp',
    { view: 'add', server: null, paste: 'https://mcp.example.org/mcp' },
  ],
])('%s leads to its place', (link, place) => {
  expect(placeOfLink(link)).toEqual(place);
});

test.each([
  'gatehouse://',
  'gatehouse:open',
  'gatehouse://user@open',
  'gatehouse://open:80',
  'gatehouse://open?x=1',
  'gatehouse://open#x',
  'gatehouse://open/further',
  'gatehouse://run?command=rm',
  'gatehouse://server.setEnabled?server=a',
  'gatehouse://approvals/approve/all',
  'gatehouse://approvals?approve=all',
  'gatehouse://servers/a/restart',
  'gatehouse://servers/%2e%2e',
  'gatehouse://servers/a%2Fb',
  'gatehouse://servers/%E2%80%AEx',
  `gatehouse://servers/${'a'.repeat(101)}`,
  'gatehouse://add?command=npx%20evil',
  'gatehouse://add?text=npx%20evil',
  'gatehouse://add?url=npx%20evil',
  'gatehouse://add?url=https://a.b/&token=x',
  'gatehouse://add?url=https://a.b/&url=https://c.d/',
  'gatehouse://add?url=http://a.b/',
  'gatehouse://add?url=file:///etc/passwd',
  'gatehouse://add?url=javascript:alert(1)',
  'gatehouse://add?url=https://key@a.b/',
  'gatehouse://add?url=https://a.b/%3Fkey%3Dsecret',
  'gatehouse://add?url=https://a.b/%23key',
  'gatehouse://add?url=https://a.b/%0Anpx%20evil',
  'gatehouse://add?url=https://a.b/%22%20npx',
  'gatehouse://add?url=https://a.b/x%E2%80%AE',
  'https://open',
  'file:///open',
  `gatehouse://add?url=https://a.b/${'x'.repeat(2_000)}`,
])('%s leads nowhere', (link) => {
  expect(placeOfLink(link)).toEqual(nowhere);
});

test('whatever a link says, it is a place, and what it fills in is an address', () => {
  const link = fc
    .tuple(
      fc.constantFrom('open', 'servers', 'add', 'approvals', 'add?url=', 'add?url=https://'),
      fc.string(),
    )
    .map(([start, rest]) => `gatehouse://${start}${rest}`);
  fc.assert(
    fc.property(fc.oneof(link, fc.string(), fc.webUrl()), (text) => {
      const place = placeOfLink(text);
      if (place?.paste !== undefined) expect(place.paste).toMatch(/^https:\/\/[\w./:~-]+$/);
      if (place !== null && place.server !== null) expect(place.server).toMatch(/^[\w.-]{1,100}$/);
    }),
  );
});
