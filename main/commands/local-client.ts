/**
 * Talking to the running app of a data directory through its private socket.
 */
import { request } from 'node:http';
import { privateSocket } from '../listeners.ts';
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

function getLocal(dataDir: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ask = request({ socketPath: privateSocket(dataDir), path, timeout: 5_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    ask.on('timeout', () => ask.destroy(new Error('no answer')));
    ask.on('error', (cause) => reject(notRunning(dataDir, cause)));
    ask.end();
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
