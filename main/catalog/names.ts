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

/**
 * `server__name`, or a short form with a hash when that would be longer than 64 characters, leave `[A-Za-z0-9_.-]`,
 * or could be read as another server's name. Different pairs give different names (up to 32 bits of hash).
 */
export function exposedName(server: string, name: string): string {
  const plain = server + SEPARATOR + name;
  if (plain.length <= MAX_NAME && ALLOWED.test(plain) && plain.indexOf(SEPARATOR) === server.length)
    return plain;
  const hash = createHash('sha256').update(`${server}\0${name}`).digest('hex').slice(0, HASH_CHARS);
  const clean = plain.replace(/[^A-Za-z0-9_.-]/g, '_');
  return `${clean.slice(0, MAX_NAME - HASH_CHARS - 1)}_${hash}`;
}
