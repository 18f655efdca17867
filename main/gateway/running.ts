/**
 * A request under way and whose it is, as those see it who ask its client something meanwhile.
 */
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Peer } from '../protocol/peer.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import type { Caller } from './ports.ts';
import type { Abandonable, Reply } from './reply.ts';

/** Whose calls they are: a session, or one stateless client. */
export interface CallSession {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  readonly peer: Peer;
  /** A server needs something from the client before it can answer this call. Null when the client cannot be asked. */
  ask(ask: Ask, call: RunningCall): AskHandle | null;
}

/** A request under way. */
export interface RunningCall extends Abandonable {
  /** The client's id, raw JSON. */
  readonly id: string;
  readonly server: string;
  /** The request as it began, and its scan; null when the call is done. */
  readonly message: Buffer | null;
  readonly scan: MessageScan | null;
  /** Sends on the call's own stream, before its answer; false when it has none. */
  send(message: Buffer): boolean;
  /** Gives this whole answer to the present reply and goes on without one; what comes meanwhile is kept or dropped. */
  park(answer: Buffer): void;
  /** Goes on under another request. `token` is that request's progress token, raw JSON. */
  adopt(id: string, reply: Reply, token: Buffer | null): void;
}
