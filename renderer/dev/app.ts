/** The real screens over the fake core: `app.html?world=many&theme=dark`. Development only. */
import { createFakeCore } from './fake-transport.ts';
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
Object.assign(window, { gatehouse: core });
await import('../main.ts');
