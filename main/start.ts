/**
 * What Electron starts. With `--stdio` this process serves one client over stdio and becomes no app: the bridge runs on
 * a thread of its own while this one is held before Chromium goes on, so that there is no window, no tray, no GPU
 * process, and no display is needed. `--sample-server` does the same for the server that comes with Gatehouse.
 * Otherwise the app begins.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createHold, holdUntilDone } from './commands/hold.ts';

function start(): void {
  const worker = process.argv.includes('--stdio')
    ? 'stdio-worker.js'
    : process.argv.includes('--sample-server')
      ? 'sample-worker.js'
      : null;
  if (worker === null) {
    createRequire(__filename)('./index.js');
    return;
  }
  const hold = createHold();
  const { argv, defaultApp } = process;
  new Worker(join(__dirname, worker), {
    workerData: { hold, argv: defaultApp === true ? argv.slice(2) : argv.slice(1), program: programOf() },
    // Its own streams would pass through this thread.
    stdin: false,
    stdout: false,
    execArgv: [],
  });
  leave(holdUntilDone(hold));
}

/** `process.exit` would ask an app to quit that has not begun. */
function leave(exitCode: number): void {
  (process as NodeJS.Process & { reallyExit(code: number): never }).reallyExit(exitCode);
}

/** What starts the app: it must outlive this process, which an AppImage's mount does not. */
function programOf(): readonly string[] {
  const { argv, defaultApp, env, execPath } = process;
  // Who had to do without Chromium's sandbox here has to there.
  const switches = argv.filter((arg) => arg === '--no-sandbox');
  if (defaultApp === true) return [execPath, ...switches, argv[1] ?? '.'];
  return [env.APPIMAGE ?? execPath, ...switches];
}

start();
