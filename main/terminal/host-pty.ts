/**
 * A shell on this computer behind a pseudo-terminal. The only file that knows the native package; it is loaded when the
 * first one is opened. `close` ends the shell with everything that was started in it.
 */
import type { EventEmitter } from 'node:events';
import { writeSync } from 'node:fs';
import type { IPty } from '@lydell/node-pty';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { within } from '../protocol/within.ts';
import { signalSession } from './end-session.ts';
import type { Pty, Size } from './ports.ts';

/** Typed characters that it may leave unread, in bytes; and when a full line is tried again, in milliseconds. */
const UNREAD = 256 * 1024;
const AGAIN_MS = 10;
/** Milliseconds to end by itself after SIGHUP, and to be gone after SIGKILL. */
const HANGUP_MS = 500;
const KILL_MS = 1_000;

/** What to start. */
export interface HostShell {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly size: Size;
}

/** Starts it. Rejects with `terminal.unavailable` or `terminal.failed`. */
export async function openHostPty(shell: HostShell, clock: Clock): Promise<Pty> {
  const term = await spawnTerminal(shell);
  // A fault of the line ends the terminal; without listeners of our own the package would throw it at everybody.
  const emitter = term as unknown as EventEmitter;
  for (const _ of [1, 2]) emitter.on?.('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    term.onExit(({ exitCode }) => resolve(exitCode));
  });
  let over = false;
  const gone = exited.then(async (code) => {
    over = true;
    await signalSession(term.pid, 'SIGKILL');
    return code;
  });
  const typed = process.platform === 'win32' ? ownQueue(term) : openTyped(term, clock);
  let closing: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    if (over) return;
    if (process.platform === 'win32') term.kill();
    else {
      // What is held back could not end.
      term.resume();
      await signalSession(term.pid, 'SIGHUP');
      if (!(await within(gone, HANGUP_MS, clock))) await signalSession(term.pid, 'SIGKILL');
    }
    await within(gone, KILL_MS, clock);
  };
  return {
    onData: (heard) => void term.onData((data) => heard(Buffer.from(data))),
    pause: () => term.pause(),
    resume: () => term.resume(),
    write: (bytes) => over || typed(bytes),
    async resize({ columns, rows }) {
      try {
        if (!over) term.resize(columns, rows);
      } catch {
        // It has ended meanwhile.
      }
    },
    exited: gone,
    close() {
      closing ??= end();
      return closing;
    },
  };
}

async function spawnTerminal({ file, args, cwd, env, size }: HostShell): Promise<IPty> {
  let spawn: typeof import('@lydell/node-pty').spawn;
  try {
    ({ spawn } = await import('@lydell/node-pty'));
  } catch (cause) {
    throw new GatehouseError({
      code: 'terminal.unavailable',
      message: 'The part of Gatehouse that opens terminals on this computer cannot be loaded.',
      remedy: 'Install Gatehouse again; it has this part for Linux, macOS and Windows on x64 and arm64.',
      cause,
    });
  }
  try {
    const { columns: cols, rows } = size;
    return spawn(file, [...args], {
      cwd,
      env: { ...env },
      cols,
      rows,
      name: 'xterm-256color',
      encoding: null,
    });
  } catch (cause) {
    throw new GatehouseError({
      code: 'terminal.failed',
      message: 'The shell {file} could not be started.',
      remedy: 'Look whether it is there, and whether its folder is.',
      values: { file },
      cause,
    });
  }
}

/** Types into a terminal; false when too much of it was not taken. */
type Typed = (bytes: Buffer) => boolean;

/**
 * Writes to the terminal's line itself: the package's own way would hold this whole process, and so every server, while a
 * program does not read what is typed. The line never blocks; what does not fit waits here.
 */
function openTyped(term: IPty, clock: Clock): Typed {
  let waiting: Buffer = Buffer.alloc(0);
  let pending = false;
  const flush = (): void => {
    pending = false;
    while (waiting.length > 0) {
      const fd = lineOf(term);
      const written = fd === null ? waiting.length : writeSome(fd, waiting);
      waiting = waiting.subarray(written);
      if (written > 0) continue;
      pending = true;
      clock.after(AGAIN_MS, flush);
      return;
    }
  };
  return (bytes) => {
    if (waiting.length + bytes.length > UNREAD) return false;
    waiting = Buffer.concat([waiting, bytes]);
    if (!pending) flush();
    return true;
  };
}

/** How much the line takes now; all of it when it is broken, since nobody will read it. */
function writeSome(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EAGAIN' ? 0 : bytes.length;
  }
}

/** The open line; null once it is closed, when its number may be that of another file already. */
function lineOf(term: IPty): number | null {
  const fd: unknown = Reflect.get(term, 'fd');
  const socket: unknown = Reflect.get(term, '_socket');
  const open = typeof socket === 'object' && socket !== null && Reflect.get(socket, 'destroyed') === false;
  return open && typeof fd === 'number' ? fd : null;
}

/** On Windows it is a pipe, which blocks nobody. */
function ownQueue(term: IPty): Typed {
  return (bytes) => {
    term.write(bytes.toString());
    return true;
  };
}
