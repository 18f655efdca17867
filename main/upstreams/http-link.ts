/**
 * The streamable HTTP transport (transports section) from the client's side: each message of ours is a POST, its answer
 * one JSON body or a stream of events of its own. Legacy revisions have a session and a standing stream, modern ones
 * neither. Ends with `close`, or when the server has lost the session.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { encodeHeader } from '../protocol/headers.ts';
import { isModernVersion, LATEST_MODERN_VERSION } from '../protocol/modern.ts';
import { MAX_RESULT } from './http-answer.ts';
import type { HttpAnswer } from './http-body.ts';
import { type HttpClient, type Outgoing, openHttpClient, type Replies, type Sent } from './http-client.ts';
import { linkClosed } from './http-errors.ts';
import { Exchange, type Host } from './http-exchange.ts';
import { openStandingStream, type StandingStream } from './http-standing.ts';
import { type HttpTarget, type Remote, readTarget } from './http-target.ts';
import { Introduction } from './introduction.ts';
import type { Link, LinkEvents, RequestHead } from './link.ts';

/** Milliseconds for the server to take note that its session is over. */
const DELETE_MS = 2_000;
/** Milliseconds for requests under way to be refused too when the session is gone. */
const LOSING_MS = 1_000;
/** Milliseconds that a stream may stay open after the answer has come on it. */
const LINGER_MS = 2_000;
/** Visible ASCII, says the specification; the bound is ours. */
const SESSION_ID = /^[\x21-\x7e]{1,4096}$/;
/** Bytes of an event's id that we repeat. */
const MAX_EVENT_ID = 4_096;

/**
 * Makes a link. Nothing is sent before the first message, so a server that cannot be reached fails requests, not this.
 * Rejects with `upstream.bad_url`, `upstream.bad_header` or `upstream.stopped`. `maxResult` is the bound of one answer or
 * event in bytes.
 */
export async function openHttpLink(
  target: HttpTarget,
  clock: Clock,
  events: LinkEvents,
  maxResult = MAX_RESULT,
): Promise<Link> {
  const { signal } = target;
  if (signal?.aborted === true) throw linkClosed();
  const remote = readTarget(target);
  const link = new HttpLink(remote, clock, events, openHttpClient(remote, clock), maxResult);
  if (signal !== undefined) {
    const abort = (): void => void link.close();
    signal.addEventListener('abort', abort, { once: true });
    link.onEnd = () => signal.removeEventListener('abort', abort);
  }
  return link;
}

class HttpLink implements Link, Host {
  readonly heads = true;
  readonly remote: Remote;
  readonly clock: Clock;
  readonly maxResult: number;
  onEnd: () => void = () => undefined;
  private readonly events: LinkEvents;
  private readonly client: HttpClient;
  private session: string | null = null;
  private revision: string | null = null;
  /** Headers of every POST but the length of its body and what a modern request repeats of itself. */
  private postHeaders: readonly string[] = [];
  /** The newest of a list of all exchanges that last; no Map, see pending.ts. */
  private newest: Exchange | null = null;
  private cancelSweep: (() => void) | null = null;
  private standing: StandingStream | null = null;
  private readonly introduction: Introduction;
  private introducing: Exchange | null = null;
  private ended = false;
  private closing: Promise<void> | null = null;
  /** Why the session is gone; the link ends as soon as what is under way has heard of it. */
  private losing: GatehouseError | null = null;
  private cancelLosing: (() => void) | null = null;

  constructor(remote: Remote, clock: Clock, events: LinkEvents, client: HttpClient, maxResult: number) {
    this.remote = remote;
    this.clock = clock;
    this.events = events;
    this.client = client;
    this.maxResult = maxResult;
    this.introduction = new Introduction(
      clock,
      (message, id, head) => this.send(message, id, head),
      () => this.openStanding(),
    );
    this.renewHeaders();
  }

  get inSession(): boolean {
    return this.session !== null;
  }

  get resumable(): boolean {
    return !isModernVersion(this.revision);
  }

  get mayWait(): boolean {
    return this.revision !== null;
  }

  send(message: Buffer, id: number, head: RequestHead | null): void {
    if (this.ended || this.introduction.holds(message, id, head)) return;
    if (this.losing !== null) {
      if (id !== -1) this.events.failed(id, this.losing);
      return;
    }
    const headers = this.postHeaders.slice();
    if (head !== null) this.addHead(headers, head);
    headers.push('Content-Length', String(message.length));
    const exchange = new Exchange(this, id);
    exchange.next = this.newest;
    if (this.newest !== null) this.newest.previous = exchange;
    this.newest = exchange;
    if (this.introduction.begins(message, id)) this.introducing = exchange;
    exchange.start({ method: 'POST', path: null, headers, body: message });
  }

  abandon(id: number): void {
    if (id === -1) return;
    this.introduction.forget(id);
    for (let exchange = this.newest; exchange !== null; exchange = exchange.next) {
      if (exchange.id !== id) continue;
      exchange.destroy();
      return this.done(exchange);
    }
  }

  agreed(revision: string): void {
    if (this.ended) return;
    this.revision = revision;
    if (!this.resumable) this.session = null;
    this.renewHeaders();
    this.openStanding();
  }

  close(): Promise<void> {
    this.closing ??= this.goodbye();
    return this.closing;
  }

  dispatch(outgoing: Outgoing, replies: Replies): Sent {
    return this.client.send(outgoing, replies);
  }

