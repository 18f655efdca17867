/**
 * Makes a fresh clone ready: packages, system libraries, the Electron runtime, the git hooks. Takes no noticeable time
 * when all is there, and then says nothing.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareElectron } from './electron-runtime.mjs';
import { installPackages } from './packages.mjs';
import { root } from './places.mjs';
import { run } from './run.mjs';
import { ensureSystem } from './system.mjs';

/**
 * @param {object} options
 * @param {'start' | 'test' | 'none'} options.system which system libraries are needed
 * @param {boolean} options.electron whether Electron is needed
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<{ electron: import('./electron-runtime.mjs').ElectronRuntime | null }>} no Electron when it was not
 *   asked for, or when it (or what it needs) cannot be had here; the reason has been said
 */
export async function setup({ system, electron, signal }) {
  // apt and npm wait for different hosts most of the time.
  const [systemReady] = await Promise.all([
    system === 'none' ? true : ensureSystem(system, signal),
    installPackages(signal),
    useHooks(),
  ]);
  const runtime = electron && systemReady ? await prepareElectron(signal) : null;
  return { electron: runtime };
}

/** The commit hook of this checkout, unless the developer has chosen other hooks. */
async function useHooks() {
  if (!existsSync(join(root, '.git')) || !existsSync(join(root, '.githooks'))) return;
  const current = await run('git', ['config', 'core.hooksPath'], { cwd: root, timeoutMs: 5000 });
  if (current.code === 1)
    await run('git', ['config', 'core.hooksPath', '.githooks'], { cwd: root, timeoutMs: 5000 });
}
