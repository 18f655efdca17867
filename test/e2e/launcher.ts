/** The built app started as `npm start` does, without Playwright, for tests of how it starts and ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Home } from './app.ts';

/** Starts apps, and ends those that a failed test has left. */
export interface Launcher {
  /** Starts one in that home; `log` is what it has written to standard error so far. */
  launch(home: Home, ...args: string[]): { child: ChildProcess; log: () => string };
  /** Ends those that still run, and waits until they have; further ones may be started afterwards. */
  endAll(): Promise<void>;
}

/** One for each test file. */
export function openLauncher(): Launcher {
  const children: ChildProcess[] = [];
  return {
    launch(home, ...args) {
      const child = spawn(home.executable, [...home.args, ...args], {
        env: home.env,
        stdio: ['pipe', 'ignore', 'pipe'],
        // A group of its own, as a desktop gives to each program.
        detached: true,
      });
      children.push(child);
      let log = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
      return { child, log: () => log };
    },
    async endAll() {
      for (const child of children.splice(0)) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      }
    },
  };
}
