/**
 * The door itself: the checks before anything is read, and which room a request goes to. `close` ends every session.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ALL, type Scope } from '../protocol/scope.ts';
import { createBeats } from './beats.ts';
import { readBody } from './body.ts';
import { createGuard, type HostRules } from './guards.ts';
import { createHttpFront } from './http.ts';
import { createHub } from './hub.ts';
import { type Inside, openInside } from './inside.ts';
import { createLoads } from './loads.ts';
import {
  type Caller,
  DEFAULT_LIMITS,
  type FromServers,
  type GatewayLimits,
  type GatewayPorts,
  type Here,
} from './ports.ts';
import { createPresence } from './presence.ts';
import { type HttpRefusal, REFUSALS } from './refusals.ts';
import { openRegistry, type Seat } from './registry.ts';
import { sendRefusal } from './respond.ts';
import { keyInQuery, type PathRoute, type PathRules, routeOf } from './routes.ts';
import { answerSignIn, unauthorized } from './sign-in-front.ts';
import { createSseFront } from './sse-front.ts';
import { openStateless } from './stateless.ts';

/** Longer addresses get 414. Bytes. */
const MAX_URL = 8 * 1024;
/** Refusals that are told at most in one second. */
const REFUSALS_TOLD = 10;
/** A command of the core as the command line sends it. Bytes. */
const MAX_COMMAND = 1024 * 1024;

/** What `_healthz`, `_readyz` and `status` say. */
export interface HealthPorts {
  readonly version: string;
  /** State of each server by name; `ready` once all enabled ones have settled. */
  readiness(): { readonly ready: boolean; readonly servers: Readonly<Record<string, object>> };
  /** The endpoint and its token, for this user's own commands; served on the private socket only. */
  connection(): { readonly endpoint: string | null; readonly token: string | null; readonly pid: number };
  /** Runs a command of the core and gives its result, which is an object; for this user's own commands, on the private socket only. */
  command?(name: string, args: unknown): Promise<unknown>;
}

/** What the configuration says of the ways in, as of now. */
export interface DoorRules extends HostRules {
  readonly paths?: PathRules;
  /** Whether a token may stand in the query, `?key=`. */
  readonly keyInQuery?: boolean;
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
  /** Calls by hand, from inside the house. */
  readonly inside: Pick<Inside, 'call'>;
  /** Who has sessions open, and when each was last used. */
  here(): readonly Here[];
  /** Ends everything that this caller has open: what it may do has changed. */
  dropCaller(caller: string): void;
  /** Ends every session. Idempotent. */
  close(): void;
}

