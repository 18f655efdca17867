/**
 * The names under which clients see things of many servers side by side. A name tells its server, is the same on every
 * start, and never has to be taken apart: the view keeps a map.
 */
import { createHash } from 'node:crypto';

/** Model APIs refuse longer tool names. */
export const MAX_NAME = 64;

const SEPARATOR = '__';
const ALLOWED = /^[A-Za-z0-9_.-]+$/;
const HASH_CHARS = 8;
/** How short forms end, and nothing else: a tool cannot be named after the short form of another one. */
const SHORT_FORM = /_x[0-9a-f]{8}$/;

/** True for at most 64 characters of `[A-Za-z0-9_.-]`: what every client and every model API takes. */
export function fitsClients(name: string): boolean {
  return name.length <= MAX_NAME && ALLOWED.test(name);
}

/**
 * `server__name`, or a short form with a hash when that would be longer than 64 characters, leave `[A-Za-z0-9_.-]`,
 * or could be read as another server's name or as a short form. Different pairs give different names up to 32 bits of
 * hash; where two meet all the same, `attempt` (0 or more) gives the later one another name.
 */
export function exposedName(server: string, name: string, attempt = 0): string {
  const plain = server + SEPARATOR + name;
  if (
    attempt === 0 &&
    fitsClients(plain) &&
    plain.indexOf(SEPARATOR) === server.length &&
    !SHORT_FORM.test(plain)
  )
    return plain;
  const again = attempt === 0 ? '' : `\0${attempt}`;
  // UTF-16 tells halves of surrogate pairs apart; in UTF-8 they would all be one.
  const text = Buffer.from(`${server}\0${name}${again}`, 'utf16le');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARS);
  const clean = plain.slice(0, MAX_NAME - HASH_CHARS - 2).replace(/[^A-Za-z0-9_.-]/g, '_');
  return `${clean}_x${hash}`;
}
