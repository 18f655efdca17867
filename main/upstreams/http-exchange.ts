/**
 * One message of ours as a POST, and everything that comes back for it: one JSON body, or a stream of events of its
 * own, resumed where the revision has that (transports section, "Resumability and Redelivery"). Ends by itself when the
 * answer is complete, or with `destroy`.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { type SseEvent, sseDecoder } from '../protocol/sse.ts';
import { notification } from '../protocol/wire.ts';
import {
  type BodyEnd,
  errorFor,
  isAnswerTo,
  MAX_REFUSAL,
  mediaType,
  messagesIn,
  readBody,
  readRefusal,
} from './http-answer.ts';
import type { HttpAnswer } from './http-body.ts';
import type { Outgoing, Replies, Sent } from './http-client.ts';
import { badAnswer, streamBroken, tooLarge } from './http-errors.ts';
import type { Remote } from './http-target.ts';

/** Resumptions in a row that may go wrong. */
const MAX_RESUMES = 2;
/** Milliseconds before a stream is resumed when the server names no time. */
const RESUME_MS = 1_000;
/** The server may name another time, not a shorter one than this. */
const SHORTEST_RESUME_MS = 100;

/** What exchanges need of their link. */
export interface Host {
  readonly remote: Remote;
  readonly clock: Clock;
  /** Whether requests name a session now. */
  readonly inSession: boolean;
  /** Whether streams of this revision can be resumed. */
  readonly resumable: boolean;
  /** Bytes that one answer or event may have. */
  readonly maxResult: number;
  dispatch(outgoing: Outgoing, replies: Replies): Sent;
  /** A GET for a stream from after this event on; null when the event's id fits no header. */
  streamRequest(lastEventId: string): Outgoing | null;
  /** The head of an answer has come. */
  heard(response: HttpAnswer): void;
  message(bytes: Buffer, about: number): void;
  /** The answer comes as a stream: open (null), or to be resumed after so many milliseconds. */
  stream(id: number, pausedMs: number | null): void;
  failed(id: number, error: GatehouseError): void;
  /** The session is gone. */
  lost(error: GatehouseError): void;
  /** The answer is there; what is left of the stream must not stay open for long. */
  answered(): void;
  /** Nothing of it is left. */
  done(exchange: Exchange): void;
  /** Whether a request may wait for a person now: not before the first words are said. */
  readonly mayWait: boolean;
}

/** See above. In a list of its link while it lasts; lets go of everything when it is done: see gateway/calls. */
export class Exchange implements Replies {
  /** That of the request; -1 for notifications and answers, for which nothing comes back. */
  readonly id: number;
  previous: Exchange | null = null;
  next: Exchange | null = null;
  /** When the answer had come, epoch milliseconds; 0 before. */
  answeredAt = 0;
  private host: Host | null;
  private sent: Sent | null = null;
  private cancelResume: (() => void) | null = null;
  private lastEventId = '';
  private resumeMs = RESUME_MS;
  /** The request under way is not ours any more but a GET for what is left of the stream. */
  private resuming = false;
  private failures = 0;
  private waited = 0;

  constructor(host: Host, id: number) {
    this.host = host;
    this.id = id;
  }

  /** Told by who sends while a person is waited for; the server's progress tells the same way. */
  get waits(): ((text: string) => void) | null {
    return this.id === -1 || this.host?.mayWait !== true ? null : (text) => this.waiting(text);
  }

  private waiting(text: string): void {
    const params = { progressToken: this.id, progress: ++this.waited, message: text };
    this.host?.message(notification('notifications/progress', params), this.id);
  }

  start(outgoing: Outgoing): void {
    this.sent = this.host?.dispatch(outgoing, this) ?? null;
  }

  /** Ends it without a word. Twice does nothing. */
  destroy(): void {
    const { sent } = this;
    this.release();
    sent?.destroy();
  }

  response(response: HttpAnswer): void {
    const { host } = this;
    if (host === null) return response.destroy();
    host.heard(response);
    const { status } = response;
    if (status < 200 || status > 299) {
      return readBody(response, MAX_REFUSAL, (body) => this.refused(response, body));
    }
    const type = mediaType(response);
    if (this.id === -1) return this.accepted(response, type);
    if (type === 'text/event-stream') return this.readStream(response, host.maxResult);
    if (this.resuming) return this.fail(streamBroken);
    if (type !== 'application/json' && type !== '') {
      const how = `with ${printable(type)} instead of JSON or events`;
      return this.fail((where) => badAnswer(where, how, { status }));
    }
    if (Number(response.header('content-length') ?? 0) > host.maxResult) return this.tooMuch();
    readBody(response, host.maxResult, (body, end) => this.read(body, end, status));
  }

