/**
 * The door itself: the socket, the checks before anything is read, and which room a request goes to.
 * Stops by refusing new connections, ending sessions, and cutting what is left after a short while.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { Scope } from '../protocol/scope.ts';
import { type HostRules, refusal } from './guards.ts';
import { openHttpSessions } from './http.ts';
import { createHub } from './hub.ts';
import { createLoads } from './loads.ts';
import {
  type Caller,
  DEFAULT_LIMITS,
  type FromServers,
  type GatewayLimits,
  type GatewayPorts,
} from './ports.ts';
import { createPresence } from './presence.ts';
import { REFUSALS } from './refusals.ts';
import { sendRefusal } from './respond.ts';
import { routeOf } from './routes.ts';

/** Milliseconds that answers under way have to leave when the door closes. */
const CLOSE_MS = 1_000;

/** What `_healthz` and `_readyz` say. */
export interface HealthPorts {
  readonly version: string;
  /** State of each server by name; `ready` once all enabled ones have settled. */
  readiness(): { readonly ready: boolean; readonly servers: Readonly<Record<string, object>> };
  /** The endpoint and its token, for this user's own commands; served on the private socket only. */
  connection(): { readonly endpoint: string | null; readonly token: string | null; readonly pid: number };
}

/** The gateway's rooms behind every socket. */
export interface Door {
  /**
   * Takes one request. `local` is true for what came through the private socket, which only this user can reach:
   * it needs no token.
   */
  handle(request: IncomingMessage, response: ServerResponse, local: boolean): void;
  /** Where the servers' own words go. */
  readonly fromServers: FromServers;
  /** Ends every session. Idempotent. */
  close(): void;
}

/** Opens the rooms; sockets are opened apart. */
export function openDoor(
  rules: HostRules,
  ports: GatewayPorts,
  health: HealthPorts,
  limits: GatewayLimits = DEFAULT_LIMITS,
): Door {
  const hub = createHub(ports);
  let open = 0;
  const presence = createPresence(() => ports.sessionsChanged(open + presence.size));
  const counting: GatewayPorts = {
    ...ports,
    sessionsChanged(now) {
      open = now;
      ports.sessionsChanged(open + presence.size);
    },
  };
  const sessions = openHttpSessions(counting, hub, createLoads(limits), limits);

  const handle = (request: IncomingMessage, response: ServerResponse, local: boolean): void => {
    const { headers } = request;
    const foreign = local ? null : refusal(rules, headers.host, headers.origin);
    if (foreign !== null) return sendRefusal(response, REFUSALS[foreign]);
    const route = routeOf(request.url ?? '/');
    switch (route.kind) {
      case 'health':
        return sendStatus(response, 200, { status: 'ok', version: health.version });
      case 'ready': {
        const { ready, servers } = health.readiness();
        return sendStatus(response, ready ? 200 : 503, { status: ready ? 'ready' : 'starting', servers });
      }
      case 'local':
        if (!local) return sendRefusal(response, REFUSALS.notFound);
        // Right after the start the token may still be on its way from the keychain.
        void (ports.opening() ?? Promise.resolve()).then(() =>
          sendStatus(response, 200, health.connection()),
        );
        return;
      case 'presence':
        return local ? presence.attach(response) : sendRefusal(response, REFUSALS.notFound);
      case 'unknown':
        return sendRefusal(response, REFUSALS.notFound);
      case 'mcp': {
        const opening = local ? null : ports.opening();
        if (opening === null) return enter(request, response, local, route.scope);
        // The body waits in the socket meanwhile.
        void opening.then(() => enter(request, response, local, route.scope));
      }
    }
  };
  const enter = (request: IncomingMessage, response: ServerResponse, local: boolean, scope: Scope): void => {
    const { headers } = request;
    const caller = local ? LOCAL : ports.authenticate(scope, headers.authorization, apiKeyOf(request));
    if (caller === null) return sendRefusal(response, REFUSALS.unauthorized);
    // Only after the token: names of servers are nobody else's business.
    if (scope.kind === 'server' && !ports.hasServer(scope.server)) {
      return sendRefusal(response, REFUSALS.noServer);
    }
    sessions.handle(request, response, caller, scope);
  };
  return {
    handle(request, response, local) {
      // Whatever goes wrong here must not end the process that all servers live in.
      try {
        handle(request, response, local);
      } catch (error) {
        ports.log.warn({ error: String(error) }, 'request failed');
        if (!response.headersSent) response.writeHead(500);
        response.end();
      }
    },
    fromServers: hub,
    close() {
      sessions.close();
      presence.close();
      hub.close();
    },
  };
}

const LOCAL: Caller = { id: 'local' };

/** One open socket. */
export interface Listener {
  /** 0 for the private socket. */
  readonly port: number;
  /** Idempotent, bounded. */
  close(): Promise<void>;
}

/** Where to listen: an address, or the path of the private socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * Listens. Port 0 picks a free one. Rejects with `gateway.port_in_use`, `gateway.address_unavailable` or
 * `gateway.listen_failed`.
 */
export async function openListener(address: ListenAddress, door: Door, clock: Clock): Promise<Listener> {
  const local = 'path' in address;
  const server = createServer({ keepAliveTimeout: 65_000, headersTimeout: 20_000, requestTimeout: 120_000 });
  server.maxHeadersCount = 100;
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

function apiKeyOf(request: IncomingMessage): string | undefined {
  const key = request.headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

function sendStatus(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
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
      message: `Port ${address.port} on ${address.host} is used by another program.`,
      remedy: 'End that program, or choose another port with --listen or "listen" in the configuration.',
      cause,
    });
  }
  if ('host' in address && (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND')) {
    return new GatehouseError({
      code: 'gateway.address_unavailable',
      message: `This computer has no address ${address.host}.`,
      remedy: 'Use 127.0.0.1, or an address that this computer has.',
      cause,
    });
  }
  return new GatehouseError({
    code: 'gateway.listen_failed',
    message: `The endpoint could not be opened at ${where} (${cause.code ?? cause.message}).`,
    remedy: cause.code === 'EACCES' ? 'Choose a port above 1023.' : 'Choose another address.',
    cause,
  });
}
