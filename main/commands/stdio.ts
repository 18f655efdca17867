/**
 * `gatehouse stdio`: the app of a data directory as a stdio server. Finds the running app by its private socket, or
 * starts it in the background; then carries messages both ways as bytes. Nothing but JSON-RPC goes to stdout.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { assertFree } from '../listeners.ts';
import { systemClock } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { openBridge } from './bridge.ts';
import { dataDirOption } from './options.ts';

/** Milliseconds that an app started by us has to listen. */
const START_MS = 15_000;
const POLL_MS = 25;
/** Seconds that an app started for a bridge stays after its last session. */
const LINGER_S = 10;

/** Registers the command. */
export function registerStdio(program: Command): void {
  dataDirOption(program.command('stdio'))
    .description('serve the app of a data directory over stdio; starts it when it does not run')
    .option('--client <id>', 'the client that it stands for')
    .action(async (options: { dataDir: string; client?: string }) => {
      const dataDir = resolve(options.dataDir);
      if (!(await runs(dataDir))) await startInBackground(dataDir);
      await openBridge({
        dataDir,
        client: options.client ?? null,
        input: process.stdin,
        output: process.stdout,
      });
    });
}

async function runs(dataDir: string): Promise<boolean> {
  try {
    await assertFree(dataDir);
    return false;
  } catch (error) {
    if (problemOf(error).code === 'app.already_running') return true;
    throw error;
  }
}

/** The app's own log goes to a file: this process may end before it. */
async function startInBackground(dataDir: string): Promise<void> {
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  const log = openSync(join(dataDir, 'logs', 'gatehouse.log'), 'a', 0o600);
  const args = ['serve', '--data-dir', dataDir, '--listen', '127.0.0.1:0', '--exit-idle', String(LINGER_S)];
  const child = spawn(process.execPath, [process.argv[1] ?? '', ...args], {
    detached: true,
    stdio: ['ignore', 'ignore', log],
  });
  child.unref();
  let exit: number | null = null;
  child.once('exit', (code) => {
    exit = code ?? 1;
  });
  const deadline = systemClock.now() + START_MS;
  while (systemClock.now() < deadline) {
    if (await runs(dataDir)) return;
    // Two bridges may start at once: the loser's app ends with 3, and the winner's serves both.
    if (exit !== null && exit !== 3) break;
    await new Promise<void>((wake) => setTimeout(wake, POLL_MS));
  }
  throw new GatehouseError({
    code: 'app.not_started',
    message: `Gatehouse could not be started in the background${exit === null ? '' : ` (exit code ${String(exit)})`}.`,
    remedy: `Look at ${join(dataDir, 'logs', 'gatehouse.log')}, or run "gatehouse serve" to see why.`,
  });
}
