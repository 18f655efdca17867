/**
 * Ctrl-C, SIGTERM and a closed terminal, for scripts whose work is done by other programs.
 */
import { stopAll } from './run.mjs';

const exitCodes = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });

const watchMs = 500;

/**
 * npm passes a signal on to the shell between it and us, which dies of it and tells nobody: losing the parent is a
 * SIGTERM too. (`npm start` has no such shell, see package.json.)
 */
function watchParent() {
  if (process.platform === 'win32' || process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) process.emit('SIGTERM');
  }, watchMs).unref();
}

/**
 * Runs `work`; on a signal its AbortSignal fires and everything that `run` started is ended. The result is the exit code
 * that `work` gives, else the one that shells expect. When `work` ends, nothing that it started with `run` is left.
 * @param {(signal: AbortSignal) => Promise<number | void>} work
 * @returns {Promise<number>}
 */
export async function untilInterrupted(work) {
  const controller = new AbortController();
  let code = 0;
  /** @param {NodeJS.Signals} name */
  const onSignal = (name) => {
    clearInterval(watch);
    code = exitCodes[/** @type {'SIGINT'} */ (name)];
    controller.abort();
    void stopAll();
  };
  for (const name of Object.keys(exitCodes)) process.on(name, onSignal);
  const watch = watchParent();
  try {
    const result = await work(controller.signal);
    return result ?? code;
  } catch (error) {
    // What fails because it was stopped is no failure.
    if (code === 0) throw error;
    return code;
  } finally {
    clearInterval(watch);
    await stopAll();
    for (const name of Object.keys(exitCodes)) process.off(name, onSignal);
  }
}
