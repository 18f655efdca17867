/**
 * One server's own log: what it writes to stderr and what we note about it, without secrets. Kept in a file of bounded
 * size (the one before it is kept once) and, for the screens, the last lines in memory.
 */
import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../protocol/clock.ts';
import { createRedactor } from '../protocol/redact.ts';
import { plainLine } from './log-text.ts';

/** Bytes after which the file is set aside as `.1` and a new one begun. */
const MAX_FILE = 5 * 1024 * 1024;
const MAX_LINES = 1_000;
const MAX_LINE_LENGTH = 8_192;
const SINCE_START = 100;
/** Shorter values would make holes in ordinary words. */
const SHORTEST_HIDDEN = 6;
/**
 * Looking for secrets takes microseconds a line, and milliseconds in long ones made to take long. So one server gets this
 * much of each second in the long run, and at most this much at once, in milliseconds; what is more is left out, and said.
 */
const WORK_SHARE = 0.1;
const WORK_BURST_MS = 400;
/** Once it is left out, it is heard again when it has so much to spend, so that it is told of in few words. */
const WORK_RESUME_MS = 40;
/** Bytes of what was left out last that are looked at for why a server ended. */
const LAST_BYTES = 2_048;
/** How lines of ours begin, and what is put before a server's line that begins so. */
const OURS = '[gatehouse] ';
const FORGED = '> ';

/** A server's log. */
export interface ServerLog {
  /** Takes raw output; lines are cut at line breaks. True when it is left out, as the server writes too much. */
  write(chunk: Buffer): boolean;
  /** Notes a line of our own. */
  note(text: string): void;
  /** A process is started: `sinceStart` begins here. */
  started(): void;
  /** What the process that was started last has written, oldest line first; 100 lines at most. */
  sinceStart(): string[];
  /** Values that must not be seen: from now on they are left out of every line. Shorter ones than 6 characters stay. */
  hide(values: readonly string[]): void;
  /** The last lines, oldest first. `count` from 0 to 1,000. */
  tail(count: number): string[];
  /** Idempotent. */
  close(): Promise<void>;
}

/** Opens the log in append mode; a file that cannot be written leaves the lines in memory only. */
export function openServerLog(file: string, clock: Clock): ServerLog {
  const lines: string[] = [];
  /** Keeps the beginning of a character whose end comes with the next chunk. */
  let decoder = new StringDecoder('utf8');
  let rest = '';
  /** Lines that were written in all, and how many of them before the last start. */
  let count = 0;
  let before = 0;
  let hideIn = createRedactor();
  let size = 0;
  let stream: WriteStream | null = null;
  let closed: Promise<void> | null = null;

  const open = (): void => {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
      stream.on('error', () => {
        stream = null;
      });
    } catch {
      stream = null;
    }
  };
  /** Milliseconds of work that are left, and since when they grow. */
  let work = WORK_BURST_MS;
  let workedAt = clock.now();
  let leftOut = 0;
  let quiet = false;
  /** What was left out last. */
  let unheard: Buffer | null = null;
  const hasWork = (): boolean => {
    const now = clock.now();
    work = Math.min(WORK_BURST_MS, work + Math.max(0, now - workedAt) * WORK_SHARE);
    workedAt = now;
    quiet = work <= (quiet ? WORK_RESUME_MS : 0);
    if (!quiet) unheard = null;
    return !quiet;
  };
  const put = (text: string, ours = false): void => {
    if (!hasWork() && !ours) {
      leftOut++;
      return;
    }
    tellLeftOut();
    const begun = performance.now();
    const long = text.length > MAX_LINE_LENGTH;
    const plain = plainLine(long ? text.slice(0, MAX_LINE_LENGTH) : text);
    const shown = hideIn(plain, long).text + (long ? ' …' : '');
    keep(ours || !shown.startsWith(OURS.trim()) ? shown : `${FORGED}${shown}`);
    work -= performance.now() - begun;
  };
  const remember = (chunk: Buffer): void => {
    const whole = unheard === null ? chunk : Buffer.concat([unheard, chunk.subarray(-LAST_BYTES)]);
    // A copy, so that the rest of the chunk can go.
    unheard = Buffer.from(whole.subarray(-LAST_BYTES));
  };
  /** Takes note that it was there; the line that begins at its end may be heard again. */
  const leaveOut = (chunk: Buffer): void => {
    remember(chunk);
    let end = -1;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, at + 1)) {
      leftOut++;
      end = at;
    }
    if (end !== -1) {
      decoder = new StringDecoder('utf8');
      rest = '';
    }
    rest += decoder.write(chunk.subarray(end + 1));
    if (rest.length <= MAX_LINE_LENGTH) return;
    leftOut++;
    rest = '';
  };
  const tellLeftOut = (): void => {
    if (leftOut > 0) keep(`${OURS}left out ${leftOut} lines: it writes too much`);
    leftOut = 0;
  };
  const keep = (line: string): void => {
    count++;
    lines.push(line);
    if (lines.length > MAX_LINES) lines.splice(0, lines.length - MAX_LINES);
    if (closed !== null) return;
    if (stream === null && size === 0) open();
    const entry = `${new Date(clock.now()).toISOString()} ${line}\n`;
    if (stream !== null && size + entry.length > MAX_FILE) rotate();
    size += Buffer.byteLength(entry);
    stream?.write(entry);
  };
  const tail = (most: number): string[] =>
    lines.slice(Math.max(0, lines.length - Math.max(0, Math.min(most, MAX_LINES))));
  const rotate = (): void => {
    stream?.end();
    try {
      renameSync(file, `${file}.1`);
    } catch {
      // Without the old file there is nothing to keep.
    }
    open();
  };
  return {
    write(chunk) {
      if (quiet && !hasWork()) {
        leaveOut(chunk);
        return true;
      }
      const parts = (rest + decoder.write(chunk)).split('\n');
      rest = parts.pop() ?? '';
      // A stream without line breaks must not grow without end.
      if (rest.length > MAX_LINE_LENGTH) {
        put(rest);
        rest = '';
      }
      for (const part of parts) put(part.endsWith('\r') ? part.slice(0, -1) : part);
      if (quiet) remember(chunk);
      return quiet;
    },
    note: (text) => put(`${OURS}${text}`, true),
    started() {
      before = count;
      unheard = null;
    },
    sinceStart() {
      const own = tail(Math.min(count - before, SINCE_START)).filter((line) => !line.startsWith(OURS));
      const last = unheard?.toString('utf8').split('\n').slice(1) ?? [];
      if (unheard === null && rest !== '') last.push(rest);
      return [...own, ...last.filter((line) => line !== '').map((line) => hideIn(plainLine(line)).text)];
    },
    hide(values) {
      hideIn = createRedactor({ values: values.filter((value) => value.length >= SHORTEST_HIDDEN) });
    },
    tail,
    close() {
      if (rest !== '') put(rest);
      rest = '';
      tellLeftOut();
      closed ??= new Promise((resolve) => {
        if (stream === null) resolve();
        else stream.end(() => resolve());
      });
      return closed;
    },
  };
}
