/**
 * The PATH that a login shell has. An app that the desktop starts gets a short one, and the programs of version managers
 * (nvm, pyenv, Homebrew) are not on it; a terminal knows them, because the shell's own files say so. The shell is asked at
 * most once, and ended when it does not answer in time.
 */
import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Clock } from '../protocol/clock.ts';
import { isProgram } from './commands.ts';
import type { UpstreamDeps } from './ports.ts';

/** Milliseconds for the shell's own files to be read. */
const PATIENCE_MS = 10_000;
/** What is printed around the value; the shell's files may print what they like. */
const MARK = '--gatehouse-path--';
const MAX_OUTPUT = 1024 * 1024;

/**
 * Asks nothing yet. `env` is the environment that the shell begins with; `desktop` says that a person's desktop may have
 * started us, in which case a terminal's traces are missing from it and its PATH is the short one.
 */
export function createLoginPath(
  env: Readonly<Record<string, string>>,
  desktop: boolean,
  clock: Clock,
): NonNullable<UpstreamDeps['loginPath']> {
  let asked: Promise<string | null> | null = null;
  return {
    always: desktop && env.TERM === undefined && process.platform !== 'win32',
    ask() {
      asked ??= ask(env, clock);
      return asked;
    },
  };
}

function ask(env: Readonly<Record<string, string>>, clock: Clock): Promise<string | null> {
  const shell = env.SHELL ?? shellOfUser();
  if (process.platform === 'win32' || shell === null || !isProgram(shell)) return Promise.resolve(null);
  return new Promise((resolve) => {
    // Interactive too: many put these lines into the file that only interactive shells read. `printenv` writes the same
    // in every shell, where `echo $PATH` does not (fish).
    const script = `echo ${MARK}; printenv PATH; echo ${MARK}`;
    const child = spawn(shell, ['-i', '-l', '-c', script], {
      env: { ...env, TERM: 'dumb' },
      stdio: ['ignore', 'pipe', 'ignore'],
      // Without a terminal of its own an interactive shell would take ours.
      detached: true,
    });
    let output = '';
    const finish = (): void => {
      cancel();
      try {
        // Whatever its files have started goes with it.
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // ESRCH: nobody is left.
      }
      child.stdout.destroy();
      const [, value] = output.split(`${MARK}\n`);
      resolve(value === undefined || value.trim() === '' ? null : value.trim());
    };
    const cancel = clock.after(PATIENCE_MS, finish);
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.length < MAX_OUTPUT) output += chunk.toString('utf8');
      // It has said all; a file that goes on for ever must not be waited for.
      if (output.split(`${MARK}\n`).length > 2) finish();
    });
    child.once('error', finish);
    child.once('close', finish);
  });
}

function shellOfUser(): string | null {
  try {
    return userInfo().shell;
  } catch {
    return null;
  }
}
