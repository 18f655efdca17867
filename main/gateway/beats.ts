/**
 * Keep-alive comments on open event streams: they keep proxies and sleeping clients from dropping a quiet stream. The
 * timer runs only while there is one.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../protocol/clock.ts';

/** Milliseconds between comments. */
const BEAT_MS = 25_000;

/** The open streams. */
export interface Beats {
  add(response: ServerResponse): void;
  /** Twice does nothing. */
  remove(response: ServerResponse): void;
  /** Stops the timer; the streams stay as they are. Idempotent. */
  close(): void;
}

export function createBeats(clock: Clock): Beats {
  const open = new Set<ServerResponse>();
  let cancel: (() => void) | null = null;
  const beat = (): void => {
    for (const response of open) {
      if (response.destroyed || response.writableEnded) open.delete(response);
      // What a reader has not taken yet keeps the stream busy enough.
      else if (response.writableLength === 0) response.write(': keep-alive\n\n');
    }
    cancel = open.size === 0 ? null : clock.after(BEAT_MS, beat);
  };
  return {
    add(response) {
      open.add(response);
      cancel ??= clock.after(BEAT_MS, beat);
    },
    remove(response) {
      open.delete(response);
    },
    close() {
      cancel?.();
      cancel = null;
      open.clear();
    },
  };
}
