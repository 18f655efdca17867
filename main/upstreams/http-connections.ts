/**
 * Connections to one origin, each for one request at a time and kept open for a while after it. undici speaks HTTP on
 * them: beside Node's own client it takes a third of the processor time. It is loaded with the first request, since many
 * have local servers only. Ends with `close`, and with it whatever is under way.
 */
import { connect as netConnect, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { connect as tlsConnect } from 'node:tls';
import type { Client, Dispatcher } from 'undici';
import type { Clock } from '../protocol/clock.ts';
import { HttpAnswer } from './http-body.ts';

/** Milliseconds for a connection to come about. */
const CONNECT_MS = 30_000;
/**
 * Milliseconds for which an unused connection is kept: less than the servers' own (5 s in Node and Uvicorn, a minute at
 * most proxies), so that it is we who close and no request meets a closing connection.
 */
const IDLE_PLAIN_MS = 4_000;
const IDLE_TLS_MS = 45_000;
const MAX_IDLE = 64;
/** Milliseconds of silence after which the system asks whether the other side still lives. */
const PROBE_MS = 30_000;

/** How to reach the origin. */
export interface Reach {
  /** With a scheme, as undici wants it. */
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** How the other end is encrypted; null for plain connections. */
  readonly tls: ConnectionOptions | null;
  /** Opens what lies between, encrypted to its end; null to connect directly. Ends when told to. */
  readonly tunnel: ((options: ConnectionOptions, done: Opened) => { destroy(error: Error): void }) | null;
}

/** Called once. */
export type Opened = (error: Error | null, socket?: Socket) => void;

/** Who gets the answer. One of the two is called, once, unless the connection was destroyed before. */
export interface Receiver {
  /** The head; the body is the receiver's to read. */
  head(answer: HttpAnswer): void;
  /** No answer. */
  failed(error: Error): void;
}

/** What is sent. */
export type Request = Pick<Dispatcher.DispatchOptions, 'method' | 'path'> & {
  readonly headers: string[];
  readonly body: Buffer | null;
};

/** All connections to one origin. */
export interface Connections {
  /** Sends over the connection that was used last, or a new one. Throws nothing. */
  send(request: Request, receiver: Receiver): Connection;
  /** Closes every connection. Idempotent. */
  close(): void;
}

/** Opens nothing before the first request. */
export function openConnections(reach: Reach, clock: Clock): Connections {
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  let closed = false;
  let session: Buffer | undefined;

  const openSocket = (done: Opened): { destroy(error: Error): void } => {
    const { host, port, tls, tunnel } = reach;
    const options: ConnectionOptions & { keepAlive: true } = {
      ...{ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: PROBE_MS },
      ...(tls === null ? {} : { ...tls, ...(session === undefined ? {} : { session }) }),
    };
    if (tunnel !== null) return tunnel(options, done);
    const socket = tls === null ? netConnect({ ...options, host, port }) : tlsConnect(options);
    socket.once('error', done);
    socket.once(tls === null ? 'connect' : 'secureConnect', () => {
      socket.removeListener('error', done);
      done(null, socket);
    });
    socket.on('session', (ticket: Buffer) => {
      session = ticket;
    });
    return socket;
  };
  const connect = (_: unknown, callback: (error: Error | null, socket: Socket | null) => void): void => {
    let over = false;
    const done: Opened = (error, socket) => {
      if (over) return void socket?.destroy();
      over = true;
      cancel();
      callback(error, error === null ? (socket ?? null) : null);
    };
    const opening = openSocket(done);
    const cancel = clock.after(CONNECT_MS, () => {
      const late = Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
      opening.destroy(late);
      done(late);
    });
  };
  const keptMs = reach.tls === null ? IDLE_PLAIN_MS : IDLE_TLS_MS;
  const newClient = async (): Promise<Client> => {
    const { default: HttpOneClient } = await import('undici/lib/dispatcher/client.js');
    return new HttpOneClient(reach.origin, {
      connect: connect as never,
      ...{ pipelining: 1, headersTimeout: 0, bodyTimeout: 0, allowH2: false, maxRedirections: 0 },
      ...{ keepAliveTimeout: keptMs, keepAliveMaxTimeout: keptMs },
    });
  };
  const forget = (connection: Connection): void => {
    all.delete(connection);
    const at = idle.indexOf(connection);
    if (at !== -1) idle.splice(at, 1);
  };
  const free = (connection: Connection): void => {
    if (closed || idle.length >= MAX_IDLE) connection.destroy();
    else idle.push(connection);
  };
  return {
    send(request, receiver) {
      let connection = idle.pop();
      if (connection === undefined) {
        connection = new Connection(newClient, free, forget);
        all.add(connection);
      }
      connection.send(request, receiver);
      return connection;
    },
    close() {
      closed = true;
      for (const connection of [...all]) connection.destroy();
    },
  };
}

/** One connection; undici tells it what happens on it. */
export class Connection implements Dispatcher.DispatchHandlers {
  private client: Client | null = null;
  private receiver: Receiver | null = null;
  private answer: HttpAnswer | null = null;
  private over = false;
  private served = 0;
  private readonly newClient: () => Promise<Client>;
  private readonly free: (connection: Connection) => void;
  private readonly forget: (connection: Connection) => void;

  constructor(
    newClient: () => Promise<Client>,
    free: (connection: Connection) => void,
    forget: (connection: Connection) => void,
  ) {
    this.newClient = newClient;
    this.free = free;
    this.forget = forget;
  }

  /** True when a request before has been answered over it: the other side may have closed it meanwhile. */
  get reused(): boolean {
    return this.served > 0;
  }

  send(request: Request, receiver: Receiver): void {
    this.receiver = receiver;
    const { client } = this;
    if (client !== null) return this.dispatch(client, request);
    this.newClient().then(
      (made) => {
        if (this.over) return void made.destroy().catch(() => undefined);
        this.client = made;
        made.on('disconnect', () => this.disconnected());
        this.dispatch(made, request);
      },
      (error: Error) => this.onError(error),
    );
  }

  /** Closes it; what is under way ends without a word to who asked for it. Idempotent. */
  destroy(): void {
    if (this.over) return;
    this.over = true;
    this.receiver = null;
    const { answer } = this;
    this.answer = null;
    this.forget(this);
    this.client?.destroy().catch(() => undefined);
    // Nobody who ends something expects to be called back from within.
    if (answer !== null) process.nextTick(() => answer.broken());
  }

  onConnect(): void {
    // Who wants to end it ends the connection.
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void): boolean {
    const { receiver } = this;
    // 1xx tell nothing.
    if (status < 200 || receiver === null) return true;
    this.receiver = null;
    const answer = new HttpAnswer(status, raw, resume, this);
    this.answer = answer;
    receiver.head(answer);
    return answer.isRead;
  }

  onData(chunk: Buffer): boolean {
    this.answer?.data(chunk);
    return true;
  }

  onComplete(): void {
    const { answer } = this;
    if (this.over || answer === null) return;
    this.answer = null;
    this.served += 1;
    this.free(this);
    answer.end();
  }

  onError(error: Error): void {
    if (this.over) return;
    const { receiver } = this;
    this.receiver = null;
    this.destroy();
    // A header that undici refuses is told from within `send`.
    if (receiver !== null) process.nextTick(() => receiver.failed(error));
  }

  /** Between two requests the other side has closed it, or it was unused for too long. */
  private disconnected(): void {
    if (this.over) return;
    // A request that waits goes over a new socket.
    this.served = 0;
    if (this.receiver === null && this.answer === null) this.destroy();
  }

  private dispatch(client: Client, { method, path, headers, body }: Request): void {
    client.dispatch({ method, path, headers, body }, this);
  }
}
