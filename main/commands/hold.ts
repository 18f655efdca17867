/**
 * One thread of a process waits for another one to be done, without its event loop. The other one must tell in any
 * case, or the process stays.
 */

/** Shared by both threads: whether it is over, and the exit code. */
export type Hold = Int32Array;

export function createHold(): Hold {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
}

/** Waits; gives the exit code. Nothing else happens on this thread meanwhile. */
export function holdUntilDone(hold: Hold): number {
  Atomics.wait(hold, 0, 0);
  return Atomics.load(hold, 1);
}

/** Ends the other thread's wait. */
export function release(hold: Hold, exitCode: number): void {
  Atomics.store(hold, 1, exitCode);
  Atomics.store(hold, 0, 1);
  Atomics.notify(hold, 0);
}
