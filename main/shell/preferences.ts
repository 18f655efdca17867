/**
 * The user's preferences, validated on the way in and on the way out, kept in `preferences.json` of the data dir.
 * The file is only ever a wish: whatever is unreadable in it falls back to the default of that one field.
 */
import { z } from 'zod';
import type { Preferences } from '../../preload/views/preferences.ts';
import { GatehouseError } from '../protocol/error.ts';

/** A place to keep values by key; electron-store is one. */
export interface PreferenceStore {
  get(key: string): unknown;
  /** Writes at once and whole; throws when the disk refuses. */
  set(values: Record<string, unknown>): void;
}

/** Preferences and the window's place. */
export interface PreferencesPort {
  get(): Preferences;
  /** Validates and keeps a change. Throws `preferences.invalid` or `preferences.not_saved`. */
  set(change: unknown): Preferences;
  /** Called after each change; returns the way to stop. */
  onChange(listener: (preferences: Preferences) => void): () => void;
  close(): void;
}

const fields = {
  theme: z.enum(['system', 'light', 'dark']),
  startHidden: z.boolean(),
  language: z.union([z.literal('system'), z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)]),
  notifications: z.strictObject({ calls: z.boolean(), approvals: z.boolean(), signIn: z.boolean() }),
  // At least one key that is held, and one that is not: a letter alone would be taken from every program.
  shortcut: z
    .string()
    .max(60)
    .regex(/^((CommandOrControl|Command|Control|Alt|Option|Super|Shift)\+)+[A-Za-z0-9]{1,12}$/)
    .nullable(),
  firstRun: z.boolean(),
};
const changeSchema = z.strictObject(fields).partial();

/** What holds until the user says otherwise. */
export const defaultPreferences: Preferences = {
  theme: 'system',
  startHidden: false,
  language: 'system',
  notifications: { calls: true, approvals: true, signIn: true },
  shortcut: null,
  firstRun: false,
};

/** Opens the preferences over a store. */
export function openPreferences(store: PreferenceStore): PreferencesPort {
  const listeners = new Set<(preferences: Preferences) => void>();
  const field = <K extends keyof Preferences>(key: K): Preferences[K] => {
    const parsed = fields[key].safeParse(store.get(key));
    return parsed.success ? (parsed.data as Preferences[K]) : defaultPreferences[key];
  };
  const read = (): Preferences => ({
    theme: field('theme'),
    startHidden: field('startHidden'),
    language: field('language'),
    notifications: field('notifications'),
    shortcut: field('shortcut'),
    firstRun: field('firstRun'),
  });
  return {
    get: read,
    set(change) {
      const parsed = changeSchema.safeParse(change);
      if (!parsed.success) {
        throw new GatehouseError({
          code: 'preferences.invalid',
          message: `This is not a preference: ${z.prettifyError(parsed.error)}.`,
          remedy: 'Choose one of the values that the settings offer.',
        });
      }
      try {
        store.set(parsed.data);
      } catch (cause) {
        throw new GatehouseError({
          code: 'preferences.not_saved',
          message: 'The preferences could not be saved.',
          remedy: 'Check that the data folder is writable and the disk is not full.',
          cause,
        });
      }
      const now = read();
      for (const listener of listeners) {
        listener(now);
      }
      return now;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      listeners.clear();
    },
  };
}
