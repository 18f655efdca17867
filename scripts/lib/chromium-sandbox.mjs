/**
 * Whether Chromium can put its pages into a sandbox here. It refuses to start when it cannot, unless told to go without.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** @typedef {'works' | 'root' | 'forbidden'} SandboxState `root`: the user is root, for whom there is none */

/**
 * Others than root need user namespaces, or a helper that belongs to root.
 * @param {string} dist the folder with Electron
 * @returns {Promise<SandboxState>}
 */
export async function sandboxState(dist) {
  if (process.platform !== 'linux') return 'works';
  if (process.getuid?.() === 0) return 'root';
  const helper = statSync(join(dist, 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return 'works';
  // There the namespace can be made, but nothing can be done in it.
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') return 'forbidden';
  const tried = await run('unshare', ['--user', 'true'], { timeoutMs: 5000 });
  return tried.code === 0 || tried.code === 127 ? 'works' : 'forbidden';
}

/** @param {string} name */
function setting(name) {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return null;
  }
}
