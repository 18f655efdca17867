/**
 * How a request travels from the gateway to an upstream and its answer back, and how a server's own request travels to
 * the client that caused it: the types that both sides share, since neither may import the other.
 *
 * Eras meet at the upstream's end: whatever revision a server speaks, the sink gets answers in the terms of the
 * request's peer, and the server gets requests in its own terms. A server's wish for sampling, elicitation or roots
 * reaches a sink as `ask`, however the server expressed it; only when peer and server are both modern does an
 * `input_required` result pass as it is.
 */
import type { GatehouseError } from './error.ts';
import type { Peer } from './peer.ts';
import type { MessageScan } from './scan.ts';
import type { Edit } from './wire.ts';

/** Receives what comes back for one forwarded request. Exactly one of `answer` and `fail` is called, once. */
export interface CallSink {
  /** The whole answer; the receiver puts its own id into `[idStart, idEnd)`. */
  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void;
  /** A progress notification of this request; the receiver puts its own token into `[tokenStart, tokenEnd)`. */
  progress(bytes: Buffer, tokenStart: number, tokenEnd: number): void;
  /** Another notification that belongs to this request, such as a log message; to be passed on as it is. */
  notify(bytes: Buffer, method: string): void;
  /**
   * The server answers by an event stream: open now (null), or closed before the answer, to be asked for again after so
   * many milliseconds (streamable HTTP section of 2025-11-25, "Sending Messages to the Server").
   */
  stream(pausedMs: number | null): void;
  /** The server needs something from the client before it can answer. Null when this client cannot be asked. */
  ask(ask: Ask): AskHandle | null;
  /** The request could not be carried out; nothing more will come. */
  fail(error: GatehouseError): void;
  /**
   * To be asked before the request is sent later than at once: what it leads to may have changed since it was let
   * through. Null when it may still be sent; with an error it has to fail.
   */
  readmit(): GatehouseError | null;
}

/** A request of a server to a client: `sampling/createMessage`, `elicitation/create`, `roots/list` and the like. */
export interface Ask {
  readonly method: string;
  /** Raw JSON of `params`; null when there is none. */
  readonly params: Buffer | null;
  /** True when calls of several clients were under way: only what the question says of itself tells who is meant. */
  readonly unclear?: boolean;
  /** Gives the client's result, raw JSON of the result object. The first of `result` and `error` counts. */
  result(json: Buffer): void;
  /** Gives the client's refusal, raw JSON of the error object. */
  error(json: Buffer): void;
}

/** An ask under way. */
export interface AskHandle {
  /** The server does not need it any more; nothing more reaches the ask. Twice does nothing. */
  cancel(reason: string): void;
}

/** One request to be carried to an upstream. */
export interface Forward {
  /** The request as received: well-formed, without duplicate keys. */
  readonly bytes: Buffer;
  readonly scan: MessageScan;
  /** What replaces the routing key (tool or prompt name, URI) by the upstream's own; null keeps it. */
  readonly key: Edit | null;
  /** What replaces `params._meta`, which then holds no progress token. */
  readonly meta?: Edit;
  /** The upstream's own name of the tool or prompt, or URI, decoded; empty for methods that have none. */
  readonly target: string;
  readonly peer: Peer;
  readonly sink: CallSink;
}

/** A request under way. */
export interface ForwardHandle {
  /** Tells the upstream that nobody waits any longer; nothing more reaches the sink. Twice does nothing. */
  cancel(reason: string): void;
}

/** An error object as a server sent it, for passing on untouched where an answer is not passed as bytes. */
export class ServerError extends Error {
  /** Raw JSON of the error object. */
  readonly json: Buffer;

  constructor(json: Buffer) {
    super('the server answered with an error');
    this.json = json;
  }
}
