/**
 * Writing HTTP answers: JSON in one piece, server-sent events as they come.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorAnswer, withId } from '../protocol/wire.ts';
import type { AnswerStream } from './answer-stream.ts';
import type { HttpRefusal } from './refusals.ts';
import type { Abandonable, Reply } from './reply.ts';
import type { SessionStreams } from './streams.ts';

/** Up to this size a body leaves together with its headers in one write. Bytes. */
const ONE_WRITE = 16 * 1024;

/** Answers with one JSON message, if anybody is there to read it. */
export function sendJson(response: ServerResponse, status: number, body: Buffer, sessionId?: string): void {
  if (response.destroyed) return;
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  if (sessionId !== undefined) headers.push('Mcp-Session-Id', sessionId);
  response.writeHead(status, headers);
  if (body.length <= ONE_WRITE) endWith(response, body.toString('latin1'));
  else response.end(body);
}

/**
 * Ends a response with bytes written as Latin-1, which maps them one to one: Node joins such a string with the headers
 * where it would not join a Buffer. Left to `end`, a second, empty piece goes after it, and two pieces cost a gathering
 * write (measured: a tenth of all processor time of a call).
 */
function endWith(response: ServerResponse, text: string): void {
  response.write(text, 'latin1');
  response.socket?.uncork();
  response.end();
}

/** Answers with one JSON message that has another id: raw JSON in place of `[idStart, idEnd)`. */
export function sendRelayed(
  response: ServerResponse,
  bytes: Buffer,
  idStart: number,
  idEnd: number,
  id: string,
  sessionId?: string,
): void {
  const idSize = Buffer.byteLength(id);
  const size = bytes.length - (idEnd - idStart) + idSize;
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(size)];
  if (sessionId !== undefined) headers.push('Mcp-Session-Id', sessionId);
  response.writeHead(200, headers);
  if (size <= ONE_WRITE && idSize === id.length) {
    const text = bytes.toString('latin1', 0, idStart) + id + bytes.toString('latin1', idEnd);
    return endWith(response, text);
  }
  response.cork();
  response.write(bytes.subarray(0, idStart));
  response.write(id);
  response.end(bytes.subarray(idEnd));
  response.uncork();
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

/** The same, when the rest of the request is not worth reading. */
export function refuseAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: HttpRefusal,
): void {
  response.setHeader('Connection', 'close');
  sendRefusal(response, refusal);
  response.once('finish', () => request.destroy());
}

/** Answers with a status and nothing else. */
export function sendEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, ['Content-Length', '0']);
  response.end();
}

/**
 * The reply to one POST. It stays a plain JSON answer unless a notification comes first; then it becomes an event
 * stream that ends with the answer. Streamable HTTP section, "Sending messages to the server". Lets go of the response
 * when it is done, for the same reason as calls do.
 */
export class HttpReply implements Reply {
  private response: ServerResponse | null;
  private readonly streams: SessionStreams;
  private readonly acceptsEvents: boolean;
  private events: AnswerStream | null = null;

  constructor(response: ServerResponse, streams: SessionStreams, acceptsEvents: boolean) {
    this.response = response;
    this.streams = streams;
    this.acceptsEvents = acceptsEvents;
  }

  notify(message: Buffer): boolean {
    if (this.events !== null) return this.events.send(message);
    const { response } = this;
    if (response === null || !this.acceptsEvents || response.destroyed) return false;
    this.events = this.streams.begin(response);
    return this.events.send(message);
  }

  follow(pausedMs: number | null): void {
    const { response, streams } = this;
    if (pausedMs !== null) return this.events?.pause(pausedMs);
    if (this.events !== null || response === null || response.destroyed) return;
    if (streams.resumable && this.acceptsEvents) this.events = streams.begin(response);
  }

  answer(message: Buffer): void {
    if (this.events !== null) return this.endEvents(message);
    const response = this.take();
    if (response !== null) sendJson(response, 200, message, this.streams.id);
  }

  relay(bytes: Buffer, idStart: number, idEnd: number, id: string): void {
    if (this.events !== null) return this.endEvents(withId(bytes, idStart, idEnd, id));
    const response = this.take();
    if (response !== null) sendRelayed(response, bytes, idStart, idEnd, id, this.streams.id);
  }

  accepted(): void {
    this.nothing();
  }

  nothing(): void {
    if (this.events !== null) return this.endEvents(null);
    const response = this.take();
    if (response !== null) sendEmpty(response, 202);
  }

  /** A connection of it has closed. A stream may get another one; else nobody waits any more. */
  lost(response: ServerResponse, waiting: Abandonable): void {
    if (this.events === null) waiting.abandon();
    else this.events.lost(response, waiting);
  }

  private endEvents(message: Buffer | null): void {
    const { events } = this;
    this.events = null;
    this.response = null;
    events?.end(message);
  }

  private take(): ServerResponse | null {
    const { response } = this;
    this.response = null;
    return response === null || response.destroyed ? null : response;
  }
}
