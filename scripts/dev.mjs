/**
 * `npm run dev [-- ARGUMENTS]`: builds and starts the app, and does both again whenever a source file has changed.
 * `npm run dev -- screens` serves the pages of renderer/dev/ instead, with hot reload and without the app.
 */
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { whyNoWindow } from './lib/display.mjs';
import { untilInterrupted } from './lib/interrupt.mjs';
import { launch } from './lib/launch.mjs';
import { root } from './lib/places.mjs';
import { runMain, say, Trouble } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';
import { readyText } from './lib/words.mjs';

const folders = ['main', 'preload', 'renderer', 'assets'];
/** Editors write a file in several steps. */
const settleMs = 150;

const args = process.argv.slice(2);

runMain(() => untilInterrupted((signal) => (args[0] === 'screens' ? serveScreens(signal) : rebuild(signal))));

/** @param {AbortSignal} signal */
async function rebuild(signal) {
  const noWindow = await whyNoWindow();
  const system = noWindow === null ? 'start' : 'none';
  const { electron } = await setup({ system, electron: noWindow === null, signal });
  if (electron === null) say(`Without a window: ${noWindow ?? 'there is no Electron here, see above'}.`);
  const changes = watchSources(signal);
  while (!signal.aborted) {
    let stopping = false;
    const changed = changes.next();
    const app = (await builds()) ? start(electron) : null;
    app?.ended.then(
      (code) => stopping || say(`The app has ended with ${code}; it starts again with the next change.`),
      (error) => say(String(error)),
    );
    await Promise.race([changed, app?.restart ?? changed]);
    stopping = true;
    await app?.stop('SIGTERM');
  }
  return 0;
}

/** @returns {Promise<boolean>} */
async function builds() {
  try {
    await build();
    return true;
  } catch (error) {
    // The next change may mend it.
    if (!(error instanceof Trouble)) throw error;
    say(error.message);
    return false;
  }
}

/** @param {import('./lib/electron-runtime.mjs').ElectronRuntime | null} electron */
function start(electron) {
  /** @type {() => void} */
  let asked = () => undefined;
  /** @type {Promise<void>} */
  const restart = new Promise((resolve) => {
    asked = resolve;
  });
  const app = launch({
    electron,
    args,
    onEvent: (event) => {
      // On stdout, as with `npm start`: it is what the command gives, and no token is in it.
      if (event.event === 'ready') console.log(readyText(event, args));
      if (event.event === 'restart') asked();
    },
  });
  return { ...app, restart };
}

/**
 * @param {AbortSignal} signal
 * @returns {{ next: () => Promise<void> }} `next` settles after the next change has settled, or when the signal fires
 */
function watchSources(signal) {
  /** @type {() => void} */
  let wake = () => undefined;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  for (const folder of folders.filter((name) => existsSync(join(root, name)))) {
    watch(join(root, folder), { recursive: true, signal }, () => {
      clearTimeout(timer);
      timer = setTimeout(() => wake(), settleMs);
    }).on('error', () => undefined);
  }
  signal.addEventListener('abort', () => wake());
  return {
    next: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  };
}

/** @param {AbortSignal} signal */
async function serveScreens(signal) {
  await setup({ system: 'none', electron: false, signal });
  const [vite, { rendererBase }] = await Promise.all([import('vite'), import('./lib/bundles.mjs')]);
  const server = await vite.createServer({
    configFile: false,
    envDir: false,
    ...rendererBase(),
    server: { host: '127.0.0.1', open: false },
  });
  await server.listen();
  for (const url of server.resolvedUrls?.local ?? []) say(`screens: ${url}dev/components.html`);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  await server.close();
  return 0;
}
