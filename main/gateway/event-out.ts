/**
 * Writing event streams to connections, within a bound: whoever reads too slowly is told apart. Holds nothing.
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../protocol/clock.ts';
import type { Beats } from './beats.ts';
import type { Held } from './event-log.ts';
import type { GatewayPorts } from './ports.ts';

/** Bytes that the reader of a session's stream may leave unread. */
const MAX_UNREAD = 8 * 1024 * 1024;

/** What the streams of all sessions share. */
export interface StreamRooms {
  readonly clock: Clock;
  readonly log: GatewayPorts['log'];
  readonly beats: Beats;
  readonly held: Held;
}

/** Begins an event stream. */
export function startEvents(response: ServerResponse, sessionId?: string): void {
  const headers = ['Content-Type', 'text/event-stream', 'Cache-Control', 'no-cache, no-transform'];
  headers.push('X-Accel-Buffering', 'no');
  if (sessionId !== undefined) headers.push('Mcp-Session-Id', sessionId);
  response.writeHead(200, headers);
  response.flushHeaders();
}

/** Writes; false, and nothing is written, when more than `most` bytes are unread: the reader must be called too slow. */
export function writeBounded(response: ServerResponse, bytes: Buffer, most = MAX_UNREAD): boolean {
  if (response.writableLength > most) return false;
  response.write(bytes);
  return true;
}
