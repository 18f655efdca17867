/** Choosing a store, remembering it, and the encrypted file, on a real file system with a fake keychain. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import { keychainService } from '../../main/secrets/keychain-use.ts';
import {
  openSecrets,
  type SafeStoragePort,
  type SecretStore,
  type SecretsOptions,
} from '../../main/secrets/secrets.ts';
import { bundle } from '../fakes/bundle.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { type FakeKeychain, fakeKeychain } from './fake-keychain.ts';

let dir: string;
let keychain: FakeKeychain;
let stores: SecretStore[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-secrets-'));
  keychain = fakeKeychain();
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store.close();
  await rm(dir, { recursive: true, force: true });
});

async function open(more: Partial<SecretsOptions> = {}): Promise<SecretStore> {
  const store = await openSecrets({
    dataDir: dir,
    defaultDataDir: '/nowhere',
    safeStorage: null,
    clock: systemClock,
    keychain: 'auto',
    openKeychain: () => keychain,
    ...more,
  });
  stores.push(store);
  return store;
}

/** Not encryption, but it turns texts into bytes that do not show them. */
function fakeSafeStorage(available = true): SafeStoragePort {
  const flip = (data: Buffer): Buffer => Buffer.from(data.map((byte) => byte ^ 0x5a));
  return {
    isAvailable: () => available,
    encrypt: (text) => Buffer.concat([Buffer.from('v1'), flip(Buffer.from(text))]),
    decrypt(data) {
      if (data.subarray(0, 2).toString() !== 'v1') throw new Error('not mine');
      return flip(data.subarray(2)).toString();
    },
  };
}

describe('the choice of a store', () => {
  it('prefers the keychain, and leaves nothing of its check there', async () => {
    const store = await open();
    expect(store.view).toMatchObject({ store: 'keychain', problem: null });
    expect(keychain.entries.size).toBe(0);
    await store.set('token', 'v');
    expect([...keychain.entries]).toEqual([['token', 'v']]);
    expect(await readdir(dir)).toEqual(['secrets.json']);
  });

  it.each(['locked', 'forgetful'] as const)('falls back from a %s keychain and says why', async (state) => {
    keychain.state = state;
    const store = await open();
    expect(store.view).toMatchObject({
      store: 'key-file',
      problem: { code: 'secrets.keychain_unavailable' },
    });
    await store.set('token', 'v');
    expect(await store.get('token')).toBe('v');
    expect(store.view.problem?.code).toBe('secrets.keychain_unavailable');
  });

  it('prefers the safe storage of the login to a key file', async () => {
    const safeStorage = fakeSafeStorage();
    const store = await open({ keychain: 'off', safeStorage });
    expect(store.view).toMatchObject({ store: 'safe-storage', problem: null });
    await store.set('token', 'hunter2');
    expect(await (await open({ keychain: 'off', safeStorage })).get('token')).toBe('hunter2');
    expect((await readdir(dir)).sort()).toEqual(['secrets.enc', 'secrets.json']);
  });

  it('takes a key file when safe storage would not encrypt', async () => {
    expect((await open({ keychain: 'off', safeStorage: fakeSafeStorage(false) })).view.store).toBe(
      'key-file',
    );
  });

  it('never touches a keychain that is off', async () => {
    const openKeychain = vi.fn(() => keychain);
    const store = await open({ keychain: 'off', openKeychain });
    await store.set('a', 'b');
    expect(openKeychain).not.toHaveBeenCalled();
    expect(store.view).toMatchObject({ store: 'key-file', problem: null });
  });
});

