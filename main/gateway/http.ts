/**
 * Streamable HTTP: POST brings messages, GET opens or resumes a stream, DELETE ends the session (revisions 2025-03-26 to
 * 2025-11-25). Requests of later revisions, which know no sessions, are handed on. Holds nothing itself: sessions end
 * with the registry.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatehouseError } from '../protocol/error.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { isSessionVersion } from '../protocol/versions.ts';
import { errorAnswer, withoutDuplicates } from '../protocol/wire.ts';
import { isArray, receiveBody } from './batch.ts';
import type { StreamRooms } from './event-out.ts';
import type { Caller, GatewayLimits } from './ports.ts';
import { takePost } from './posts.ts';
import { type HttpRefusal, invalidRequest, parseError, REFUSALS } from './refusals.ts';
import type { Registry, Seat } from './registry.ts';
import { HttpReply, sendEmpty, sendJson, sendRefusal } from './respond.ts';
import type { CallRooms } from './rooms.ts';
import { openSession, type Session } from './session.ts';
import { isModern, type Stateless } from './stateless.ts';
import { SessionStreams } from './streams.ts';

/** Since this revision clients repeat the revision in a header, which must be one that we speak. */
const HEADER_SINCE = '2025-06-18';
/** Since this revision a client that loses a stream may come back for it. */
const RESUMABLE_SINCE = '2025-11-25';

/** What this front needs: the session's rooms, and its own. */
export interface HttpRooms extends CallRooms {
  readonly limits: GatewayLimits;
  readonly registry: Registry<Seat>;
  readonly streams: StreamRooms;
  readonly stateless: Stateless;
}

/** A session and its streams. */
class HttpSeat implements Seat {
  readonly id: string;
  readonly caller: Caller;
  readonly clientName: string | null;
  readonly scope: Scope;
  readonly session: Session;
  readonly streams: SessionStreams;
  lastUsed: number;

  constructor(session: Session, streams: SessionStreams, now: number) {
    this.id = session.id;
    this.caller = session.caller;
    this.clientName = session.clientName;
    this.scope = session.scope;
    this.session = session;
    this.streams = streams;
    this.lastUsed = now;
  }

  get busy(): boolean {
    return this.streams.isOpen || this.session.inFlight > 0;
  }

  sweep(): void {
    this.streams.sweep();
  }

  end(): void {
    this.session.close();
    this.streams.close();
  }
}

/** Takes one request whose caller and scope are known. */
export type HttpFront = (
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
  scope: Scope,
) => void;

export function createHttpFront(rooms: HttpRooms): HttpFront {
  const { ports, hub, loads, limits, registry, stateless } = rooms;
  const { clock } = ports;

  /** The session that the request names, if the caller owns it on this route. */
  const find = (request: IncomingMessage, caller: Caller, scope: Scope): HttpSeat | HttpRefusal => {
    const id = request.headers['mcp-session-id'];
    if (typeof id !== 'string') return REFUSALS.noSession;
    const seat = registry.find(id, caller, scope);
    if ('status' in seat) return seat;
    // A session of the other transport is none here.
    if (!(seat instanceof HttpSeat)) return REFUSALS.unknownSession;
    const version = request.headers['mcp-protocol-version'];
    const mustKnow = version !== undefined && seat.session.version >= HEADER_SINCE;
    return mustKnow && !isSessionVersion(version) ? REFUSALS.version : seat;
  };

  const begin = (
    body: Buffer,
    scanned: MessageScan,
    response: ServerResponse,
    caller: Caller,
    scope: Scope,
  ): void => {
    let message = body;
    let scan = scanned;
    if (scan.duplicate) ({ bytes: message, scan } = withoutDuplicates(body));
    if (scan.failedAt >= 0) return sendError(response, parseError(scan.failedAt));
    if (isArray(body)) return sendError(response, invalidRequest('A session begins with one "initialize".'));
    if (scan.kind !== 'request' || scan.method !== 'initialize')
      return sendRefusal(response, REFUSALS.noSession);
    const full = registry.room(caller);
    if (full !== null) return sendRefusal(response, full);
    const id = randomUUID();
    const streams = new SessionStreams(id, rooms.streams, () => registry.dropSlow(id));
    let gone = false;
    const session = openSession(
      { id, caller, scope, push: (pushed) => streams.push(pushed), standing: () => streams.isHeard },
      message,
      scan,
      {
        answer(answer) {
          if (!response.destroyed) return sendJson(response, 200, answer, id);
          gone = true;
          registry.drop(id);
        },
      },
      ports,
      hub,
      loads,
    );
    if (session === null) return;
    if (gone) return session.close();
    streams.resumable = session.version >= RESUMABLE_SINCE;
    registry.add(new HttpSeat(session, streams, clock.now()));
  };

  const post: HttpFront = (request, response, caller, scope) =>
    takePost(request, response, limits.bodyBytes, (body) => {
      const { headers } = request;
      const version = headers['mcp-protocol-version'];
      const isSession = headers['mcp-session-id'] !== undefined;
      // Scanning is left to the session where nothing says that it may be none.
      if (!isSession || (version !== undefined && !isSessionVersion(version))) {
        const scan = scanMessage(body);
        if (isModern(headers, body, scan)) {
          return stateless.handle(body, scan, request, response, caller, scope);
        }
        if (!isSession) return begin(body, scan, response, caller, scope);
      }
      const seat = find(request, caller, scope);
      if ('status' in seat) return sendRefusal(response, seat);
      receive(seat, body, request, response);
    });

  const receive = (
    seat: HttpSeat,
    body: Buffer,
    request: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const { session, streams } = seat;
    const reply = new HttpReply(response, streams, acceptsEvents(request));
    const waiting = receiveBody(session, body, reply);
    if (waiting instanceof GatehouseError) return sendError(response, waiting);
    if (waiting === null) return;
    // A client that hangs up before the answer does not wait for it; afterwards this has no effect.
    response.on('close', () => {
      seat.lastUsed = clock.now();
      reply.lost(response, waiting);
    });
  };

  const get: HttpFront = (request, response, caller, scope) => {
    if (isStateless(request)) return sendRefusal(response, REFUSALS.onlyPost);
    if (!acceptsEvents(request)) return sendRefusal(response, REFUSALS.notAcceptable);
    const seat = find(request, caller, scope);
    if ('status' in seat) return sendRefusal(response, seat);
    const last = request.headers['last-event-id'];
    seat.streams.open(response, typeof last === 'string' ? last : undefined);
    response.on('close', () => {
      seat.lastUsed = clock.now();
    });
  };

  return (request, response, caller, scope) => {
    switch (request.method) {
      case 'POST':
        return post(request, response, caller, scope);
      case 'GET':
        return get(request, response, caller, scope);
      case 'DELETE': {
        if (isStateless(request)) return sendRefusal(response, REFUSALS.onlyPost);
        const seat = find(request, caller, scope);
        if ('status' in seat) return sendRefusal(response, seat);
        registry.drop(seat.id);
        return sendEmpty(response, 200);
      }
      default:
        sendRefusal(response, REFUSALS.method);
    }
  };
}

/** True for a client of a revision that knows neither sessions nor GET. */
function isStateless({ headers }: IncomingMessage): boolean {
  const version = headers['mcp-protocol-version'];
  return headers['mcp-session-id'] === undefined && version !== undefined && !isSessionVersion(version);
}

function acceptsEvents({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/event-stream') ?? false;
}

function sendError(response: ServerResponse, error: GatehouseError): void {
  sendJson(response, 400, errorAnswer('null', error));
}
