/**
 * The language of the tray, the notices and the menus, and the one that windows begin with: the user's wish, else the
 * system's. It changes with the preference. `close()` stops listening.
 */
import { type Language, languageFor } from '../../preload/views/language.ts';
import type { PreferencesPort } from './preferences.ts';
import { englishWords, type ShellWords } from './words.ts';

/** What the shell speaks. */
export interface Speech {
  /** Always the same object; what it says is in the language of now. */
  readonly words: ShellWords;
  /** BCP 47 tag of the language that is wanted, with a region where that is known. */
  locale(): string;
  /** Called when the words have become other ones; returns the way to stop. */
  onChange(listener: (locale: string) => void): () => void;
  close(): void;
}

/** Loads the words that are not English; they are read when they are first wanted. */
async function loadWords(language: Language): Promise<ShellWords> {
  switch (language) {
    case 'en':
      return englishWords;
    case 'de':
      return (await import('./words-de.ts')).germanWords;
    case 'ja':
      return (await import('./words-ja.ts')).japaneseWords;
    case 'zh-Hans':
      return (await import('./words-zh.ts')).chineseWords;
  }
}

/** @param system the user's languages as the system tells them, the best first */
export function openSpeech(
  preferences: Pick<PreferencesPort, 'get' | 'onChange'>,
  system: readonly string[],
): Speech {
  const listeners = new Set<(locale: string) => void>();
  let now = englishWords;
  let wish = '';
  let closed = false;
  const speak = async (): Promise<void> => {
    const { language: wanted } = preferences.get();
    if (wanted === wish) {
      return;
    }
    wish = wanted;
    const { language, locale } = languageFor([wanted, ...system]);
    const words = await loadWords(language);
    if (wish === wanted && !closed) {
      now = words;
      for (const listener of listeners) {
        listener(locale);
      }
    }
  };
  void speak();
  const stop = preferences.onChange(() => void speak());
  return {
    words: new Proxy(englishWords, { get: (_english, key) => Reflect.get(now, key) }),
    locale: () => languageFor([preferences.get().language, ...system]).locale,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      closed = true;
      stop();
      listeners.clear();
    },
  };
}

/** A wish on the command line (`--lang=de`), what the system says, and what Chromium makes of both. */
export function systemLanguages(app: {
  readonly commandLine: { getSwitchValue(name: string): string };
  getPreferredSystemLanguages(): string[];
  getLocale(): string;
}): readonly string[] {
  return [app.commandLine.getSwitchValue('lang'), ...app.getPreferredSystemLanguages(), app.getLocale()];
}
