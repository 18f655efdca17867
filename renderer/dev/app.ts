/**
 * The real screens over the fake core: `app.html?world=many&theme=dark&lang=de`. `lang=en-XA` is English whose words are
 * all half as long again; `dir=rtl` turns the page around. Development only.
 */
import '../style/base.css';
import App from '../App.svelte';
import { en } from '../i18n/en.ts';
import { loadTongue } from '../i18n/languages.ts';
import { start } from '../start.ts';
import { createFakeCore } from './fake-transport.ts';
import { pseudoTongue } from './pseudo.ts';
import { type WorldName, worlds } from './worlds.ts';

const wish = new URLSearchParams(location.search);
const name = wish.get('world') ?? 'nine';
const known = (text: string): text is WorldName => Object.hasOwn(worlds, text);
const core = createFakeCore(worlds[known(name) ? name : 'nine']);
const theme = wish.get('theme');
if (theme !== null) {
  document.documentElement.dataset.theme = theme;
}
document.documentElement.dir = wish.get('dir') ?? 'ltr';
// For who tries things out in the browser's console.
Object.assign(window, { gatehouse: core });
await start(App, core, async (language, locale) =>
  locale === 'en-XA' ? pseudoTongue(en) : loadTongue(language),
);
