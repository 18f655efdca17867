/**
 * One HTTP exchange of the bridge with the app: a message goes out, the messages of its answer come back. Ends when the
 * answer ends, or by `abort`.
 */
import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import type { Writable } from 'node:stream';
import { sseDecoder } from '../protocol/sse.ts';

/** Bytes of an answer that is no event stream. */
const MAX_BODY = 256 * 1024 * 1024;

/** Where the app listens, and where its messages go. */
export interface Way {
  readonly agent: Agent;
  readonly socketPath: string;
  /** For which client; null when nobody said. */
  readonly client: string | null;
  /** While it is full, answers wait in their sockets. */
  readonly output: Writable;
  /** Called when nobody listens; settles when the app may be there again. Rejects when it cannot be. */
  readonly revive?: () => Promise<void>;
}

/** What came back. */
export interface Outcome {
  readonly status: number;
  readonly sessionId: string | null;
  /** The whole body; null for an event stream, whose messages were told as they came. */
  readonly body: Buffer | null;
  /** False when the connection broke before the end. */
  readonly whole: boolean;
}

/** An exchange under way. */
export interface Exchange {
  /** Rejects when there is no connection. Settles in any case after `abort`. */
  readonly done: Promise<Outcome>;
  /** Idempotent. */
  abort(): void;
}

/** What else an exchange may need. */
export interface ExchangeOptions {
  readonly headers?: OutgoingHttpHeaders;
  /** Called with the status as soon as it is known. */
  begun?(status: number): void;
  /** Doing it twice does no harm: it is done again when the app had just closed the connection that we kept. */
  readonly repeatable?: boolean;
  /** The client asks for it: where nobody listens, the app is started and it is done again. */
  readonly wanted?: boolean;
}

/** Begins one. `onMessage` takes the messages of an event stream as they come. */
export function exchange(
  way: Way,
  method: 'POST' | 'GET' | 'DELETE',
  body: Buffer | null,
  onMessage: (message: Buffer) => void,
  options: ExchangeOptions = {},
): Exchange {
  const headers: OutgoingHttpHeaders = { Accept: 'application/json, text/event-stream', ...options.headers };
  if (way.client !== null) headers['Gatehouse-Client'] = way.client;
  if (body !== null) {
    headers['Content-Type'] = 'application/json';
    headers['Content-Length'] = body.length;
  }
  let out: ClientRequest;
  let aborted = false;
  let revived = false;
  const done = new Promise<Outcome>((resolve, reject) => {
    const begin = (): void => {
      let answered = false;
      out = request({ agent: way.agent, socketPath: way.socketPath, path: '/mcp', method, headers });
      out.on('error', (cause: NodeJS.ErrnoException) => {
        if (options.repeatable === true && out.reusedSocket && !answered && !aborted) return begin();
        if (options.wanted !== true || revived || aborted || !isAbsent(cause) || way.revive === undefined)
          return reject(cause);
        // Nothing of it was sent, so nothing happens twice.
        revived = true;
        way.revive().then(() => (aborted ? reject(cause) : begin()), reject);
      });
      out.on('response', (response) => {
        answered = true;
        options.begun?.(response.statusCode ?? 0);
        read(response, way.output, onMessage, resolve);
      });
      out.end(body);
    };
    begin();
  });
  return {
    done,
    abort() {
      aborted = true;
      out.destroy();
    },
  };
}

/** Nobody listens: the socket is gone, or what a killed app left behind. */
function isAbsent({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

function read(
  response: IncomingMessage,
  output: Writable,
  onMessage: (message: Buffer) => void,
  then: (outcome: Outcome) => void,
): void {
  const id = response.headers['mcp-session-id'];
  const isEvents = response.headers['content-type']?.startsWith('text/event-stream') === true;
  const chunks: Buffer[] = [];
  let size = 0;
  const decode = sseDecoder(
    // An event without data only gives its stream an id to come back with.
    (event) => {
      if (event.data.length > 0) onMessage(event.data);
    },
    () => void response.destroy(),
  );
  const resume = (): void => void response.resume();
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (isEvents) decode(chunk);
    else if (size <= MAX_BODY) chunks.push(chunk);
    else response.destroy();
    if (!output.writableNeedDrain) return;
    response.pause();
    output.once('drain', resume);
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    output.off('drain', resume);
    then({
      status: response.statusCode ?? 0,
      sessionId: typeof id === 'string' ? id : null,
      body: isEvents ? null : Buffer.concat(chunks),
      whole: response.complete,
    });
  });
}
