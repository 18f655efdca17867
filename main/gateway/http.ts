/**
 * Streamable HTTP with sessions (revisions 2025-03-26 to 2025-11-25): POST brings messages, GET opens the standing
 * stream, DELETE ends the session.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { sseEvent } from '../protocol/sse.ts';
import { isSessionVersion } from '../protocol/versions.ts';
import { errorAnswer, withoutDuplicates } from '../protocol/wire.ts';
import { readBody } from './body.ts';
import type { Hub } from './hub.ts';
import type { Loads } from './loads.ts';
import type { Caller, GatewayLimits, GatewayPorts } from './ports.ts';
import { type HttpRefusal, parseError, REFUSALS } from './refusals.ts';
import { httpReply, sendJson, sendRefusal, startEvents } from './respond.ts';
import { openSession, type Session } from './session.ts';
import { isModern, openStateless } from './stateless.ts';

const REAP_MS = 60_000;
/** A comment on quiet streams keeps proxies and sleeping clients from dropping them. Milliseconds. */
const KEEP_ALIVE_MS = 25_000;

interface Entry {
  readonly session: Session;
  stream: ServerResponse | null;
  lastUsed: number;
}

/** All sessions over HTTP. */
export interface HttpSessions {
  /** Takes one request whose caller and scope are known. */
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller, scope: Scope): void;
  readonly size: number;
  /** Ends every session. Idempotent. */
  close(): void;
}

