/** The store on a real file system, edited in every way that editors do it. */
import { execFile } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConfigError } from '../../main/config/error.ts';
import { refreshSchema } from '../../main/config/file.ts';
import { configSchemaText, defaultConfigText } from '../../main/config/publish.ts';
import type { GatehouseConfig } from '../../main/config/schema.ts';
import { type ConfigStore, openConfigStore } from '../../main/config/store.ts';
import { type Clock, systemClock } from '../../main/protocol/clock.ts';
import { bundle } from '../fakes/bundle.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';

const ONE = '{\n  // keep me\n  "mcpServers": {\n    "one": { "command": "one" }\n  }\n}\n';
const TWO = '{"mcpServers":{"two":{"command":"two"}}}';
const BROKEN = '{\n  "mcpServers": {\n    "one": { "comand": "one" }\n  }\n}\n';

let dir: string;
let file: string;
let store: ConfigStore | null;
let changes: GatehouseConfig[];
let faults: ConfigError[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-config-'));
  file = join(dir, 'config.json');
  store = null;
  changes = [];
  faults = [];
});

afterEach(async () => {
  await store?.close();
  await rm(dir, { recursive: true, force: true });
});

async function open(o: { at?: string; clock?: Clock; create?: boolean } = {}): Promise<ConfigStore> {
  store = await openConfigStore({
    file: o.at ?? file,
    clock: o.clock ?? systemClock,
    create: o.create ?? false,
    onChange: (config) => changes.push(config),
    onBroken: (error) => faults.push(error),
  });
  return store;
}

const names = (config: GatehouseConfig | undefined): string[] =>
  (config?.servers ?? []).map((server) => server.name);
const change = (wanted: string): Promise<void> =>
  vi.waitFor(() => expect(names(changes.at(-1))).toEqual([wanted]), { timeout: 5_000, interval: 10 });
const fault = (code: string): Promise<void> =>
  vi.waitFor(() => expect(faults.at(-1)?.code).toBe(code), { timeout: 5_000, interval: 10 });

describe('opening', () => {
  it('makes a missing file with comments, readable by its owner only', async () => {
    file = join(dir, 'deep', 'er', 'config.json');
    const opened = await open({ create: true });
    expect(opened.current.servers).toEqual([]);
    expect(await readFile(file, 'utf8')).toContain('// Gatehouse');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(file))).mode & 0o777).toBe(0o700);
    expect(await readdir(dirname(file))).toEqual(['config.json']);
  });

  it('refuses a missing file when it may not make one', async () => {
    await expect(open()).rejects.toMatchObject({ code: 'config.not_found', file });
  });

  it('refuses a link to nowhere and leaves it', async () => {
    await symlink(join(dir, 'nowhere'), file);
    await expect(open({ create: true })).rejects.toMatchObject({ code: 'config.not_found' });
    expect(await readdir(dir)).toEqual(['config.json']);
  });

  it('refuses a faulty file with its place, and a directory, and bytes that are not UTF-8', async () => {
    await writeFile(file, BROKEN);
    await expect(open({ create: true })).rejects.toMatchObject({
      code: 'config.unknown_key',
      line: 3,
      column: 14,
    });
    await writeFile(file, Buffer.from([0xff, 0xfe, 0x7b, 0x00]));
    await expect(open()).rejects.toMatchObject({ code: 'config.syntax' });
    await rm(file);
    await mkdir(file);
    await expect(open({ create: true })).rejects.toMatchObject({ code: 'config.unreadable' });
  });
});

it('the JSON schema lies where the file of a first start looks for it, and is written only when it is another one', async () => {
  await refreshSchema(file);
  const [, name = ''] = /"\$schema": "([^"]+)"/.exec(defaultConfigText()) ?? [];
  const beside = join(dir, name);
  expect(await readFile(beside, 'utf8')).toBe(configSchemaText());
  const { mtimeMs } = await stat(beside);
  await refreshSchema(file);
  expect((await stat(beside)).mtimeMs).toBe(mtimeMs);
  await writeFile(beside, '{}');
  await refreshSchema(file);
  expect(await readFile(beside, 'utf8')).toBe(configSchemaText());
  await refreshSchema(join(dir, 'no', 'such', 'config.json'));
});

