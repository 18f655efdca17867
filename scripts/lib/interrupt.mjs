/**
 * Ctrl-C, SIGTERM and a closed terminal, for scripts whose work is done by other programs.
 */
import { stopAll } from './run.mjs';

const exitCodes = /** @type {const} */ ({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 });

/**
 * Runs `work`; on a signal its AbortSignal fires, everything that `run` started is ended, and the result is the exit
 * code that shells expect. Also when `work` ends by itself, nothing that it started is left.
 * @param {(signal: AbortSignal) => Promise<number | void>} work
 * @returns {Promise<number>}
 */
export async function untilInterrupted(work) {
  const controller = new AbortController();
  let code = 0;
  /** @param {NodeJS.Signals} name */
  const onSignal = (name) => {
    code = exitCodes[/** @type {'SIGINT'} */ (name)];
    controller.abort();
    void stopAll();
  };
  for (const name of Object.keys(exitCodes)) process.on(name, onSignal);
  try {
    const result = await work(controller.signal);
    return code || (result ?? 0);
  } catch (error) {
    // What fails because it was stopped is no failure.
    if (code === 0) throw error;
    return code;
  } finally {
    await stopAll();
    for (const name of Object.keys(exitCodes)) process.off(name, onSignal);
  }
}
