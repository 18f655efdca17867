/**
 * The transport of 2024-11-05, "HTTP with SSE": GET opens a stream that first names where messages go, POST there
 * brings them, and everything comes back on the stream. One session for each stream, which ends with it.
 */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { GatehouseError } from '../protocol/error.ts';
import { scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { sseEvent } from '../protocol/sse.ts';
import { errorAnswer, withId, withoutDuplicates } from '../protocol/wire.ts';
import { receiveBody } from './batch.ts';
import { startEvents, writeBounded } from './event-out.ts';
import type { HttpFront, HttpRooms } from './http.ts';
import type { Caller } from './ports.ts';
import { takePost } from './posts.ts';
import { invalidRequest, parseError, REFUSALS } from './refusals.ts';
import type { Seat } from './registry.ts';
import type { Reply } from './reply.ts';
import { sendEmpty, sendJson, sendRefusal } from './respond.ts';
import { messageTarget } from './routes.ts';
import { openSession, type Session } from './session.ts';

/** A stream on which nobody says `initialize` ends after this. Milliseconds. */
const INITIALIZE_MS = 60_000;

/** A stream, its session, and the reply to everything that is said in it. */
class SseSeat implements Seat, Reply {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  readonly response: ServerResponse;
  lastUsed: number;
  /** Null before `initialize`. */
  session: Session | null = null;
  /** A stream is open as long as there is this. */
  readonly busy = true;
  private readonly slow: () => void;
  private closed = false;

  get clientName(): string | null {
    return this.session?.clientName ?? null;
  }

  constructor(
    caller: Caller,
    scope: Scope,
    response: ServerResponse,
    now: number,
    slow: (id: string) => void,
  ) {
    this.id = randomUUID();
    this.caller = caller;
    this.scope = scope;
    this.response = response;
    this.lastUsed = now;
    this.slow = () => slow(this.id);
  }

  follow(): void {}

  notify(message: Buffer): boolean {
    if (this.closed || this.response.destroyed) return false;
    if (writeBounded(this.response, sseEvent(message))) return true;
    this.closed = true;
    this.response.destroy();
    // Not while something is being written.
    queueMicrotask(this.slow);
    return false;
  }

  answer(message: Buffer): void {
    this.notify(message);
  }

  relay(bytes: Buffer, idStart: number, idEnd: number, id: string): void {
    this.notify(withId(bytes, idStart, idEnd, id));
  }

  accepted(): void {}

  nothing(): void {}

  sweep(): void {}

  end(): void {
    this.closed = true;
    this.session?.close();
    this.response.end();
  }
}

/** The two routes of this transport. */
export interface SseFront {
  readonly stream: HttpFront;
  readonly message: HttpFront;
}

export function createSseFront(rooms: HttpRooms): SseFront {
  const { ports, hub, loads, limits, registry } = rooms;
  const { clock } = ports;

  /** True when the message was taken, else the error says why not. */
  const receive = (seat: SseSeat, body: Buffer): true | GatehouseError => {
    if (seat.session === null) return begin(seat, body);
    // A stream that closes ends the session and with it all that is under way.
    const waiting = receiveBody(seat.session, body, seat);
    return waiting instanceof GatehouseError ? waiting : true;
  };
  const begin = (seat: SseSeat, body: Buffer): true | GatehouseError => {
    let message = body;
    let scan = scanMessage(body);
    if (scan.duplicate) ({ bytes: message, scan } = withoutDuplicates(body));
    if (scan.failedAt >= 0) return parseError(scan.failedAt);
    if (scan.kind !== 'request' || scan.method !== 'initialize') {
      return invalidRequest('A session begins with "initialize".');
    }
    const { id, caller, scope } = seat;
    const init = {
      id,
      caller,
      scope,
      push: (pushed: Buffer) => void seat.notify(pushed),
      standing: () => true,
    };
    seat.session = openSession(init, message, scan, seat, ports, hub, loads);
    return true;
  };

  return {
    stream(request, response, caller, scope) {
      if (request.method !== 'GET') return sendRefusal(response, REFUSALS.onlyGet);
      const full = registry.room(caller);
      if (full !== null) return sendRefusal(response, full);
      const seat = new SseSeat(caller, scope, response, clock.now(), registry.dropSlow);
      registry.add(seat);
      startEvents(response);
      response.write(`event: endpoint\ndata: ${messageTarget(request.url ?? '', seat.id)}\n\n`);
      rooms.streams.beats.add(response);
      const cancel = clock.after(INITIALIZE_MS, () => {
        if (seat.session === null) registry.drop(seat.id);
      });
      response.on('close', () => {
        cancel();
        registry.drop(seat.id);
      });
    },
    message(request, response, caller, scope) {
      if (request.method !== 'POST') return sendRefusal(response, REFUSALS.onlyPost);
      const id = sessionIn(request.url ?? '');
      if (id === null) return sendRefusal(response, REFUSALS.noSessionId);
      takePost(request, response, limits.bodyBytes, (body) => {
        const seat = registry.find(id, caller, scope);
        if ('status' in seat) return sendRefusal(response, seat);
        if (!(seat instanceof SseSeat)) return sendRefusal(response, REFUSALS.unknownSession);
        const taken = receive(seat, body);
        if (taken === true) sendEmpty(response, 202);
        else sendJson(response, 400, errorAnswer('null', taken));
      });
    },
  };
}

/** The session that the query names. */
function sessionIn(target: string): string | null {
  const query = target.indexOf('?');
  return query === -1 ? null : new URLSearchParams(target.slice(query)).get('sessionId');
}