describe('edits from outside', () => {
  beforeEach(() => writeFile(file, ONE));

  it('in place', async () => {
    await open();
    await writeFile(file, TWO);
    await change('two');
    expect(names(store?.current)).toEqual(['two']);
  });

  it('by rename, several times', async () => {
    await open();
    for (const name of ['a', 'b', 'c']) {
      await writeFile(`${file}.tmp`, TWO.replaceAll('two', name));
      await rename(`${file}.tmp`, file);
      await change(name);
    }
    await writeFile(file, TWO);
    await change('two');
    expect(faults).toEqual([]);
  });

  it('by moving the old file away and writing a new one, as vim does', async () => {
    await open();
    await rename(file, `${file}~`);
    await writeFile(file, TWO);
    await change('two');
    expect(faults).toEqual([]);
  });

  it('by deleting it: reported once, and healed by making it again', async () => {
    await open();
    await rm(file);
    await fault('config.not_found');
    expect(names(store?.current)).toEqual(['one']);
    await writeFile(file, TWO);
    await change('two');
    expect(faults).toHaveLength(1);
  });

  it('through a symbolic link, by rename behind it, and by pointing it elsewhere', async () => {
    await mkdir(join(dir, 'real'));
    const real = join(dir, 'real', 'r.json');
    const link = join(dir, 'link.json');
    await writeFile(real, ONE);
    await symlink(real, link);
    await open({ at: link });
    await writeFile(real, TWO);
    await change('two');
    await writeFile(`${real}.tmp`, TWO.replaceAll('two', 'three'));
    await rename(`${real}.tmp`, real);
    await change('three');
    await mkdir(join(dir, 'other'));
    await writeFile(join(dir, 'other', 'o.json'), TWO.replaceAll('two', 'four'));
    await symlink(join(dir, 'other', 'o.json'), `${link}.new`);
    await rename(`${link}.new`, link);
    await change('four');
    await writeFile(join(dir, 'other', 'o.json'), TWO.replaceAll('two', 'five'));
    await change('five');
  });

  it('broken: keeps what runs, names the place, and heals', async () => {
    await open();
    await writeFile(file, BROKEN);
    await fault('config.unknown_key');
    expect(faults[0]).toMatchObject({ file, line: 3, column: 14, key: 'mcpServers.one.comand' });
    expect(faults[0]?.remedy).toContain('"command"');
    expect(names(store?.current)).toEqual(['one']);
    expect(changes).toEqual([]);
    await writeFile(file, ONE);
    await change('one');
    expect(faults).toHaveLength(1);
  });

  it('of comments only: nobody is told', async () => {
    await open();
    await writeFile(file, ONE.replace('keep me', 'changed'));
    await writeFile(file, ONE.replace('keep me', 'changed again'));
    await store?.setServerEnabled('one', false);
    expect(await readFile(file, 'utf8')).toContain('changed again');
    expect(changes).toHaveLength(1);
  });
});

describe('half a save', () => {
  let clock: ManualClock;

  /** Lets the store look at the file as it is now, and no longer than that. */
  const look = (): Promise<void> =>
    vi.waitFor(
      () => {
        const next = clock.pending()[0] ?? 0;
        if (next > 0 && next <= 50) clock.advance(next);
        expect(next).toBeGreaterThan(50);
      },
      { timeout: 5_000, interval: 5 },
    );

  beforeEach(async () => {
    clock = manualClock();
    await writeFile(file, ONE);
    await open({ clock });
  });

  it('is not reported while it grows, and the whole is taken', async () => {
    await truncate(file);
    await look();
    clock.advance(300);
    await writeFile(file, TWO.slice(0, 20));
    await look();
    clock.advance(300);
    await writeFile(file, TWO);
    await vi.waitFor(
      () => {
        clock.advance(10);
        expect(names(changes.at(-1))).toEqual(['two']);
      },
      { timeout: 5_000, interval: 5 },
    );
    expect(faults).toEqual([]);
  });

  it('is reported once it stands still', async () => {
    await writeFile(file, TWO.slice(0, 20));
    await look();
    clock.advance(300);
    expect(faults).toEqual([]);
    await vi.waitFor(
      () => {
        clock.advance(50);
        expect(faults.map((error) => error.code)).toEqual(['config.syntax']);
      },
      { timeout: 5_000, interval: 5 },
    );
  });
});

