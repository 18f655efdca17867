/**
 * Requests to authorization servers: bounded in time and size, never over plain HTTP to another computer, and never
 * into this computer or its network at the word of a server elsewhere.
 */
import { forbiddenAddress } from './problems.ts';

/** Milliseconds for one answer. */
export const ANSWER_MS = 30_000;
/** Bytes of one answer. */
const MAX_BODY = 1024 * 1024;

/** The part of `fetch` that is used. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for what the server at `serverUrl` and its authorization server name. Rejects with
 * `signin.forbidden_address`, and as `fetch` does.
 */
export function guardedFetch(serverUrl: string, signal: AbortSignal, inner: Fetch = fetch): Fetch {
  const local = isInside(new URL(serverUrl).hostname);
  return async (url, init) => {
    const address = new URL(url);
    checkAddress(address, local);
    const { abort, done } = anyOf([AbortSignal.timeout(ANSWER_MS), signal]);
    try {
      return await bounded(await inner(address, { ...init, redirect: 'manual', signal: abort }));
    } finally {
      done();
    }
  };
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

/** True for this computer and for addresses that no other network has (RFC 1918, 3927, 4193, 4291). */
function isInside(hostname: string): boolean {
  if (isLoopback(hostname) || hostname === '0.0.0.0' || hostname === '[::]') return true;
  if (/^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.)/.test(hostname)) return true;
  return /^\[(f[cd]|fe[89ab]|::ffff:)/i.test(hostname);
}

/** The whole answer, or an error: a body without an end must not fill the memory. */
async function bounded(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  const body = status === 204 || status === 304 ? null : Buffer.concat(chunks);
  return new Response(body, { status, statusText, headers });
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
