/**
 * How much a legacy server is to log: the most verbose level that anybody wants of it, clients with sessions and the
 * stateless calls under way taken together (logging section). Tells the server only when that changes. Ends with
 * `close`; holds one timer at most.
 */
import type { Clock } from '../protocol/clock.ts';
import { LOG_LEVELS, type LogLevel } from '../protocol/peer.ts';

/** A level that a call brought is kept for so long, so that a row of calls does not move it to and fro. Milliseconds. */
const LINGER_MS = 30_000;

/** The level of one session with a server. */
export interface Levels {
  /** What the clients with sessions want; null when nobody has said. */
  want(level: LogLevel | null): void;
  /** A call that wants this level begins. Null when it can go at once, else when the server was told. */
  enter(level: LogLevel): Promise<void> | null;
  /** That call is over. */
  leave(level: LogLevel): void;
  close(): void;
}

/** Nothing is sent before somebody wants something. `set` may reject; the level is then taken for set. */
export function createLevels(set: (level: LogLevel) => Promise<void>, clock: Clock): Levels {
  const calls = LOG_LEVELS.map(() => 0);
  let wanted: LogLevel | null = null;
  /** The lowest level of calls that ended a little while ago. */
  let lingering: number | null = null;
  let current: LogLevel | null = null;
  let telling: Promise<void> | null = null;
  let cancelLinger: () => void = () => undefined;

  const effective = (): LogLevel | null => {
    const byCall = calls.findIndex((count) => count > 0);
    const candidates = [wanted === null ? -1 : LOG_LEVELS.indexOf(wanted), byCall, lingering ?? -1].filter(
      (index) => index >= 0,
    );
    return candidates.length === 0 ? null : (LOG_LEVELS[Math.min(...candidates)] ?? null);
  };
  const sync = (): void => {
    const level = effective();
    // Nobody's wish cannot be told; the server keeps what it has.
    if (level === null || level === current) return;
    current = level;
    const done: Promise<void> = (telling ?? Promise.resolve())
      .then(() => set(level))
      .catch(() => undefined)
      .then(() => {
        if (telling === done) telling = null;
      });
    telling = done;
  };

  return {
    want(level) {
      wanted = level;
      sync();
    },
    enter(level) {
      const index = LOG_LEVELS.indexOf(level);
      calls[index] = (calls[index] ?? 0) + 1;
      sync();
      return telling;
    },
    leave(level) {
      const index = LOG_LEVELS.indexOf(level);
      calls[index] = (calls[index] ?? 1) - 1;
      if ((calls[index] ?? 0) > 0) return;
      lingering = Math.min(lingering ?? index, index);
      cancelLinger();
      cancelLinger = clock.after(LINGER_MS, () => {
        lingering = null;
        sync();
      });
    },
    close: () => cancelLinger(),
  };
}
