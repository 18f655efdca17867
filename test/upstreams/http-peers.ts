/** The other side of links to remote servers: servers that do what a test says, and a record of what a link told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { GatehouseError } from '../../main/protocol/error.ts';
import type { LinkEvents } from '../../main/upstreams/link.ts';

/** One request as the server got it. */
export interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The parsed body; empty when there is none. */
  readonly message: { readonly id?: number; readonly method?: string };
}

export interface TestServer {
  readonly origin: string;
  readonly port: number;
  /** Every request in the order in which they came. */
  readonly got: readonly Got[];
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** What a server does with one request, whose body has been read. */
export type Handler = (got: Got, response: ServerResponse, request: IncomingMessage) => unknown;

export async function serve(handler: Handler, port = 0): Promise<TestServer> {
  const got: Got[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one: Got = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body,
        message: body === '' ? {} : (JSON.parse(body) as Got['message']),
      };
      got.push(one);
      void handler(one, response, request);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Links cut connections; that is no fault of the server.
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${address.port}`,
    port: address.port,
    got,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const answer = (id: number | undefined, result: unknown = { ok: true }): string =>
  JSON.stringify({ jsonrpc: '2.0', id, result });

/** One JSON answer. */
export function json(response: ServerResponse, status: number, body: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}

/** Begins a stream of events. */
export function stream(response: ServerResponse, headers = {}): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  response.flushHeaders();
  return response;
}

/** Writes for as long as the other side reads. */
export function endless(response: ServerResponse): void {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

/** What a link told. */
export class Recorder implements LinkEvents {
  readonly messages: { readonly text: string; readonly about: number | null }[] = [];
  readonly failures: { readonly id: number; readonly error: GatehouseError }[] = [];
  readonly ends: (GatehouseError | null)[] = [];
  /** Streams that began (null) and paused (milliseconds). */
  readonly streams: { readonly id: number; readonly pausedMs: number | null }[] = [];
  private waiting: (() => void)[] = [];

  message(bytes: Buffer, about: number | null): void {
    this.messages.push({ text: bytes.toString('utf8'), about });
    this.wake();
  }

  stream(id: number, pausedMs: number | null): void {
    this.streams.push({ id, pausedMs });
    this.wake();
  }

  failed(id: number, error: GatehouseError): void {
    this.failures.push({ id, error });
    this.wake();
  }

  closed(cause: GatehouseError | null): void {
    this.ends.push(cause);
    this.wake();
  }

  /** Resolves as soon as `look` gives something. */
  async until<T>(look: (recorder: this) => T | null | undefined | false): Promise<T> {
    for (;;) {
      const found = look(this);
      if (found !== null && found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The message that has this text in it. */
  heard(text: string): Promise<{ readonly text: string; readonly about: number | null }> {
    return this.until(() => this.messages.find((message) => message.text.includes(text)));
  }

  /** The answer to this request, parsed. */
  async answerTo(id: number): Promise<{
    readonly result?: Record<string, unknown>;
    readonly error?: { code: number; message: string };
  }> {
    return this.until(() =>
      this.messages
        .map(
          ({ text }) =>
            JSON.parse(text) as { id?: unknown; result?: Record<string, unknown>; method?: string },
        )
        .find((message) => message.id === id && message.method === undefined),
    );
  }

  /** The failure of this request. */
  async failureOf(id: number): Promise<GatehouseError> {
    return (await this.until(() => this.failures.find((failure) => failure.id === id))).error;
  }

  /** Why the link ended. */
  async end(): Promise<GatehouseError | null> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0] ?? null;
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** A request of ours. */
export const ask = (id: number, method: string, params: unknown = {}): Buffer =>
  Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params }));

export const tell = (method: string): Buffer => Buffer.from(JSON.stringify({ jsonrpc: '2.0', method }));

export const initialize = (id: number, revision = '2025-11-25'): Buffer =>
  ask(id, 'initialize', {
    protocolVersion: revision,
    capabilities: { sampling: {}, elicitation: {}, roots: {} },
    clientInfo: { name: 'link', version: '1' },
  });
