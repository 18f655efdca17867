import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMounts, insideOf, sameMounts, translated } from '../../main/isolation/mounts.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';

describe('checkMounts', () => {
  let base: string;
  let home: string;
  beforeAll(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'gh-m-')));
    home = join(base, 'home', 'ada');
    for (const folder of ['notes', '.ssh', '.aws', 'data', 'data/logs']) {
      mkdirSync(join(home, folder), { recursive: true });
    }
    writeFileSync(join(home, 'notes', 'a.txt'), 'a');
    writeFileSync(join(home, '.netrc'), '');
    symlinkSync(home, join(home, 'notes', 'up'));
    symlinkSync('/proc', join(home, 'notes', 'proc'));
    symlinkSync(join(home, '.ssh'), join(home, 'notes', 'keys'));
    symlinkSync(join(home, 'data'), join(home, 'notes', 'ours'));
    symlinkSync(join(home, 'notes'), join(base, 'link'));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  const check = async (source: string, unsafe = false, target: string | null = null, write = false) => {
    const place = { platform: 'linux' as const, home, dataDir: join(home, 'data') };
    return checkMounts([{ source: source.replace('HOME', home), target, write }], place, unsafe).catch(
      (error: unknown) => (error as GatehouseError).code,
    );
  };

  it('resolves what it gives to the engine', async () => {
    const source = join(home, 'notes');
    const mount = { source, write: false, uid: process.getuid?.() ?? 0, file: expect.any(String) };
    expect(await check('~/notes')).toEqual({ mounts: [{ ...mount, target: source }], weakened: [] });
    expect(await check('~/notes/', false, '/n')).toMatchObject({ mounts: [{ ...mount, target: '/n' }] });
    expect(await check(join(base, 'link'), false, '/n')).toMatchObject({ mounts: [{ source }] });
    expect(await check('HOME/notes/a.txt')).toMatchObject({ mounts: [{ source: join(source, 'a.txt') }] });
  });

  it('notices that a path was replaced after it was judged, by a link or by another folder', async () => {
    const [place, kept] = [join(home, 'notes', 'sub'), join(home, 'notes', 'kept')];
    const judged = async () => {
      const found = await check(place, false, '/n');
      if (typeof found === 'string') throw new Error(found);
      return found.mounts;
    };
    mkdirSync(place);
    const folder = await judged();
    await expect(sameMounts(folder)).resolves.toBeUndefined();
    renameSync(place, kept);
    await expect(sameMounts(folder)).rejects.toMatchObject({ code: 'isolation.mount_refused' });
    symlinkSync(join(home, '.ssh'), place);
    await expect(sameMounts(folder)).rejects.toMatchObject({ code: 'isolation.mount_refused' });
    rmSync(place);
    mkdirSync(place);
    await expect(sameMounts(folder)).rejects.toMatchObject({ code: 'isolation.mount_refused' });
    await expect(sameMounts(await judged())).resolves.toBeUndefined();
  });

  it.each([
    '/',
    '/proc',
    '/proc/self',
    '/sys',
    '/dev',
    '/dev/null',
    '/run',
    '/var',
    'HOME',
    'HOME/',
    'HOME/notes/..',
    'HOME/notes/up',
    'HOME/notes/proc',
    'HOME/notes/ours',
    'HOME/data',
    'HOME/data/logs',
    'HOME/..',
    '~',
  ])('never gives %s, not even when its owner insists', async (source) => {
    expect(await check(source, true, '/x')).toMatch(/^isolation\.mount_(refused|missing)$/);
  });

  it('never gives a socket, such as that of the engine', async () => {
    const path = join(base, 'engine.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      expect(await check(path, true, '/var/run/docker.sock')).toBe('isolation.mount_refused');
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.each(['HOME/.ssh', 'HOME/.aws', 'HOME/.netrc', 'HOME/notes/keys', '/etc'])(
    'gives %s only when its owner insists, and names it then',
    async (source) => {
      expect(await check(source, false, '/x')).toBe('isolation.unsafe');
      expect(await check(source, true, '/x')).toMatchObject({
        weakened: [{ text: expect.stringContaining('it sees') }],
      });
    },
  );

  it('knows keys that are kept elsewhere by a link, and the folders around keys', async () => {
    const dotfiles = join(home, 'dotfiles');
    mkdirSync(join(dotfiles, 'gnupg'), { recursive: true });
    mkdirSync(join(dotfiles, 'vim'));
    symlinkSync(join(dotfiles, 'gnupg'), join(home, '.gnupg'));
    mkdirSync(join(home, '.config', 'gcloud'), { recursive: true });
    mkdirSync(join(home, '.local', 'share', 'keyrings'), { recursive: true });
    for (const source of [
      '~/.gnupg',
      '~/dotfiles/gnupg',
      '~/dotfiles',
      '~/.config',
      '~/.local',
      '~/.local/share/keyrings',
    ]) {
      expect(await check(source, false, '/x'), source).toBe('isolation.unsafe');
    }
    expect(await check('~/dotfiles/vim', false, '/x')).toMatchObject({ weakened: [] });
  });

  it('gives programs to be read, not to be changed', async () => {
    expect(await check('/usr/bin', false, '/x')).toMatchObject({ weakened: [] });
    expect(await check('/usr/bin', false, '/x', true)).toBe('isolation.unsafe');
  });

  it.each(['/', '/etc', '/proc/x', '/dev', '/usr', '/var/cache', '/notes/../etc'])(
    'hides nothing that must stay: %s',
    async (target) => {
      expect(await check('~/notes', true, target)).toBe('isolation.mount_refused');
    },
  );

  it('says what is not there, and that a place is taken', async () => {
    expect(await check('~/nothing')).toBe('isolation.mount_missing');
    const place = { platform: 'linux' as const, home, dataDir: join(home, 'data') };
    const one = { source: '~/notes', target: '/x', write: false };
    await expect(checkMounts([one, { ...one, source: '~/notes/a.txt' }], place, true)).rejects.toMatchObject({
      code: 'isolation.mount_refused',
    });
  });
});

describe('paths inside', () => {
  it('are the same, but for drives', () => {
    expect(insideOf('/home/ada', 'linux')).toBe('/home/ada');
    expect(insideOf('C:\\Users\\ada', 'win32')).toBe('/c/Users/ada');
  });

  it('are found by their mount', () => {
    const mounts = [{ source: '/home/ada/notes', target: '/n', write: false, uid: 1, file: '1:1' }];
    expect(translated('/home/ada/notes/2026', mounts, 'linux')).toBe('/n/2026');
    expect(translated('/home/ada/notes', mounts, 'linux')).toBe('/n');
    expect(translated('/home/ada/notesX', mounts, 'linux')).toBeNull();
  });
});
