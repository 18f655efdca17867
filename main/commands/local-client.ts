/**
 * Talking to the running app of a data directory through its private socket.
 */
import { request } from 'node:http';
import type { CoreCommandName, CoreCommands, Result } from '../../preload/contract.ts';
import { privateSocket } from '../local-door.ts';
import { GatehouseError } from '../protocol/error.ts';

/** What the app tells its own user. */
export interface Connection {
  readonly endpoint: string | null;
  readonly token: string | null;
  readonly pid: number;
}

/** Asks the running app. Rejects with `app.not_running`. */
export async function askConnection(dataDir: string): Promise<Connection> {
  const body = await getLocal(dataDir, '/_local/connection');
  return JSON.parse(body) as Connection;
}

/** Runs a command of the core in the running app, however long that takes. Rejects with `app.not_running`. */
export async function askCommand<N extends CoreCommandName>(
  dataDir: string,
  name: N,
  args: CoreCommands[N]['args'],
): Promise<Result<CoreCommands[N]['value']>> {
  const body = await askLocal(dataDir, '/_local/command', JSON.stringify({ name, args }));
  return JSON.parse(body) as Result<CoreCommands[N]['value']>;
}

/** The same; rejects with the error that the command gives. */
export async function runCommand<N extends CoreCommandName>(
  dataDir: string,
  name: N,
  args: CoreCommands[N]['args'],
): Promise<CoreCommands[N]['value']> {
  const result = await askCommand(dataDir, name, args);
  if (result.ok) return result.value;
  throw new GatehouseError(result.error);
}

function getLocal(dataDir: string, path: string): Promise<string> {
  return askLocal(dataDir, path, null);
}

function askLocal(dataDir: string, path: string, body: string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const options =
      body === null
        ? { timeout: 5_000 }
        : // Without this the shared agent gives up after five seconds of silence, and some commands take longer.
          { method: 'POST', headers: { 'Content-Type': 'application/json' }, timeout: 0 };
    const ask = request({ socketPath: privateSocket(dataDir), path, ...options }, (response) => {
      response.on('error', (cause: Error) => reject(notRunning(dataDir, cause)));
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    ask.on('timeout', () => ask.destroy(new Error('no answer')));
    ask.on('error', (cause) => reject(notRunning(dataDir, cause)));
    ask.end(body ?? undefined);
  });
}

function notRunning(dataDir: string, cause: Error): GatehouseError {
  return new GatehouseError({
    code: 'app.not_running',
    message: `No Gatehouse runs with the data directory ${dataDir}.`,
    remedy: 'Start it (gatehouse serve), or name its directory with --data-dir.',
    cause,
  });
}