describe('edits from inside', () => {
  beforeEach(() => writeFile(file, ONE));

  it('keep comments, mode and the rest, and are in force at once', async () => {
    await chmod(file, 0o640);
    const opened = await open();
    await opened.setServerEnabled('one', false);
    expect(opened.current.servers[0]?.enabled).toBe(false);
    expect(changes).toHaveLength(1);
    expect(await readFile(file, 'utf8')).toBe(
      '{\n  // keep me\n  "mcpServers": {\n    "one": { "command": "one", "enabled": false }\n  }\n}\n',
    );
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await readdir(dir)).toEqual(['config.json']);
  });

  it('follow a symbolic link and leave it a link', async () => {
    const link = join(dir, 'link.json');
    await symlink(file, link);
    const opened = await open({ at: link });
    await opened.edit(['listen'], '127.0.0.1:0');
    expect(await readFile(file, 'utf8')).toContain('127.0.0.1:0');
    expect(
      (await readdir(dir, { withFileTypes: true }))
        .find((entry) => entry.name === 'link.json')
        ?.isSymbolicLink(),
    ).toBe(true);
  });

  it('many at once all arrive', async () => {
    const opened = await open();
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => opened.edit(['mcpServers', `s${i}`], { command: 'x' })),
    );
    expect(opened.current.servers).toHaveLength(21);
  });

  it('are built on what the user saved a moment ago', async () => {
    const opened = await open();
    await writeFile(file, '{"mcpServers":{"one":{"command":"one"},"new":{"command":"n"}}}');
    await opened.setServerEnabled('one', false);
    expect(opened.current.servers.map((s) => [s.name, s.enabled])).toEqual([
      ['one', false],
      ['new', true],
    ]);
  });

  it('are refused when the user has an unfinished edit there, which stays', async () => {
    const opened = await open();
    await writeFile(file, BROKEN);
    await expect(opened.setServerEnabled('one', false)).rejects.toMatchObject({
      code: 'config.broken_on_disk',
      line: 3,
    });
    expect(await readFile(file, 'utf8')).toBe(BROKEN);
  });

  it('are refused when they would break the file', async () => {
    const opened = await open();
    await expect(opened.edit(['mcpServers', 'one', 'comand'], 'x')).rejects.toMatchObject({
      code: 'config.unknown_key',
    });
    await expect(opened.edit(['mcpServers', 'ONE'], { command: 'x' })).rejects.toMatchObject({
      code: 'config.duplicate_name',
    });
    await expect(opened.setServerEnabled('nobody', true)).rejects.toMatchObject({
      code: 'config.no_such_server',
    });
    expect(await readFile(file, 'utf8')).toBe(ONE);
    expect(changes).toEqual([]);
  });

  it('are refused after close, and close twice is fine', async () => {
    const opened = await open();
    await opened.close();
    await opened.close();
    await expect(opened.setServerEnabled('one', false)).rejects.toMatchObject({ code: 'config.closed' });
  });

  it('aborting the signal ends the watch', async () => {
    const controller = new AbortController();
    store = await openConfigStore({
      file,
      clock: systemClock,
      create: false,
      onChange: () => undefined,
      onBroken: () => undefined,
      signal: controller.signal,
    });
    controller.abort();
    await expect(store.setServerEnabled('one', false)).rejects.toMatchObject({ code: 'config.closed' });
  });
});

describe('a disk without room', () => {
  it('leaves the file as it was and says so', async () => {
    // A limit on the size of files stands in for a full disk: both cut a write short.
    const long = `{"mcpServers":{},"$schema":"${'x'.repeat(4_000)}"}`;
    await writeFile(file, long);
    const script = await bundle(join(import.meta.dirname, 'full-disk.fixture.ts'));
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      'ulimit -f 8 && exec "$0" "$@"',
      process.execPath,
      script,
      file,
    ]);
    expect(stdout.trim().split('\n')).toEqual(['written', 'config.write_failed']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ mcpServers: { new: { command: 'x' } } });
    expect(await readdir(dir)).toEqual(['config.json']);
  });
});
