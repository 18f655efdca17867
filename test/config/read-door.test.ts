/** The settings of the door, as they are read. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../main/config/read.ts';

const FILE = '/data/config.json';

describe('the settings of the door', () => {
  const door = (settings: object): ReturnType<typeof parseConfig> =>
    parseConfig(JSON.stringify({ mcpServers: { a: { command: 'x' } }, ...settings }), FILE);

  it('takes limits, in the units of the file', () => {
    expect(door({ limits: { sessions: 5, sessionIdleMinutes: 2, queuePerClient: 0 } }).limits).toEqual({
      bodyBytes: null,
      sessions: 5,
      callsPerClient: null,
      queuePerClient: 0,
      sessionIdleMs: 120_000,
    });
  });

  it.each([
    ['', ''],
    ['/', ''],
    ['/gate', '/gate'],
    ['/gate/way/', '/gate/way'],
  ])('takes the base path %j as %j', (written, read) => {
    expect(door({ basePath: written }).basePath).toBe(read);
  });

  it.each(['gate', '//gate', '/a b', '/../x', '/a?b', '/a//b'])('refuses the base path %j', (basePath) => {
    expect(() => door({ basePath })).toThrow(expect.objectContaining({ code: 'config.invalid_value' }));
  });

  it('takes profiles', () => {
    expect(
      door({ profiles: { work: { servers: ['a'] }, bare: { servers: [], prefix: false } } }).profiles,
    ).toEqual([
      { name: 'work', servers: ['a'], prefix: true, tools: { allow: null, block: [] } },
      { name: 'bare', servers: [], prefix: false, tools: { allow: null, block: [] } },
    ]);
  });

  it('refuses a profile with a server that is not there, naming the place', () => {
    expect(() => door({ profiles: { work: { servers: ['a', 'b'] } } })).toThrow(
      expect.objectContaining({ code: 'config.invalid_value', key: 'profiles.work.servers[1]' }),
    );
  });

  it('refuses a profile whose name would climb in a path', () => {
    expect(() => door({ profiles: { '..': { servers: [] } } })).toThrow(
      expect.objectContaining({ code: 'config.invalid_value' }),
    );
  });
});
