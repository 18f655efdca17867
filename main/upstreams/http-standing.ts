/**
 * The standing stream of a legacy session: a GET on which the server sends what belongs to no request (transports
 * section, "Listening for Messages from the Server"). A server may have none. Ends with `close`.
 */
import { type SseEvent, sseDecoder } from '../protocol/sse.ts';
import { MAX_REFUSAL, mediaType, messagesIn, readBody, readRefusal } from './http-answer.ts';
import type { HttpAnswer } from './http-body.ts';
import type { Replies, Sent } from './http-client.ts';
import type { Host } from './http-exchange.ts';

/** Pause before the stream is opened again, doubled while nothing comes on it. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 30_000;
/** A stream that lasted as long was a good one, even when nothing came on it. */
const GOOD_MS = 30_000;
/** Connections in a row that come to nothing; after them we wait until the server answers something else. */
const MAX_FAILURES = 3;

/** The stream, opened and kept open. */
export interface StandingStream {
  /** The server has just answered a request: if we had given up, try again. */
  wake(): void;
  /** Idempotent. */
  close(): void;
}

/** What it needs of its link. */
export interface StandingHost
  extends Pick<Host, 'remote' | 'clock' | 'dispatch' | 'streamRequest' | 'lost' | 'maxResult'> {
  isInSession(): boolean;
  message(bytes: Buffer): void;
}

/** Opens the stream, if the server has one, and keeps it open. */
export function openStandingStream(host: StandingHost): StandingStream {
  const { clock } = host;
  let sent: Sent | null = null;
  let cancel: (() => void) | null = null;
  let closed = false;
  let resting = false;
  let pause = FIRST_PAUSE_MS;
  let asked: number | null = null;
  let failures = 0;
  let lastEventId = '';

  const open = (): void => {
    cancel = null;
    const request = host.streamRequest(lastEventId) ?? host.streamRequest('');
    if (!closed && request !== null) sent = host.dispatch(request, replies);
  };
  const again = (): void => {
    sent = null;
    if (closed) return;
    cancel = clock.after(asked ?? pause, open);
    asked = null;
    pause = Math.min(pause * 2, LAST_PAUSE_MS);
  };
  const close = (): void => {
    closed = true;
    cancel?.();
    const ending = sent;
    sent = null;
    ending?.destroy();
  };
  const onEvent = (event: SseEvent): void => {
    lastEventId = event.id;
    pause = FIRST_PAUSE_MS;
    if (event.retry !== null)
      asked = Math.min(Math.max(event.retry, FIRST_PAUSE_MS / 10), 10 * LAST_PAUSE_MS);
    if (event.data.length === 0 || event.type !== 'message') return;
    for (const message of messagesIn(event.data)) if (!closed) host.message(message);
  };
  const onStream = (response: HttpAnswer): void => {
    const since = clock.now();
    failures = 0;
    const overflow = (): void => response.destroy();
    const ended = (): void => {
      if (clock.now() - since >= GOOD_MS) pause = FIRST_PAUSE_MS;
      again();
    };
    response.read({ data: sseDecoder(onEvent, overflow, host.maxResult), end: ended, broken: ended });
  };
  const onRefused = (response: HttpAnswer, body: Buffer): void => {
    if (closed) return;
    const refusal = readRefusal(response, body, -1, host.isInSession(), host.remote);
    if (refusal.kind === 'session_lost') {
      close();
      return host.lost(refusal.error);
    }
    const { status } = response;
    // What may pass is tried again; everything else says that there is no such stream for us.
    if (status >= 500 || status === 429) failed();
    else close();
  };
  const failed = (): void => {
    failures++;
    if (failures < MAX_FAILURES) again();
    else {
      sent = null;
      resting = true;
    }
  };
  const replies: Replies = {
    response(response) {
      if (closed) return response.destroy();
      const { status } = response;
      if (status < 200 || status > 299) {
        readBody(response, MAX_REFUSAL, (body) => onRefused(response, body));
      } else if (mediaType(response) === 'text/event-stream') onStream(response);
      else close();
    },
    error: failed,
  };

  open();
  return {
    wake() {
      if (!resting || closed) return;
      resting = false;
      failures = 0;
      pause = FIRST_PAUSE_MS;
      open();
    },
    close,
  };
}
