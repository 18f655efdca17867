/**
 * Light or dark: follows the preference, or the system. Pages see it as `prefers-color-scheme`. `close()` stops.
 */
import type { NativeTheme } from 'electron';
import type { PreferencesPort } from './preferences.ts';

/** Colours of `--canvas`, `--window` and `--text` (renderer/style/tokens.css), for what is painted before the page. */
export const frameColors = {
  light: { canvas: '#FAFAF8', window: '#F2F2EF', text: '#1B1D20' },
  dark: { canvas: '#1F2022', window: '#1A1B1D', text: '#ECEDEE' },
} as const;

/** The current theme. */
export interface Theme {
  readonly colors: (typeof frameColors)['light' | 'dark'];
  /** Called when the colours may have changed; returns the way to stop. */
  onChange(listener: () => void): () => void;
  close(): void;
}

/** Applies the preference now and on each change. */
export function openTheme(nativeTheme: NativeTheme, preferences: PreferencesPort): Theme {
  nativeTheme.themeSource = preferences.get().theme;
  const stop = preferences.onChange((now) => {
    nativeTheme.themeSource = now.theme;
  });
  return {
    get colors() {
      return nativeTheme.shouldUseDarkColors ? frameColors.dark : frameColors.light;
    },
    onChange(listener) {
      nativeTheme.on('updated', listener);
      return () => nativeTheme.off('updated', listener);
    },
    close: stop,
  };
}
