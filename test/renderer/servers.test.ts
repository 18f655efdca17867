/** Grouping, searching and counting servers. */
import { describe, expect, test } from 'vitest';
import {
  findServers,
  groupServers,
  monogram,
  needsAttention,
  summarize,
} from '../../renderer/state/servers.ts';
import { server } from './fakes.ts';

const namesOf = (servers: readonly { name: string }[]): string[] => servers.map(({ name }) => name);

test('what needs you comes first, each group by name as people sort', () => {
  const groups = groupServers(
    [
      server('server-10'),
      server('zeta', { state: 'failed' }),
      server('Server-2'),
      server('alpha', { state: 'quarantined' }),
      server('off', { state: 'disabled', enabled: false }),
      server('mid', { state: 'signing-in' }),
    ],
    'en',
  );
  expect(namesOf(groups.attention)).toEqual(['alpha', 'mid', 'zeta']);
  expect(namesOf(groups.others)).toEqual(['off', 'Server-2', 'server-10']);
});

test.each([
  ['quarantined', true],
  ['signing-in', true],
  ['failed', true],
  ['ready', false],
  ['starting', false],
  ['retrying', false],
  ['stopped', false],
  ['disabled', false],
] as const)('%s needs attention: %s', (state, expected) => {
  expect(needsAttention(server('a', { state }))).toBe(expected);
});

describe('searching', () => {
  const all = [
    server('github', { source: 'ghcr.io/github 1' }),
    server('Café', { source: 'npm' }),
    server('files'),
  ];

  test.each([
    ['', ['github', 'Café', 'files']],
    ['   ', ['github', 'Café', 'files']],
    ['HUB', ['github']],
    ['cafe', ['Café']],
    ['ghcr', ['github']],
    ['git 1', ['github']],
    ['git npm', []],
    ['mcp', ['files']],
    ['.*', []],
  ])('"%s" finds %j', (query, names) => {
    expect(namesOf(findServers(all, query))).toEqual(names);
  });

  test('an empty query gives the very same list, so that nothing is drawn again', () => {
    expect(findServers(all, ' ')).toBe(all);
  });
});

test('the summary counts the tools of servers that are ready, and no others', () => {
  expect(
    summarize([
      server('a', { toolsOn: 5 }),
      server('b', { toolsOn: 7, state: 'failed' }),
      server('c', { toolsOn: 1 }),
    ]),
  ).toEqual({ total: 3, ready: 2, toolsOn: 6 });
});

test.each([
  ['quick-notes', 'qn'],
  ['github', 'gi'],
  ['x', 'x'],
  ['server-1', 'se1'],
  ['server-12', 's12'],
  ['server-123', '123'],
  ['server-1234', '234'],
  ['one1', 'on1'],
  ['s3', 's3'],
  ['context7', 'co7'],
  ['mcp-server-github', 'gi'],
  ['github-mcp-server', 'gi'],
  ['MCP', 'mc'],
  ['@scope/pkg', 'sp'],
  ['👩 family', 'fa'],
  ['---', '--'],
  ['שרת הקבצים', 'שה'],
])('the letters of %s are %s', (name, letters) => {
  expect(monogram(name)).toBe(letters);
});

test('numbered servers have letters of their own, none of which reads as a number', () => {
  const names = Array.from({ length: 200 }, (_, index) => `one-${index + 1}`);
  const letters = names.map(monogram);
  expect(new Set(letters).size).toBe(200);
  expect(letters.filter((one) => /^[oil]\d$/.test(one))).toEqual([]);
});
