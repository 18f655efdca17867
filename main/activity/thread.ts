/**
 * Starts the log's own thread. Its program is a bundle of its own beside the others (`out/activity-worker.js`).
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { LogPort } from './messages.ts';

/** The program's file name. */
const PROGRAM = 'activity-worker.js';

/**
 * Starts it. A thread that cannot start, or ends by itself, tells that once as `failed`, like a log that cannot be
 * opened: the app goes on without one.
 */
export function startLogThread(program = programFile()): LogPort {
  let listener: (message: unknown) => void = () => undefined;
  let closed = false;
  const fail = (message: string): void => {
    if (closed) return;
    closed = true;
    listener({
      kind: 'failed',
      problem: {
        code: 'activity.unavailable',
        message: `The activity log has ended (${message}); calls work, but are not recorded.`,
        remedy: 'Start Gatehouse again. If it stays, install Gatehouse again.',
      },
    });
  };
  let worker: Worker;
  try {
    // What it logs would be somebody else's output; NODE_OPTIONS are for the main thread.
    worker = new Worker(program, {
      stdin: false,
      stdout: false,
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 2 },
    });
  } catch (error) {
    setImmediate(() => fail(String(error)));
    return {
      post: () => undefined,
      listen(to) {
        listener = to;
      },
      close() {
        closed = true;
      },
    };
  }
  worker.on('message', (message) => listener(message));
  worker.on('error', (error) => fail(error.message));
  worker.on('exit', () => fail('its thread is gone'));
  // It must not keep the process alive; whoever closes the log waits for it.
  worker.unref();
  return {
    post(message, transfer) {
      if (closed) return;
      // The process must not end before what waits is written.
      if (message.kind === 'ask' && message.question.name === 'close') worker.ref();
      worker.postMessage(message, transfer);
    },
    listen(to) {
      listener = to;
    },
    close() {
      if (closed) return;
      closed = true;
      void worker.terminate();
    },
  };
}

/** Beside this file, or one folder up when this is in a chunk. */
function programFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const beside = join(here, PROGRAM);
  return existsSync(beside) ? beside : join(here, '..', PROGRAM);
}
