/**
 * `npm start [-- ARGUMENTS]`: sets up what is missing, builds what has changed, and starts the app: with its window
 * where there is a display, else the same gateway without one. Arguments go to the app (`--listen`, `--config`,
 * `--data-dir`, `--no-auth`, ...). Ends with the app; Ctrl-C and SIGTERM end the app first.
 */
import { build } from './lib/build.mjs';
import { whyNoWindow } from './lib/display.mjs';
import { untilInterrupted } from './lib/interrupt.mjs';
import { launch } from './lib/launch.mjs';
import { sampleArguments } from './lib/samples.mjs';
import { runMain, say } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';
import { readyText } from './lib/words.mjs';

/** The app's exit code when another one serves the same data directory. */
const alreadyRunning = 3;

runMain(() =>
  untilInterrupted(async (signal) => {
    const noWindow = await whyNoWindow();
    const { electron } = await setup({
      system: noWindow === null ? 'start' : 'none',
      electron: noWindow === null,
      signal,
    });
    if (signal.aborted) return 0;
    await build();
    if (signal.aborted) return 0;
    return start(noWindow === null ? usable(electron) : null, noWindow);
  }),
);

/**
 * @param {import('./lib/electron-runtime.mjs').ElectronRuntime | null} electron
 * @param {string | null} noWindow
 * @returns {Promise<number>}
 */
async function start(electron, noWindow) {
  const args = process.argv.slice(2);
  if (electron === null) {
    say(`Starting without a window: ${noWindow ?? 'there is no usable Electron here, see above'}.`);
  }
  let running = false;
  let again = false;
  const begin = (/** @type {readonly string[]} */ given) =>
    launch({
      electron,
      args: [...given, ...sampleArguments()],
      onEvent: (event) => {
        // On stdout, unlike all else that is said here: where the app is, is what this command gives. No token is in it.
        if (event.event === 'ready') console.log(readyText(event, args));
        if (event.event === 'already-running') running = true;
        if (event.event === 'restart') again = true;
      },
    });
  const visible = args.filter((arg) => arg !== '--hidden');
  let app = begin(electron === null ? visible : args);
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(name, () => {
      again = false;
      return app.stop(name);
    });
  let code = await app.ended;
  while (again && code === 0) {
    again = false;
    app = begin(visible);
    code = await app.ended;
  }
  if (running) console.log('Gatehouse runs already; its window has been brought to the front.');
  return code === alreadyRunning ? 0 : code;
}

/**
 * @param {import('./lib/electron-runtime.mjs').ElectronRuntime | null} electron
 */
function usable(electron) {
  if (electron === null) return null;
  if (electron.sandbox === 'root')
    say('Notice: running as root, so pages run without the Chromium sandbox (--no-sandbox).');
  if (electron.sandbox !== 'forbidden') return electron;
  say(
    'This system forbids the user namespaces that the Chromium sandbox needs; see CONTRIBUTING.md, "Sandbox".',
  );
  return null;
}