describe('a store that was chosen', () => {
  it('stays the keychain when that is locked one day: nothing is written elsewhere, and it heals', async () => {
    await (await open()).set('token', 'v');
    keychain.state = 'locked';
    const views: unknown[] = [];
    const store = await open({ safeStorage: fakeSafeStorage(), onChange: (view) => views.push(view) });
    expect(store.view).toMatchObject({ store: 'keychain', problem: { code: 'secrets.keychain_gone' } });
    await expect(store.get('token')).rejects.toMatchObject({ code: 'secrets.keychain_gone' });
    await expect(store.set('token', 'w')).rejects.toMatchObject({ code: 'secrets.keychain_gone' });
    expect(await readdir(dir)).toEqual(['secrets.json']);
    keychain.state = 'open';
    expect(await store.get('token')).toBe('v');
    expect(store.view.problem).toBeNull();
    expect(views.at(-1)).toEqual(store.view);
  });

  it('stays the keychain when that does not answer, and the start goes on', async () => {
    await (await open()).set('token', 'v');
    keychain.state = 'silent';
    const clock = manualClock();
    const opening = open({ clock });
    await vi.waitFor(() => expect(clock.pending()).toEqual([2_000]));
    clock.advance(2_000);
    expect((await opening).view).toMatchObject({
      store: 'keychain',
      problem: { code: 'secrets.keychain_gone' },
    });
  });

  it('stays the keychain when that is off', async () => {
    await (await open()).set('token', 'v');
    const store = await open({ keychain: 'off' });
    expect(store.view).toMatchObject({ store: 'keychain', problem: { code: 'secrets.keychain_gone' } });
    await expect(store.list()).rejects.toMatchObject({ code: 'secrets.keychain_gone' });
  });

  it('stays the safe storage when the command line opens it without one', async () => {
    await (await open({ keychain: 'off', safeStorage: fakeSafeStorage() })).set('token', 'v');
    const store = await open();
    expect(store.view).toMatchObject({
      store: 'safe-storage',
      problem: { code: 'secrets.safe_storage_gone' },
    });
    await expect(store.set('x', 'y')).rejects.toMatchObject({ code: 'secrets.safe_storage_gone' });
  });

  it('stays the key file when a keychain comes', async () => {
    await (await open({ keychain: 'off' })).set('token', 'v');
    const store = await open();
    expect(store.view.store).toBe('key-file');
    expect(keychain.calls).toEqual([]);
    expect(await store.get('token')).toBe('v');
  });

  it('is the one of the process that was quicker', async () => {
    const slow = await open({ keychain: 'off', safeStorage: fakeSafeStorage() });
    const quick = await open({ keychain: 'off' });
    await quick.set('a', '1');
    await slow.set('b', '2');
    expect(slow.view.store).toBe('key-file');
    expect(await slow.list()).toEqual(['a', 'b']);
    expect(await quick.get('b')).toBe('2');
  });

  it('is not guessed from a damaged marker', async () => {
    await writeFile(join(dir, 'secrets.json'), '{"version":9}');
    await expect(open()).rejects.toMatchObject({ code: 'secrets.damaged' });
  });
});

describe('the keychain name', () => {
  it('is plain for the default data directory only, links followed', async () => {
    const link = `${dir}-link`;
    await symlink(dir, link);
    try {
      expect(keychainService(dir, dir)).toBe('Gatehouse');
      expect(keychainService(link, dir)).toBe('Gatehouse');
      expect(keychainService(dir, '/else')).toMatch(/^Gatehouse \([0-9a-f]{8}\)$/);
      expect(keychainService(dir, '/else')).not.toBe(keychainService('/else', '/other'));
    } finally {
      await rm(link);
    }
  });
});

