/**
 * Who is here without a session: the bridges of stateless stdio clients each hold one request open on the private
 * socket. Counts like an open session, so that an app that was started for its clients stays as long as they do. Each
 * ends with its client, or with `close`.
 */
import type { ServerResponse } from 'node:http';

/** So many are counted; more than fit on one computer are a fault. */
const MOST = 1_000;

/** Those who are here. */
export interface Presence {
  /** Answers with a body that ends only with the client or with us. */
  attach(response: ServerResponse): void;
  readonly size: number;
  /** Idempotent. */
  close(): void;
}

/** `changed` is called whenever the number changes. */
export function createPresence(changed: () => void): Presence {
  const here = new Set<ServerResponse>();
  return {
    attach(response) {
      if (here.size >= MOST) {
        response.writeHead(503).end();
        return;
      }
      here.add(response);
      response.on('close', () => {
        if (here.delete(response)) changed();
      });
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
      response.flushHeaders();
      changed();
    },
    get size() {
      return here.size;
    },
    close() {
      for (const response of [...here]) response.end();
    },
  };
}