/** Opens the rooms; sockets are opened apart. `basePath` is empty, or such as `/gate`. */
export function openDoor(
  rules: DoorRules,
  outside: GatewayPorts,
  health: HealthPorts,
  limits: GatewayLimits = DEFAULT_LIMITS,
  basePath = '',
): Door {
  const since = outside.clock.now();
  let open = 0;
  let told = { second: 0, count: 0 };
  const presence = createPresence(() => outside.sessionsChanged(open + presence.size));
  const ports: GatewayPorts = {
    ...outside,
    sessionsChanged(now) {
      open = now;
      outside.sessionsChanged(open + presence.size);
    },
  };
  const { clock, log } = ports;
  const hub = createHub(ports);
  const loads = createLoads(limits);
  const registry = openRegistry<Seat>(ports, limits);
  const stateless = openStateless(ports, hub, loads, limits);
  const beats = createBeats(clock);
  const streams = { clock, log, beats, held: { bytes: 0 } };
  const rooms = { ports, hub, loads, limits, registry, streams, stateless };
  const http = createHttpFront(rooms);
  const guard = createGuard(rules);
  const sse = createSseFront(rooms);
  const inside = openInside(rooms, { ...ports.serverInfo });

  /** Whatever goes wrong with one request must not end the process that all servers live in. */
  const guarded = (response: ServerResponse, run: () => void): void => {
    try {
      run();
    } catch (error) {
      log.warn({ error: String(error) }, 'request failed');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  };
  const handle = (request: IncomingMessage, response: ServerResponse, local: boolean): void => {
    const { headers, url = '/' } = request;
    const foreign = local ? null : guard(headers.host, headers.origin);
    if (foreign !== null) return refuse(response, REFUSALS[foreign], '', '');
    if (url.length > MAX_URL) return sendRefusal(response, REFUSALS.urlTooLong);
    const route = routeOf(url, basePath, local, rules.paths);
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
      case 'command':
        if (!local) return sendRefusal(response, REFUSALS.notFound);
        return readBody(request, MAX_COMMAND, (body) => void runCommand(response, body));
      case 'unknown':
        if (!local && answerSignIn(ports.signIn, request, response)) return;
        return sendRefusal(response, REFUSALS.notFound);
      case 'status':
      case 'mcp':
      case 'sse':
      case 'message': {
        const opening = local ? null : ports.opening();
        if (opening === null) return enter(request, response, local, route);
        // The body waits in the socket meanwhile.
        void opening.then(() => guarded(response, () => enter(request, response, local, route)));
      }
    }
  };
  const runCommand = async (response: ServerResponse, body: Buffer | string): Promise<void> => {
    if (typeof body === 'string') return void response.writeHead(400).end();
    try {
      const { name, args } = JSON.parse(body.toString('utf8')) as { name?: unknown; args?: unknown };
      sendStatus(response, 200, ((await health.command?.(String(name), args)) ?? {}) as object);
    } catch {
      response.writeHead(400).end();
    }
  };
  const enter = (
    request: IncomingMessage,
    response: ServerResponse,
    local: boolean,
    route: GuardedRoute,
  ): void => {
    const asked = route.kind === 'status' ? ALL : route.scope;
    const caller = local
      ? localCaller(request)
      : (callerIn(request, asked) ?? callerAt(request, route, asked));
    if (caller === null) {
      const mayHoldToken = route.kind === 'status' || route.token !== null;
      return refuse(response, unauthorized(ports.signIn, request, mayHoldToken), '', serverIn(asked));
    }
    const scope = ports.narrow === undefined ? asked : ports.narrow(caller, asked);
    // The state of all servers is only for those who may see all.
    if (scope === null || (route.kind === 'status' && scope !== asked)) {
      return refuse(response, REFUSALS.notAllowed, caller.id, serverIn(asked));
    }
    // Only after the token: names are nobody else's business.
    if (scope.kind === 'server' && !ports.hasServer(scope.server)) {
      return sendRefusal(response, REFUSALS.noServer);
    }
    if (scope.kind === 'profile' && !ports.hasProfile(scope.profile)) {
      return sendRefusal(response, REFUSALS.noProfile);
    }
    switch (route.kind) {
      case 'mcp':
        return http(request, response, caller, scope);
      case 'sse':
        return sse.stream(request, response, caller, scope);
      case 'message':
        return sse.message(request, response, caller, scope);
      case 'status': {
        const uptimeSeconds = Math.floor((clock.now() - since) / 1_000);
        const { ready, servers } = health.readiness();
        const { version } = health;
        return sendStatus(response, 200, { version, uptimeSeconds, sessions: registry.size, ready, servers });
      }
    }
  };
  /** Refuses and tells it; a flood is told only by its first drops. */
  const refuse = (response: ServerResponse, refused: HttpRefusal, client: string, server: string): void => {
    const second = Math.floor(clock.now() / 1_000);
    told = told.second === second ? { second, count: told.count + 1 } : { second, count: 1 };
    if (told.count <= REFUSALS_TOLD) {
      const errorCode = refused.error.code;
      const who = { client, session: '', server, outcome: 'refused', errorCode } as const;
      ports.noted?.({ kind: 'connection', action: 'client.refused', ...who });
    }
    sendRefusal(response, refused);
  };
  const callerIn = (request: IncomingMessage, scope: Scope): Caller | null => {
    const { authorization } = request.headers;
    const apiKey = apiKeyOf(request);
    const caller = ports.authenticate(scope, authorization, apiKey);
    // One good key is enough, whatever else a client sends along.
    if (caller !== null || authorization === undefined || apiKey === undefined) return caller;
    return ports.authenticate(scope, undefined, apiKey);
  };
  /** For clients that cannot send headers, where the owner allows it. */
  const callerAt = (request: IncomingMessage, route: GuardedRoute, scope: Scope): Caller | null => {
    const key = rules.keyInQuery === true ? keyInQuery(request.url ?? '') : null;
    const caller = key === null ? null : ports.authenticate(scope, undefined, key);
    if (caller !== null || route.kind === 'status' || route.token === null) return caller;
    return ports.authenticate(scope, undefined, route.token);
  };
  return {
    handle: (request, response, local) => guarded(response, () => handle(request, response, local)),
    fromServers: hub,
    inside,
    here: () => [...registry.here(), ...stateless.here()],
    dropCaller(caller) {
      registry.dropCaller(caller);
      stateless.dropCaller(caller);
    },
    close() {
      inside.close();
      registry.close();
      stateless.close();
      beats.close();
      presence.close();
      hub.close();
    },
  };
}

const LOCAL: Caller = { id: 'local' };

/**
 * Who comes through the private socket: a bridge says for which client it stands. Whoever reaches the socket is the user,
 * so this is a name and no proof.
 */
function localCaller({ headers }: IncomingMessage): Caller {
  const name = headers['gatehouse-client'];
  return typeof name === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(name) ? { id: name } : LOCAL;
}

/** Routes that need a token. */
type GuardedRoute = Extract<PathRoute, { kind: 'mcp' | 'sse' | 'message' | 'status' }>;

function serverIn(scope: Scope): string {
  return scope.kind === 'server' ? scope.server : '';
}

function apiKeyOf(request: IncomingMessage): string | undefined {
  const key = request.headers['x-api-key'];
  return typeof key === 'string' ? key : undefined;
}

function sendStatus(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}
