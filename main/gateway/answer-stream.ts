/**
 * The answer to one POST as an event stream. It may lose its connection and get another one; the call behind it goes on
 * meanwhile for a while. Ends with the answer, with its call, or with the session.
 */
import type { ServerResponse } from 'node:http';
import type { CancelTimer } from '../protocol/clock.ts';
import { retryEvent } from '../protocol/sse.ts';
import type { EventLog } from './event-log.ts';
import { type StreamRooms, startEvents } from './event-out.ts';
import type { Abandonable } from './reply.ts';

/** A client that lost a stream is expected back so long. Milliseconds. */
export const GRACE_MS = 30_000;

/** The session's side of its streams. */
export interface StreamHome {
  readonly id: string;
  readonly rooms: StreamRooms;
  readonly log: EventLog;
  /** True when a lost connection cancels nothing as long as the client may come back. */
  readonly resumable: boolean;
  /** False when the connection did not take it. */
  write(response: ServerResponse, bytes: Buffer): boolean;
  done(stream: AnswerStream): void;
}

export class AnswerStream {
  readonly number: number;
  private readonly streams: StreamHome;
  private response: ServerResponse | null;
  /** What to abandon when the client does not come back; known once a connection was lost. */
  private waiting: Abandonable | null = null;
  private cancelGrace: CancelTimer | null = null;
  private over = false;

  constructor(streams: StreamHome, number: number, response: ServerResponse) {
    this.streams = streams;
    this.number = number;
    this.response = response;
    this.start(response);
    if (streams.resumable) streams.write(response, streams.log.prime(number));
  }

  get isConnected(): boolean {
    return this.response !== null;
  }

  /** One message before the answer; false when it cannot reach the client any more. */
  send(message: Buffer): boolean {
    const { streams, response } = this;
    if (this.over) return false;
    if (response !== null && !response.destroyed) {
      return streams.write(response, streams.log.add(this.number, message, true));
    }
    if (streams.resumable) streams.log.add(this.number, message, false);
    return streams.resumable;
  }

  /** Closes the connection for now; the client is to come back for the rest. */
  pause(retryMs: number): void {
    const { response, streams } = this;
    if (this.over || !streams.resumable || response === null || response.destroyed) return;
    streams.write(response, retryEvent(retryMs));
    // What comes from now on is kept; closing is noticed later.
    this.response = null;
    streams.rooms.beats.remove(response);
    response.end();
  }

  /** The last message; null when there is none. */
  end(message: Buffer | null): void {
    if (this.over) return;
    if (message !== null) this.send(message);
    this.finish((response) => response.end());
  }

  /** Lets go of everything. */
  finish(end: (response: ServerResponse) => void): void {
    if (this.over) return;
    this.over = true;
    const { response } = this;
    this.response = null;
    this.waiting = null;
    this.cancelGrace?.();
    this.streams.done(this);
    if (response === null) return;
    this.streams.rooms.beats.remove(response);
    end(response);
  }

  /** A connection has closed. `waiting` is what the client waits for. */
  lost(response: ServerResponse, waiting: Abandonable): void {
    if (this.over) return;
    this.waiting = waiting;
    // The client is back already, on another connection.
    if (this.response !== null && this.response !== response) return;
    this.response = null;
    if (!this.streams.resumable) return waiting.abandon();
    this.cancelGrace?.();
    this.cancelGrace = this.streams.rooms.clock.after(GRACE_MS, () => waiting.abandon());
  }

  /** Goes on over this connection, after the event of that number. */
  attach(response: ServerResponse, after: number): void {
    const { streams, number } = this;
    this.cancelGrace?.();
    this.cancelGrace = null;
    const before = this.response;
    this.response = response;
    before?.end();
    this.start(response);
    response.on('close', () => {
      if (this.response === response) this.response = null;
      if (this.waiting !== null) this.lost(response, this.waiting);
    });
    for (const bytes of streams.log.after({ stream: number, seq: after })) {
      if (!streams.write(response, bytes)) return;
    }
  }

  private start(response: ServerResponse): void {
    startEvents(response, this.streams.id);
    this.streams.rooms.beats.add(response);
  }
}
