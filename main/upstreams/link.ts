/**
 * A link carries whole JSON-RPC messages to one server and back, whatever the transport.
 */
import type { GatehouseError } from '../protocol/error.ts';

/** What a link tells its connection. */
export interface LinkEvents {
  /** One whole message; the buffer is the receiver's to keep. */
  message(bytes: Buffer): void;
  /** The link is gone for good. Called once; null when we closed it ourselves. */
  closed(cause: GatehouseError | null): void;
}

/** One open way to a server. */
export interface Link {
  /** Sends one message, a single line without its line break. */
  send(message: Buffer): void;
  /** Ends the link and what runs behind it. Idempotent, bounded, never rejects. */
  close(): Promise<void>;
}
