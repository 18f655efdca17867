/**
 * What one session's event streams have carried of late, so that a client that lost a stream can have the rest of it
 * (streamable HTTP section, "Resumability and Redelivery"). Bounded: the oldest events go first. Ends by `clear`.
 */
import { randomBytes } from 'node:crypto';
import { primingEvent, sseEvent } from '../protocol/sse.ts';

/** Events that one session holds at most. */
const MAX_EVENTS = 1_000;
/** Bytes that one session holds at most; only an event that was not sent yet may be larger. */
const MAX_BYTES = 4 * 1024 * 1024;
/** All sessions together: above this, each holds only `CROWDED_BYTES`. Bytes. */
const MAX_TOTAL = 64 * 1024 * 1024;
const CROWDED_BYTES = 64 * 1024;

/** The number of the standing stream; others count from 1. */
export const STANDING = 0;

/** Bytes held by all logs that share it. */
export interface Held {
  bytes: number;
}

/** Where an event id points: after this event of this stream. */
export interface Cursor {
  readonly stream: number;
  /** Counted over all streams of the session. */
  readonly seq: number;
}

interface LoggedEvent extends Cursor {
  /** As it goes over the wire. */
  readonly bytes: Buffer;
}

/** A class, as there is one for each session that has streams. */
export class EventLog {
  private readonly held: Held;
  /** Tells this session's ids from those of any other. */
  private readonly tag = randomBytes(4).toString('hex');
  private events: LoggedEvent[] = [];
  private bytes = 0;
  private last = 0;
  /** The newest event that was let go: of the standing stream, of the others. */
  private droppedStanding = 0;
  private droppedOther = 0;
  /** Events up to the first have seen two sweeps, those up to the second one. */
  private old = 0;
  private aging = 0;

  constructor(held: Held) {
    this.held = held;
  }

  /** The newest event's number. */
  get seq(): number {
    return this.last;
  }

  /** Writes the message as an event of the stream, with an id, and holds it. `sent`: it leaves now. */
  add(stream: number, message: Buffer, sent: boolean): Buffer {
    const bytes = sseEvent(message, this.id(stream));
    const most = this.held.bytes > MAX_TOTAL ? CROWDED_BYTES : MAX_BYTES;
    if (sent && bytes.length > most) {
      this.dropped(stream, this.last);
      return bytes;
    }
    this.events.push({ stream, seq: this.last, bytes });
    this.bytes += bytes.length;
    this.held.bytes += bytes.length;
    while (this.events.length > 1 && (this.events.length > MAX_EVENTS || this.bytes > most)) this.drop();
    return bytes;
  }

  /** An event without data, so that the client has an id before anything has come. */
  prime(stream: number): Buffer {
    return primingEvent(this.id(stream));
  }

  /** The held events of one stream after a number, oldest first. */
  after({ stream, seq }: Cursor): readonly Buffer[] {
    return this.events.filter((one) => one.stream === stream && one.seq > seq).map(({ bytes }) => bytes);
  }

  /** False when events of the stream after the cursor may have been let go. */
  reachesBack({ stream, seq }: Cursor): boolean {
    return seq >= (stream === STANDING ? this.droppedStanding : this.droppedOther);
  }

  /** True when an event of the stream after the cursor carries this very message. */
  holds({ stream, seq }: Cursor, message: Buffer): boolean {
    return this.events.some(
      (one) =>
        one.stream === stream &&
        one.seq > seq &&
        one.bytes.subarray(-message.length - 2, -2).equals(message) &&
        one.bytes[one.bytes.length - message.length - 3] === 0x20,
    );
  }

  /** Reads an id of this log; null for any other text. */
  cursor(id: string): Cursor | null {
    const match = /^([0-9a-f]{8})-(\d{1,15})-(\d{1,15})$/.exec(id);
    if (match === null || match[1] !== this.tag) return null;
    const seq = Number(match[3]);
    return seq > this.last ? null : { stream: Number(match[2]), seq };
  }

  /** To be called now and then: lets go of events that were there two calls ago and that `done` says were delivered. */
  sweep(done: (event: Cursor) => boolean): void {
    for (let first = this.events[0]; first !== undefined && first.seq <= this.old; first = this.events[0]) {
      if (!done(first)) break;
      this.drop();
    }
    this.old = this.aging;
    this.aging = this.last;
  }

  /** Lets go of everything. */
  clear(): void {
    this.held.bytes -= this.bytes;
    this.bytes = 0;
    this.events = [];
  }

  private id(stream: number): string {
    return `${this.tag}-${stream}-${++this.last}`;
  }

  private drop(): void {
    const first = this.events.shift();
    if (first === undefined) return;
    this.bytes -= first.bytes.length;
    this.held.bytes -= first.bytes.length;
    this.dropped(first.stream, first.seq);
  }

  private dropped(stream: number, seq: number): void {
    if (stream === STANDING) this.droppedStanding = seq;
    else this.droppedOther = seq;
  }
}
