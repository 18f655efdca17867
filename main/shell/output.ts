/**
 * What the desktop entry says on its standard streams: JSON lines for whoever started it, words for the log. The other
 * end may be gone at any time; that must not stop the app.
 */

/** The process's streams and its last resort. */
export interface Output {
  /** One JSON line on standard output. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** One line on standard error. Never a secret. */
  log(what: string): void;
  /** Reports a fault that nothing else caught. */
  fault(error: unknown): void;
  /** Called after a fault; the entry then quits in good order. */
  onFault(listener: () => void): void;
}

/** Takes over the streams' errors and the faults that nobody caught. Lives as long as the process. */
export function openOutput(
  process: Pick<NodeJS.Process, 'on'> & {
    readonly stdout: NodeJS.WritableStream;
    readonly stderr: NodeJS.WritableStream;
  },
): Output {
  let listener = (): void => {};
  const ignore = (): void => {};
  process.stdout.on('error', ignore);
  process.stderr.on('error', ignore);
  const log = (what: string): void => {
    process.stderr.write(`${JSON.stringify({ room: 'shell', msg: what })}\n`);
  };
  const fault = (error: unknown): void => {
    log(`fault: ${textOf(error)}`);
    listener();
  };
  process.on('uncaughtException', fault);
  // A promise that nobody awaited is one part's trouble, not the end of the app.
  process.on('unhandledRejection', (reason) => log(`unhandled: ${textOf(reason)}`));
  return {
    event(event) {
      process.stdout.write(`${JSON.stringify(event)}\n`);
    },
    log,
    fault,
    onFault(next) {
      listener = next;
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
