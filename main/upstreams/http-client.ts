/**
 * Requests to one remote server over connections of their own: kept open between requests, never shared with another
 * server. Follows a redirection once and never to another origin. Ends with `close`, and with it whatever is under way.
 */
import { isIP } from 'node:net';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { scanMessage } from '../protocol/scan.ts';
import type { HttpAnswer } from './http-body.ts';
import { type Connection, type Connections, openConnections } from './http-connections.ts';
import { codeOf, isLost, networkError, redirected } from './http-errors.ts';
import { openTunnel, proxyRefused, unreachableProxy, type WebProxy } from './http-proxy.ts';
import type { Remote } from './http-target.ts';
import type { Credentials } from './ports.ts';
import { tlsOptions } from './tls-options.ts';

/** Times that one request may be refused and sent again with other credentials. */
const MAX_REFUSED = 3;

/** Who made a request. Exactly one of the two is called, once, unless it was destroyed. */
export interface Replies {
  /** The head of an answer that is no redirection we follow; the body is the receiver's to read. */
  response(response: HttpAnswer): void;
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

/** What a request needs to know of its client. */
interface Base {
  readonly remote: Remote;
  readonly connections: Connections;
  /** Set where a proxy is asked for every request: its address comes before the path. */
  readonly by: WebProxy | null;
  /** Where the server said that things have moved to, by path. */
  readonly moved: Map<string, string>;
  closed: boolean;
}

/** Opens nothing before the first request. */
export function openHttpClient(remote: Remote, clock: Clock): HttpClient {
  const { url, proxy } = remote;
  const tunnel = url.protocol === 'https:' ? proxy : null;
  const by = url.protocol === 'https:' ? null : proxy;
  const secure = by === null ? url.protocol === 'https:' : by.secure;
  const host = by?.host ?? url.hostname.replace(/^\[|\]$/g, '');
  const servername = isIP(host) === 0 ? host : '';
  const connections = openConnections(
    {
      origin: by === null ? url.origin : by.where,
      host,
      port: by?.port ?? (url.port === '' ? (secure ? 443 : 80) : Number(url.port)),
      tls: secure ? { ...tlsOptions(remote.tls), servername } : null,
      tunnel: tunnel === null ? null : (options, done) => openTunnel(tunnel, options, done),
    },
    clock,
  );
  const base: Base = { remote, connections, by, moved: new Map(), closed: false };
  return {
    send: (outgoing, replies) => new Call(base, outgoing, replies),
    close() {
      base.closed = true;
      connections.close();
    },
  };
}

/** One request, sent again at most once. Lets go of everything when it is done: see gateway/calls. */
class Call implements Sent {
  private replies: Replies | null;
  private outgoing: Outgoing | null;
  private connection: Connection | null = null;
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
    const { connection } = this;
    this.release();
    this.connection = null;
    connection?.destroy();
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
    const connection = base.connections.send(
      {
        method: outgoing.method,
        path: by === null ? path : `${base.remote.url.origin}${path}`,
        headers,
        body: outgoing.body,
      },
      {
        head: (answer) => this.answered(connection, answer, authorization),
        failed: (error) => this.broke(connection, error),
      },
    );
    this.connection = connection;
  }

  private answered(connection: Connection, response: HttpAnswer, shown: string | null): void {
    const { replies, outgoing } = this;
    if (replies === null || outgoing === null || connection !== this.connection) return response.destroy();
    const { status } = response;
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
    response: HttpAnswer,
    shown: string | null,
  ): Promise<void> {
    const { status } = response;
    const wwwAuthenticate = response.header('www-authenticate');
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
    this.connection = null;
    replies?.error(
      error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error }),
    );
  }

  private broke(connection: Connection, error: Error): void {
    const { replies, outgoing } = this;
    if (replies === null || outgoing === null || connection !== this.connection) return;
    const stale = connection.reused && isReset(error) && !this.base.closed;
    if (stale && !this.again && mayRepeat(outgoing)) {
      this.again = true;
      return this.start(outgoing, this.path);
    }
    this.release();
    this.connection = null;
    const { by, remote } = this.base;
    if (by !== null && !connection.reused && !isReset(error))
      return replies.error(unreachableProxy(by, error));
    replies.error(networkError(remote.where, error));
  }

  private release(): void {
    this.replies = null;
    this.outgoing = null;
  }
}

function targetOf(path: string, response: HttpAnswer, url: URL): URL | null {
  const location = response.header('location');
  if (location === null) return null;
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
  return isLost(codeOf(error));
}

/**
 * A connection that was lost before a byte of the answer came may have been closed for being idle, or because the
 * server fell over the request. Whatever only asks is asked again; a tool is never run twice.
 */
function mayRepeat(outgoing: Outgoing): boolean {
  return outgoing.body === null || scanMessage(outgoing.body).method !== 'tools/call';
}
