/** The window's entry: the app over the bridge, then its frame. Lives as long as the page. */
import './style/base.css';
import { mount } from 'svelte';
import { createApi } from '../preload/api.ts';
import App from './App.svelte';
import { en } from './i18n/en.ts';
import { createWords } from './i18n/words.ts';
import { absentTransport } from './state/absent.ts';
import { createApp } from './state/app.svelte.ts';
import { localeFor, platformOf } from './state/browser.ts';

const root = document.getElementById('app');
if (root !== null) {
  document.documentElement.dataset.platform = platformOf(navigator.userAgent);
  const words = createWords(localeFor('en', navigator.languages), en);
  const app = createApp(createApi(window.gatehouse ?? absentTransport), words, window);
  void app.acts.load();
  root.replaceChildren();
  mount(App, { target: root, props: { app } });
  addEventListener('pagehide', () => app.close());
}
