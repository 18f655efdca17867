/**
 * Serves one client over stdio through the app of a data directory: finds the running one by its private socket, or
 * starts it in the background, also when it ends while the client is there. Ends with its input.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { answers } from '../claim.ts';
import { privateSocket } from '../local-door.ts';
import { systemClock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { openBridge } from './bridge.ts';

/** Milliseconds that an app started by us has to listen. */
const START_MS = 15_000;
/** Milliseconds that an app which has just ended has to come back by itself, as after an update. */
const RETURN_MS = 2_000;
const POLL_MS = 25;

/** What is needed. */
export interface OverStdio {
  /** Absolute. */
  readonly dataDir: string;
  /** For which client; null when nobody said. */
  readonly client: string | null;
  readonly input: Readable;
  readonly output: Writable;
  /** What starts the app. @throws GatehouseError where it cannot be started */
  app(): { readonly command: string; readonly args: readonly string[] };
}

/** Serves until the input ends. Rejects with `app.not_started` when there is no app and none can be started. */
export async function serveOverStdio(options: OverStdio): Promise<void> {
  const { dataDir, client, input, output } = options;
  if (!(await runs(dataDir))) await startInBackground(options);
  await openBridge({
    dataDir,
    client,
    input,
    output,
    async revive() {
      const deadline = systemClock.now() + RETURN_MS;
      while (systemClock.now() < deadline) {
        if (await runs(dataDir)) return;
        await pause();
      }
      await startInBackground(options);
    },
  });
}

function runs(dataDir: string): Promise<boolean> {
  return answers(privateSocket(dataDir));
}

/** The app's own log goes to a file: this process may end before it. */
async function startInBackground({ dataDir, app }: OverStdio): Promise<void> {
  const { command, args } = app();
  const file = join(dataDir, 'logs', 'gatehouse.log');
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const log = openSync(file, 'a', 0o600);
  let exit: number | null = null;
  let cause: Error | null = null;
  try {
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'ignore', log] });
    child.unref();
    child.once('exit', (code) => {
      exit = code ?? 1;
    });
    child.once('error', (error) => {
      cause = error;
    });
  } finally {
    closeSync(log);
  }
  const deadline = systemClock.now() + START_MS;
  while (systemClock.now() < deadline && cause === null) {
    if (await runs(dataDir)) return;
    // Two bridges may start at once: the loser's app ends with 3 (0 on the desktop), and the winner's serves both.
    if (exit !== null && exit !== 3 && exit !== 0) break;
    await pause();
  }
  throw new GatehouseError({
    code: 'app.not_started',
    message: `Gatehouse could not be started in the background${exit === null ? '' : ` (exit code ${String(exit)})`}.`,
    remedy: `Look at ${file}, or start Gatehouse yourself to see why.`,
    cause,
  });
}

function pause(): Promise<void> {
  return new Promise((wake) => setTimeout(wake, POLL_MS));
}
