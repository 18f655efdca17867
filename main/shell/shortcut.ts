/**
 * The keys that open the popover from anywhere; none unless the user says so. Keys that another program has, or the
 * system refuses, are reported and not kept. `close()` gives them back.
 */
import type { GlobalShortcut } from 'electron';
import { GatehouseError } from '../protocol/error.ts';

/** The keys in force. */
export interface Shortcut {
  /** Puts these keys in force; null gives them up. Throws `preferences.shortcut_taken`; those before then stay. */
  use(keys: string | null): void;
  close(): void;
}

export function openShortcut(
  system: Pick<GlobalShortcut, 'register' | 'unregister'>,
  pressed: () => void,
): Shortcut {
  let now: string | null = null;
  const give = (): void => {
    if (now !== null) system.unregister(now);
    now = null;
  };
  return {
    use(keys) {
      if (keys === now) return;
      if (keys !== null && !taken(system, keys, pressed)) throw shortcutTaken(keys);
      give();
      now = keys;
    },
    close: give,
  };
}

function taken(system: Pick<GlobalShortcut, 'register'>, keys: string, pressed: () => void): boolean {
  try {
    return system.register(keys, pressed);
  } catch {
    // Keys that this system does not know.
    return false;
  }
}

function shortcutTaken(keys: string): GatehouseError {
  return new GatehouseError({
    code: 'preferences.shortcut_taken',
    message: 'The keys {keys} cannot be had: another program or the system has them.',
    remedy: 'Choose other keys in the settings.',
    values: { keys },
  });
}
