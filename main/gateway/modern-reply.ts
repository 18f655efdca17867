/**
 * The answer to one POST of a modern client: JSON with the HTTP status that its error asks for, or an event stream once
 * a notification comes first (streamable HTTP section, "Receiving Messages").
 */
import type { ServerResponse } from 'node:http';
import { memberOf } from '../protocol/members.ts';
import { toModernError } from '../protocol/modern.ts';
import { scanMessage } from '../protocol/scan.ts';
import { sseEvent } from '../protocol/sse.ts';
import { errorAnswer, splice, withId } from '../protocol/wire.ts';
import type { Beats } from './beats.ts';
import type { EnvelopeRefusal } from './envelope.ts';
import { startEvents, writeBounded } from './event-out.ts';
import type { Reply } from './reply.ts';
import { sendEmpty, sendJson, sendRelayed } from './respond.ts';

/** A reader that leaves so much unread gets no more notifications of its call. Bytes. */
const MAX_UNREAD = 1024 * 1024;

/** The HTTP statuses of errors; every other code is an answer like any other. */
const STATUS: Readonly<Record<string, number>> = {
  '-32700': 400,
  '-32600': 400,
  '-32601': 404,
  '-32020': 400,
  '-32021': 400,
  '-32022': 400,
};

/** Writes a refusal of ours. `id` is raw JSON. */
export function sendRefused(response: ServerResponse, id: string, refused: EnvelopeRefusal): void {
  sendJson(response, refused.status, errorAnswer(id, refused.error, refused.data));
}

/** Lets go of the response when it is done: the engine keeps such objects longer than they live. */
export class ModernReply implements Reply {
  private response: ServerResponse | null;
  private readonly acceptsEvents: boolean;
  private readonly beats: Beats;
  private events = false;

  constructor(response: ServerResponse, acceptsEvents: boolean, beats: Beats) {
    this.response = response;
    this.acceptsEvents = acceptsEvents;
    this.beats = beats;
  }

  follow(): void {}

  notify(message: Buffer): boolean {
    const { response } = this;
    if (response === null || !this.acceptsEvents || response.destroyed) return false;
    if (!this.events) {
      this.events = true;
      startEvents(response);
      this.beats.add(response);
    }
    return writeBounded(response, sseEvent(message), MAX_UNREAD);
  }

  answer(message: Buffer): void {
    const response = this.take();
    if (response === null) return;
    const { bytes, status } = inModernTerms(message);
    if (this.events) response.end(sseEvent(bytes));
    else sendJson(response, status, bytes);
  }

  relay(bytes: Buffer, idStart: number, idEnd: number, id: string, isError: boolean): void {
    if (isError || this.events) return this.answer(withId(bytes, idStart, idEnd, id));
    const response = this.take();
    if (response !== null) sendRelayed(response, bytes, idStart, idEnd, id);
  }

  accepted(): void {
    const response = this.take();
    if (response === null) return;
    if (this.events) response.end();
    else sendEmpty(response, 202);
  }

  /** Closing the stream is all that is left to say. */
  nothing(): void {
    const response = this.take();
    if (response === null) return;
    if (this.events) response.end();
    else response.destroy();
  }

  private take(): ServerResponse | null {
    const { response } = this;
    this.response = null;
    if (response === null) return null;
    if (this.events) this.beats.remove(response);
    return response.destroyed ? null : response;
  }
}

/** The answer, with an error's code as modern clients know it, and its HTTP status. */
function inModernTerms(message: Buffer): { readonly bytes: Buffer; readonly status: number } {
  if (!message.includes('"error"')) return { bytes: message, status: 200 };
  const scan = scanMessage(message);
  if (scan.errorStart < 0) return { bytes: message, status: 200 };
  const error = message.subarray(scan.errorStart, scan.errorEnd);
  const modern = toModernError(error);
  const code = memberOf(modern, 0, modern.length, 'code')?.toString('latin1') ?? '';
  return {
    bytes:
      modern === error
        ? message
        : splice(message, [{ start: scan.errorStart, end: scan.errorEnd, text: modern }]),
    status: STATUS[code] ?? 200,
  };
}
