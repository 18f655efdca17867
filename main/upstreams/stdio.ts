/**
 * The stdio transport (transports section, "stdio"): one message a line, to the input and from the output of a
 * process; its error output is the server's log. Messages of one event-loop turn leave in one write.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { within } from '../protocol/within.ts';
import { exitError, type Heard, notMcp } from './diagnosis.ts';
import { DRAIN_MS, endOf } from './draining.ts';
import { readFairly } from './fairly.ts';
import { answerBeginning, answerEnd, lineSplitter, MAX_LINE } from './lines.ts';
import type { Link, LinkEvents } from './link.ts';
import type { ProcessSpec, ServerProcess, StopBudget } from './ports.ts';
import { tooLargeAnswer } from './problems.ts';
import type { ServerLog } from './server-log.ts';
import { sizeText } from './sizes.ts';

const NEWLINE = Buffer.from('\n');
/** Bytes that a server may leave unread; one that reads nothing any more is ended rather than filling our memory. */
const MAX_UNREAD = 128 * 1024 * 1024;
/** A process that ends closes its pipes a little earlier than that is known. Milliseconds. */
const EXIT_MS = 1_000;
/** Bytes that a program may write before its first message: in lines that are none, and in all. */
const MAX_STRAY = 1024 * 1024;
const MAX_PRELUDE = 16 * 1024 * 1024;
/** No message is shorter, in bytes: more lines than a chunk has room for are not messages. */
const SHORTEST = 28;
/** For a server that cannot be talked to any more: there is nothing that it could still finish for us. */
const BROKEN_BUDGET: StopBudget = { graceMs: 1_000, termMs: 2_000 };

/**
 * Starts the program and links to it. Rejects as `start` does. `heard` counts what the program says; `maxResult` is the
 * bound of one message in bytes.
 */
export async function openStdioLink(
  start: () => Promise<ServerProcess>,
  spec: ProcessSpec,
  log: ServerLog,
  clock: Clock,
  events: LinkEvents,
  heard: Heard,
  maxResult: number,
): Promise<Link> {
  const server = await start();
  const { stdin, stdout, stderr } = server;
  let closing = false;
  let broken = false;
  let ended = false;
  let strayLines = 0;
  /** Bytes of lines that are no messages, and of everything, until the first message. */
  let stray = 0;
  let prelude = 0;
  /** Of the chunk that is being read. */
  let lines = 0;
  let strayInChunk = 0;
  let waiting: Buffer[] = [];

  /** Nothing can be said or heard any more, though the process may go on. */
  const breakOff = (cause: GatehouseError): void => {
    if (closing || broken || ended) return;
    broken = true;
    void server.stop(BROKEN_BUDGET);
    events.closed(cause);
  };
  const pipeClosed = (which: 'input' | 'output'): void => {
    if (!closing && !broken) clock.after(EXIT_MS, () => breakOff(pipeClosedError(which)));
  };
  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    if (!stdin.writable) return;
    stdin.write(Buffer.concat(batch));
    if (stdin.writableLength > MAX_UNREAD) breakOff(unreadError());
  };
  /** Programs that log in JSON do not speak the protocol by that. */
  const firstWords = (line: Buffer): void => {
    if (line.includes('"jsonrpc"', 0, 'latin1')) heard.messages = 1;
    else {
      strayInChunk += line.length + 1;
      heard.stray ??= line.toString('utf8', 0, 200);
    }
  };
  const split = lineSplitter(
    (line) => {
      lines++;
      if (line[0] === 0x7b || line[0] === 0x5b || line[0] === 0x20 || line[0] === 0x09) {
        if (heard.messages === 0) firstWords(line);
        events.message(line, null);
      } else {
        strayInChunk += line.length + 1;
        heard.stray ??= line.toString('utf8', 0, 200);
        // Prints that went to the wrong stream are common; they must not end the connection.
        strayLines++;
        if (strayLines <= 20) log.note(`not a message on stdout: ${line.toString('utf8', 0, 200)}`);
      }
    },
    {
      begins(head) {
        const id = answerBeginning(head);
        if (typeof id === 'number') events.failed(id, tooLargeAnswer(maxResult));
        else if (id === 'other') log.note(`a message of more than ${sizeText(maxResult)} was passed over`);
        return id !== null;
      },
      ended(tail) {
        const id = answerEnd(tail);
        if (id === null) breakOff(endlessLineError(maxResult));
        else events.failed(id, tooLargeAnswer(maxResult));
      },
      endless: () => breakOff(endlessLineError(maxResult + MAX_LINE)),
    },
    maxResult,
  );
  /** Says whether there was nothing in it for us. */
  const take = (chunk: Buffer): boolean => {
    lines = 0;
    strayInChunk = 0;
    split(chunk);
    if (heard.messages === 0) {
      stray += strayInChunk;
      prelude += chunk.length;
      if (stray > MAX_STRAY || prelude > MAX_PRELUDE) {
        stdout.destroy();
        breakOff(notMcp(heard.stray ?? 'no line', 'endless'));
      }
    }
    return lines * SHORTEST > chunk.length + 1_024 || strayInChunk > 32_768;
  };
  readFairly(stdout, take, clock);
  stdout.once('close', () => pipeClosed('output'));
  stdin.once('close', () => pipeClosed('input'));
  readFairly(stderr, (chunk) => log.write(chunk), clock);
  const read = endOf(stdout, stderr);
  void server.exited.then(async (exit) => {
    ended = true;
    // The group may hold helpers that outlive their leader.
    void server.stop();
    // Why it ended, or even its answer, may stand in what it wrote last.
    await within(read, DRAIN_MS, clock);
    if (broken) return;
    broken = true;
    events.closed(closing ? null : exitError(exit, spec, heard, log.sinceStart()));
  });
  return {
    heads: false,
    abandon: () => undefined,
    agreed: () => undefined,
    send(message) {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push(message, NEWLINE);
    },
    close() {
      closing = true;
      return server.stop();
    },
  };
}

function pipeClosedError(which: 'input' | 'output'): GatehouseError {
  return new GatehouseError({
    code: 'upstream.pipe_closed',
    form: which,
    message: `The server closed its ${which} and went on running; it cannot be talked to any more.`,
    remedy: 'Its log tells more; it is started again.',
  });
}

function unreadError(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.not_reading',
    message: 'The server has left {size} unread.',
    remedy: 'It hangs; its log may tell more. It is started again.',
    values: { size: sizeText(MAX_UNREAD) },
  });
}

function endlessLineError(limit: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_large',
    form: 'message',
    message: 'The server sent more than {size} in one message.',
    remedy: 'Ask for less at once. The server is started again.',
    values: { size: sizeText(limit) },
  });
}
