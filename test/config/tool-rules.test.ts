import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../main/config/read.ts';

const read = (server: object, top: object = {}) =>
  parseConfig(
    JSON.stringify({ mcpServers: { one: { command: 'x', ...server } }, ...top }),
    '/data/config.json',
  );

describe('what the file says of tools', () => {
  it('is read for a server', () => {
    const { trust, tools } =
      read({
        trust: 'auto',
        tools: {
          allow: ['get_*'],
          block: ['get_secret?'],
          overrides: { get_a: { name: 'fetch', description: 'Fetches.' }, constructor: { title: 'T' } },
        },
      }).servers[0] ?? {};
    expect(trust).toBe('auto');
    expect(tools).toEqual({
      allow: ['get_*'],
      block: ['get_secret?'],
      overrides: [
        { tool: 'get_a', name: 'fetch', title: null, description: 'Fetches.' },
        { tool: 'constructor', name: null, title: 'T', description: null },
      ],
    });
  });

  it('is read for a profile', () => {
    const { profiles } = read({}, { profiles: { p: { servers: ['one'], tools: { allow: ['one/get_*'] } } } });
    expect(profiles[0]?.tools).toEqual({ allow: ['one/get_*'], block: [] });
  });

  it('tells an empty list, which allows nothing, from none', () => {
    expect(read({ tools: { allow: [] } }).servers[0]?.tools.allow).toEqual([]);
    expect(read({ tools: {} }).servers[0]?.tools.allow).toBeNull();
  });

  it('is compared whole, so that a change of an override counts as one', () => {
    const said = (description: string) =>
      JSON.stringify(read({ tools: { overrides: { a: { description } } } }));
    expect(said('one')).not.toBe(said('other'));
  });

  it.each([
    [{ trust: 'always' }, 'config.invalid_value', 'mcpServers.one.trust'],
    [{ tools: { alow: [] } }, 'config.unknown_key', 'mcpServers.one.tools.alow'],
    [{ tools: { allow: [''] } }, 'config.invalid_value', 'mcpServers.one.tools.allow[0]'],
    [
      { tools: { overrides: { a: { name: 'no spaces' } } } },
      'config.invalid_value',
      'mcpServers.one.tools.overrides.a.name',
    ],
    [
      { tools: { overrides: { a: { name: 'x' }, b: { name: 'x' } } } },
      'config.invalid_value',
      'mcpServers.one.tools.overrides.b.name',
    ],
  ])('%o is refused with its place', (server, code, key) => {
    expect(() => read(server)).toThrow(expect.objectContaining({ code, key }));
  });
});
