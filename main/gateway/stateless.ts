/**
 * The stateless front: requests of the modern revisions (2026-07-28), each of which carries everything itself. Holds
 * no sessions; what is under way (calls, parked calls, subscription streams) ends with `close`.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import type { Hub } from './hub.ts';
import type { Caller, GatewayLimits, GatewayPorts } from './ports.ts';

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
  /** Ends every stream and every call. Idempotent. */
  close(): void;
}

/** True when a POST belongs to the stateless front: it speaks a modern revision, or means to. */
export function isModern(_headers: IncomingHttpHeaders, _body: Buffer, _scan: MessageScan): boolean {
  return false;
}

export function openStateless(
  _ports: GatewayPorts,
  _hub: Hub,
  _loads: unknown,
  _limits: GatewayLimits,
): Stateless {
  return {
    handle: (_body, _scan, _request, response) => void response.end(),
    close: () => undefined,
  };
}