  streamRequest(lastEventId: string): Outgoing | null {
    const headers = this.headers('text/event-stream');
    if (lastEventId !== '') {
      // Event ids are UTF-8 in headers, and Node writes header texts as Latin-1.
      const bytes = Buffer.from(lastEventId, 'utf8');
      if (bytes.length > MAX_EVENT_ID || bytes.some((c) => (c < 0x20 && c !== 0x09) || c === 0x7f))
        return null;
      headers.push('Last-Event-ID', bytes.toString('latin1'));
    }
    return { method: 'GET', path: null, headers, body: null };
  }

  heard(response: HttpAnswer): void {
    this.standing?.wake();
    if (this.revision !== null) return;
    const session = response.header('mcp-session-id');
    const { status } = response;
    if (session === null || status < 200 || status > 299 || !SESSION_ID.test(session)) return;
    this.session = session;
    this.renewHeaders();
  }

  message(bytes: Buffer, about: number): void {
    this.events.message(bytes, about);
  }

  stream(id: number, pausedMs: number | null): void {
    this.events.stream(id, pausedMs);
  }

  failed(id: number, error: GatehouseError): void {
    this.events.failed(id, error);
  }

  lost(error: GatehouseError): void {
    if (this.ended || this.losing !== null) return;
    this.losing = error;
    this.standing?.close();
    // What is under way was refused as well, and says so at once if it is let.
    this.cancelLosing = this.clock.after(LOSING_MS, () => this.finishLosing());
    if (this.newest === null) this.finishLosing();
  }

  private finishLosing(): void {
    if (!this.end(this.losing)) return;
    this.client.close();
  }

  answered(): void {
    this.cancelSweep ??= this.clock.after(LINGER_MS, () => this.sweep());
  }

  done(exchange: Exchange): void {
    const { previous, next } = exchange;
    if (previous !== null) previous.next = next;
    else if (this.newest === exchange) this.newest = next;
    if (next !== null) next.previous = previous;
    exchange.previous = null;
    exchange.next = null;
    if (exchange === this.introducing) {
      this.introducing = null;
      this.introduction.done();
    }
    if (this.losing === null || this.newest !== null) return;
    // The last one has still to say how it ended.
    this.cancelLosing?.();
    this.cancelLosing = this.clock.after(0, () => this.finishLosing());
  }

  /** Opens the standing stream of a legacy session that has begun; a modern one has none. */
  private openStanding(): void {
    if (!this.resumable) {
      this.standing?.close();
      this.standing = null;
    } else if (!this.ended && this.revision !== null && this.introduction.over) {
      this.standing ??= openStandingStream({
        remote: this.remote,
        clock: this.clock,
        maxResult: this.maxResult,
        dispatch: (outgoing, replies) => this.dispatch(outgoing, replies),
        streamRequest: (after) => this.streamRequest(after),
        message: (bytes) => this.events.message(bytes, null),
        // Some servers answer like this where they have no such stream; a request will tell.
        lost: (error) => this.events.failed(-1, error),
        isInSession: () => this.inSession,
      });
    }
  }

  /** Ends streams whose answer came long enough ago; the others get their time. */
  private sweep(): void {
    this.cancelSweep = null;
    const before = this.clock.now() - LINGER_MS;
    let linger = false;
    for (let exchange = this.newest; exchange !== null; ) {
      const { next } = exchange;
      if (exchange.answeredAt !== 0 && exchange.answeredAt <= before) {
        exchange.destroy();
        this.done(exchange);
      } else linger ||= exchange.answeredAt !== 0;
      exchange = next;
    }
    if (linger) this.answered();
  }

  private headers(accept: string, ...more: string[]): string[] {
    const headers = [...this.remote.headers, 'Accept', accept, 'Accept-Encoding', 'identity', ...more];
    if (this.session !== null) headers.push('Mcp-Session-Id', this.session);
    if (this.revision !== null) headers.push('MCP-Protocol-Version', this.revision);
    return headers;
  }

  private renewHeaders(): void {
    this.postHeaders = this.headers(
      'application/json, text/event-stream',
      'Content-Type',
      'application/json',
    );
  }

  private addHead(headers: string[], head: RequestHead): void {
    // The first question to a server of unknown era is a modern one.
    if (this.revision === null) headers.push('MCP-Protocol-Version', LATEST_MODERN_VERSION);
    headers.push('Mcp-Method', encodeHeader(head.method));
    if (head.name !== null) headers.push('Mcp-Name', encodeHeader(head.name));
    if (head.params === null) return;
    for (const [name, value] of Object.entries(head.params)) headers.push(name, value);
  }

  /** Ends all that is under way. False when it has ended before. */
  private end(cause: GatehouseError | null): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.onEnd();
    this.cancelSweep?.();
    this.cancelLosing?.();
    this.standing?.close();
    this.introduction.close();
    for (let exchange = this.newest; exchange !== null; exchange = this.newest) {
      exchange.destroy();
      this.done(exchange);
    }
    this.events.closed(cause);
    return true;
  }

  private async goodbye(): Promise<void> {
    if (this.end(null) && this.session !== null) {
      const headers = this.headers('application/json');
      await new Promise<void>((resolve) => {
        const cancel = this.clock.after(DELETE_MS, resolve);
        const finish = (): void => {
          cancel();
          resolve();
        };
        const response = (answer: HttpAnswer): void => {
          answer.destroy();
          finish();
        };
        this.dispatch({ method: 'DELETE', path: null, headers, body: null }, { response, error: finish });
      });
    }
    this.client.close();
  }
}
