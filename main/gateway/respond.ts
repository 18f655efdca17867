/**
 * Writing HTTP answers: JSON in one piece, server-sent events as they come.
 */
import type { ServerResponse } from 'node:http';
import { sseEvent } from '../protocol/sse.ts';
import { errorAnswer } from '../protocol/wire.ts';
import type { HttpRefusal } from './refusals.ts';
import type { Reply } from './reply.ts';

/** Up to this size a body leaves together with its headers in one write. Bytes. */
const ONE_WRITE = 16 * 1024;

/** Answers 200 with one JSON message. */
export function sendJson(response: ServerResponse, body: Buffer, sessionId?: string): void {
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  if (sessionId !== undefined) headers.push('Mcp-Session-Id', sessionId);
  response.writeHead(200, headers);
  // Latin-1 maps bytes one to one, and Node joins a string body with its headers where it would not join a Buffer.
  if (body.length <= ONE_WRITE) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}

/** Answers with a refusal: a JSON-RPC error without id, which HTTP clients and MCP clients both can show. */
export function sendRefusal(response: ServerResponse, refusal: HttpRefusal): void {
  if (response.headersSent) return void response.end();
  const body = errorAnswer('null', refusal.error);
  response.writeHead(refusal.status, {
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    ...refusal.headers,
  });
  response.end(body);
}

/** Headers of an event stream. */
export function startEvents(response: ServerResponse, sessionId: string): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'Mcp-Session-Id': sessionId,
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
}

/**
 * The reply to one POST. It stays a plain JSON answer unless a notification comes first; then it becomes an event
 * stream that ends with the answer. Streamable HTTP section, "Sending messages to the server".
 */
export function httpReply(response: ServerResponse, sessionId: string, acceptsEvents: boolean): Reply {
  return new HttpReply(response, sessionId, acceptsEvents);
}

/** Lets go of the response when it is done, for the same reason as calls do. */
class HttpReply implements Reply {
  private response: ServerResponse | null;
  private readonly sessionId: string;
  private readonly acceptsEvents: boolean;
  private events = false;

  constructor(response: ServerResponse, sessionId: string, acceptsEvents: boolean) {
    this.response = response;
    this.sessionId = sessionId;
    this.acceptsEvents = acceptsEvents;
  }

  notify(message: Buffer): boolean {
    const { response } = this;
    if (response === null || !this.acceptsEvents || response.destroyed) return false;
    if (!this.events) startEvents(response, this.sessionId);
    this.events = true;
    response.write(sseEvent(message));
    return true;
  }

  answer(message: Buffer): void {
    const response = this.take();
    if (response === null) return;
    if (this.events) response.end(sseEvent(message));
    else sendJson(response, message, this.sessionId);
  }

  accepted(): void {
    this.nothing();
  }

  nothing(): void {
    const response = this.take();
    if (response === null) return;
    if (this.events) response.end();
    else sendEmpty(response, 202);
  }

  private take(): ServerResponse | null {
    const { response } = this;
    this.response = null;
    return response === null || response.destroyed ? null : response;
  }
}

function sendEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, ['Content-Length', '0']);
  response.end();
}
