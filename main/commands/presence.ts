/**
 * Tells the app that a stateless client is here: it has no session by which the app could know, and an app that was
 * started for one client ends when nobody is here. Holds one request open; ends with `close`.
 */
import { type ClientRequest, request } from 'node:http';
import type { Clock } from '../protocol/clock.ts';
import type { Way } from './bridge-exchange.ts';

/** Milliseconds after which a lost request is made again. */
const RETRY_MS = 1_000;

/** Begins to be here. `close` is idempotent. */
export function keepPresence(way: Pick<Way, 'socketPath'>, clock: Clock): { close(): void } {
  let closed = false;
  let open: ClientRequest | null = null;
  let cancel: () => void = () => undefined;
  const again = (): void => {
    cancel();
    if (!closed) cancel = clock.after(RETRY_MS, begin);
  };
  const begin = (): void => {
    open = request({ socketPath: way.socketPath, path: '/_local/presence' }, (response) => {
      response.on('error', () => undefined);
      response.on('close', again);
      response.resume();
    });
    open.on('error', again);
    open.end();
  };
  begin();
  return {
    close() {
      closed = true;
      cancel();
      open?.destroy();
    },
  };
}
