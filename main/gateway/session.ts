/**
 * One client's session of the sessionful revisions (2024-11-05 to 2025-11-25): from `initialize` to its end. Knows
 * what the client may see and has under way; knows nothing of HTTP.
 */
import { valueAt } from '../protocol/json.ts';
import type { ListKind } from '../protocol/listing.ts';
import type { Peer } from '../protocol/peer.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { negotiate, type SessionVersion } from '../protocol/versions.ts';
import { errorAnswer, notification, resultAnswer, withoutDuplicates } from '../protocol/wire.ts';
import { createCalls } from './calls.ts';
import type { Hub } from './hub.ts';
import type { Loads } from './loads.ts';
import type { Caller, GatewayPorts } from './ports.ts';
import { invalidParams, invalidRequest, methodNotFound, parseError } from './refusals.ts';
import type { Abandonable, Reply } from './reply.ts';

const LISTS: Readonly<Record<string, ListKind>> = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
};

const CHANGED: Readonly<Record<ListKind, string>> = {
  tools: 'notifications/tools/list_changed',
  prompts: 'notifications/prompts/list_changed',
  resources: 'notifications/resources/list_changed',
  resourceTemplates: 'notifications/resources/list_changed',
};

/** A session. */
export interface Session {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  readonly version: SessionVersion;
  readonly inFlight: number;
  /**
   * Takes one message of the client, well-formed or not. Never throws. Returns what can be abandoned while its answer
   * is still to come, else null.
   */
  receive(bytes: Buffer, reply: Reply): Abandonable | null;
  /** Cancels what is under way. Idempotent. */
  close(): void;
}

/** What a session needs beside the ports. */
export interface SessionInit {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  /** Sends what belongs to no request: on the client's standing stream, if it has one. */
  push(message: Buffer): void;
  /** True when what is pushed reaches the client: it has a standing stream, or had one and may come back for it. */
  standing(): boolean;
}

/**
 * Opens the session that the `initialize` in `bytes` asks for; its answer goes to `reply` once the scope is settled.
 * Null when it was refused; `reply` has the error then.
 */
export function openSession(
  init: SessionInit,
  bytes: Buffer,
  scan: MessageScan,
  reply: Reply,
  ports: GatewayPorts,
  hub: Hub,
  loads: Loads,
): Session | null {
  const { scope } = init;
  const version = negotiate(askedVersion(bytes, scan));
  const peer: Peer = {
    key: init.id,
    era: 'legacy',
    revision: version,
    info: null,
    capabilities: {},
    logLevel: null,
  };
  const calls = createCalls({ ...init, peer, ask: () => null }, { ports, hub, loads });
  const unwatch = ports.watch(scope, peer, (kinds) => {
    for (const method of new Set(kinds.map((kind) => CHANGED[kind]))) init.push(notification(method));
  });
  let closed = false;

  const initializeId = idOf(bytes, scan);
  whenSettled(ports, scope, peer, () =>
    reply.answer(resultAnswer(initializeId, initializeResult(ports, scope, peer, version))),
  );

  const request = (message: Buffer, found: MessageScan, to: Reply): Abandonable | null => {
    const id = idOf(message, found);
    switch (found.method) {
      case 'tools/call':
      case 'prompts/get':
      case 'resources/read':
      case 'completion/complete':
        return calls.begin(message, found, id, to);
      case 'ping':
        to.answer(resultAnswer(id, '{}'));
        return null;
      case 'initialize':
        to.answer(errorAnswer(id, invalidRequest('The session is initialized already.')));
        return null;
      default: {
        const kind = LISTS[found.method];
        if (kind === undefined) to.answer(errorAnswer(id, methodNotFound(found.method)));
        else if (hasCursor(message, found))
          to.answer(errorAnswer(id, invalidParams('This cursor is unknown.')));
        else
          whenSettled(ports, scope, peer, () =>
            to.answer(resultAnswer(id, ports.view(scope, peer).lists[kind])),
          );
        return null;
      }
    }
  };

  return {
    id: init.id,
    caller: init.caller,
    scope,
    version,
    get inFlight() {
      return calls.inFlight;
    },
    receive(received, to) {
      let message = received;
      let found = scanMessage(received);
      if (found.duplicate) ({ bytes: message, scan: found } = withoutDuplicates(received));
      switch (found.kind) {
        case 'request':
          if (!closed) return request(message, found, to);
          to.nothing();
          return null;
        case 'notification':
          if (found.method === 'notifications/cancelled' && found.requestIdStart >= 0) {
            calls.cancel(message.toString('utf8', found.requestIdStart, found.requestIdEnd));
          }
          to.accepted();
          return null;
        case 'response':
          // Nothing is asked of clients, so no answer of theirs is awaited.
          to.accepted();
          return null;
        case 'invalid': {
          const error =
            found.failedAt >= 0
              ? parseError(found.failedAt)
              : invalidRequest('This is no JSON-RPC message, or a batch, which Gatehouse does not take.');
          to.answer(errorAnswer('null', error));
          return null;
        }
      }
    },
    close() {
      if (closed) return;
      closed = true;
      unwatch();
      calls.close();
    },
  };
}

function idOf(message: Buffer, scan: MessageScan): string {
  return message.toString('utf8', scan.idStart, scan.idEnd);
}

function askedVersion(bytes: Buffer, scan: MessageScan): unknown {
  if (scan.paramsStart < 0) return undefined;
  const params = valueAt(bytes, scan.paramsStart, scan.paramsEnd);
  return typeof params === 'object' && params !== null
    ? (params as { protocolVersion?: unknown }).protocolVersion
    : undefined;
}

function initializeResult(ports: GatewayPorts, scope: Scope, peer: Peer, version: SessionVersion): string {
  const view = ports.view(scope, peer);
  const own = scope.kind === 'server' ? ports.infoOf(scope.server) : null;
  return JSON.stringify({
    protocolVersion: version,
    capabilities: view.capabilities,
    serverInfo: own ?? ports.serverInfo,
    ...(view.instructions === null ? {} : { instructions: view.instructions }),
  });
}

/** A list asked for while servers still start waits for them a little: many clients ask only once. */
function whenSettled(ports: GatewayPorts, scope: Scope, peer: Peer, then: () => void): void {
  const waiting = ports.settled(scope, peer);
  if (waiting === null) then();
  else void waiting.then(then);
}

function hasCursor(message: Buffer, scan: MessageScan): boolean {
  if (scan.paramsStart < 0 || message.indexOf('"cursor"', scan.paramsStart) === -1) return false;
  const params = valueAt(message, scan.paramsStart, scan.paramsEnd) as { cursor?: unknown } | null;
  return params?.cursor !== undefined;
}
