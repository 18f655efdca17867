/**
 * What the scripts tell the person at the terminal: one short line per thing that was really done, on stderr, so that
 * stdout stays free for results.
 */

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * A span of time for people.
 * @param {number} ms milliseconds
 */
export function seconds(ms) {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/**
 * A size for people.
 * @param {number} bytes
 */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}

/** Starts a stopwatch; calling the result gives the time since as words. */
export function stopwatch() {
  const begun = performance.now();
  return () => seconds(performance.now() - begun);
}

/** What a script ends with when it can say in words what is wrong; shown without a stack. */
export class Trouble extends Error {
  /**
   * @param {string} message what happened and what to do about it
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Trouble';
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function: an error ends the process with a sentence (Trouble) or with its stack (a fault).
 * @param {() => Promise<number | void>} main gives the exit code
 */
export function runMain(main) {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      say(error instanceof Trouble ? error.message : String(error?.stack ?? error));
      process.exitCode = error instanceof Trouble ? error.exitCode : 1;
    },
  );
}
