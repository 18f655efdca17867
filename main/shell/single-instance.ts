/**
 * One app per data dir. The lock is taken before anything else opens; whoever comes second hands over its arguments
 * and leaves. `close()` gives the lock back.
 */
import type { App } from 'electron';
import { readArgv, type ShellArgs } from './argv.ts';

/** The held lock. */
export interface SingleInstance {
  /** From now on `listener` hears of later starts; one that came before is told at once. */
  onSecond(listener: (args: ShellArgs) => void): void;
  close(): void;
}

/**
 * Takes the lock, or returns null when another process with the same data dir holds it (that one has then been told).
 * Electron rewrites the second command line, so what the shell wants of it travels as data; the rest, which may hold
 * a token, does not travel.
 */
export function openSingleInstance(app: App, args: ShellArgs): SingleInstance | null {
  if (!app.requestSingleInstanceLock({ argv: [...(args.hidden ? ['--hidden'] : []), ...args.links] })) {
    return null;
  }
  let listener: ((args: ShellArgs) => void) | null = null;
  let early: ShellArgs | null = null;
  const heard = (_event: unknown, _argv: unknown, _cwd: unknown, data: unknown): void => {
    const args = readArgv(['', ...argvOf(data)], false);
    if (listener === null) {
      early = args;
    } else {
      listener(args);
    }
  };
  app.on('second-instance', heard);
  return {
    onSecond(next) {
      listener = next;
      if (early !== null) {
        next(early);
        early = null;
      }
    },
    close() {
      app.off('second-instance', heard);
      app.releaseSingleInstanceLock();
    },
  };
}

/** The data comes from another process: only a list of strings is believed. */
function argvOf(data: unknown): readonly string[] {
  const argv = typeof data === 'object' && data !== null && 'argv' in data ? data.argv : null;
  return Array.isArray(argv) ? argv.filter((arg): arg is string => typeof arg === 'string') : [];
}
