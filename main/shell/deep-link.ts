/**
 * Links from outside, `gatehouse://…`. Any page and any program can give one, so a link only ever opens a place in the
 * window, at most with an address filled in that somebody then reviews. It carries no command, no key and no decision.
 * Pure.
 */
import type { Events } from '../../preload/contract.ts';

/** Registered for the app where the system has such a register. */
export const linkScheme = 'gatehouse';

/** Characters of a link. */
const LONGEST = 2_000;
const PLAIN = /^gatehouse:\/\/[a-z]+(\/[\w.-]*)?(\?|$)/;
const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

/** A link that leads nowhere; the window says so. */
const NOWHERE: Events['navigate'] = { view: 'nowhere', server: null };

/**
 * Where a link leads. `gatehouse://open`, `servers`, `servers/NAME`, `approvals`, `activity`, `settings`, and
 * `add?url=https://…`, which fills in the address of a server. Anything else is nowhere; null is the window as it is.
 */
export function placeOfLink(link: string): Events['navigate'] | null {
  // As it is written: reading an address takes out dots and adds slashes.
  if (link.length > LONGEST || !PLAIN.test(link) || !URL.canParse(link)) return NOWHERE;
  const url = new URL(link);
  if (url.protocol !== `${linkScheme}:` || url.username !== '' || url.password !== '' || url.port !== '') {
    return NOWHERE;
  }
  const [view = '', ...rest] = [url.host, ...url.pathname.split('/')].filter((part) => part !== '');
  if (url.hash !== '' || (view !== 'add' && url.search !== '')) return NOWHERE;
  const [name] = rest;
  switch (view) {
    case 'open':
      return rest.length === 0 ? null : NOWHERE;
    case 'servers':
      if (name === undefined) return { view: 'servers', server: null };
      return rest.length === 1 && NAME.test(name) ? { view: 'server', server: name } : NOWHERE;
    case 'approvals':
    case 'activity':
    case 'settings':
      return rest.length === 0 ? { view, server: null } : NOWHERE;
    case 'add':
      return rest.length === 0 ? adding(url.searchParams) : NOWHERE;
    default:
      return NOWHERE;
  }
}

function adding(params: URLSearchParams): Events['navigate'] {
  const given = [...params];
  const [first] = given;
  if (first === undefined) return { view: 'add', server: null };
  const [key, address] = first;
  return given.length === 1 && key === 'url' && isPlainAddress(address)
    ? { view: 'add', server: null, paste: address }
    : NOWHERE;
}

/** https, and no place in it where a key could stand. */
function isPlainAddress(address: string): boolean {
  if (!/^https:\/\/[\x21-\x7e]+$/.test(address) || !URL.canParse(address)) return false;
  const url = new URL(address);
  const bare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return url.protocol === 'https:' && bare && /^[\w./:~-]+$/.test(address);
}
