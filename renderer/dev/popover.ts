/** The popover over the fake core, with the same wishes in its address as `app.html`. Development only. */
import '../style/base.css';
import { en } from '../i18n/en.ts';
import { loadTongue } from '../i18n/languages.ts';
import { start } from '../start.ts';
import Popover from '../views/Popover.svelte';
import { createFakeCore } from './fake-transport.ts';
import { pseudoTongue } from './pseudo.ts';
import { type WorldName, worlds } from './worlds.ts';

const wish = new URLSearchParams(location.search);
const name = wish.get('world') ?? 'waiting';
const known = (text: string): text is WorldName => Object.hasOwn(worlds, text);
const core = createFakeCore(worlds[known(name) ? name : 'waiting']);
const theme = wish.get('theme');
if (theme !== null) {
  document.documentElement.dataset.theme = theme;
}
document.documentElement.dir = wish.get('dir') ?? 'ltr';
await start(Popover, core, async (language, locale) =>
  locale === 'en-XA' ? pseudoTongue(en) : loadTongue(language),
);