describe('the encrypted file', () => {
  const file = (): string => join(dir, 'secrets.enc');
  const openFile = (): Promise<SecretStore> => open({ keychain: 'off' });

  it('keeps, lists and deletes; shows no name and no value; is for its owner only', async () => {
    const store = await openFile();
    await store.set('b-name', 'hunter2 ünï');
    await store.set('a-name', 'x');
    expect(await store.list()).toEqual(['a-name', 'b-name']);
    expect(await store.get('b-name')).toBe('hunter2 ünï');
    expect(await store.get('c')).toBeNull();
    for (const name of await readdir(dir)) {
      const content = await readFile(join(dir, name), 'latin1');
      expect(content).not.toMatch(/hunter2|b-name/);
      expect((await stat(join(dir, name))).mode & 0o777).toBe(0o600);
    }
    expect(await store.delete('b-name')).toBe(true);
    expect(await store.delete('b-name')).toBe(false);
    expect(await (await openFile()).list()).toEqual(['a-name']);
  });

  it('never closes the same content the same way twice', async () => {
    const store = await openFile();
    await store.set('a', '1');
    const first = await readFile(file(), 'utf8');
    await store.set('a', '2');
    await store.set('a', '1');
    expect(await readFile(file(), 'utf8')).not.toBe(first);
  });

  it.each([
    [
      'a flipped bit',
      (text: string) => text.replace(/"data":"(.)/, (_m, c: string) => `"data":"${c === 'A' ? 'B' : 'A'}`),
    ],
    ['a short tag', (text: string) => text.replace(/"tag":"([^"]{4})[^"]*"/, '"tag":"$1"')],
    ['half a file', (text: string) => text.slice(0, text.length / 2)],
    ['nothing', () => ''],
    ['another format', () => '{"version":2}'],
  ])('with %s is refused and never overwritten', async (_name, damage) => {
    const store = await openFile();
    await store.set('a', 'hunter2');
    const broken = damage(await readFile(file(), 'utf8'));
    await writeFile(file(), broken);
    await expect(store.get('a')).rejects.toMatchObject({ code: 'secrets.damaged' });
    await expect(store.set('a', 'x')).rejects.toMatchObject({ code: 'secrets.damaged' });
    await expect(store.delete('a')).rejects.toMatchObject({ code: 'secrets.damaged' });
    expect(await readFile(file(), 'utf8')).toBe(broken);
  });

  it('without its key, or with another, is refused and never overwritten', async () => {
    const store = await openFile();
    await store.set('a', '1');
    await rm(join(dir, 'secrets.key'));
    await expect(store.set('b', '2')).rejects.toMatchObject({ code: 'secrets.damaged' });
    await writeFile(join(dir, 'secrets.key'), Buffer.alloc(32).toString('base64'));
    await expect(store.get('a')).rejects.toMatchObject({ code: 'secrets.damaged' });
  });

  it('refuses names and values that a store could not carry', async () => {
    const store = await openFile();
    for (const name of ['', '-x', 'a b', 'a}', 'x'.repeat(129), '__proto__', 'é']) {
      await expect(store.set(name, 'v')).rejects.toMatchObject({ code: 'secrets.bad_name' });
    }
    for (const value of ['', 'a\0b', 'x'.repeat(65_537)]) {
      await expect(store.set('a', value)).rejects.toMatchObject({ code: 'secrets.bad_value' });
    }
    expect(await readdir(dir)).toEqual([]);
  });

  it('takes writes of many at once', async () => {
    const [one, two] = [await openFile(), await openFile()];
    const names = Array.from({ length: 15 }, (_, i) => `n${i}`);
    await Promise.all(names.map((name, i) => (i % 2 === 0 ? one : two).set(name, name)));
    expect(await one.list()).toEqual([...names].sort());
  });

  it('breaks a lock whose owner is gone, by number or by age', async () => {
    const lock = join(dir, 'secrets.lock');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(lock, String(pid));
    const store = await openFile();
    await store.set('a', '1');
    await writeFile(lock, '');
    await store.set('c', '1');
    await writeFile(lock, '1');
    // Longer ago than the longest work with a keychain takes.
    const old = new Date(Date.now() - 10 * 60_000);
    await utimes(lock, old, old);
    await store.set('b', '2');
    expect(await store.list()).toEqual(['a', 'b', 'c']);
    expect(await readdir(dir)).not.toContain('secrets.lock');
  });

  /** What a store says that is given no way to write, however long it waits. */
  async function settingFails(meanwhile: (now: number) => void): Promise<unknown> {
    const clock = manualClock(Date.now());
    const store = await open({ keychain: 'off', clock });
    let failure: { readonly error: unknown } | null = null;
    const setting = store.set('a', '1').catch((error: unknown) => {
      failure = { error };
      return error;
    });
    while (failure === null) {
      meanwhile(clock.now());
      clock.advance(clock.pending()[0] ?? 0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return setting;
  }

  it('says who is in the way when a living process holds the lock', async () => {
    const lock = join(dir, 'secrets.lock');
    await writeFile(lock, '1');
    // Its owner makes it anew all the time.
    expect(await settingFails((now) => utimesSync(lock, now / 1_000, now / 1_000))).toMatchObject({
      code: 'secrets.busy',
    });
  });

  it('says so too when what is in the way cannot be taken away', async () => {
    const lock = join(dir, 'secrets.lock');
    await mkdir(lock);
    const old = new Date(Date.now() - 10 * 60_000);
    await utimes(lock, old, old);
    expect(await settingFails(() => undefined)).toMatchObject({ code: 'secrets.busy' });
  });

  it('in a directory that cannot be written is a plain error', async ({ skip }) => {
    skip(process.getuid?.() === 0, 'root may write everywhere');
    const store = await openFile();
    await chmod(dir, 0o500);
    await expect(store.set('a', '1')).rejects.toMatchObject({ code: 'secrets.file_failed' });
    await chmod(dir, 0o700);
  });
});

describe('a kill at any moment', () => {
  it('loses nothing that was acknowledged', async () => {
    const script = await bundle(join(import.meta.dirname, 'write-secrets.fixture.ts'));
    const known = new Map<string, string>();
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [script, dir, String(round)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        // Killed between two acknowledgements, each round a little later.
        if (output.split('\n').length > 3 + round * 2) child.kill('SIGKILL');
      });
      await new Promise((resolve) => child.on('close', resolve));
      for (const line of output.split('\n').slice(0, -1)) known.set(line, `value of ${line}`);
      const store = await open({ keychain: 'off' });
      expect(known.size).toBeGreaterThan(0);
      for (const [name, value] of known) expect(await store.get(name)).toBe(value);
    }
    const store = await open({ keychain: 'off' });
    await store.set('last', 'one');
    expect((await readdir(dir)).sort()).toEqual(['secrets.enc', 'secrets.json', 'secrets.key']);
  });
});

describe('a disk without room', () => {
  it('keeps what was there', async () => {
    const script = await bundle(join(import.meta.dirname, 'full-disk-secrets.fixture.ts'));
    const { stdout } = await promisify(execFile)('bash', [
      '-c',
      'ulimit -f 8 && exec "$0" "$@"',
      process.execPath,
      script,
      dir,
    ]);
    expect(stdout.trim().split('\n')).toEqual(['written', 'secrets.file_failed']);
    expect(await (await open({ keychain: 'off' })).list()).toEqual(['short']);
  });
});
