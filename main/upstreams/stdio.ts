/**
 * The stdio transport (transports section, "stdio"): one message a line, to the input and from the output of a
 * process; its error output is the server's log. Messages of one event-loop turn leave in one write.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { lineSplitter } from './lines.ts';
import type { Link, LinkEvents } from './link.ts';
import type { ProcessSpec } from './ports.ts';
import { type ExitInfo, startProcess } from './process.ts';
import type { ServerLog } from './server-log.ts';

const NEWLINE = Buffer.from('\n');

/** Starts the process and links to it. Rejects as `startProcess` does. */
export async function openStdioLink(
  spec: ProcessSpec,
  log: ServerLog,
  clock: Clock,
  events: LinkEvents,
): Promise<Link> {
  const server = await startProcess(spec, clock);
  const { stdin, stdout, stderr } = server.child;
  let closing = false;
  let strayLines = 0;
  let waiting: Buffer[] = [];

  const flush = (): void => {
    const batch = waiting;
    waiting = [];
    if (stdin.writable) stdin.write(Buffer.concat(batch));
  };
  const split = lineSplitter(
    (line) => {
      if (line[0] === 0x7b || line[0] === 0x5b || line[0] === 0x20 || line[0] === 0x09)
        events.message(line, null);
      else {
        // Prints that went to the wrong stream are common; they must not end the connection.
        strayLines++;
        if (strayLines <= 20) log.note(`not a message on stdout: ${line.toString('utf8', 0, 200)}`);
      }
    },
    () => {
      log.note('a line on stdout passed the size bound; the server is ended');
      void server.stop();
    },
  );
  stdout.on('data', split);
  stderr.on('data', (chunk: Buffer) => log.write(chunk));
  void server.exited.then((exit) => {
    // The group may hold helpers that outlive their leader.
    void server.stop();
    events.closed(closing ? null : exitError(exit, log));
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

function exitError(exit: ExitInfo, log: ServerLog): GatehouseError {
  const how = exit.signal === null ? `code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
  const last = log
    .tail(8)
    .filter((line) => !line.startsWith('[gatehouse]') && line.trim() !== '')
    .at(-1);
  return new GatehouseError({
    code: 'upstream.exited',
    message: `The server ended with ${how}${last === undefined ? '' : `; its last line: ${last.slice(0, 300)}`}.`,
    remedy: 'Its log tells more; correct its command, arguments or environment.',
  });
}
