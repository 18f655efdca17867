/**
 * All open terminals. Each belongs to the page, or the session, that opened it: nobody else can read it, type into it, end
 * it, or learn that it is there. Bounded in number. `close` ends all of them.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { Pty, Size, TerminalEnd } from './ports.ts';
import { openSession, type TerminalPiece, type TerminalSession } from './session.ts';

/** Terminals that one page or session, and that all together, may have open. */
const MOST_OF_ONE = 4;
const MOST = 16;
/** How long one that has ended is kept for the page to hear of it. Milliseconds. */
const KEPT_MS = 60_000;

/** What is known of one from outside. */
export interface TerminalInfo {
  /** False as soon as it may not stay open. */
  allowed(): boolean;
  /** Called once. */
  ended(how: TerminalEnd): void;
}

/** See above. */
export interface Terminals {
  /** Opens one for `owner`, which aborts when it is gone. Rejects with `terminal.no_page`, `terminal.too_many` or as `start` does. */
  open(owner: AbortSignal | null, info: TerminalInfo, start: () => Promise<Pty>): Promise<string>;
  /** These reject with `terminal.unknown` for everybody but its owner. */
  output(owner: AbortSignal | null, id: string, from: number): Promise<TerminalPiece>;
  input(owner: AbortSignal | null, id: string, text: string): void;
  resize(owner: AbortSignal | null, id: string, size: Size): Promise<void>;
  end(owner: AbortSignal | null, id: string): Promise<void>;
  /** Ends those that may not stay open any more. */
  review(): void;
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

interface Kept {
  readonly owner: AbortSignal;
  readonly info: TerminalInfo;
  readonly session: TerminalSession;
}

export function createTerminals(clock: Clock): Terminals {
  const kept = new Map<string, Kept>();
  const starting: AbortSignal[] = [];
  let closing: Promise<void> | null = null;

  const find = (owner: AbortSignal | null, id: string): Kept => {
    const one = kept.get(id);
    if (one === undefined || one.owner !== owner) throw unknown();
    return one;
  };
  const count = (owner: AbortSignal | null): number =>
    [...[...kept.values()].map((one) => one.owner), ...starting].filter(
      (one) => owner === null || one === owner,
    ).length;
  return {
    async open(owner, info, start) {
      if (owner === null || owner.aborted || closing !== null) throw noPage();
      if (count(owner) >= MOST_OF_ONE || count(null) >= MOST) throw tooMany();
      starting.push(owner);
      try {
        const pty = await start();
        const session = openSession(pty, owner, clock);
        const id = randomUUID();
        kept.set(id, { owner, info, session });
        void session.over.then((how) => {
          info.ended(how);
          clock.after(KEPT_MS, () => kept.delete(id));
        });
        if (closing !== null) await session.close('closed');
        return id;
      } finally {
        starting.splice(starting.indexOf(owner), 1);
      }
    },
    async output(owner, id, from) {
      const { session } = find(owner, id);
      const piece = await session.output(from);
      if (piece.ended !== null) kept.delete(id);
      return piece;
    },
    input(owner, id, text) {
      const { session, info } = find(owner, id);
      if (info.allowed()) session.input(text);
      else void session.close('forbidden');
    },
    resize: async (owner, id, size) => find(owner, id).session.resize(size),
    end: async (owner, id) => find(owner, id).session.close('closed'),
    review() {
      for (const { info, session } of kept.values()) if (!info.allowed()) void session.close('forbidden');
    },
    close() {
      closing ??= Promise.all([...kept.values()].map(({ session }) => session.close('closed'))).then(
        () => undefined,
      );
      return closing;
    },
  };
}

function unknown(): GatehouseError {
  return new GatehouseError({
    code: 'terminal.unknown',
    message: 'There is no such terminal here.',
    remedy: 'Open it again; it ends with the page that opened it.',
  });
}

function noPage(): GatehouseError {
  return new GatehouseError({
    code: 'terminal.no_page',
    message: 'A terminal is opened from a page, which it ends with.',
    remedy: "Open it on the server's page, in the window or in the web admin.",
  });
}

function tooMany(): GatehouseError {
  return new GatehouseError({
    code: 'terminal.too_many',
    message: 'Too many terminals are open.',
    remedy: 'Close one of them first.',
  });
}
