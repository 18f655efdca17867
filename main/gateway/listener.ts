/**
 * One open socket in front of the door. Stops by refusing new connections and cutting what is left after a short while.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { Door } from './door.ts';

/** Milliseconds that answers under way have to leave when the door closes. */
const CLOSE_MS = 1_000;
/** Headers and the line before them, all together; more gets 431. Bytes. */
const MAX_HEADERS = 32 * 1024;

/** How long clients may take to say something. Milliseconds. What they are answered may take as long as it likes. */
export interface ListenTimes {
  /** Until the headers have come. */
  readonly headersMs: number;
  /** Until the whole request has come. */
  readonly requestMs: number;
  /** Between two requests of one connection. */
  readonly keepAliveMs: number;
  /** How often the first two are looked at. */
  readonly checkMs: number;
}

export const DEFAULT_TIMES: ListenTimes = {
  headersMs: 20_000,
  requestMs: 120_000,
  keepAliveMs: 65_000,
  checkMs: 5_000,
};

/** One open socket. */
export interface Listener {
  /** 0 for the private socket. */
  readonly port: number;
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

/** Who takes the requests. `local` is true on the private socket. */
type Handler = Pick<Door, 'handle'>;

/** Where to listen: an address, or the path of the private socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Listens. Port 0 picks a free one. Rejects with `gateway.port_in_use`, `gateway.address_unavailable` or
 * `gateway.listen_failed`.
 */
export async function openListener(
  address: ListenAddress,
  door: Handler,
  clock: Clock,
  times: ListenTimes = DEFAULT_TIMES,
): Promise<Listener> {
  const local = 'path' in address;
  const server = createServer({
    maxHeaderSize: MAX_HEADERS,
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    keepAliveTimeout: times.keepAliveMs,
    connectionsCheckingInterval: times.checkMs,
  });
  server.maxHeadersCount = 100;
  server.maxRequestsPerSocket = 0;
  server.on('request', (request, response) => door.handle(request, response, local));
  await listen(server, address);
  const bound = server.address() as AddressInfo | string;

  let closing: Promise<void> | null = null;
  return {
    port: typeof bound === 'string' ? 0 : bound.port,
    close() {
      closing ??= new Promise((resolve) => {
        const cut = clock.after(CLOSE_MS, () => server.closeAllConnections());
        server.close(() => {
          cut();
          resolve();
        });
        server.closeIdleConnections();
      });
      return closing;
    },
  };
}

function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(address, cause)));
    server.listen(address, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function listenError(address: ListenAddress, cause: NodeJS.ErrnoException): GatehouseError {
  const where = 'path' in address ? address.path : `${address.host}:${address.port}`;
  if ('host' in address && cause.code === 'EADDRINUSE') {
    return new GatehouseError({
      code: 'gateway.port_in_use',
      message: 'Port {port} on {host} is used by another program.',
      remedy: 'End that program, or choose another port with --listen or "listen" in the configuration.',
      values: { port: address.port, host: address.host },
      cause,
    });
  }
  if ('host' in address && (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND')) {
    return new GatehouseError({
      code: 'gateway.address_unavailable',
      message: 'This computer has no address {host}.',
      remedy: 'Use 127.0.0.1, or an address that this computer has.',
      values: { host: address.host },
      cause,
    });
  }
  return new GatehouseError({
    code: 'gateway.listen_failed',
    message: 'The endpoint could not be opened at {where} ({why}).',
    ...(cause.code === 'EACCES'
      ? { form: 'rights', remedy: 'Choose a port above 1023.' }
      : { remedy: 'Choose another address.' }),
    values: { where, why: cause.code ?? cause.message },
    cause,
  });
}
