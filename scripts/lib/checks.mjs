/**
 * The quick checks: types, lint, dead code, and the unit tests (the rules of the house among them). They run side by
 * side, as many as there are processors, and each tells in one line how it went; only what failed shows its output.
 */
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './places.mjs';
import { run } from './run.mjs';
import { say, stopwatch } from './say.mjs';
import { addCounts, noTests, runTests } from './tests.mjs';

/** @typedef {import('./tests.mjs').Counts} Counts */

const limitMs = 5 * 60_000;
/** The native compiler ends before it is worth while to collect its garbage; it saves a tenth of its processor time. */
const compiling = { GOGC: 'off', GOMEMLIMIT: '2GiB' };

/** @type {ReadonlyArray<{ name: string, module: string, args: readonly string[] }>} */
const tools = [
  {
    // All there is, the components among it, in one go of the native compiler. It takes one thread: several would check
    // what they share once each, and there is more to do than there are processors.
    name: 'types',
    module: 'svelte-check/bin/svelte-check',
    args: ['--tsgo', '--tsconfig', 'tsconfig.check.json', '--fail-on-warnings', '--no-color'],
  },
  {
    name: 'types of scripts',
    module: '@typescript/native/bin/tsc',
    args: ['--noEmit', '-p', 'scripts/tsconfig.json'],
  },
  {
    name: 'biome',
    module: '@biomejs/biome/bin/biome',
    args: ['check', '--colors=off', '--error-on-warnings'],
  },
  { name: 'knip', module: 'knip/bin/knip.js', args: ['--no-progress'] },
];

/**
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {import('./sandbox.mjs').Sandbox} options.sandbox
 * @returns {Promise<{ ok: boolean, counts: Counts }>}
 */
export async function runChecks({ signal, sandbox }) {
  let ok = true;
  let counts = noTests();
  // What svelte-check has made of components that are gone would be checked with the rest.
  rmSync(join(root, '.svelte-check'), { recursive: true, force: true });
  const unit = async () => {
    const took = stopwatch();
    const result = await runTests('unit', { signal, quiet: true, env: sandbox.env });
    counts = addCounts(counts, result.counts);
    report('unit tests', took(), result.ok, result.output);
    ok &&= result.ok;
  };
  const checks = tools.map((tool) => async () => {
    const took = stopwatch();
    const result = await run(process.execPath, [join(root, 'node_modules', tool.module), ...tool.args], {
      cwd: root,
      env: { ...process.env, ...compiling },
      timeoutMs: limitMs,
      signal,
    });
    report(tool.name, took(), result.code === 0, result.stdout + result.stderr);
    ok &&= result.code === 0;
  });
  // The longest first, so that it does not begin when the others are done.
  await inParallel([unit, ...checks], Math.max(2, availableParallelism()));
  return { ok, counts };
}

/**
 * @param {string} name
 * @param {string} took
 * @param {boolean} ok
 * @param {string} output
 */
function report(name, took, ok, output) {
  say(`  ${ok ? 'ok    ' : 'FAILED'} ${name} (${took})`);
  if (!ok) say(output.trimEnd());
}

/**
 * @param {ReadonlyArray<() => Promise<void>>} jobs
 * @param {number} width
 */
async function inParallel(jobs, width) {
  const waiting = [...jobs];
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: width }, worker));
}
