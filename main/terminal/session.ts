/**
 * One open terminal: what the shell writes waits here until the page that opened it takes it, and the shell waits while too
 * much does. It ends with its shell, when it is closed, when its page or session is gone, or when nobody types for long.
 */
import { StringDecoder } from 'node:string_decoder';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { Pty, Size, TerminalEnd } from './ports.ts';

/** More than so much that nobody has taken holds the shell back, and it goes on below the second. Characters. */
const HIGH = 256 * 1024;
const LOW = 64 * 1024;
/** Most that is given at once, in characters. */
const PIECE = 64 * 1024;
/**
 * Longest wait of one question for more; shortest time between two answers, which a screen could not show either; how long
 * a page may ask nothing; and how long it may type nothing. Milliseconds.
 */
const WAIT_MS = 15_000;
const PACE_MS = 16;
const UNATTENDED_MS = 60_000;
const IDLE_MS = 30 * 60_000;

/** What a page gets of it. */
export interface TerminalPiece {
  readonly text: string;
  readonly next: number;
  readonly ended: { readonly how: TerminalEnd; readonly code: number | null } | null;
}

/** See above. */
export interface TerminalSession {
  /** What was written after the first `from` characters; that it has the ones before is thereby told. */
  output(from: number): Promise<TerminalPiece>;
  /** Rejects with `terminal.not_reading`. */
  input(text: string): void;
  resize(size: Size): Promise<void>;
  /** Settles when it has ended, with everything in it. Never rejects. */
  readonly over: Promise<TerminalEnd>;
  /** Idempotent, bounded. */
  close(how: TerminalEnd): Promise<void>;
}

/** Takes the shell over. `owner` aborts when nobody is left who may see it. */
export function openSession(pty: Pty, owner: AbortSignal, clock: Clock): TerminalSession {
  const decoder = new StringDecoder('utf8');
  const asking = new Set<() => void>();
  /** What was not taken yet, and how much was before it. */
  let kept = '';
  let taken = 0;
  let held = false;
  let ended: TerminalPiece['ended'] = null;
  let stopped: TerminalEnd | null = null;
  let closing: Promise<void> | null = null;
  let answered = Number.NEGATIVE_INFINITY;
  let unattended: CancelTimer = () => undefined;
  let idle: CancelTimer = () => undefined;

  const told = (): void => {
    for (const wake of [...asking]) wake();
  };
  const heard = (text: string): void => {
    kept += text;
    if (kept.length > HIGH && !held) {
      held = true;
      pty.pause();
    }
    if (text !== '') told();
  };
  const close = (how: TerminalEnd): Promise<void> => {
    stopped ??= how;
    closing ??= pty.close();
    return closing;
  };
  const attend = (): void => {
    unattended();
    if (ended === null) unattended = clock.after(UNATTENDED_MS, () => void close('left'));
  };
  const used = (): void => {
    idle();
    if (ended === null) idle = clock.after(IDLE_MS, () => void close('idle'));
  };
  const left = (): void => void close('left');
  /** Until the last answer is a frame ago: a program that writes without end is taken from in pieces, not by the letter. */
  const paced = (): Promise<void> => {
    const early = Math.min(PACE_MS, answered + PACE_MS - clock.now());
    return early > 0 ? new Promise((resolve) => void clock.after(early, resolve)) : Promise.resolve();
  };
  /** Until there is more, it has ended, or the wait is over. */
  const more = (): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        asking.delete(wake);
        resolve();
      };
      const cancel = clock.after(WAIT_MS, wake);
      asking.add(wake);
    });

  pty.onData((bytes) => heard(decoder.write(bytes)));
  const over = pty.exited.then(async (code) => {
    await pty.close();
    owner.removeEventListener('abort', left);
    unattended();
    idle();
    heard(decoder.end());
    ended = { how: stopped ?? 'exited', code };
    told();
    return ended.how;
  });
  if (owner.aborted) left();
  else owner.addEventListener('abort', left, { once: true });
  attend();
  used();

  return {
    over,
    close,
    async output(from) {
      unattended();
      const known = Math.min(Math.max(0, from - taken), kept.length);
      kept = kept.slice(known);
      taken += known;
      if (held && kept.length < LOW) {
        held = false;
        pty.resume();
      }
      if (kept === '' && ended === null) await more();
      await paced();
      answered = clock.now();
      attend();
      const text = whole(kept.slice(0, PIECE));
      return { text, next: taken + text.length, ended: text.length === kept.length ? ended : null };
    },
    input(text) {
      used();
      if (ended === null && !pty.write(Buffer.from(text))) throw notReading();
    },
    resize: (size) => pty.resize(size),
  };
}

/** Not cut within a character that takes two. */
function whole(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return text.length === PIECE && last >= 0xd8_00 && last <= 0xdb_ff ? text.slice(0, -1) : text;
}

function notReading(): GatehouseError {
  return new GatehouseError({
    code: 'terminal.not_reading',
    message: 'The program in the terminal does not read what is typed.',
    remedy: 'Wait until it does, interrupt it with Ctrl+C, or close the terminal.',
  });
}
