/**
 * Asks a server that has been silent for a while whether it is still there, in its own era's words. One that does not
 * answer three times in a row is lost; one that is busy with calls is left alone, for those have their own time. Ends with
 * `close`.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';

/** Milliseconds from a question without an answer to the next one. */
const AGAIN_MS = 5_000;
const MOST_MISSES = 3;

/** What it needs of the session. */
export interface PulseOptions {
  readonly clock: Clock;
  /** Milliseconds of silence before the server is asked; 0 for never. */
  readonly everyMs: number;
  /** How many messages have come from the server. */
  received(): number;
  /** Whether calls are under way. */
  busy(): boolean;
  /** Asks for a sign of life. Rejects with `upstream.timeout` when there is none; any other answer is one. */
  ask(): Promise<void>;
  /** The server does not answer any more. */
  dead(error: GatehouseError): void;
}

/** Begins. `close` is idempotent. */
export function createPulse({ clock, everyMs, received, busy, ask, dead }: PulseOptions): { close(): void } {
  let closed = false;
  let misses = 0;
  let heard = received();
  let cancel: () => void = () => undefined;

  const later = (ms: number): void => {
    if (!closed && everyMs > 0) cancel = clock.after(ms, () => void look());
  };
  const look = async (): Promise<void> => {
    const now = received();
    if (now !== heard || busy()) {
      if (now !== heard) misses = 0;
      heard = now;
      return later(everyMs);
    }
    try {
      await ask();
      misses = 0;
    } catch (error) {
      misses = problemOf(error).code === 'upstream.timeout' ? misses + 1 : 0;
    }
    if (closed) return;
    heard = received();
    if (misses >= MOST_MISSES) return dead(unresponsive());
    later(misses > 0 ? AGAIN_MS : everyMs);
  };
  later(everyMs);
  return {
    close() {
      closed = true;
      cancel();
    },
  };
}

function unresponsive(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unresponsive',
    message:
      'The server has not answered {count} times in a row when it was asked whether it is still there.',
    remedy: 'It is started again; its log may tell why it hung. "healthCheckSeconds": 0 stops these checks.',
    values: { count: MOST_MISSES },
  });
}
