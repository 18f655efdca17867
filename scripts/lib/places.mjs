/**
 * Where the scripts keep things: the checkout, what belongs to this checkout alone, and the cache that all checkouts
 * of this user share. Runs before `npm ci`, so it uses Node only.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Kept with the packages: `npm ci` throws it away, and everything in it can be made again. */
export const checkoutCache = join(root, 'node_modules', '.cache', 'gatehouse');

/** A short name for this checkout, for files that live outside it. */
export const checkoutId = createHash('sha256').update(root).digest('hex').slice(0, 12);

/**
 * The cache shared by all checkouts of this user; made when missing.
 * @returns {string}
 */
export function sharedCache() {
  const dir = join(cacheHome(), 'gatehouse');
  mkdirSync(dir, { recursive: true });
  return dir;
}

/** @returns {string} */
function cacheHome() {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (xdg?.startsWith('/')) return xdg;
  if (process.platform === 'win32' && local) return local;
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
}
