/** The window's entry: everything over the bridge. Lives as long as the page. */
import './style/base.css';
import App from './App.svelte';
import { loadCatalog } from './i18n/languages.ts';
import { start } from './start.ts';
import { absentTransport } from './state/absent.ts';

void start(App, window.gatehouse ?? absentTransport, loadCatalog);
