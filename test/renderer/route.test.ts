/** Addresses of screens. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRoute, type Route, routeHash, routeOf } from '../../renderer/state/route.ts';

describe('reading', () => {
  test.each<[string, Route]>([
    ['', { view: 'servers' }],
    ['#', { view: 'servers' }],
    ['#/servers', { view: 'servers' }],
    ['#/servers/', { view: 'servers' }],
    ['#/nowhere/x', { view: 'servers' }],
    ['#/servers/%E0%A4%A', { view: 'servers' }],
    ['#/doctor', { view: 'doctor' }],
    ['#/servers/github', { view: 'server', server: 'github', tab: 'tools' }],
    ['#/servers/github/log', { view: 'server', server: 'github', tab: 'log' }],
    ['#/servers/github/else', { view: 'server', server: 'github', tab: 'tools' }],
    ['#/servers/a%2Fb', { view: 'server', server: 'a/b', tab: 'tools' }],
  ])('%s', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});

test('screens of one page find back to themselves', () => {
  expect(parseRoute(routeHash({ view: 'doctor' }))).toEqual({ view: 'doctor' });
});

test('any server name finds back to itself', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom('tools' as const, 'log' as const),
      (server, tab) => {
        const route: Route = { view: 'server', server, tab };
        expect(parseRoute(routeHash(route))).toEqual(route);
      },
    ),
  );
});

test('where the shell sends the window', () => {
  expect(routeOf({ view: 'servers', server: null })).toEqual({ view: 'servers' });
  expect(routeOf({ view: 'server', server: 'a' })).toEqual({ view: 'server', server: 'a', tab: 'tools' });
  expect(routeOf({ view: 'server', server: null })).toEqual({ view: 'servers' });
});
