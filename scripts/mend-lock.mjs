/**
 * `node scripts/mend-lock.mjs`: adds to package-lock.json the optional packages of other systems that npm left out.
 *
 * A registry mirror may lack packages for systems that nobody there uses. npm then writes a lock file without them, and
 * `npm ci` refuses that file as incomplete. The entries made here carry the version that the parent pins and the system
 * that the name tells; the integrity is filled in by the next `npm install` that can see the package.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/places.mjs';

/**
 * @typedef {object} Locked
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {Record<string, string>} [optionalDependencies]
 */

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
/** @type {Record<string, Locked>} */
const packages = lock.packages;

const missing = Object.entries(packages).flatMap(([path, entry]) =>
  Object.entries(entry.optionalDependencies ?? {})
    .filter(([name]) => !isThere(path, name))
    .map(([name, version]) => ({ name, version, dev: entry.dev === true })),
);
for (const { name, version, dev } of missing) packages[`node_modules/${name}`] = entryFor(name, version, dev);
const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
if (missing.length > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${missing.length} entries added to package-lock.json`);

/**
 * Looks where Node would: beside the package, then in each folder above.
 * @param {string} path of the package that wants it
 * @param {string} name
 */
function isThere(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in packages) return true;
    if (at === '') return false;
  }
}

/**
 * @param {string} name such as `@scope/binding-linux-arm64-musl`
 * @param {string} version
 * @param {boolean} dev
 */
function entryFor(name, version, dev) {
  const match =
    /(android|darwin|freebsd|linux|openharmony|win32)-(arm64|arm|ia32|ppc64|riscv64|s390x|x64)/.exec(name);
  if (match === null) throw new Error(`${name}@${version} does not tell its system; add it by hand.`);
  const [, os, cpu] = match;
  const libc = os !== 'linux' ? {} : { libc: [name.includes('musl') ? 'musl' : 'glibc'] };
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [os] };
}