  error(error: GatehouseError): void {
    if (this.resuming) this.resumeFailed();
    else this.fail(() => error);
  }

  /** What comes back for an accepted notification or answer says nothing. */
  private accepted(response: HttpAnswer, type: string): void {
    if (type === 'text/event-stream') this.destroyed();
    else readBody(response, MAX_REFUSAL, () => this.finish());
  }

  private refused(response: HttpAnswer, body: Buffer): void {
    const { host } = this;
    if (host === null) return;
    const refusal = readRefusal(response, body, this.id, host.inSession, host.remote);
    switch (refusal.kind) {
      case 'session_lost':
        this.fail(() => refusal.error);
        return host.lost(refusal.error);
      case 'answer':
        if (this.resuming) return this.fail(streamBroken);
        this.finish();
        if (this.id !== -1) host.message(refusal.message, this.id);
        return;
      case 'failed':
        return this.fail(this.resuming ? streamBroken : () => refusal.error);
    }
  }

  private read(body: Buffer, end: BodyEnd, status: number): void {
    const { host } = this;
    if (host === null) return;
    if (end === 'cut') return this.tooMuch();
    if (end === 'broken') return this.fail(streamBroken);
    const messages = messagesIn(body);
    const [first] = messages;
    const answered = messages.some((message) => isAnswerTo(message, this.id));
    const error = answered || first === undefined ? null : errorFor(first, this.id);
    if (!answered && error === null) {
      const how = first === undefined ? 'without an answer' : 'with something else than an answer';
      return this.fail((where) => badAnswer(where, `${how} (status ${status})`, { status }));
    }
    this.finish();
    if (error !== null) host.message(error, this.id);
    else for (const message of messages) host.message(message, this.id);
  }

  private readStream(response: HttpAnswer, maxResult: number): void {
    if (!this.resuming) this.host?.stream(this.id, null);
    let over = false;
    const end = (clean: boolean): void => {
      if (over) return;
      over = true;
      this.streamEnded(clean);
    };
    const decode = sseDecoder(
      (event) => this.event(event),
      () => this.tooMuch(),
      maxResult,
    );
    response.read({ data: decode, end: () => end(true), broken: () => end(false) });
  }

  private event(event: SseEvent): void {
    this.lastEventId = event.id;
    this.failures = 0;
    if (event.retry !== null) this.resumeMs = Math.max(event.retry, SHORTEST_RESUME_MS);
    // Events without data only tell where to resume; other types than `message` are not the protocol's.
    if (event.data.length === 0 || event.type !== 'message') return;
    for (const message of messagesIn(event.data)) {
      const { host } = this;
      if (host === null) return;
      if (this.answeredAt === 0 && isAnswerTo(message, this.id)) {
        this.answeredAt = host.clock.now();
        host.answered();
      }
      host.message(message, this.id);
    }
  }

  private streamEnded(clean: boolean): void {
    if (this.answeredAt !== 0) return this.finish();
    // A server that closes on purpose may have itself asked as often as it likes; the deadline of the call bounds that.
    if (this.resuming && !clean) return this.resumeFailed();
    this.failures = 0;
    this.resume();
  }

  private resumeFailed(): void {
    this.failures++;
    if (this.failures < MAX_RESUMES) this.resume();
    else this.fail(streamBroken);
  }

  private resume(): void {
    const { host } = this;
    if (host === null) return;
    const request = host.resumable && this.lastEventId !== '' ? host.streamRequest(this.lastEventId) : null;
    if (request === null) return this.fail(streamBroken);
    this.resuming = true;
    host.stream(this.id, this.resumeMs);
    this.cancelResume = host.clock.after(this.resumeMs, () => this.start(request));
  }

  private tooMuch(): void {
    const limit = this.host?.maxResult ?? 0;
    this.fail((where) => tooLarge(where, limit));
  }

  private fail(error: (where: string) => GatehouseError): void {
    const { host } = this;
    if (host === null) return;
    this.destroyed();
    if (this.id !== -1 && this.answeredAt === 0) host.failed(this.id, error(host.remote.where));
  }

  private destroyed(): void {
    const { host } = this;
    this.destroy();
    host?.done(this);
  }

  /** Its connection goes on to serve others. */
  private finish(): void {
    const { host } = this;
    this.release();
    host?.done(this);
  }

  private release(): void {
    this.cancelResume?.();
    this.cancelResume = null;
    this.host = null;
    this.sent = null;
  }
}

function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, '').slice(0, 60);
}