export function openHttpSessions(
  ports: GatewayPorts,
  hub: Hub,
  loads: Loads,
  limits: GatewayLimits,
): HttpSessions {
  const entries = new Map<string, Entry>();
  const stateless = openStateless(ports, hub, loads, limits);
  const { clock } = ports;
  let cancelReap: () => void = () => undefined;
  let cancelKeepAlive: () => void = () => undefined;
  let closed = false;

  const drop = (id: string): void => {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    entry.session.close();
    entry.stream?.end();
    ports.sessionsChanged(entries.size);
  };
  const reap = (): void => {
    const oldest = clock.now() - limits.sessionIdleMs;
    for (const [id, entry] of entries) {
      if (entry.stream === null && entry.session.inFlight === 0 && entry.lastUsed < oldest) drop(id);
    }
    cancelReap = clock.after(REAP_MS, reap);
  };
  const keepAlive = (): void => {
    for (const entry of entries.values()) entry.stream?.write(': keep-alive\n\n');
    cancelKeepAlive = clock.after(KEEP_ALIVE_MS, keepAlive);
  };
  reap();
  keepAlive();

  /** The session that the request names, if the caller owns it on this route. */
  const find = (request: IncomingMessage, caller: Caller, scope: Scope): Entry | HttpRefusal => {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') return REFUSALS.noSession;
    const entry = entries.get(id);
    if (
      entry === undefined ||
      entry.session.caller.id !== caller.id ||
      entry.session.scope.key !== scope.key
    ) {
      return REFUSALS.unknownSession;
    }
    const version = request.headers['mcp-protocol-version'];
    if (version !== undefined && !isSessionVersion(version)) return REFUSALS.version;
    entry.lastUsed = clock.now();
    return entry;
  };

  const begin = (body: Buffer, response: ServerResponse, caller: Caller, scope: Scope): void => {
    let message = body;
    let scan = scanMessage(body);
    if (scan.duplicate) ({ bytes: message, scan } = withoutDuplicates(body));
    if (scan.failedAt >= 0) return sendBad(response, errorAnswer('null', parseError(scan.failedAt)));
    if (scan.kind !== 'request' || scan.method !== 'initialize')
      return sendRefusal(response, REFUSALS.noSession);
    const id = randomUUID();
    const session = openSession(
      {
        id,
        caller,
        scope,
        push: (pushed) => entries.get(id)?.stream?.write(sseEvent(pushed)),
        standing: () => (entries.get(id)?.stream ?? null) !== null,
      },
      message,
      scan,
      {
        notify: () => false,
        accepted: () => undefined,
        nothing: () => undefined,
        answer(answer) {
          if (response.destroyed) return drop(id);
          sendJson(response, answer, id);
        },
      },
      ports,
      hub,
      loads,
    );
    if (session === null) return;
    entries.set(id, { session, stream: null, lastUsed: clock.now() });
    ports.sessionsChanged(entries.size);
  };

  const post = (request: IncomingMessage, response: ServerResponse, caller: Caller, scope: Scope): void => {
    if (!isJson(request.headers['content-type'])) return sendRefusal(response, REFUSALS.mediaType);
    readBody(request, limits.bodyBytes, (body) => {
      if (body === 'aborted') return;
      if (body === 'too-large') return refuseAndClose(request, response, REFUSALS.tooLarge);
      if (body === 'not-utf8') return sendRefusal(response, REFUSALS.notUtf8);
      if (closed) return sendRefusal(response, REFUSALS.unknownSession);
      const scan = scanMessage(body);
      if (isModern(request.headers, body, scan)) {
        return stateless.handle(body, scan, request, response, caller, scope);
      }
      if (request.headers['mcp-session-id'] === undefined) return begin(body, response, caller, scope);
      const entry = find(request, caller, scope);
      if ('status' in entry) return sendRefusal(response, entry);
      receive(entry, body, request, response);
    });
  };

  const receive = (entry: Entry, body: Buffer, request: IncomingMessage, response: ServerResponse): void => {
    const { session } = entry;
    const events = request.headers.accept?.includes('text/event-stream') ?? false;
    const waiting = session.receive(body, httpReply(response, session.id, events));
    if (waiting === null) return;
    // The answer is still to come: a client that hangs up does not wait for it.
    response.on('close', () => {
      entry.lastUsed = clock.now();
      if (!response.writableFinished) waiting.abandon();
    });
  };

  const stream = (request: IncomingMessage, response: ServerResponse, caller: Caller, scope: Scope): void => {
    if (!(request.headers.accept?.includes('text/event-stream') ?? false)) {
      return sendRefusal(response, REFUSALS.notAcceptable);
    }
    const entry = find(request, caller, scope);
    if ('status' in entry) return sendRefusal(response, entry);
    // A client that reconnects may come before we notice that its old stream is dead.
    entry.stream?.end();
    entry.stream = response;
    startEvents(response, entry.session.id);
    response.on('close', () => {
      if (entry.stream === response) entry.stream = null;
      entry.lastUsed = clock.now();
    });
  };

  return {
    handle(request, response, caller, scope) {
      switch (request.method) {
        case 'POST':
          return post(request, response, caller, scope);
        case 'GET':
          return stream(request, response, caller, scope);
        case 'DELETE': {
          const entry = find(request, caller, scope);
          if ('status' in entry) return sendRefusal(response, entry);
          drop(entry.session.id);
          response.writeHead(200, ['Content-Length', '0']);
          response.end();
          return;
        }
        default:
          sendRefusal(response, REFUSALS.method);
      }
    },
    get size() {
      return entries.size;
    },
    close() {
      if (closed) return;
      closed = true;
      cancelReap();
      cancelKeepAlive();
      stateless.close();
      for (const id of [...entries.keys()]) drop(id);
    },
  };
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\s*(;|$)/i.test(type);
}

function sendBad(response: ServerResponse, body: Buffer): void {
  response.writeHead(400, ['Content-Type', 'application/json', 'Content-Length', String(body.length)]);
  response.end(body);
}

/** The rest of a body that is too large is not worth reading. */
function refuseAndClose(request: IncomingMessage, response: ServerResponse, refusal: HttpRefusal): void {
  response.setHeader('Connection', 'close');
  sendRefusal(response, refusal);
  response.once('finish', () => request.destroy());
}
