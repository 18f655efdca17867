/**
 * Where the browser comes back to: a listener on this computer alone, for one sign-in (RFC 8252 section 7.3). It answers
 * only to the `state` of this sign-in, so that no other page can end it. Ends with `close`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../protocol/clock.ts';
import { pageWordsFor } from '../page-language.ts';
import { type Outcome, PAGE_HEADERS, renderPage } from './page.ts';

/** Milliseconds for the browser to fetch the last page before the listener goes. */
const LAST_PAGE_MS = 3_000;

/** What the browser brought. */
export type Answer = URLSearchParams;

/** An open listener. */
export interface Callback {
  readonly port: number;
  /** Settles when the browser has come back. Never rejects. */
  readonly answer: Promise<Answer>;
  /** Tells the browser how it went, and closes when it has heard. */
  finish(outcome: Outcome): void;
  /** Idempotent. */
  close(): void;
}

/** Where to listen, and for what. */
export interface CallbackOptions {
  readonly clock: Clock;
  /** 0 takes a free one. */
  readonly port: number;
  readonly path: string;
  readonly state: string;
}

/** Listens. Rejects with the system's error, for example `EADDRINUSE`. */
export async function openCallback(options: CallbackOptions): Promise<Callback> {
  const { clock, path, state } = options;
  let answered: (answer: Answer) => void = () => undefined;
  const answer = new Promise<Answer>((resolve) => {
    answered = resolve;
  });
  let outcome: Outcome | null = null;
  /** Browsers that have come back and wait for the outcome. */
  const waiting = new Set<ServerResponse>();
  let cancel: () => void = () => undefined;

  const show = (request: IncomingMessage, response: ServerResponse, status: number, page: Outcome): void => {
    response.writeHead(status, { ...PAGE_HEADERS, Connection: 'close' });
    response.end(renderPage(page, pageWordsFor(request.headers['accept-language'])));
  };
  const close = (): void => {
    cancel();
    server.close();
    server.closeAllConnections();
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const target = request.url ?? '/';
    // Whoever may connect may write what is no address at all.
    if (!URL.canParse(target, 'http://localhost')) return void response.writeHead(404).end();
    const url = new URL(target, 'http://localhost');
    // Another name that leads here is a page elsewhere that reaches into this computer.
    if (!isOwnHost(request.headers.host, server)) return void response.writeHead(421).end();
    if (request.method !== 'GET') return void response.writeHead(405).end();
    // The address with the code in it does not stay in the browser.
    if (url.pathname === `${path}/done` && outcome !== null) {
      response.on('close', close);
      return show(request, response, 200, outcome);
    }
    if (url.pathname !== path) return void response.writeHead(404).end();
    if (url.searchParams.get('state') !== state) {
      return show(request, response, 400, { kind: 'unknown' });
    }
    if (outcome !== null) return goOn(response);
    waiting.add(response);
    response.on('close', () => waiting.delete(response));
    answered(url.searchParams);
  };
  const goOn = (response: ServerResponse): void => {
    response.writeHead(303, {
      Location: `${path}/done`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      Connection: 'close',
    });
    response.end();
  };
  const server = createServer({ maxHeaderSize: 64 * 1024 }, handle);
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: options.port, exclusive: true }, resolve);
  });
  server.on('error', () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    answer,
    finish(page) {
      outcome = page;
      for (const response of [...waiting]) goOn(response);
      cancel = clock.after(LAST_PAGE_MS, close);
    },
    close,
  };
}

function isOwnHost(host: string | undefined, server: Server): boolean {
  const { port } = server.address() as AddressInfo;
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}
