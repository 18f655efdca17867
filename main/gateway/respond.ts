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

function sendEmpty(response: ServerResponse, status: number): void {
  if (response.writableEnded || response.destroyed) return;
  response.writeHead(status, ['Content-Length', '0']);
  response.end();
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
  let events = false;
  return {
    notify(message) {
      if (!acceptsEvents || response.writableEnded || response.destroyed) return;
      if (!events) startEvents(response, sessionId);
      events = true;
      response.write(sseEvent(message));
    },
    answer(message) {
      if (response.writableEnded || response.destroyed) return;
      if (events) response.end(sseEvent(message));
      else sendJson(response, message, sessionId);
    },
    accepted: () => sendEmpty(response, 202),
    nothing() {
      if (events) response.end();
      else sendEmpty(response, 202);
    },
  };
}
