/**
 * Runs one kind of vitest tests in a process of its own and brings back what it counted.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutCache, root } from './places.mjs';
import { run } from './run.mjs';

/** @typedef {{ passed: number, failed: number, skipped: Array<{ name: string, reason: string }> }} Counts */

const runner = fileURLToPath(new URL('vitest-child.mjs', import.meta.url));
/** Says little, and without colors: the output is shown only when something fails. */
const quietly = { GATEHOUSE_TEST_REPORTER: 'dot', NO_COLOR: '1' };
const limitMs = 9 * 60_000;

/** @returns {Counts} */
export function noTests() {
  return { passed: 0, failed: 0, skipped: [] };
}

/**
 * @param {Counts} a
 * @param {Counts} b
 * @returns {Counts}
 */
export function addCounts(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] };
}

/**
 * @param {'unit' | 'integration' | 'containers*' | 'load' | 'e2e*'} project with a star: those that run two at a time, then those that run alone
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {boolean} [options.quiet] keeps the output back and gives it in the result
 * @param {NodeJS.ProcessEnv} [options.env] the whole environment; the script's own when left out
 * @param {readonly string[]} [options.filters] only test files whose path contains one of them
 * @returns {Promise<{ ok: boolean, counts: Counts, output: string }>} `ok` is false as well when tests could not run
 */
export async function runTests(project, { signal, quiet = false, env = process.env, filters = [] }) {
  mkdirSync(checkoutCache, { recursive: true });
  const dir = mkdtempSync(join(checkoutCache, 'results-'));
  const file = join(dir, 'results.json');
  try {
    const result = await run(process.execPath, [runner, project, file, ...filters], {
      cwd: root,
      env: { ...env, CI: 'true', ...(quiet ? quietly : {}) },
      timeoutMs: limitMs,
      signal,
      output: quiet ? 'collect' : 'inherit',
    });
    // What was stopped has not failed.
    if (signal.aborted) return { ok: false, counts: noTests(), output: '' };
    const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { ...noTests(), failed: 1 };
    return { ok: result.code === 0 && counts.failed === 0, counts, output: result.stdout + result.stderr };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
