/** Brings a window to life over any transport: its language, the app, what it shows. Lives as long as the page. */
import { type Component, mount } from 'svelte';
import { createApi } from '../preload/api.ts';
import type { ApiTransport } from '../preload/contract.ts';
import type { Language } from '../preload/views/language.ts';
import type { Tongue } from './i18n/words.ts';
import { type App, createApp } from './state/app.svelte.ts';
import { addressIn, platformOf } from './state/browser.ts';
import { createSpeech } from './state/speech.svelte.ts';

/** Milliseconds that the first picture waits for what it shows; the core may still be starting, and that is shown too. */
const FIRST_MS = 150;

/**
 * @param frame what fills the window
 * @param load gives the words of a language; English is spoken when it rejects
 */
export async function start(
  frame: Component<{ app: App }>,
  transport: ApiTransport,
  load: (language: Language, locale: string) => Promise<Tongue>,
): Promise<void> {
  const page = document.documentElement;
  const root = document.getElementById('app');
  if (root === null) {
    return;
  }
  page.dataset.platform = platformOf(navigator.userAgent);
  const api = createApi(transport);
  const speech = createSpeech(load, (locale) => {
    page.lang = locale;
    // A page that is loaded again begins with the language that it had.
    history.replaceState(history.state, '', addressIn(location.href, locale));
  });
  const app = createApp(api, speech.words, window);
  const known = app.acts.load();
  const wish = new URLSearchParams(location.search).get('lang') ?? '';
  await Promise.all([speech.speak([wish, ...navigator.languages]), atMost(known, FIRST_MS)]);
  api.on('language', (tag) => void speech.speak([tag, ...navigator.languages]));
  root.replaceChildren();
  mount(frame, { target: root, props: { app } });
  addEventListener('pagehide', () => app.close());
}

/** A page has no clock of its own, and whoever waits for less than this never notices the timer. */
function atMost(done: Promise<unknown>, ms: number): Promise<unknown> {
  return Promise.race([done, new Promise((resolve) => setTimeout(resolve, ms))]);
}
