/**
 * Starts a helper as one of Electron's utility processes: the only way to run our own code in another process when the
 * executable is not allowed to act as Node. The starter ends it with `kill()`; Electron ends it with the app.
 */
import type { utilityProcess } from 'electron';

/** A running helper. */
export interface UtilityHelper {
  send(message: unknown): void;
  /** Does nothing here: a desktop app lives until it is told to quit. */
  hold(held: boolean): void;
  kill(): void;
}

/** What a helper tells; `onEnd` comes at most once. */
export interface UtilityEvents {
  onMessage(message: unknown): void;
  onEnd(): void;
}

/** Gives the function that starts `module` (a file in `out/`) with `args`. Call that after `ready`. */
export function utilityStarter(
  fork: typeof utilityProcess.fork,
  module: string,
  args: readonly string[],
): (events: UtilityEvents) => UtilityHelper {
  return (events) => {
    const child = fork(module, [...args], { stdio: 'ignore', serviceName: 'Gatehouse keychain' });
    child.on('message', (message: unknown) => events.onMessage(message));
    child.once('exit', () => events.onEnd());
    return {
      send: (message) => child.postMessage(message),
      hold: () => {},
      kill: () => void child.kill(),
    };
  };
}
