/**
 * Requests to one remote server over connections of their own: kept open between requests, never shared with another
 * server. Follows a redirection once and never to another origin. Ends with `close`, and with it whatever is under way.
 */
import {
  type AgentOptions,
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { scanMessage } from '../protocol/scan.ts';
import { networkError, redirected } from './http-errors.ts';
import { openTunnel, proxyRefused, unreachableProxy, type WebProxy } from './http-proxy.ts';
import type { Remote } from './http-target.ts';
import type { Credentials } from './ports.ts';
import { tlsOptions } from './tls-options.ts';

/** Milliseconds for a connection to come about. */
const CONNECT_MS = 30_000;
/**
 * Milliseconds for which an unused connection is kept: less than the servers' own (5 s in Node and Uvicorn, a minute at
 * most proxies), so that it is we who close and no request meets a closing connection.
 */
const IDLE_PLAIN_MS = 4_000;
const IDLE_TLS_MS = 45_000;
const MAX_IDLE = 64;
/** Times that one request may be refused and sent again with other credentials. */
const MAX_REFUSED = 3;
/** Milliseconds of silence after which the system asks whether the other side still lives. */
const PROBE_MS = 30_000;

/** Who made a request. Exactly one of the two is called, once, unless it was destroyed. */
export interface Replies {
  /** The head of an answer that is no redirection we follow; the body is the receiver's to read. */
  response(response: IncomingMessage): void;
  /** No answer. */
  error(error: GatehouseError): void;
  /** Told while the request waits for a person to sign in; null or left out when it must not wait. */
  readonly waits?: ((text: string) => void) | null;
}

/** One request. */
export interface Outgoing {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** Path and query; null for those of the configured address. */
  readonly path: string | null;
  /** All headers, names and values in turn, with the length of the body where there is one. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
}

/** A request under way. */
export interface Sent {
  /** Ends it and closes its connection; nothing reaches `Replies` any more. Twice does nothing. */
  destroy(): void;
}

export interface HttpClient {
  send(outgoing: Outgoing, replies: Replies): Sent;
  /** Closes every connection. Idempotent. */
  close(): void;
}

/** Up to this size a body leaves in one piece with its headers. Bytes. */
const ONE_PIECE = 16 * 1024;

/** What a request needs to know of its client. */
interface Base {
  readonly remote: Remote;
  readonly agent: HttpAgent;
  readonly request: typeof httpRequest;
  /** Who is connected to: the server, or the proxy that is asked for it. */
  readonly host: string;
  readonly port: string;
  /** Set where a proxy is asked for every request: its address comes before the path. */
  readonly by: WebProxy | null;
  /** Where the server said that things have moved to, by path. */
  readonly moved: Map<string, string>;
  closed: boolean;
}

/** Opens nothing before the first request. */
export function openHttpClient(remote: Remote, clock: Clock): HttpClient {
  const { url } = remote;
  const { proxy } = remote;
  const tunnel = url.protocol === 'https:' ? proxy : null;
  const by = url.protocol === 'https:' ? null : proxy;
  const secure = by === null ? url.protocol === 'https:' : by.secure;
  const agent = timedAgent(secure, remote, tunnel, clock);
  const base: Base = {
    remote,
    agent,
    request: secure ? httpsRequest : httpRequest,
    host: by?.host ?? url.hostname.replace(/^\[|\]$/g, ''),
    port: String(by?.port ?? (url.port === '' ? (secure ? '443' : '80') : url.port)),
    by,
    moved: new Map(),
    closed: false,
  };
  return {
    send: (outgoing, replies) => new Call(base, outgoing, replies),
    close() {
      base.closed = true;
      agent.destroy();
    },
  };
}

/** An agent whose connections come about in time or not at all. */
function timedAgent(secure: boolean, remote: Remote, tunnel: WebProxy | null, clock: Clock): HttpAgent {
  const options: AgentOptions & { keepAliveInitialDelay: number } = {
    keepAlive: true,
    keepAliveInitialDelay: PROBE_MS,
    noDelay: true,
    maxFreeSockets: MAX_IDLE,
    scheduling: 'lifo',
    timeout: secure ? IDLE_TLS_MS : IDLE_PLAIN_MS,
  };
  const agent = secure ? new HttpsAgent({ ...options, ...tlsOptions(remote.tls) }) : new HttpAgent(options);
  const connect = agent.createConnection.bind(agent);
  const late = (): Error => Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
  agent.createConnection = (socketOptions, callback) => {
    if (tunnel !== null) {
      const opening = openTunnel(
        tunnel,
        socketOptions as Parameters<typeof openTunnel>[1],
        (error, socket) => {
          cancel();
          // Node's types ask for a socket where there is an error.
          (callback as (error: Error | null, socket?: Socket) => void)(error, socket);
        },
      );
      const cancel = clock.after(CONNECT_MS, () => opening.destroy(late()));
      return undefined;
    }
    const socket = connect(socketOptions, callback) as Socket;
    const cancel = clock.after(CONNECT_MS, () => socket.destroy(late()));
    socket.once(secure ? 'secureConnect' : 'connect', cancel);
    socket.once('close', cancel);
    return socket;
  };
  return agent;
}

/** One request, sent again at most once. Lets go of everything when it is done: see gateway/calls. */
class Call implements Sent {
  private replies: Replies | null;
  private outgoing: Outgoing | null;
  private request: ClientRequest | null = null;
  private readonly base: Base;
  private path = '';
  private again = false;
  private refusals = 0;

  constructor(base: Base, outgoing: Outgoing, replies: Replies) {
    this.base = base;
    this.outgoing = outgoing;
    this.replies = replies;
    const path = outgoing.path ?? `${base.remote.url.pathname}${base.remote.url.search}`;
    this.start(outgoing, base.moved.get(path) ?? path);
  }

  destroy(): void {
    const { request } = this;
    this.release();
    this.request = null;
    request?.destroy();
  }

  private start(outgoing: Outgoing, path: string): void {
    const { credentials } = this.base.remote;
    if (credentials === null) return this.go(outgoing, path, null);
    const shown = credentials.authorization();
    if (shown === null || typeof shown === 'string') return this.go(outgoing, path, shown);
    shown.then(
      (value) => {
        if (this.outgoing === outgoing) this.go(outgoing, path, value);
      },
      (error: unknown) => this.failed(error),
    );
  }

  private go(outgoing: Outgoing, path: string, authorization: string | null): void {
    const { base } = this;
    const { by } = base;
    this.path = path;
    const headers = [...outgoing.headers];
    if (authorization !== null) headers.push('Authorization', authorization);
    if (by !== null && by.authorization !== null) headers.push('Proxy-Authorization', by.authorization);
    let request: ClientRequest;
    try {
      request = base.request({
        agent: base.agent,
        host: base.host,
        port: base.port,
        method: outgoing.method,
        path: by === null ? path : `${base.remote.url.origin}${path}`,
        headers,
      });
    } catch (error) {
      // A header that Node refuses. Who sends does not expect to be called back from within.
      process.nextTick(() => {
        const { replies } = this;
        this.release();
        replies?.error(networkError(base.remote.where, error));
      });
      return;
    }
    this.request = request;
    request.on('response', (response) => this.answered(request, response, authorization));
    request.on('error', (error) => this.broke(request, error));
    // Head and body leave in one write: the head waits for the first piece of the body.
    if (outgoing.body === null) request.end();
    else if (outgoing.body.length > ONE_PIECE) request.end(outgoing.body);
    else endWith(request, outgoing.body.toString('latin1'));
  }

  private answered(request: ClientRequest, response: IncomingMessage, shown: string | null): void {
    const { replies, outgoing } = this;
    // A body that breaks off says so by `close`; an `error` that nobody hears would end the process.
    response.on('error', () => undefined);
    if (replies === null || outgoing === null || request !== this.request) return void response.destroy();
    const status = response.statusCode ?? 0;
    if (status === 407 && this.base.by !== null) {
      this.release();
      response.destroy();
      return replies.error(proxyRefused(this.base.by, status));
    }
    const { credentials } = this.base.remote;
    if (credentials !== null && (status === 401 || status === 403) && this.refusals < MAX_REFUSED) {
      return void this.refused(credentials, outgoing, response, shown);
    }
    if (status < 300 || status > 399 || status === 304) {
      this.release();
      return replies.response(response);
    }
    response.destroy();
    const to = targetOf(this.path, response, this.base.remote.url);
    if (
      to !== null &&
      to.origin === this.base.remote.url.origin &&
      !this.again &&
      follows(status, outgoing)
    ) {
      this.again = true;
      const path = `${to.pathname}${to.search}`;
      // Frameworks answer so to a path without its last slash; asking twice each time would double the way.
      this.base.moved.set(this.path, path);
      return this.start(outgoing, path);
    }
    this.release();
    replies.error(redirected(this.base.remote.where, to?.origin ?? null));
  }

  /** A refused request was not carried out, so that it may be sent again. The answer waits unread meanwhile. */
  private async refused(
    credentials: Credentials,
    outgoing: Outgoing,
    response: IncomingMessage,
    shown: string | null,
  ): Promise<void> {
    const status = response.statusCode ?? 0;
    const wwwAuthenticate = response.headers['www-authenticate'] ?? null;
    try {
      const refusal = { status, wwwAuthenticate, before: this.refusals++ };
      const again = await credentials.refused(shown, refusal, this.replies?.waits ?? null);
      const { replies } = this;
      if (replies === null) return;
      if (!again) {
        this.release();
        return replies.response(response);
      }
      response.destroy();
      if (this.outgoing === outgoing) this.start(outgoing, this.path);
    } catch (error) {
      response.destroy();
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    const { replies } = this;
    this.release();
    this.request = null;
    replies?.error(
      error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error }),
    );
  }

  private broke(request: ClientRequest, error: Error): void {
    const { replies, outgoing } = this;
    if (replies === null || outgoing === null || request !== this.request) return;
    const stale = request.reusedSocket && isReset(error) && !this.base.closed;
    if (stale && !this.again && mayRepeat(outgoing)) {
      this.again = true;
      return this.start(outgoing, this.path);
    }
    this.release();
    this.request = null;
    const { by, remote } = this.base;
    const reached = request.socket !== null && !request.socket.connecting && request.reusedSocket;
    if (by !== null && !reached && !isReset(error)) return replies.error(unreachableProxy(by, error));
    replies.error(networkError(remote.where, error));
  }

  private release(): void {
    this.replies = null;
    this.outgoing = null;
  }
}

/**
 * Ends a request with bytes written as Latin-1, which maps them one to one: Node joins such a string with the headers
 * where it would not join a Buffer. Before the socket is there, or left to `end`, a second, empty piece would go with
 * it, and two pieces cost a gathering write.
 */
function endWith(request: ClientRequest, text: string): void {
  request.once('socket', (socket) => {
    request.write(text, 'latin1');
    socket.uncork();
    request.end();
  });
}

function targetOf(path: string, response: IncomingMessage, url: URL): URL | null {
  const { location } = response.headers;
  if (location === undefined) return null;
  try {
    return new URL(location, new URL(path, url));
  } catch {
    return null;
  }
}

/** 301 and 302 turn a POST into a GET in old clients; what a server means by them is not known. */
function follows(status: number, outgoing: Outgoing): boolean {
  return (
    status === 307 || status === 308 || (outgoing.method === 'GET' && (status === 301 || status === 302))
  );
}

function isReset(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/**
 * A connection that was lost before a byte of the answer came may have been closed for being idle, or because the
 * server fell over the request. Whatever only asks is asked again; a tool is never run twice.
 */
function mayRepeat(outgoing: Outgoing): boolean {
  return outgoing.body === null || scanMessage(outgoing.body).method !== 'tools/call';
}
