/**
 * A remote server as configured: its address and the headers that every request to it carries. Pure; what is secret in
 * either never gets into a text.
 */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { GatehouseError } from '../protocol/error.ts';
import { proxyFor, type WebProxy } from './http-proxy.ts';
import type { Credentials } from './ports.ts';

/** Where a remote server is and what it is shown. */
export interface HttpTarget {
  /** An http or https address. */
  readonly url: string;
  /** Header values by name, every reference in them already resolved. */
  readonly headers: Readonly<Record<string, string>>;
  /** What requests show besides; only where no `Authorization` is configured. */
  readonly credentials?: Credentials | null;
  /** Aborting closes the link, also while it opens. */
  readonly signal?: AbortSignal;
  /** How its certificate is looked at; without it, by the authorities of this computer. */
  readonly tls?: Trust;
  /** The environment that may name a proxy; without it there is none. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Whose certificates are accepted. */
export interface Trust {
  /** False accepts any: whoever stands between can read and change everything. */
  readonly verify: boolean;
  /** PEM certificates of authorities, beside those of this computer; null for none. */
  readonly authorities: string | null;
}

/** A target that was looked at: it can be asked. */
export interface Remote {
  readonly url: URL;
  /** The configured headers as names and values in turn, `Host` and `User-Agent` among them. */
  readonly headers: readonly string[];
  readonly credentials: Credentials | null;
  /** The address as texts may show it: origin and path, long path segments left out. */
  readonly where: string;
  readonly tls: Trust;
  readonly proxy: WebProxy | null;
  /** The text without configured header values and query values. */
  redact(text: string): string;
}

/** What the transport itself says; a configured header of this name would contradict it. */
const OURS = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** Some services put a key into the path; names that people give are shorter. */
const LONGEST_SHOWN_SEGMENT = 24;
/** Shorter values would make holes in ordinary words. */
const SHORTEST_SECRET = 6;
const SCHEME = /^(?:bearer|digest)$/i;

/**
 * Looks at the target. Throws `upstream.bad_url`, `upstream.bad_header` or `upstream.proxy_failed`. Headers of the transport
 * are left out.
 */
export function readTarget(target: Omit<HttpTarget, 'signal'>): Remote {
  const url = readUrl(target.url);
  const headers: string[] = [];
  const secrets = new Set<string>();
  const names = new Set<string>();
  for (const [name, value] of Object.entries(target.headers)) {
    checkHeader(name, value);
    const lower = name.toLowerCase();
    if (OURS.has(lower)) continue;
    if (names.has(lower)) throw badHeader(name, 'occurs twice');
    names.add(lower);
    headers.push(name, value);
    secrets.add(value);
    for (const word of value.split(/[\s=;,]+/)) {
      if (!SCHEME.test(word)) secrets.add(word);
    }
  }
  if (url.username !== '' || url.password !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const basic = Buffer.from(pair, 'utf8').toString('base64');
    secrets.add(basic).add(decodeURIComponent(url.password)).add(url.password);
    if (!names.has('authorization')) headers.push('Authorization', `Basic ${basic}`);
    names.add('authorization');
    url.username = '';
    url.password = '';
  }
  if (!names.has('host')) headers.push('Host', url.host);
  if (!names.has('user-agent')) headers.push('User-Agent', 'gatehouse');
  secrets.add(url.search.slice(1));
  for (const value of url.searchParams.values()) secrets.add(value).add(encodeURIComponent(value));
  // The longest first: a part of a secret must not keep the whole from being found.
  const hidden = [...secrets]
    .filter((value) => value.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return {
    url,
    headers,
    credentials: names.has('authorization') ? null : (target.credentials ?? null),
    where: shownAddress(url),
    tls: target.tls ?? { verify: true, authorities: null },
    proxy: target.env === undefined ? null : proxyFor(url, target.env),
    redact: (text) => hidden.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text),
  };
}

/** Origin and path of an address, long path segments left out. */
export function shownAddress(url: URL): string {
  const path = url.pathname
    .split('/')
    .map((segment) => (segment.length > LONGEST_SHOWN_SEGMENT ? '…' : segment))
    .join('/');
  return `${url.origin}${path}`;
}

function readUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
    // Throws where an escape in it cannot be read.
    decodeURIComponent(`${url.username}${url.password}`);
  } catch {
    throw badUrl('It cannot be read as an address');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badUrl(`It begins with "${url.protocol.slice(0, 20)}"`);
  }
  url.hash = '';
  return url;
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
  } catch {
    throw badHeader(name, 'is no header name');
  }
  try {
    validateHeaderValue(name, value);
  } catch {
    throw badHeader(name, 'has a value with characters that no header can have');
  }
}

function badUrl(why: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_url',
    message: 'The address of the server cannot be used. {why}.',
    remedy: 'Correct "url" in the configuration; it begins with http:// or https://.',
    values: { why },
  });
}

function badHeader(name: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_header',
    message: 'The header {header} {why}.',
    remedy: 'Correct "headers" in the configuration, or the secret that it names.',
    values: { header: JSON.stringify(name.slice(0, 60)), why },
  });
}
