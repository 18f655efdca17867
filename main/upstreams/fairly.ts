/**
 * Reading what a program writes such that others are heard beside it: a program that writes faster than can be read would
 * else keep the event loop to itself. Ends with the stream.
 */
import type { Readable } from 'node:stream';
import type { Clock } from '../protocol/clock.ts';

/** Work for one stream before all others get their turn. Milliseconds. */
const TURN_MS = 8;
/** Nobody else was kept waiting when so much time lies between two chunks. Milliseconds. */
const GAP_MS = 1;
/** Rest after a chunk of no worth, as a multiple of the work that it made: a fifth of our time at most is for such. */
const REST = 4;

/** Reads `stream` to its end. `take` gets each chunk, and says whether it was worth nothing. */
export function readFairly(stream: Readable, take: (chunk: Buffer) => boolean, clock: Clock): void {
  let spent = 0;
  let last = 0;
  const goOn = (): void => {
    if (!stream.destroyed) stream.resume();
  };
  stream.on('data', (chunk: Buffer) => {
    const begun = performance.now();
    if (begun - last > GAP_MS) spent = 0;
    const worthless = take(chunk);
    last = performance.now();
    spent += last - begun;
    if (worthless) {
      stream.pause();
      clock.after(Math.ceil((last - begun) * REST), goOn);
    } else if (spent > TURN_MS) {
      spent = 0;
      stream.pause();
      setImmediate(goOn);
    }
  });
}
