/** Whether an address could be listened at. Holds it only for the moment of the question. */
import { createServer } from 'node:net';
import type { ListenOption } from './args.ts';

/** Null when it is free, else the system's code such as `EADDRINUSE`. */
export function tryListen({ host, port }: ListenOption): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown reason'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
