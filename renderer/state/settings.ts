/**
 * The settings as their page shows them: asked for once and whenever the configuration is another one, changed one at a
 * time, each with what became of it. `close()` takes the timers away and lets later answers fall.
 */
import type { Api, Problem, Result } from '../../preload/contract.ts';
import type { Preferences } from '../../preload/views/preferences.ts';
import type { LoginStartView, SettingChange, SettingsView } from '../../preload/views/settings.ts';
import { share } from './share.ts';
import type { After } from './toasts.ts';

/** The rows of the page that hold a setting. */
export type SettingRow = SettingChange['key'] | `preference.${keyof Preferences}` | 'app.loginStart';

/** What became of the last change of a row. */
export type RowState =
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What the page shows. Replaced whole on each change. */
export interface SettingsState {
  /** Null until the first answer. */
  readonly view: SettingsView | null;
  /** Null until the first answer, and where there is no desktop. */
  readonly preferences: Preferences | null;
  readonly loginStart: LoginStartView | null;
  /** Why there is no first answer. */
  readonly problem: Problem | null;
  readonly rows: Readonly<Partial<Record<SettingRow, RowState>>>;
}

/** See above. */
export interface Settings {
  /** Tells the newest revision of the configuration; asks again when it is another one. */
  sync(revision: number): void;
  load(): Promise<void>;
  /** True when it was written. */
  set(change: SettingChange): Promise<boolean>;
  prefer(part: Partial<Preferences>): Promise<boolean>;
  setLoginStart(on: boolean): Promise<boolean>;
  close(): void;
}

/** Before the first answer. */
export const noSettings: SettingsState = {
  ...{ view: null, preferences: null, loginStart: null, problem: null, rows: {} },
};

/** Milliseconds that "Saved" stays. */
export const savedTime = 2500;

/**
 * @param desktop whether there is one, with preferences of its own
 * @param changed called with the new state on every change
 */
export function openSettings(
  api: Api,
  desktop: boolean,
  after: After,
  changed: (state: SettingsState) => void,
): Settings {
  let state = noSettings;
  let seen: number | null = null;
  let open = true;
  /** Of the last question: the answer to an older one may say what was so before a change. */
  let asked = 0;
  const timers = new Map<SettingRow, () => void>();

  const put = (part: Partial<SettingsState>): void => {
    state = { ...state, ...part };
    if (open) changed(state);
  };
  const putRow = (row: SettingRow, now: RowState | undefined): void => {
    timers.get(row)?.();
    timers.delete(row);
    const { [row]: _before, ...rest } = state.rows;
    put({ rows: now === undefined ? rest : { ...rest, [row]: now } });
    if (now?.kind === 'saved' && open)
      timers.set(
        row,
        after(savedTime, () => putRow(row, undefined)),
      );
  };
  const load = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    const [view, preferences, loginStart] = await Promise.all([
      api.command('settings.get', {}),
      desktop ? api.command('preferences.get', {}) : null,
      desktop ? api.command('app.loginStart', {}) : null,
    ]);
    if (mine !== asked) return;
    if (!view.ok) {
      put({ problem: view.error });
      return;
    }
    put({
      problem: null,
      view: share(state.view, view.value),
      preferences: preferences?.ok === true ? share(state.preferences, preferences.value) : null,
      loginStart: loginStart?.ok === true ? share(state.loginStart, loginStart.value) : null,
    });
  };
  const change = async <T>(
    row: SettingRow,
    run: () => Promise<Result<T>>,
    took: (value: T) => Partial<SettingsState>,
  ): Promise<boolean> => {
    // One at a time for each row: the control shows what is in force, so a second wish would be for what is not yet.
    if (state.rows[row]?.kind === 'saving') return false;
    putRow(row, { kind: 'saving' });
    asked += 1;
    const answer = await run();
    if (answer.ok) {
      put(took(answer.value));
      putRow(row, { kind: 'saved' });
    } else {
      putRow(row, { kind: 'failed', problem: answer.error });
    }
    return answer.ok;
  };
  return {
    load,
    sync(revision) {
      if (revision === seen) return;
      seen = revision;
      void load();
    },
    set: (wanted) =>
      change(
        wanted.key,
        () => api.command('settings.set', { change: wanted }),
        (view) => ({ view: share(state.view, view) }),
      ),
    prefer(part) {
      const [name = 'theme'] = Object.keys(part) as (keyof Preferences)[];
      return change(
        `preference.${name}`,
        () => api.command('preferences.set', part),
        (preferences) => ({ preferences }),
      );
    },
    setLoginStart: (on) =>
      change(
        'app.loginStart',
        () => api.command('app.setLoginStart', { on }),
        (loginStart) => ({ loginStart }),
      ),
    close() {
      open = false;
      for (const stop of timers.values()) stop();
      timers.clear();
    },
  };
}
