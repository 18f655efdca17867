/** A server's entry is edited in place, and its keys are hidden meanwhile. */
import { describe, expect, it } from 'vitest';
import { editEntry, entryOf, maskEntry, unmaskEntry } from '../../main/config/entry-edit.ts';

const FILE = '/x/config.json';
const KEY = 'sk-live-3fA9xQ27LmZpR4tY8uWcB6dE';
const TEXT = `{
  // mine
  "mcpServers": {
    "notes": {
      "command": "npx", // the one of npm
      "args": ["-y", "notes"],
      "env": {
        // for the API
        "API_KEY": "${KEY}",
        "REGION": "north",
      },
      "tools": { "block": ["delete_*"] },
    },
    "other": { "url": "https://example.com/mcp" },
  },
}
`;

describe('editing', () => {
  it('writes what differs and nothing else', () => {
    const before = entryOf(TEXT, FILE, 'notes') ?? {};
    const next = { ...before, args: ['-y', 'notes@2'], env: { API_KEY: KEY, ZONE: 'b' }, cwd: '/srv' };
    const after = editEntry(TEXT, FILE, 'notes', next) ?? '';
    expect(entryOf(after, FILE, 'notes')).toEqual(next);
    for (const kept of [
      '// mine',
      '// the one of npm',
      '// for the API',
      '"tools": { "block": ["delete_*"] }',
      '"other"',
    ]) {
      expect(after).toContain(kept);
    }
    expect(after).not.toContain('REGION');
    expect(editEntry(TEXT, FILE, 'notes', before)).toBe(TEXT);
    expect(editEntry(TEXT, FILE, 'gone', {})).toBeNull();
  });

  it('keeps the name of a server in a list', () => {
    const list = '{ "mcpServers": [{ "name": "a", "command": "x" }, { "name": "b", "command": "y" }] }';
    expect(entryOf(list, FILE, 'b')).toEqual({ command: 'y' });
    const after = editEntry(list, FILE, 'b', { command: 'z', args: ['1'] }) ?? '';
    expect(JSON.parse(after)).toEqual({
      mcpServers: [
        { name: 'a', command: 'x' },
        { name: 'b', command: 'z', args: ['1'] },
      ],
    });
  });
});

describe('hidden keys', () => {
  const entry = {
    command: 'npx',
    args: ['--token', 'hunter22x', `--key=${KEY}`],
    env: { API_KEY: KEY, REGION: 'north', REFERENCE_KEY: '${keyring:x}' },
    headers: { Authorization: `Bearer ${KEY}` },
    url: `https://ada:s3cretpass@example.com/mcp?api_key=${KEY}`,
  };

  it('are nowhere in what is shown, and come back where they were', () => {
    const masked = maskEntry('notes', entry);
    const shown = JSON.stringify(masked.entry);
    for (const secret of [KEY, 'hunter22x', 's3cretpass']) expect(shown).not.toContain(secret);
    for (const plain of ['north', '${keyring:x}', 'Bearer ', '--key=', 'https://ada:'])
      expect(shown).toContain(plain);
    expect(unmaskEntry(masked.entry, masked)).toEqual(entry);
  });

  it('follow what is moved about, and a mark that stands for nothing is refused', () => {
    const masked = maskEntry('notes', { command: 'x', env: { API_KEY: KEY } });
    expect(unmaskEntry({ command: 'x', env: { NEW_KEY: '(hidden 1)' } }, masked)).toEqual({
      command: 'x',
      env: { NEW_KEY: KEY },
    });
    expect(() => unmaskEntry({ env: { A: '(hidden 2)' } }, masked)).toThrowError(/stands for no key/);
  });

  it('are told apart from what the entry says itself', () => {
    const masked = maskEntry('notes', { command: 'x', args: ['(hidden 1)'], env: { API_KEY: KEY } });
    expect(unmaskEntry(masked.entry, masked)).toEqual({
      command: 'x',
      args: ['(hidden 1)'],
      env: { API_KEY: KEY },
    });
  });
});
