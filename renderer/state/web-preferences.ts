/** What a browser keeps of how it wants to see the screens. The desktop keeps its own; nothing of this reaches Gatehouse. */
import type { Preferences } from '../../preload/views/preferences.ts';

const NAME = 'gatehouse-preferences';
/** What only a desktop has is off. */
const usual: Preferences = {
  theme: 'system',
  startHidden: false,
  language: 'system',
  notifications: { calls: false, approvals: false, signIn: false },
  shortcut: null,
  firstRun: false,
};

/** The kept preferences. */
export interface WebPreferences {
  get(): Preferences;
  /** Keeps theme and language. */
  set(change: Partial<Preferences>): Preferences;
}

/** @param apply called with what holds, at once and after each change */
export function openWebPreferences(
  store: Pick<Storage, 'getItem' | 'setItem'>,
  apply: (preferences: Preferences) => void,
): WebPreferences {
  let now: Preferences = { ...usual, ...kept(store) };
  apply(now);
  return {
    get: () => now,
    set({ theme = now.theme, language = now.language }) {
      now = { ...now, theme, language };
      apply(now);
      try {
        store.setItem(NAME, JSON.stringify({ theme: now.theme, language: now.language }));
      } catch {
        // Private windows may refuse: then it lasts as long as the page.
      }
      return now;
    },
  };
}

/** Whatever is unreadable counts as never kept. */
function kept(store: Pick<Storage, 'getItem'>): Partial<Preferences> {
  try {
    const found = JSON.parse(store.getItem(NAME) ?? '{}') as {
      readonly theme?: unknown;
      readonly language?: unknown;
    };
    return {
      ...(found.theme === 'light' || found.theme === 'dark' ? { theme: found.theme } : {}),
      ...(typeof found.language === 'string' ? { language: found.language } : {}),
    };
  } catch {
    return {};
  }
}
