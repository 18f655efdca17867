/**
 * How a request travels from the gateway to an upstream and its answer back: the types that both sides share, since
 * neither may import the other.
 */
import type { GatehouseError } from './error.ts';
import type { MessageScan } from './scan.ts';
import type { Edit } from './wire.ts';

/** Receives what comes back for one forwarded request. Exactly one of `answer` and `fail` is called, once. */
export interface CallSink {
  /** The whole answer; the receiver puts its own id into `[idStart, idEnd)`. */
  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void;
  /** A progress notification of this request; the receiver puts its own token into `[tokenStart, tokenEnd)`. */
  progress(bytes: Buffer, tokenStart: number, tokenEnd: number): void;
  /** The request could not be carried out; nothing more will come. */
  fail(error: GatehouseError): void;
}

/** One request to be carried to an upstream. */
export interface Forward {
  /** The request as received: well-formed, without duplicate keys. */
  readonly bytes: Buffer;
  readonly scan: MessageScan;
  /** What replaces the routing key (tool or prompt name, URI) by the upstream's own; null keeps it. */
  readonly key: Edit | null;
  readonly sink: CallSink;
}

/** A request under way. */
export interface ForwardHandle {
  /** Tells the upstream that nobody waits any longer; nothing more reaches the sink. Twice does nothing. */
  cancel(reason: string): void;
}
