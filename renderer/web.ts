/** The entry in a browser: the way in first, then the same app as in the window. Lives as long as the page. */
import { mount } from 'svelte';
import type { Language } from '../preload/views/language.ts';
import type { Tongue } from './i18n/words.ts';
import { createSpeech } from './state/speech.svelte.ts';
import { createWeb } from './state/web.svelte.ts';
import { createWebKey } from './state/web-key.ts';
import { openWebPreferences } from './state/web-preferences.ts';
import WebAdmin from './WebAdmin.svelte';

/** @param load gives the words of a language; English is spoken when it rejects */
export async function startWeb(load: (language: Language) => Promise<Tongue>): Promise<void> {
  const page = document.documentElement;
  const root = document.getElementById('app');
  if (root === null) {
    return;
  }
  page.dataset.platform = 'web';
  const speech = createSpeech(load, (locale) => {
    page.lang = locale;
  });
  const preferences = openWebPreferences(localStorage, ({ theme, language }) => {
    if (theme === 'system') delete page.dataset.theme;
    else page.dataset.theme = theme;
    void speech.speak([language, ...navigator.languages]);
  });
  const web = createWeb(
    createWebKey(localStorage),
    {
      fetch: (path, init) =>
        fetch(path, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' }),
      now: Date.now,
      wait(milliseconds, run) {
        const timer = setTimeout(run, milliseconds);
        return () => clearTimeout(timer);
      },
      copy: (text) => navigator.clipboard.writeText(text),
      preferences,
    },
    speech.words,
    window,
  );
  for (const done of ['pointerdown', 'keydown', 'wheel'] as const) {
    addEventListener(done, () => web.present(), { passive: true, capture: true });
  }
  document.addEventListener('visibilitychange', () => web.visible(document.visibilityState === 'visible'));
  addEventListener('pagehide', () => web.close());
  await speech.speak([preferences.get().language, ...navigator.languages]);
  root.replaceChildren();
  mount(WebAdmin, { target: root, props: { web, words: speech.words } });
  await web.ask();
}
