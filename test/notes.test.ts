/** What is noted of the configuration: each change once, by names alone. */
import { expect, it } from 'vitest';
import type { ActivityNote } from '../main/activity/entry.ts';
import { ConfigError } from '../main/config/error.ts';
import { parseConfig } from '../main/config/read.ts';
import { changesOf } from '../main/config-changes.ts';
import { brokenConfig, soundConfig } from '../main/describe.ts';
import { eventNotes } from '../main/notes.ts';

const read = (servers: object, more: object = {}) =>
  parseConfig(JSON.stringify({ ...more, mcpServers: servers }), '/data/config.json');
const FILES = { command: 'files', env: { KEY: 'planted-secret' } };

it('names what differs, and no value', () => {
  const before = read(
    { files: FILES, web: { url: 'https://w.example/mcp' } },
    { profiles: { p: { servers: ['web'] } } },
  );
  const after = read(
    { files: { ...FILES, env: { KEY: 'another-secret' }, trust: 'auto' }, git: { command: 'git' } },
    { auth: { token: 'a-third-secret' }, approval: { destructive: 'ask' } },
  );
  const changes = changesOf(before, after);
  expect(changes).toEqual([
    'auth',
    'approval',
    'servers.files: transport, trust',
    'servers.web: removed',
    'servers.git: added',
    'profiles.p: removed',
  ]);
  expect(JSON.stringify(changes)).not.toContain('secret');
  expect(changesOf(after, after)).toEqual([]);
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`s${at}`, FILES]));
  expect(changesOf(read({}), read(many)).slice(-1)).toEqual(['and 50 more']);
});

it('notes each change once, however often the same configuration is put in force', () => {
  const notes: ActivityNote[] = [];
  let config = read({ files: FILES });
  const hear = eventNotes(
    (note) => void notes.push(note),
    () => config,
  );
  const sound = { kind: 'config', config: soundConfig('/data/config.json') } as const;
  const fault = new ConfigError({
    ...{ code: 'config.syntax', message: 'A fault.', remedy: 'Mend it.', file: '/data/config.json' },
    ...{ line: 3, column: 1, key: null },
  });
  const broken = { kind: 'config', config: brokenConfig('/data/config.json', fault) } as const;
  for (const event of [sound, sound]) hear(event);
  config = read({ files: { ...FILES, trust: 'auto' } });
  for (const event of [sound, sound, broken, broken, sound]) hear(event);
  expect(
    notes.map(({ action, outcome, detail }) => [action, outcome, JSON.parse(detail ?? '').changes]),
  ).toEqual([
    ['configuration.read', 'ok', []],
    ['configuration.changed', 'ok', ['servers.files: trust']],
    ['configuration.changed', 'error', []],
    ['configuration.changed', 'ok', []],
  ]);
});
