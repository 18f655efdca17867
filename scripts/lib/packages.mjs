/**
 * The npm packages: `npm ci` when what is installed is not what package-lock.json says.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from './lock.mjs';
import { checkoutId, root } from './places.mjs';
import { npmCommand, run } from './run.mjs';
import { say, stopwatch, Trouble } from './say.mjs';

const installMs = 10 * 60_000;
const attempts = 3;
/** What npm writes when the network, not the lock file, is at fault. */
const transient = /ECONN|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ERR_SOCKET|network|50[0-9] /i;

/**
 * @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], link?: boolean }} LockedPackage
 */

/**
 * Installs the packages when needed; says so in one line.
 * @param {AbortSignal} [signal]
 */
export async function installPackages(signal) {
  if (installed()) return;
  await withLock(`${checkoutId}-packages`, async () => {
    if (installed()) return;
    say('npm packages: installing ...');
    const took = stopwatch();
    const npm = npmCommand();
    for (let attempt = 1; ; attempt++) {
      const args = [...npm.args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      const result = await run(npm.command, args, {
        cwd: root,
        timeoutMs: installMs,
        ...(signal ? { signal } : {}),
      });
      if (result.code === 0) break;
      const text = result.stderr.trim();
      if (signal?.aborted || attempt === attempts || !transient.test(text)) {
        throw new Trouble(`npm packages: npm ci failed${result.timedOut ? ' (took too long)' : ''}\n${text}`);
      }
      say(`npm packages: the network failed, trying again (${attempt + 1} of ${attempts})`);
      await pause(2000 * attempt);
    }
    say(`npm packages: ${Object.keys(packagesOf(hiddenLock)).length} installed in ${took()}`);
  });
}

/** npm writes this at the very end of an installation: what is really in node_modules. */
const hiddenLock = join(root, 'node_modules', '.package-lock.json');

/** Whether node_modules holds what the lock file asks for. */
function installed() {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const there = packagesOf(hiddenLock);
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || there[path]?.version === entry.version || (there[path] === undefined && entry.optional),
  );
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
}
