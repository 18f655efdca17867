/**
 * The runtime of this checkout: which Electron, and how to start it on this checkout's app. The facts are written to
 * `node_modules/.cache/gatehouse/electron.json`, from where the end-to-end tests take them.
 *
 * A dist without `default_app.asar` ignores an app path on its command line, so it gets a folder of its own, in which
 * `resources/app` points to the checkout: made of hard links where it can be, so it costs no space.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sandboxState } from './chromium-sandbox.mjs';
import { findElectron } from './electron-dist.mjs';
import { checkoutCache, root } from './places.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable absolute
 * @property {string[]} args what comes first on its command line
 * @property {string} dist the untouched folder, for electron-builder
 * @property {string} version
 * @property {'override' | 'official' | 'fallback'} source
 * @property {import('./chromium-sandbox.mjs').SandboxState} sandbox whether its pages can be put into a sandbox here
 */

const factsFile = join(checkoutCache, 'electron.json');

/**
 * Finds Electron and prepares it for this checkout.
 * @param {AbortSignal} [signal]
 * @returns {Promise<ElectronRuntime | null>} null when there is none for this computer; the reason has been said
 */
export async function prepareElectron(signal) {
  const dist = await findElectron(signal);
  mkdirSync(checkoutCache, { recursive: true });
  if (dist === null) {
    rmSync(factsFile, { force: true });
    return null;
  }
  const direct = existsSync(join(dist.dir, 'resources', 'default_app.asar')) || process.platform !== 'linux';
  /** @type {ElectronRuntime} */
  const runtime = {
    executable: join(direct ? dist.dir : runtimeFolder(dist.dir, dist.version), dist.executable),
    args: direct ? [root] : [],
    dist: dist.dir,
    version: dist.version,
    source: dist.source,
    sandbox: await sandboxState(dist.dir),
  };
  const facts = JSON.stringify(runtime, null, 2);
  if (!existsSync(factsFile) || readFileSync(factsFile, 'utf8') !== facts) {
    await warnOfMissingLibraries(join(dist.dir, dist.executable));
    writeFileSync(factsFile, facts);
  }
  return runtime;
}

/**
 * The folder that holds the dist with `resources/app` pointing here; made when missing or for another dist.
 * @param {string} dist
 * @param {string} version
 */
function runtimeFolder(dist, version) {
  const target = join(checkoutCache, 'electron-runtime');
  const mark = JSON.stringify({ dist, version, root });
  const markFile = join(target, 'made-from.json');
  if (existsSync(markFile) && readFileSync(markFile, 'utf8') === mark) return target;
  mkdirSync(checkoutCache, { recursive: true });
  const temp = mkdtempSync(join(checkoutCache, 'electron-runtime-'));
  linkTree(dist, temp);
  mkdirSync(join(temp, 'resources'), { recursive: true });
  symlinkSync(root, join(temp, 'resources', 'app'));
  writeFileSync(join(temp, 'made-from.json'), mark);
  rmSync(target, { recursive: true, force: true });
  renameSync(temp, target);
  return target;
}

/**
 * @param {string} from
 * @param {string} to an existing folder
 */
function linkTree(from, to) {
  for (const entry of readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const source = join(entry.parentPath ?? entry.path, entry.name);
    const target = join(to, source.slice(from.length + 1));
    mkdirSync(dirname(target), { recursive: true });
    try {
      linkSync(source, target);
    } catch {
      // Another file system, or links are not allowed here.
      copyFileSync(source, target, constants.COPYFILE_FICLONE);
    }
  }
}

/** @param {string} executable */
async function warnOfMissingLibraries(executable) {
  if (process.platform !== 'linux') return;
  const { code, stdout } = await run('ldd', [executable], { timeoutMs: 10_000 });
  const missing =
    code === 0 ? [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1]) : [];
  if (missing.length > 0) say(`Electron will not start: this system lacks ${missing.join(', ')}.`);
}
