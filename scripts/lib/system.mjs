/**
 * Libraries and programs of the system that npm cannot bring: what Electron links to, and for the tests a screenless X
 * server and a keyring. Looks for the files themselves, which takes milliseconds and works on every distribution;
 * installs with apt where that is there and the user may, else names the one command to run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';
import { say, stopwatch } from './say.mjs';

/**
 * @typedef {object} Need
 * @property {string} file a library, a program, or a path
 * @property {string} packages the Debian packages that bring it
 * @property {boolean} [optional] loaded when there: without it the app starts, but lacks something
 */

/** What an Electron window needs. */
const forElectron = [
  { file: 'libgtk-3.so.0', packages: 'libgtk-3-0' },
  { file: 'libnss3.so', packages: 'libnss3' },
  { file: 'libasound.so.2', packages: 'libasound2' },
  { file: 'libgbm.so.1', packages: 'libgbm1' },
  { file: 'libdrm.so.2', packages: 'libdrm2' },
  { file: 'libxkbcommon.so.0', packages: 'libxkbcommon0' },
  { file: 'libatspi.so.0', packages: 'libatspi2.0-0' },
  { file: 'libcups.so.2', packages: 'libcups2' },
  { file: 'libXss.so.1', packages: 'libxss1', optional: true },
  { file: 'libnotify.so.4', packages: 'libnotify4', optional: true },
  { file: 'libsecret-1.so.0', packages: 'libsecret-1-0', optional: true },
];

/** What the tests need besides: a display, a session bus, a keyring, letters to draw, a browser, and containers. */
const forTests = [
  { file: 'Xvfb', packages: 'xvfb' },
  { file: 'dbus-daemon', packages: 'dbus' },
  { file: 'gnome-keyring-daemon', packages: 'gnome-keyring' },
  { file: '/usr/share/fonts/truetype', packages: 'fonts-dejavu-core' },
  // A browser that signs in.
  { file: 'chromium', packages: 'chromium', optional: true },
  // A container engine, and what its images and its network are made of.
  { file: 'dockerd', packages: 'docker.io', optional: true },
  { file: 'iptables', packages: 'iptables', optional: true },
  { file: 'ip', packages: 'iproute2', optional: true },
  { file: 'busybox', packages: 'busybox-static', optional: true },
];

/** @type {Record<'start' | 'test', readonly Need[]>} */
const sets = { start: forElectron, test: [...forElectron, ...forTests] };

const installMs = 5 * 60_000;
const attempts = 4;

/**
 * Makes sure that everything in the set is there; says what it installed.
 * @param {'start' | 'test'} set
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>} whether all that is not optional is there now; what is missing has been said
 */
export async function ensureSystem(set, signal) {
  if (process.platform !== 'linux') return true;
  const before = missing(sets[set]);
  if (before.length === 0) return true;
  if (findProgram('apt-get') === null) {
    say(
      `This system lacks ${before.map((need) => need.file).join(', ')}; install them with your package manager.`,
    );
    return sufficient(before);
  }
  if (process.getuid?.() !== 0) {
    say(`This system lacks ${before.map((need) => need.file).join(', ')}. Run this once, then try again:`);
    say(`  sudo apt-get install --no-install-recommends ${before.map((need) => need.packages).join(' ')}`);
    return sufficient(before);
  }
  return withLock('system-packages', () => install(set, signal));
}

/**
 * @param {'start' | 'test'} set
 * @param {AbortSignal} [signal]
 */
async function install(set, signal) {
  const wanted = missing(sets[set]);
  if (wanted.length === 0) return true;
  const packages = wanted.map((need) => need.packages).join(' ');
  say(`system packages: installing ${packages} ...`);
  const took = stopwatch();
  let reason = '';
  for (let attempt = 1; attempt <= attempts && !signal?.aborted; attempt++) {
    if (attempt > 1) await pause(3000 * attempt);
    // Mirrors drop old versions, so lists that are not fresh name files that are gone.
    // One source of many that does not answer is no reason to give up: the packages may come from the others.
    const updated = await apt(['update', '-qq'], signal);
    const names = await Promise.all(wanted.flatMap((need) => need.packages.split(' ')).map(nameHere));
    reason =
      (await apt(['install', '-y', '-qq', '--no-install-recommends', ...new Set(names)], signal)) ?? '';
    if (reason === '') break;
    reason = [updated, reason].filter(Boolean).join(' ');
  }
  const still = missing(sets[set]);
  if (still.length === 0) {
    say(`system packages: ${wanted.length} installed in ${took()}`);
    return true;
  }
  say(`system packages: ${still.map((need) => need.packages).join(' ')} could not be installed. ${reason}`);
  return sufficient(still);
}

/** @param {readonly Need[]} lacking */
function sufficient(lacking) {
  return lacking.every((need) => need.optional);
}

/**
 * Runs apt-get; waits for a lock that another apt holds.
 * @param {readonly string[]} args
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | null>} why it failed
 */
async function apt(args, signal) {
  const options = [
    '-o',
    'DPkg::Lock::Timeout=120',
    '-o',
    'Acquire::Retries=3',
    '-o',
    'Acquire::http::Timeout=30',
  ];
  const result = await run('apt-get', [...options, ...args], {
    env: { ...process.env, PATH: systemPath(), DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    timeoutMs: installMs,
    ...(signal ? { signal } : {}),
  });
  if (result.code === 0) return null;
  const lines = `${result.stderr}`.split('\n').filter((line) => /^[EW]:/.test(line));
  return lines.slice(-2).join(' ') || `apt-get ${args[0]} ended with ${result.code}`;
}

/**
 * Newer releases carry 64-bit time in the names of some libraries (libgtk-3-0t64), and the old name of libasound2
 * cannot be installed there.
 * @param {string} name
 */
async function nameHere(name) {
  const renamed = await run('apt-cache', ['show', '--no-all-versions', `${name}t64`], { timeoutMs: 20_000 });
  return renamed.code === 0 && renamed.stdout !== '' ? `${name}t64` : name;
}

/**
 * @param {readonly Need[]} needs
 * @returns {Need[]}
 */
function missing(needs) {
  const folders = libraryFolders();
  return needs.filter(({ file }) => {
    if (file.startsWith('/')) return !existsSync(file);
    if (file.includes('.so')) return !folders.some((folder) => existsSync(join(folder, file)));
    return findProgram(file) === null;
  });
}

/** @type {Partial<Record<NodeJS.Architecture, string>>} */
const triplets = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu', arm: 'arm-linux-gnueabihf' };

/** Where the loader looks, without running ldconfig. */
function libraryFolders() {
  const folders = ['/lib', '/usr/lib', '/lib64', '/usr/lib64', '/usr/local/lib'];
  const triplet = triplets[process.arch];
  if (triplet) folders.push(`/lib/${triplet}`, `/usr/lib/${triplet}`, `/usr/local/lib/${triplet}`);
  try {
    for (const name of readdirSync('/etc/ld.so.conf.d')) {
      folders.push(
        ...readFileSync(join('/etc/ld.so.conf.d', name), 'utf8')
          .split('\n')
          .filter((line) => line.startsWith('/')),
      );
    }
  } catch {
    // Not every distribution has it.
  }
  return folders;
}

/** Programs of the system, which a bare PATH may not name. */
function systemPath() {
  return [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin']
    .filter(Boolean)
    .join(delimiter);
}

/**
 * @param {string} name
 * @returns {string | null}
 */
function findProgram(name) {
  const folder = systemPath()
    .split(delimiter)
    .find((dir) => existsSync(join(dir, name)));
  return folder === undefined ? null : join(folder, name);
}
