/**
 * The event streams of one session over streamable HTTP: the standing one and those that answers became. A stream
 * outlives its connections: what was missed is sent again to a client that comes back with the id of its last event.
 * `close` ends them in good order, `cut` at once.
 */
import type { ServerResponse } from 'node:http';
import { AnswerStream, GRACE_MS, type StreamHome } from './answer-stream.ts';
import { type Cursor, EventLog, STANDING } from './event-log.ts';
import { type StreamRooms, startEvents, writeBounded } from './event-out.ts';

/** A class, as there are many and idle ones must be small. */
export class SessionStreams implements StreamHome {
  readonly id: string;
  readonly rooms: StreamRooms;
  /**
   * True from revision 2025-11-25 on: streams begin with an id, and a lost connection cancels nothing as long as the
   * client may come back. Set when the revision is known.
   */
  resumable = false;
  private readonly onSlow: () => void;
  private made: EventLog | null = null;
  private standing: ServerResponse | null = null;
  private standingLostAt = 0;
  /** Up to this event the standing stream has been written to some connection. */
  private delivered = 0;
  /** Answers that are streams and not complete. */
  private answers: AnswerStream[] = [];
  private lastStream = STANDING;
  private closed = false;

  /** `onSlow` is called once, and never while something is being written. */
  constructor(id: string, rooms: StreamRooms, onSlow: () => void) {
    this.id = id;
    this.rooms = rooms;
    this.onSlow = onSlow;
  }

  /** True while the standing stream is connected. */
  get isOpen(): boolean {
    return this.standing !== null;
  }

  /** True when what is pushed reaches the client: it listens, or did so just now and is expected back. */
  get isHeard(): boolean {
    if (this.standing !== null) return true;
    return this.standingLostAt !== 0 && this.rooms.clock.now() - this.standingLostAt < GRACE_MS;
  }

  get log(): EventLog {
    this.made ??= new EventLog(this.rooms.held);
    return this.made;
  }

  /** Sends on the standing stream, or keeps it until there is one. */
  push(message: Buffer): void {
    if (this.closed) return;
    const { standing, log } = this;
    if (standing === null) {
      // One word that a list has changed says as much as ten.
      const waiting = { stream: STANDING, seq: this.delivered };
      if (!message.includes('/list_changed"') || !log.holds(waiting, message))
        log.add(STANDING, message, false);
      return;
    }
    const bytes = log.add(STANDING, message, true);
    if (this.write(standing, bytes)) this.delivered = log.seq;
  }

  /** The answer on this response becomes an event stream. */
  begin(response: ServerResponse): AnswerStream {
    const stream = new AnswerStream(this, ++this.lastStream, response);
    this.answers.push(stream);
    return stream;
  }

  /** That answer is complete. */
  done(stream: AnswerStream): void {
    this.answers = this.answers.filter((other) => other !== stream);
  }

  /** Takes a GET: a stream goes on after the event that the client names, or the standing stream opens. */
  open(response: ServerResponse, lastEventId: string | undefined): void {
    if (lastEventId === undefined) return this.stand(response, this.delivered);
    const cursor = this.made?.cursor(lastEventId) ?? null;
    if (cursor === null || cursor.stream > this.lastStream) {
      this.note('an event id that is not of this session: the standing stream opens');
      return this.stand(response, this.delivered);
    }
    if (!this.log.reachesBack(cursor)) this.note('events after the named one are not held any more');
    if (cursor.stream === STANDING) return this.stand(response, cursor.seq);
    const running = this.answers.find(({ number }) => number === cursor.stream);
    if (running !== undefined) return running.attach(response, cursor.seq);
    this.replay(response, cursor);
  }

  /** Writes to a connection of this session; false when it did not take it. */
  write(response: ServerResponse, bytes: Buffer): boolean {
    if (this.closed || response.destroyed || response.writableEnded) return false;
    if (writeBounded(response, bytes)) return true;
    this.cut();
    queueMicrotask(this.onSlow);
    return false;
  }

  /** To be called now and then: lets go of what every client has had long enough to miss. */
  sweep(): void {
    this.made?.sweep(({ stream, seq }) =>
      stream === STANDING
        ? seq <= this.delivered
        : this.answers.every((answer) => answer.number !== stream || answer.isConnected),
    );
  }

  /** Ends every stream. Idempotent. */
  close(): void {
    this.finish((response) => response.end());
  }

  /** Breaks every connection. */
  cut(): void {
    this.finish((response) => response.destroy());
  }

  private finish(end: (response: ServerResponse) => void): void {
    if (this.closed) return;
    this.closed = true;
    if (this.standing !== null) end(this.standing);
    for (const answer of [...this.answers]) answer.finish(end);
    this.made?.clear();
  }

  private stand(response: ServerResponse, after: number): void {
    // A client that reconnects may come before we notice that its old stream is dead.
    this.standing?.end();
    this.standing = response;
    startEvents(response, this.id);
    this.rooms.beats.add(response);
    response.on('close', () => {
      if (this.standing !== response) return;
      this.standing = null;
      this.standingLostAt = this.rooms.clock.now();
    });
    const missed = this.made?.after({ stream: STANDING, seq: after }) ?? [];
    for (const bytes of missed) if (!this.write(response, bytes)) return;
    if (missed.length === 0 && this.resumable) this.write(response, this.log.prime(STANDING));
    this.delivered = this.made?.seq ?? 0;
  }

  /** The rest of an answer that is complete. */
  private replay(response: ServerResponse, cursor: Cursor): void {
    const missed = this.log.after(cursor);
    if (missed.length === 0) {
      // How an event stream tells its client not to come again (HTML Living Standard, "Server-sent events").
      response.writeHead(204).end();
      return;
    }
    startEvents(response, this.id);
    for (const bytes of missed) if (!this.write(response, bytes)) return;
    response.end();
  }

  private note(text: string): void {
    this.rooms.log.debug({ session: this.id }, text);
  }
}
