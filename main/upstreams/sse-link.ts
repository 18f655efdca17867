/**
 * The HTTP+SSE transport of 2024-11-05: one standing stream brings everything, each message of ours is a POST to the
 * address that the stream names first. Ends with `close`, or when the stream ends: the session is over with it.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { type SseEvent, sseDecoder } from '../protocol/sse.ts';
import {
  excerptOf,
  MAX_REFUSAL,
  MAX_RESULT,
  mediaType,
  messagesIn,
  readBody,
  readRefusal,
} from './http-answer.ts';
import type { HttpAnswer } from './http-body.ts';
import { openHttpClient, type Sent } from './http-client.ts';
import { foreignEndpoint, httpStatus, linkClosed, notSse, streamEnded, tooLarge } from './http-errors.ts';
import { type HttpTarget, readTarget } from './http-target.ts';
import { Introduction } from './introduction.ts';
import type { Link, LinkEvents } from './link.ts';

/** Milliseconds for the stream and the address on it to come. */
const ENDPOINT_MS = 10_000;

/**
 * Opens the stream and waits up to 10 s for its address for messages. Rejects with a GatehouseError:
 * `upstream.http_status` (its cause holds the status), `upstream.not_sse`, `upstream.foreign_endpoint`, what
 * `openHttpLink` rejects with, and what a request may fail with. `maxResult` is the bound of one event in bytes.
 */
export async function openSseLink(
  target: HttpTarget,
  clock: Clock,
  events: LinkEvents,
  maxResult = MAX_RESULT,
): Promise<Link> {
  const { signal } = target;
  if (signal?.aborted === true) throw linkClosed();
  const remote = readTarget(target);
  const client = openHttpClient(remote, clock);
  const posts = new Map<number, Sent>();
  let endpoint: string | null = null;
  let state: 'opening' | 'open' | 'ended' = 'opening';
  let opened: () => void = () => undefined;
  let refused: (error: GatehouseError) => void = () => undefined;

  /** The only end: whoever waits for the opening is told, or else the connection. */
  const end = (cause: GatehouseError | null): void => {
    if (state === 'ended') return;
    const before = state;
    state = 'ended';
    signal?.removeEventListener('abort', abort);
    cancelOpening();
    client.close();
    introduction.close();
    posts.clear();
    if (before === 'opening') refused(cause ?? linkClosed());
    else events.closed(cause);
  };
  const abort = (): void => end(null);

  const onEvent = (event: SseEvent): void => {
    if (state === 'ended') return;
    if (event.type === 'endpoint') return onEndpoint(event.data.toString('utf8').trim());
    if (state === 'opening' || event.type !== 'message' || event.data.length === 0) return;
    for (const message of messagesIn(event.data)) if (state === 'open') events.message(message, null);
  };
  const onEndpoint = (text: string): void => {
    // A second one would send what follows somewhere else.
    if (endpoint !== null) return;
    const address = resolved(text, remote.url);
    if (address === null) return end(notSse(remote.where, 'the address that it gave cannot be read'));
    if (address.origin !== remote.url.origin) return end(foreignEndpoint(remote.where));
    endpoint = `${address.pathname}${address.search}`;
    state = 'open';
    cancelOpening();
    opened();
  };
  const onStream = (response: HttpAnswer): void => {
    const { status } = response;
    if (status < 200 || status > 299) {
      return readBody(response, MAX_REFUSAL, (body) => {
        const refusal = readRefusal(response, body, -1, false, remote);
        const cause = { status, wwwAuthenticate: response.header('www-authenticate') };
        end(
          refusal.kind === 'failed'
            ? refusal.error
            : httpStatus(remote.where, excerptOf(body, remote), cause),
        );
      });
    }
    if (mediaType(response) !== 'text/event-stream') {
      return end(notSse(remote.where, 'it answers with something else than a stream of events'));
    }
    const overflow = (): void => end(tooLarge(remote.where, maxResult));
    const ended = (): void => end(streamEnded(remote.where));
    response.read({ data: sseDecoder(onEvent, overflow, maxResult), end: ended, broken: ended });
  };

  const introduction = new Introduction(clock, (message, id) => post(message, id));
  const opening = new Promise<void>((resolve, reject) => {
    opened = resolve;
    refused = reject;
  });
  const cancelOpening = clock.after(ENDPOINT_MS, () => {
    end(notSse(remote.where, 'it named no address for messages in 10 seconds'));
  });
  signal?.addEventListener('abort', abort, { once: true });
  client.send(
    {
      method: 'GET',
      path: null,
      headers: [...remote.headers, 'Accept', 'text/event-stream', 'Accept-Encoding', 'identity'],
      body: null,
    },
    { response: onStream, error: end },
  );
  await opening;

  const post = (message: Buffer, id: number): void => {
    const headers = [
      ...remote.headers,
      ...['Accept', '*/*', 'Accept-Encoding', 'identity', 'Content-Type', 'application/json'],
      ...['Content-Length', String(message.length)],
    ];
    const introduces = introduction.begins(message, id);
    const over = (): void => {
      posts.delete(id);
      if (introduces) introduction.done();
    };
    const failed = (error: GatehouseError): void => {
      over();
      if (state === 'open' && id !== -1) events.failed(id, error);
    };
    const sent = client.send(
      { method: 'POST', path: endpoint, headers, body: message },
      {
        response(response) {
          const { status } = response;
          const accepted = status >= 200 && status <= 299;
          // The answer comes on the stream; what is said here says only whether it will.
          readBody(response, MAX_REFUSAL, (body) => {
            over();
            if (accepted || state !== 'open' || id === -1) return;
            const refusal = readRefusal(response, body, id, false, remote);
            if (refusal.kind === 'answer') events.message(refusal.message, null);
            else failed(refusal.error);
          });
        },
        error: failed,
      },
    );
    if (id !== -1) posts.set(id, sent);
  };
  return {
    heads: false,
    send(message, id) {
      if (state === 'open' && !introduction.holds(message, id, null)) post(message, id);
    },
    abandon(id) {
      introduction.forget(id);
      posts.get(id)?.destroy();
      posts.delete(id);
    },
    agreed: () => undefined,
    close() {
      end(null);
      return Promise.resolve();
    },
  };
}

function resolved(text: string, base: URL): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
