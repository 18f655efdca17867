/** Commands that only a login shell's PATH knows, found by asking a real shell. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../main/protocol/clock.ts';
import { createLoginPath } from '../../main/upstreams/login-path.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { until } from '../host/gateway.ts';
import { local, type PoolHost, poolHost, script } from './pool-host.ts';

let home: string;
let made: PoolHost | null = null;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gh-login-'));
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin', 'only-here'), `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  chmodSync(join(home, 'bin', 'only-here'), 0o755);
});
afterEach(async () => {
  await made?.close();
  made = null;
  rmSync(home, { recursive: true, force: true });
});

const env = (more: object = {}): Record<string, string> => ({
  ...{ HOME: home, SHELL: '/bin/bash', PATH: '/usr/bin:/bin' },
  ...more,
});

it('a command that ours does not know is found, and what it starts finds its own kind there too', async () => {
  // Noise of all kinds around it, as such files have.
  writeFileSync(join(home, '.bash_profile'), 'echo hello; export PATH="$HOME/bin:$PATH"; echo bye >&2\n');
  const loginPath = createLoginPath(env(), false, systemClock);
  expect(loginPath.always).toBe(false);
  made = poolHost(undefined, env(), { loginPath });
  const { transport } = local('s', ['raw-server.mjs']);
  made.pool.apply([
    {
      ...local('s', []),
      transport: { ...transport, command: 'only-here', args: [script('raw-server.mjs')] } as typeof transport,
    },
  ]);
  await made.state('s', 'ready');
});

it('what only interactive shells read counts too', async () => {
  writeFileSync(join(home, '.profile'), '[ -f ~/.bashrc ] && . ~/.bashrc\n');
  writeFileSync(
    join(home, '.bashrc'),
    'case $- in *i*) ;; *) return;; esac\nexport PATH="$HOME/bin:$PATH"\n',
  );
  expect(await createLoginPath(env(), true, systemClock).ask()).toContain(join(home, 'bin'));
});

it('a desktop start, which has no TERM, takes the PATH of the shell for every server; a terminal does not', () => {
  expect(createLoginPath(env(), true, systemClock).always).toBe(true);
  expect(createLoginPath(env({ TERM: 'xterm' }), true, systemClock).always).toBe(false);
});

it('is asked once, and its answer is null where there is no such shell', async () => {
  writeFileSync(join(home, '.bash_profile'), `echo x >> '${home}/asked'; export PATH="$HOME/bin:$PATH"\n`);
  const loginPath = createLoginPath(env(), true, systemClock);
  expect(await Promise.all([loginPath.ask(), loginPath.ask()])).toEqual([
    expect.stringContaining(join(home, 'bin')),
    expect.stringContaining(join(home, 'bin')),
  ]);
  expect(readFileSync(join(home, 'asked'), 'utf8')).toBe('x\n');
  expect(await createLoginPath(env({ SHELL: '/no/such/shell' }), true, systemClock).ask()).toBeNull();
});

it('a shell that hangs is ended after 10 seconds, with what it has started', async () => {
  writeFileSync(join(home, '.bash_profile'), `echo $$ > '${home}/pid'; sleep 1000\n`);
  const clock = manualClock();
  const asked = createLoginPath(env(), true, clock).ask();
  await until(
    () => existsSync(join(home, 'pid')) && readFileSync(join(home, 'pid'), 'utf8').endsWith('\n'),
    'it has begun',
  );
  clock.advance(10_000);
  expect(await asked).toBeNull();
  const pid = Number(readFileSync(join(home, 'pid'), 'utf8'));
  await until(() => {
    try {
      process.kill(-pid, 0);
      return false;
    } catch {
      return true;
    }
  }, 'nobody of its group is left');
});
