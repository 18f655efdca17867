/**
 * Who is signed in to the web admin. A session is two random texts: one in a cookie that scripts cannot read, one that the
 * page keeps and sends in a header. Browsers send a cookie to every port of a computer, so it alone opens nothing.
 * Sessions live in memory, are bounded in number and time, and end with the password that opened them.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../protocol/clock.ts';

/** Sessions open at once; the one that was used longest ago ends first. */
const MOST = 16;

/** How long sessions last, in milliseconds. */
export interface SessionTimes {
  /** Without a sign of a person. */
  readonly idleMs: number;
  /** At most. */
  readonly wholeMs: number;
}

/** One session. */
export interface Session {
  /** Aborts when it has ended, however. */
  readonly signal: AbortSignal;
}

/** What a browser is given. */
export interface Opened {
  readonly session: Session;
  readonly cookie: string;
  readonly key: string;
}

/** All sessions. */
export interface Sessions {
  /** A new one for that credential; never an id that somebody brought along. */
  open(edition: string): Opened;
  /**
   * The session of these two texts, if it is still good for the credential of now. `present` is true when a person has
   * just done something; it keeps the session awake.
   */
  find(cookie: string | null, key: string | null, edition: string, present: boolean): Session | null;
  end(session: Session): void;
  endAll(): void;
  /** Ends those whose time is over or whose password is no longer the one of now; null ends all. */
  sweep(edition: string | null): void;
  /** How many are open. */
  readonly size: number;
}

interface Kept extends Session {
  readonly hash: string;
  readonly key: Buffer;
  readonly edition: string;
  readonly since: number;
  readonly ended: AbortController;
  used: number;
}

export function createSessions(clock: Clock, times: () => SessionTimes): Sessions {
  const kept = new Map<string, Kept>();
  const end = (one: Kept): void => {
    kept.delete(one.hash);
    one.ended.abort();
  };
  const isOver = (one: Kept): boolean => {
    const { idleMs, wholeMs } = times();
    const now = clock.now();
    return now - one.used > idleMs || now - one.since > wholeMs;
  };
  return {
    open(edition) {
      for (const one of kept.values()) if (isOver(one)) end(one);
      if (kept.size >= MOST) {
        const [stalest] = [...kept.values()].sort((a, b) => a.used - b.used);
        if (stalest !== undefined) end(stalest);
      }
      const cookie = randomBytes(32).toString('base64url');
      const key = randomBytes(32).toString('base64url');
      const ended = new AbortController();
      const now = clock.now();
      const session: Kept = {
        ...{ hash: digest(cookie).toString('hex'), key: digest(key), edition, ended, signal: ended.signal },
        ...{ since: now, used: now },
      };
      kept.set(session.hash, session);
      return { session, cookie, key };
    },
    find(cookie, key, edition, present) {
      if (cookie === null || key === null) return null;
      // Looked up by its hash: the time of the look-up tells nothing about the text.
      const found = kept.get(digest(cookie).toString('hex'));
      if (found === undefined || !timingSafeEqual(found.key, digest(key))) return null;
      if (found.edition !== edition || isOver(found)) {
        end(found);
        return null;
      }
      if (present) found.used = clock.now();
      return found;
    },
    end(session) {
      for (const one of kept.values()) if (one === session) end(one);
    },
    endAll() {
      for (const one of [...kept.values()]) end(one);
    },
    sweep(edition) {
      for (const one of [...kept.values()]) if (one.edition !== edition || isOver(one)) end(one);
    },
    get size() {
      return kept.size;
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
