/**
 * A terminal inside a container that runs: the engine starts a shell there behind a pseudo-terminal, as the container's own
 * user and within its bounds, and gives a stream. `close` ends the shell with everything that was started in it; what put
 * itself into a session of its own ends with the container.
 */
import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { Container } from 'dockerode';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { within } from '../protocol/within.ts';

/** A shell in a container. */
export interface InsideTerminal {
  onData(heard: (bytes: Buffer) => void): void;
  pause(): void;
  resume(): void;
  /** False when it has not read so much of what came before that this is dropped. */
  write(bytes: Buffer): boolean;
  resize(size: InsideSize): Promise<void>;
  readonly exited: Promise<number | null>;
  /** Idempotent, bounded; never rejects. */
  close(): Promise<void>;
}

/** How large the screen is, in characters. */
export interface InsideSize {
  readonly columns: number;
  readonly rows: number;
}

/** The containers that run for servers. */
export interface Insides {
  /** It runs; the answer is called when it does not any more. */
  add(server: string, docker: Docker, id: string): () => void;
  /** Opens a shell in the server's container; null when none runs. Rejects with `terminal.no_shell` or the engine's error. */
  open(server: string, size: InsideSize): Promise<InsideTerminal | null>;
  has(server: string): boolean;
}

interface Running {
  readonly docker: Docker;
  readonly id: string;
}

/** Typed characters that it may leave unread, in bytes. */
const UNREAD = 256 * 1024;
/** Longest wait for the shell, for an answer of the engine, and for what was told to hang up. Milliseconds. */
const SHELL_MS = 10_000;
const ENGINE_MS = 3_000;
const HANGUP_MS = 300;

/** Says which process it is, after a word that nobody else knows, and becomes the best shell of the image. */
const ENTER = `printf '%s %s\\n' "$1" "$$";if command -v bash >/dev/null 2>&1;then exec bash;fi;exec sh`;
/** Signals every process of a session, with nothing but the shell itself: images need not have `pkill`. */
const SIGNAL = `k=$1;s=$2;for d in /proc/[0-9]*;do IFS= read -r l <"$d/stat"||continue;set -- \${l##*) };[ "$4" = "$s" ]&&kill -"$k" "\${d#/proc/}";done 2>/dev/null;:`;

export function createInsides(clock: Clock): Insides {
  const running = new Map<string, Set<Running>>();
  return {
    add(server, docker, id) {
      const one = { docker, id };
      const all = running.get(server) ?? new Set();
      running.set(server, all.add(one));
      return () => {
        all.delete(one);
        if (all.size === 0 && running.get(server) === all) running.delete(server);
      };
    },
    has: (server) => running.has(server),
    async open(server, size) {
      // The first one is the server itself; an installation in the same image came later.
      const [one] = running.get(server) ?? [];
      return one === undefined ? null : enter(one.docker.getContainer(one.id), size, clock);
    },
  };
}

async function enter(
  container: Container,
  { columns, rows }: InsideSize,
  clock: Clock,
): Promise<InsideTerminal> {
  const word = randomBytes(16).toString('hex');
  const exec = await container.exec({
    ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true },
    Env: ['TERM=xterm-256color'],
    Cmd: ['/bin/sh', '-c', ENTER, 'sh', word],
  });
  let stream: Duplex;
  try {
    stream = await exec.start({ hijack: true, stdin: true, Tty: true });
  } catch (error) {
    // The engine says so at once, or by the end of the stream.
    throw noShell(error);
  }
  stream.on('error', () => undefined);
  const leader = await shellIn(stream, word, clock);
  if (leader === null) {
    stream.destroy();
    throw noShell();
  }
  const resize = async (size: InsideSize): Promise<void> => {
    await bounded(exec.resize({ w: size.columns, h: size.rows }), clock);
  };
  await resize({ columns, rows });

  const signal = async (name: 'HUP' | 'KILL'): Promise<void> => {
    const other = await container.exec({ Cmd: ['/bin/sh', '-c', SIGNAL, 'sh', name, leader] });
    const heard = await other.start({ Detach: false });
    heard.on('error', () => undefined);
    heard.resume();
    await new Promise<void>((resolve) => heard.once('close', resolve));
  };
  const exited = new Promise<void>((resolve) => stream.once('close', resolve)).then(async () => {
    const told = await bounded(exec.inspect(), clock);
    return told?.ExitCode ?? null;
  });
  let over = false;
  const gone = exited.then(async (code) => {
    over = true;
    // What it left in the background goes with it.
    await bounded(signal('KILL'), clock);
    return code;
  });
  let closing: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    if (!over) {
      stream.resume();
      await bounded(signal('HUP'), clock);
      if (!(await within(exited, HANGUP_MS, clock))) await bounded(signal('KILL'), clock);
      await within(exited, HANGUP_MS, clock);
      stream.destroy();
    }
    await within(gone, ENGINE_MS, clock);
  };
  return {
    onData: (heard) => void stream.on('data', heard).resume(),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    write(bytes) {
      if (over || stream.destroyed) return true;
      if (stream.writableLength > UNREAD) return false;
      stream.write(bytes);
      return true;
    },
    resize,
    exited: gone,
    close() {
      closing ??= end();
      return closing;
    },
  };
}

/** The process of the shell, by the line that it writes first; null when there is none. Leaves the stream paused. */
function shellIn(stream: Duplex, word: string, clock: Clock): Promise<string | null> {
  return new Promise((resolve) => {
    let head = Buffer.alloc(0);
    const done = (leader: string | null): void => {
      cancel();
      stream.off('data', heard);
      stream.off('close', ended);
      stream.pause();
      resolve(leader);
    };
    const ended = (): void => done(null);
    const heard = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      const at = head.indexOf('\n');
      if (at < 0 && head.length < 4_096) return;
      const [said, leader = ''] = head.subarray(0, Math.max(0, at)).toString('latin1').trim().split(' ');
      const rest = head.subarray(at + 1);
      const found = said === word && /^\d+$/.test(leader);
      done(found ? leader : null);
      if (found && rest.length > 0) stream.unshift(rest);
    };
    const cancel = clock.after(SHELL_MS, ended);
    stream.on('data', heard);
    stream.once('close', ended);
  });
}

/** What the engine answers in time, and else nothing. */
async function bounded<T>(asked: Promise<T>, clock: Clock): Promise<T | null> {
  let answer: T | null = null;
  const told = asked.then(
    (value) => {
      answer = value;
    },
    () => undefined,
  );
  await within(told, ENGINE_MS, clock);
  return answer;
}

function noShell(cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'terminal.no_shell',
    message: 'No shell could be started in the container.',
    remedy: 'Choose an image that has /bin/sh, or look at the log of the server.',
    ...(cause === undefined ? {} : { cause }),
  });
}
