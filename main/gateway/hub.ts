/**
 * Who of the clients hears what servers say outside of calls: log messages by level, updates of subscribed resources,
 * and requests that no call caused. Counts what all clients together want of each server.
 */
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Scope } from '../protocol/scope.ts';
import type { Caller, FromServers, GatewayPorts } from './ports.ts';

/** A client that can be told things: a session, or one stream of a stateless client. */
export interface Member {
  readonly peer: Peer;
  readonly caller: Caller;
  readonly scope: Scope;
  /** True when it is to get notifications of this method. */
  wants(method: string): boolean;
  /** One notification, with names and URIs already in this client's terms. */
  push(message: Buffer): void;
  /** Asks the client outside of any call; null when it cannot be asked. */
  ask(ask: Ask): AskHandle | null;
}

/** The meeting point. */
export interface Hub extends FromServers {
  join(member: Member): void;
  /** Ends its subscriptions too. Idempotent. */
  leave(member: Member): void;
  /** To be called when the member's `peer.logLevel` has changed, and when a server has come. */
  levelsChanged(): void;
  /** True when this client is to get the log message of this server. */
  hears(server: string, peer: Peer, message: Buffer): boolean;
  /** Subscribes by the URI as this client knows it. Rejects with a GatehouseError or a ServerError. */
  subscribe(member: Member, uri: string): Promise<void>;
  unsubscribe(member: Member, uri: string): Promise<void>;
}

export function createHub(_ports: GatewayPorts): Hub {
  return {
    join: () => undefined,
    leave: () => undefined,
    levelsChanged: () => undefined,
    hears: () => true,
    subscribe: async () => undefined,
    unsubscribe: async () => undefined,
    notification: () => undefined,
    ask: () => null,
  };
}
