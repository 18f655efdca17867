/**
 * Who asks the web admin: whether a request can come from its own page and nobody else's, from where it comes, and which
 * cookies it brings. Pure.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** The header that our page sets. Another site cannot, since nobody allows it in answer to a preflight. */
export const OWN_HEADER = 'gatehouse-admin';
/** Set by our page when a person has just done something there. */
export const PRESENT_HEADER = 'gatehouse-admin-present';

/** A cookie's value is longer than any of ours. */
const LONGEST_COOKIE = 200;

/**
 * Whether a request to the API comes from our page. Another port of the same computer is the same site for cookies, but
 * another origin, so the whole origin has to be ours. `writes` wants proof in any case; browsers send no `Origin` when
 * a page only reads from its own.
 */
export function isOurPage({ headers }: Pick<IncomingMessage, 'headers'>, writes: boolean): boolean {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  if (headers[OWN_HEADER] === undefined) return false;
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin === undefined) return !writes;
  return host !== undefined && originHost(origin) === host.toLowerCase();
}

/** Whether the page was loaded over TLS, as the browser itself says. */
export function isSecure({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.origin?.startsWith('https://') ?? false;
}

/** Whether it comes from a program on this computer, and not through a proxy that passes on what others ask. */
export function isNear({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
  if (passedOn.some((name) => headers[name] !== undefined)) return false;
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/** The value of a cookie, or null. A name that stands twice counts as none: one of them is not ours. */
export function cookieIn({ headers }: Pick<IncomingMessage, 'headers'>, name: string): string | null {
  const found = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  const [value] = found;
  return found.length !== 1 || value === undefined || value === '' || value.length > LONGEST_COOKIE
    ? null
    : value;
}

/** One of our cookies, as it is set: for the API alone, for no script, for no other site. */
export function cookieText(
  name: string,
  value: string,
  maxAgeSeconds: number | null,
  secure: boolean,
): string {
  const age = maxAgeSeconds === null ? '' : `; Max-Age=${maxAgeSeconds}`;
  return `${name}=${value}; Path=/admin/api; HttpOnly; SameSite=Strict${age}${secure ? '; Secure' : ''}`;
}

function originHost(origin: string): string | null {
  try {
    const { protocol, host } = new URL(origin);
    return protocol === 'http:' || protocol === 'https:' ? host : null;
  } catch {
    return null;
  }
}
