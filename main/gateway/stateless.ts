/**
 * The stateless front: requests of the modern revisions (2026-07-28), each of which carries everything itself. Holds
 * no sessions; what is under way (calls, parked calls, subscription streams) ends with `close`.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isModernVersion } from '../protocol/modern.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { isSessionVersion } from '../protocol/versions.ts';
import { errorAnswer, resultAnswer, withoutDuplicates } from '../protocol/wire.ts';
import { createBeats } from './beats.ts';
import { checkHeaders, claimedRevision, claimsRevision, type EnvelopeRefusal, mismatch } from './envelope.ts';
import type { Hub } from './hub.ts';
import { openListens } from './listen.ts';
import { hasCursor, listKind, offersList } from './lists.ts';
import type { Loads } from './loads.ts';
import { createListResults, discoverResult } from './modern-lists.ts';
import { ModernReply, sendRefused } from './modern-reply.ts';
import { createParamCheck } from './param-headers.ts';
import { openParking } from './parking.ts';
import type { Caller, GatewayLimits, GatewayPorts } from './ports.ts';
import { invalidParams, invalidRequest, methodNotFound, parseError, twinMembers } from './refusals.ts';
import { sendEmpty, sendJson } from './respond.ts';
import { openVisits, type Visit, type Visits } from './visits.ts';

/** The front for modern clients, on the same URLs as sessions. */
export interface Stateless {
  /** Takes one POST for which `isModern` is true, whose body was read and whose caller and scope are known. */
  handle(
    body: Buffer,
    scan: MessageScan,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    scope: Scope,
  ): void;
  /** As `Visits.here`. */
  here: Visits['here'];
  /** Ends what this caller has open and under way. */
  dropCaller(caller: string): void;
  /** Ends every stream and every call. Idempotent. */
  close(): void;
}

/**
 * True when a POST belongs to the stateless front: it names a modern revision in its body or, where the body names
 * none, in its header; or one that only a later revision can be (versioning section, "Backward Compatibility").
 */
export function isModern(headers: IncomingHttpHeaders, body: Buffer, scan: MessageScan): boolean {
  const header = headers['mcp-protocol-version'];
  const saysModern = header !== undefined && isLaterThanSessions(String(header));
  switch (scan.kind) {
    case 'request':
    case 'notification': {
      if (!claimsRevision(body, scan)) return saysModern && scan.method !== 'initialize';
      if (scan.method !== 'initialize' && headers['mcp-session-id'] === undefined) return true;
      // `initialize`, and what comes in a session, is of the old kind unless it says clearly that it is not.
      return isModernVersion(claimedRevision(body, scan));
    }
    case 'response':
    case 'invalid':
      return saysModern;
  }
}

/** Revisions are dates; whatever is none that we know and sorts after them is meant to be a later one. */
function isLaterThanSessions(revision: string): boolean {
  return !isSessionVersion(revision) && revision > '2026';
}

/** What older revisions had and these have not: no server behind us may answer it either. */
const REMOVED = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'tasks/list',
  'tasks/result',
]);

