/**
 * Starts the keychain's helper process. Under plain Node that is Node itself; Electron's own executable may not run as
 * Node (it is switched off in packages), so the desktop gives its own way to start one.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { keychainProgram } from './keychain-child.ts';
import { keychainUnavailable } from './problems.ts';

/** A running helper. */
export interface Helper {
  /** May be called before the helper is up; messages wait. */
  send(message: unknown): void;
  /** Whether the helper keeps this process alive: while somebody waits for an answer. */
  hold(held: boolean): void;
  /** Ends it at once. */
  kill(): void;
}

/** What a helper tells; `onEnd` comes at most once, also when it did not start. */
export interface HelperEvents {
  onMessage(message: unknown): void;
  onEnd(): void;
}

/** Starts a process that runs `serveKeychain`. Throws `secrets.keychain_unavailable` when there is no way to. */
export type StartHelper = (events: HelperEvents) => Helper;

/** Starts the helper with this process's own Node. */
export const startNodeHelper: StartHelper = (events) => {
  if (process.versions.electron !== undefined && process.env.ELECTRON_RUN_AS_NODE === undefined) {
    throw keychainUnavailable('the desktop app gave no helper process for it');
  }
  // NODE_OPTIONS belong to the parent alone.
  const { NODE_OPTIONS: _dropped, ...env } = process.env;
  const child = spawn(process.execPath, ['-e', keychainProgram(), keytarPath()], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    windowsHide: true,
  });
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    events.onEnd();
  };
  child.on('message', (message) => events.onMessage(message));
  child.on('error', end);
  child.on('exit', end);
  return {
    send(message) {
      if (typeof message !== 'object' || message === null) return;
      child.send(message, (error) => {
        if (error !== null) end();
      });
    },
    hold(held) {
      if (held) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

/** Where keytar lies. Throws `secrets.keychain_unavailable` when it is not installed. */
export function keytarPath(): string {
  try {
    return createRequire(import.meta.url).resolve('keytar');
  } catch (cause) {
    throw keychainUnavailable('keytar, the package that reaches it, is not installed', cause);
  }
}
