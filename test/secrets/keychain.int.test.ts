/** The real keytar in its child process, with a real keyring and with broken ones. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import type { HelperEvents } from '../../main/secrets/helper.ts';
import { createKeychain } from '../../main/secrets/keychain.ts';
import { bundle } from '../fakes/bundle.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { describeUnless } from '../host/needed.ts';

const missing = ['Xvfb', 'dbus-daemon', 'gnome-keyring-daemon'].filter((program) => !installed(program));
const onLinux = process.platform === 'linux';
const noKeyring = !onLinux
  ? 'only on Linux'
  : missing.length > 0
    ? `not installed: ${missing.join(', ')}`
    : null;

let script: string;
let dir: string;

beforeAll(async () => {
  script = await bundle(join(import.meta.dirname, 'keychain.fixture.ts'));
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gatehouse-keychain-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function installed(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Outcome {
  readonly view: { store: string; description: string; problem: { code: string } | null };
  readonly results: unknown[];
  readonly openedMs: number;
  /** From its line to its end: a thread that hangs would make this long. */
  readonly exitMs: number;
}

/** Runs the fixture in `env`; rejects unless it ends by itself, with 0, soon. */
function run(env: Record<string, string>, ...words: string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, dir, ...words], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    let output = '';
    let printed = 0;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      printed = Date.now();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code !== 0) reject(new Error(`ended with ${code ?? signal}`));
      else resolve({ ...(JSON.parse(output) as Outcome), exitMs: Date.now() - printed });
    });
  });
}