export function openStateless(ports: GatewayPorts, hub: Hub, loads: Loads, limits: GatewayLimits): Stateless {
  const beats = createBeats(ports.clock);
  const parking = openParking(ports.clock);
  const visits = openVisits({ ports, hub, loads }, limits, parking.ask);
  const listens = openListens(ports, hub, beats);
  const listResult = createListResults(ports);
  const checkParams = createParamCheck();
  let closed = false;

  const answer = (
    visit: Visit,
    body: Buffer,
    scan: MessageScan,
    id: string,
    response: ServerResponse,
    acceptsEvents: boolean,
  ): void => {
    const { scope, peer } = visit.session;
    if (scan.method === 'subscriptions/listen') {
      const refused = listens.open(visit, body, scan, id, response, acceptsEvents);
      if (refused !== null) sendRefused(response, id, refused);
      return;
    }
    if (scan.method === 'server/discover') {
      return whenSettled(visit, response, () => resultAnswer(id, discoverResult(ports, scope, peer)));
    }
    if (REMOVED.has(scan.method)) {
      return sendRefused(response, id, { status: 404, error: methodNotFound(scan.method) });
    }
    const kind = listKind(scan.method);
    // On its own route a server that has no such list says so itself.
    if (
      kind !== null &&
      (scope.kind !== 'server' || offersList(ports.view(scope, peer).capabilities, kind))
    ) {
      if (hasCursor(body, scan)) {
        return sendRefused(response, id, { status: 200, error: invalidParams('This cursor is unknown.') });
      }
      return whenSettled(visit, response, () => resultAnswer(id, listResult(scope, peer, kind)));
    }
    const reply = new ModernReply(response, acceptsEvents, beats);
    const resumed = parking.resume(visit.session, body, scan, id, reply);
    if (resumed instanceof Error) return reply.answer(errorAnswer(id, resumed));
    const call = resumed ?? visit.calls.begin(body, scan, id, reply);
    if (call === null) return;
    // Closing the stream is how a client cancels (streamable HTTP section, "Cancellation").
    response.on('close', () => {
      if (!response.writableFinished) call.abandon();
    });
  };
  /** A list asked for while servers still start waits for them a little: many clients ask only once. */
  const whenSettled = (visit: Visit, response: ServerResponse, make: () => Buffer): void => {
    const waiting = ports.settled(visit.session.scope, visit.session.peer);
    if (waiting === null) sendJson(response, 200, make());
    else void waiting.then(() => sendJson(response, 200, make()));
  };

  const enter = (
    body: Buffer,
    scan: MessageScan,
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    scope: Scope,
  ): void => {
    const id = body.toString('utf8', scan.idStart, scan.idEnd);
    if (scan.twin) return sendRefused(response, id, { status: 400, error: twinMembers() });
    const { headers } = request;
    const repeats = !isPrivate(request);
    const header = repeats ? (headers['mcp-protocol-version'] as string | undefined) : null;
    const visit = visits.find(body, scan, header, caller, scope);
    if ('status' in visit) return sendRefused(response, id, visit);
    const { peer } = visit.session;
    if (repeats) {
      const wrong =
        checkHeaders(headers, body, scan, peer.revision) ??
        (scan.method === 'tools/call' ? checkParams(headers, body, scan, ports.view(scope, peer)) : null);
      if (wrong !== null) return sendRefused(response, id, wrong);
    }
    answer(visit, body, scan, id, response, takesEvents(headers.accept));
  };

  const take: Stateless['handle'] = (received, scanned, request, response, caller, scope) => {
    let body = received;
    let scan = scanned;
    if (scan.duplicate) ({ bytes: body, scan } = withoutDuplicates(received));
    switch (scan.kind) {
      case 'request':
        if (closed) response.destroy();
        else enter(body, scan, request, response, caller, scope);
        return;
      case 'notification': {
        const wrong = isPrivate(request) ? null : notificationProblem(request.headers, scan);
        if (wrong !== null) sendRefused(response, 'null', wrong);
        // None is defined over HTTP; what clients tell nevertheless is taken and has no effect.
        else sendEmpty(response, 202);
        return;
      }
      case 'response':
        return sendRefused(response, 'null', {
          status: 400,
          error: invalidRequest('Clients of this revision send no responses.'),
        });
      case 'invalid':
        return sendRefused(response, 'null', {
          status: 400,
          error:
            scan.failedAt >= 0
              ? parseError(scan.failedAt)
              : invalidRequest('This is no JSON-RPC message. This revision knows no batches.'),
        });
    }
  };

  return {
    handle(body, scan, request, response, caller, scope) {
      // Whatever goes wrong with one request must not end the process that all servers live in.
      try {
        take(body, scan, request, response, caller, scope);
      } catch (error) {
        ports.log.warn({ error: String(error) }, 'request failed');
        if (!response.headersSent) response.writeHead(500);
        response.end();
      }
    },
    here: visits.here,
    dropCaller(caller) {
      listens.dropCaller(caller);
      visits.dropCaller(caller);
    },
    close() {
      if (closed) return;
      closed = true;
      listens.close();
      parking.close();
      visits.close();
      beats.close();
    },
  };
}

/**
 * True for what came through the private socket: it has no address. The bridge carries stdio clients through it, and
 * stdio has no headers that could repeat the body (stdio section, "Request Metadata").
 */
function isPrivate(request: IncomingMessage): boolean {
  return request.socket.remoteAddress === undefined;
}

function notificationProblem(headers: IncomingHttpHeaders, scan: MessageScan): EnvelopeRefusal | null {
  const method = headers['mcp-method'];
  if (method === undefined || method === scan.method) return null;
  return mismatch(`the Mcp-Method header says "${String(method).slice(0, 200)}", the body "${scan.method}"`);
}

function takesEvents(accept: string | undefined): boolean {
  return accept === undefined || accept.includes('text/event-stream') || accept.includes('*/*');
}
