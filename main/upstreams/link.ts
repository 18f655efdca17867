/**
 * A link carries whole JSON-RPC messages to one server and back, whatever the transport.
 */
import type { GatehouseError } from '../protocol/error.ts';

/** What a link tells its connection. */
export interface LinkEvents {
  /**
   * One whole message; the buffer is the receiver's to keep. `about` is the id of our request on whose own stream it
   * came (streamable HTTP), null where the transport does not tell.
   */
  message(bytes: Buffer, about: number | null): void;
  /**
   * The server answers this request by an event stream: open now (null), or closed before the answer, to be asked for
   * again after so many milliseconds.
   */
  stream(id: number, pausedMs: number | null): void;
  /**
   * This request of ours will not be answered: its stream broke, or the server refused it below the protocol. With
   * `upstream.session_lost` the server has not carried it out, and `closed` follows soon; with that and an id of -1 the
   * session may be gone.
   */
  failed(id: number, error: GatehouseError): void;
  /** The link is gone for good. Called once; null when we closed it ourselves. */
  closed(cause: GatehouseError | null): void;
}

/** What HTTP transports of the modern era repeat in headers (streamable HTTP section, "Request Metadata"). */
export interface RequestHead {
  readonly method: string;
  /** Tool or prompt name, or URI; null for methods that have none. */
  readonly name: string | null;
  /** Further headers such as `Mcp-Param-Region`, values already encoded. */
  readonly params: Readonly<Record<string, string>> | null;
}

/** One open way to a server. */
export interface Link {
  /** True when requests of the modern era need a `RequestHead`. */
  readonly heads: boolean;
  /**
   * Sends one message, a single line without its line break. `id` is that of a request of ours, -1 for notifications
   * and answers.
   */
  send(message: Buffer, id: number, head: RequestHead | null): void;
  /** Nobody waits for the answer to this request any more: closes its own stream, where it has one. */
  abandon(id: number): void;
  /**
   * The protocol revision is agreed. HTTP: the header of all further messages; a legacy one also opens the standing
   * stream where the server has one.
   */
  agreed(revision: string): void;
  /** Ends the link and what runs behind it. Idempotent, bounded, never rejects. */
  close(): Promise<void>;
}
