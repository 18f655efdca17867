import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../main/config/read.ts';
import { editRemoved, editRestored, type RemovedServer } from '../../main/config/remove.ts';

const FILE = '/data/config.json';
const MAP = `{
  // mine
  "mcpServers": {
    "a": { "command": "x" }, // the first
    "b": { "command": "y", "env": { "K": "v" } },
    "c": { "url": "https://c.example/mcp" }
  },
  "profiles": {
    "work": { "servers": ["b", "a"] },
    "home": { "servers": ["c"] }
  }
}
`;
const LIST = '{"mcpServers":[{"name":"a","command":"x"},{"name":"b","command":"y"}]}';

function removed(text: string, name: string): RemovedServer {
  const one = editRemoved(text, FILE, name);
  if (one === null) throw new Error(`no ${name}`);
  return one;
}
const names = (text: string): string[] => parseConfig(text, FILE).servers.map((server) => server.name);

describe('a server that is taken out', () => {
  it.each(['a', 'b', 'c'])('%s is gone, from its profiles too; the rest stays as it is', (name) => {
    const { after } = removed(MAP, name);
    expect(names(after)).toEqual(['a', 'b', 'c'].filter((one) => one !== name));
    const { profiles } = parseConfig(after, FILE);
    expect(profiles.map((profile) => profile.servers)).toEqual([
      ['b', 'a'].filter((one) => one !== name),
      ['c'].filter((one) => one !== name),
    ]);
    expect(after).toContain('// mine');
  });

  it('is found in the list form, and the last one may go', () => {
    const first = removed(LIST, 'a').after;
    expect(names(first)).toEqual(['b']);
    expect(names(removed(first, 'b').after)).toEqual([]);
  });

  it.each(['["b", "a"]', '["a","b",]', '[\n  "b", // last\n  "a"\n]', '["a", "b", "a"]', '["a"]'])(
    'leaves a sound file where its profile is written as %s',
    (servers) => {
      const text = `\uFEFF{"mcpServers":{"a":{"command":"x"},"b":{"command":"y"}},"profiles":{"p":{"servers":${servers}}}}`;
      const { after } = removed(text, 'a');
      expect(parseConfig(after, FILE).profiles[0]?.servers).toEqual(servers === '["a"]' ? [] : ['b']);
      expect(after.charCodeAt(0)).toBe(0xfeff);
    },
  );

  it.each(['d', 'toString', '__proto__'])('%s is none', (name) => {
    expect(editRemoved(MAP, FILE, name)).toBeNull();
  });
});

describe('a server that is put back', () => {
  it.each([MAP, LIST])('is as before, to the letter, where nothing else has changed', (text) => {
    const one = removed(text, 'b');
    expect(editRestored(one.after, FILE, one)).toBe(text);
  });

  it.each([MAP, LIST])(
    'is in the file again, and in its profiles, beside what was changed meanwhile',
    (text) => {
      const one = removed(text, 'b');
      const meanwhile = one.after.replace('"x"', '"changed"');
      const config = parseConfig(editRestored(meanwhile, FILE, one) ?? '', FILE);
      const before = parseConfig(text, FILE);
      expect(config.servers.find((server) => server.name === 'b')).toEqual(
        before.servers.find((server) => server.name === 'b'),
      );
      expect(config.servers[0]?.transport).toMatchObject({ command: 'changed' });
      expect(config.profiles.map(({ servers }) => [...servers].sort())).toEqual(
        before.profiles.map(({ servers }) => [...servers].sort()),
      );
    },
  );

  it('changes its form with the file', () => {
    const one = removed(LIST, 'b');
    expect(names(editRestored('{"mcpServers":{"z":{"command":"q"}}}', FILE, one) ?? '')).toEqual(['z', 'b']);
    const other = removed(MAP, 'b');
    expect(names(editRestored('{"mcpServers":[]}', FILE, other) ?? '')).toEqual(['b']);
    expect(names(editRestored('{}', FILE, other) ?? '')).toEqual(['b']);
  });

  it('is not put over another one of its name', () => {
    const one = removed(MAP, 'b');
    expect(editRestored('{"mcpServers":{"b":{"command":"other"}}}', FILE, one)).toBeNull();
  });
});
