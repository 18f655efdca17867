/**
 * Requests to authorization servers: bounded in time and size, never over plain HTTP to another computer, and never
 * into this computer or its network at the word of a server elsewhere.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import { exchange } from '../../protocol/exchange.ts';
import { createPublicCheck } from '../../protocol/public-addresses.ts';
import type { OAuthTarget } from './ports.ts';
import { forbiddenAddress } from './problems.ts';

/** Milliseconds for one answer. */
export const ANSWER_MS = 30_000;
/** The part of `fetch` that is used. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** A request that a server's target allows, and the way that it takes. */
type Reach = Pick<OAuthTarget, 'url' | 'wayTo'>;

/**
 * A `fetch` for what a server and its authorization server name. Rejects with `signin.forbidden_address`, with what
 * `wayTo` throws, and as `fetch` does. `inner` makes the requests instead.
 */
export function guardedFetch(target: Reach, signal: AbortSignal, inner: Fetch = plainFetch(target)): Fetch {
  const local = isInside(new URL(target.url).hostname);
  return async (url, init) => {
    const address = new URL(url);
    checkAddress(address, local);
    const { abort, done } = anyOf([AbortSignal.timeout(ANSWER_MS), signal]);
    try {
      return await inner(address, { ...init, redirect: 'manual', signal: abort });
    } finally {
      done();
    }
  };
}

/** `fetch` by the way that the target says: without redirections, and with whole answers of at most 1 MiB. */
export function plainFetch({ wayTo }: Pick<Reach, 'wayTo'>): Fetch {
  return async (url, init) => {
    const address = new URL(url);
    const way = wayTo(address);
    const headers = new Headers(init?.headers);
    const body = init?.body == null ? null : String(init.body);
    if (init?.body instanceof URLSearchParams && !headers.has('content-type')) {
      headers.set('Content-Type', 'application/x-www-form-urlencoded');
    }
    const asked = { method: init?.method ?? 'GET', url: address.href, headers: [...headers], body, way };
    const signal = init?.signal ?? new AbortController().signal;
    let answer: Awaited<ReturnType<typeof exchange>>;
    try {
      answer = await exchange(asked, { http, https, net, tls }, signal);
    } catch (cause) {
      // What `fetch` throws: the SDK tells by it that nothing was answered.
      throw new TypeError('no answer', { cause });
    }
    return responseOf(answer);
  };
}

function responseOf({ status, headers, body }: Awaited<ReturnType<typeof exchange>>): Response {
  // Others `Response` does not take; none of them is an answer that we could use.
  const shown = status >= 200 && status <= 599 ? status : 502;
  return new Response([204, 205, 304].includes(shown) ? null : body, {
    status: shown,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}

/** Throws `signin.forbidden_address` for an address that must not be asked. `local` is true for servers on this side. */
export function checkAddress(address: URL, local: boolean): void {
  const { protocol, hostname } = address;
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname))) {
    throw forbiddenAddress(`${address.protocol}//${address.host} is not encrypted`);
  }
  if (!local && isInside(hostname))
    throw forbiddenAddress(`${address.host} is on this computer or its network`);
}

/** True for this computer. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** True for this computer, and for every address that is not on the public internet. */
function isInside(hostname: string): boolean {
  // A name that ends with a dot is the same one.
  const name = hostname.replace(/\.+$/, '');
  if (isLoopback(name)) return true;
  const address = name.replace(/^\[|\]$/g, '');
  return net.isIP(address) !== 0 && !createPublicCheck()(address);
}

/** `AbortSignal.any` is newer than the oldest Node that this runs in. `done` lets go of the signals. */
function anyOf(signals: readonly AbortSignal[]): { readonly abort: AbortSignal; done(): void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  for (const signal of signals) {
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  }
  return {
    abort: controller.signal,
    done() {
      for (const signal of signals) signal.removeEventListener('abort', stop);
    },
  };
}
