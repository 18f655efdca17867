/** `npm run build`: builds `out/` when something has changed. */
import { build } from './lib/build.mjs';
import { runMain } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';

runMain(async () => {
  await setup({ system: 'none', electron: false });
  await build();
});