describeUnless(noKeyring, 'a real keyring', () => {
  let desktop: Desktop;
  beforeAll(async () => {
    desktop = await startDesktop();
  });
  afterAll(() => desktop?.close());

  it('keeps secrets over processes, under the name of the data directory', async () => {
    const first = await run(desktop.env, 'set', 'token', 'hunter2 ünï', 'set', 'b', 'x', 'list');
    expect(first.view).toMatchObject({ store: 'keychain', problem: null });
    expect(first.view.description).toMatch(/"Gatehouse \([0-9a-f]{8}\)"/);
    expect(first.results).toEqual(['done', 'done', ['b', 'token']]);
    const second = await run(
      desktop.env,
      'get',
      'token',
      'delete',
      'token',
      'delete',
      'token',
      'get',
      'token',
      'list',
    );
    expect(second.results).toEqual(['hunter2 ünï', true, false, null, ['b']]);
    expect(await readdir(dir)).toEqual(['secrets.json']);
    expect(second.exitMs).toBeLessThan(5_000);
  });

  it('takes secrets over from a file and gives them back, and a kill at any moment loses none', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `secret-${index}`);
    await run(desktop.env, ...names.flatMap((name) => ['set', name, `value of ${name}`]));
    const there = async (): Promise<Outcome> =>
      run(desktop.env, ...names.flatMap((name) => ['get', name]), 'list');
    const expected = [...names.map((name) => `value of ${name}`), names];
    const moved = await run(desktop.env, 'move', 'file', 'list', 'move', 'file');
    expect(moved.results).toEqual([6, names, 0]);
    expect(moved.view.store).toBe('key-file');
    expect((await there()).results).toEqual(expected);
    const stores = new Set<string>();
    for (let kill = 0; kill < 10; kill++) {
      const child = spawn(process.execPath, [script, dir, 'forever'], {
        env: desktop.env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const gone = new Promise((resolve) => child.once('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      // Any moment may be the bad one, so each kill takes another.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
      child.kill('SIGKILL');
      await gone;
      const after = await there();
      expect(after.results).toEqual(expected);
      expect(after.view.problem).toBeNull();
      stores.add(after.view.store);
    }
    // Copies that do not count are gone when the next move has come to its end.
    const last = await run(desktop.env, 'move', 'file', 'move', 'keychain', 'list');
    expect(last.results.at(-1)).toEqual(names);
    expect(await readFile(join(dir, 'secrets.json'), 'utf8')).toBe('{"version":1,"store":"keychain"}\n');
    expect(stores.size).toBeGreaterThan(0);
  }, 90_000);

  it('does not show one data directory the secrets of another', async () => {
    await run(desktop.env, 'set', 'token', 'mine');
    await rm(dir, { recursive: true });
    dir = await mkdtemp(join(tmpdir(), 'gatehouse-keychain-'));
    expect((await run(desktop.env, 'get', 'token', 'list')).results).toEqual([null, []]);
  });

  it('that is away one day: says so, keeps quiet files, and is used again when back', async () => {
    await run(desktop.env, 'set', 'token', 'v');
    const { DBUS_SESSION_BUS_ADDRESS: _gone, DISPLAY: _none, ...away } = desktop.env;
    const without = await run({ ...away, XDG_RUNTIME_DIR: dir }, 'get', 'token', 'set', 'x', 'y');
    expect(without.view).toMatchObject({ store: 'keychain', problem: { code: 'secrets.keychain_gone' } });
    expect(without.results).toEqual(['secrets.keychain_gone', 'secrets.keychain_gone']);
    expect(await readdir(dir)).toEqual(['secrets.json']);
    expect((await run(desktop.env, 'get', 'token')).results).toEqual(['v']);
  });
});

/** A session of its own whose keyring is unlocked for the first run of `$@` and locked for the second. */
const lockedSession = `
ready() {
  for _ in $(seq 200); do
    dbus-send --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
      string:org.freedesktop.secrets 2>&1 | grep -q 'boolean true' && return
    sleep 0.05
  done
  exit 90
}
echo password | gnome-keyring-daemon --foreground --unlock --components=secrets & daemon=$!
ready
"$@" set token hunter2 || exit 91
kill $daemon; wait $daemon
gnome-keyring-daemon --foreground --components=secrets & daemon=$!
ready
"$@" get token list; code=$?
kill $daemon; wait $daemon
exit $code
`;

describeUnless(noKeyring, 'a locked keyring that cannot ask its owner', () => {
  it('neither crashes nor hangs us, though it crashes keytar', () => {
    const output = execFileSync(
      'dbus-run-session',
      ['--', 'bash', '-c', lockedSession, 'bash', process.execPath, script, dir],
      {
        env: { PATH: process.env.PATH, HOME: dir },
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
        timeout: 25_000,
      },
    );
    const [first, second] = output
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Outcome);
    expect(first).toMatchObject({ view: { store: 'keychain', problem: null }, results: ['done'] });
    expect(second?.view).toMatchObject({ store: 'keychain', problem: { code: 'secrets.keychain_gone' } });
    // Not null, which would say that there is no such secret.
    expect(second?.results).toEqual(['secrets.keychain_gone', 'secrets.keychain_gone']);
  });
});

describe.skipIf(!onLinux)('no keyring', () => {
  const env = (more: Record<string, string>): Record<string, string> => ({
    PATH: process.env.PATH ?? '',
    HOME: dir,
    XDG_RUNTIME_DIR: dir,
    ...more,
  });

  it('for want of a bus: falls back at once', async () => {
    const outcome = await run(env({}), 'set', 'a', 'b', 'get', 'a');
    expect(outcome.view).toMatchObject({
      store: 'key-file',
      problem: { code: 'secrets.keychain_unavailable' },
    });
    expect(outcome.results).toEqual(['done', 'b']);
  });

  it('behind a bus that never answers: falls back in time, and the process can end', async () => {
    const socket = join(dir, 'bus');
    const server = createServer().listen(socket);
    try {
      const outcome = await run(
        env({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${socket}` }),
        'set',
        'a',
        'b',
        'get',
        'a',
      );
      expect(outcome.view).toMatchObject({
        store: 'key-file',
        problem: { code: 'secrets.keychain_unavailable' },
      });
      expect(outcome.results).toEqual(['done', 'b']);
      expect(outcome.openedMs).toBeGreaterThan(1_900);
      expect(outcome.openedMs).toBeLessThan(8_000);
      expect(outcome.exitMs).toBeLessThan(5_000);
    } finally {
      server.close();
    }
  });
});

describe('the helper process', () => {
  const options = { service: 'Gatehouse (test)', clock: systemClock };

  it('refuses after close, and close twice is fine', async () => {
    const keychain = createKeychain(options);
    keychain.close();
    keychain.close();
    await expect(keychain.get('a', 1_000)).rejects.toMatchObject({ code: 'secrets.keychain_unavailable' });
  });

  it('that gets no time is ended, its call refused, and so is the next one at once', async () => {
    const clock = manualClock();
    const sent: unknown[] = [];
    let killed = 0;
    let events: HelperEvents | undefined;
    const keychain = createKeychain({
      service: 'Gatehouse (test)',
      clock,
      startHelper: (given) => {
        events = given;
        return { send: (message) => sent.push(message), hold: () => undefined, kill: () => killed++ };
      },
    });
    const first = keychain.get('a', 1_000).catch((error: unknown) => error);
    await vi.waitFor(() => expect(clock.pending()).toEqual([10_000]));
    clock.advance(9_999);
    events?.onMessage({ ready: true });
    expect(clock.pending()).toEqual([1_000]);
    const second = keychain.get('b', 1_000).catch((error: unknown) => error);
    clock.advance(1_000);
    expect(await first).toMatchObject({ message: expect.stringContaining('does not answer') });
    expect(await second).toMatchObject({ message: expect.stringContaining('a moment ago') });
    expect(killed).toBe(1);
    expect(sent).toHaveLength(1);
    clock.advance(30_000);
    const third = keychain.get('c', 1_000);
    await vi.waitFor(() => expect(sent).toHaveLength(2));
    events?.onMessage({ ready: true });
    events?.onMessage({ id: 2, value: 'v' });
    expect(await third).toBe('v');
    expect(clock.pending()).toEqual([5_000]);
    clock.advance(5_000);
    expect(killed).toBe(2);
    keychain.close();
  });
});
