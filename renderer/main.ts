/** The page's entry: everything over the bridge; in a browser, the way in first. Lives as long as the page. */
import './style/base.css';
import App from './App.svelte';
import { loadTongue } from './i18n/languages.ts';
import { start } from './start.ts';
import { absentTransport } from './state/absent.ts';

if (window.gatehouse === undefined && location.protocol.startsWith('http')) {
  void import('./web.ts').then(({ startWeb }) => startWeb(loadTongue));
} else {
  void start(App, window.gatehouse ?? absentTransport, loadTongue);
}
