/**
 * What a program wrote before it ended may still be in its pipes when its end is known: how long that is waited for.
 * Holds a timer for as long as it waits.
 */
import type { Readable } from 'node:stream';

/** Somebody else may hold the pipes of a program that has ended. Milliseconds. */
export const DRAIN_MS = 500;

/** Settles when all of them have been read to their end, or are closed. Somebody must read them. */
export function endOf(...streams: readonly Readable[]): Promise<unknown> {
  return Promise.all(
    streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.readableEnded || stream.closed) return resolve();
          stream.once('end', resolve);
          stream.once('close', resolve);
        }),
    ),
  );
}
