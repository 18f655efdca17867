/**
 * The stages of `npm test`, in their order. Each gives whether it went well, and what its tests counted.
 */
import { build } from './build.mjs';
import { runChecks } from './checks.mjs';
import { packageApp } from './package.mjs';
import { say } from './say.mjs';
import { setup } from './setup.mjs';
import { noTests, runTests } from './tests.mjs';

/** @typedef {import('./tests.mjs').Counts} Counts */
/** @typedef {{ ok: boolean, counts: Counts }} Outcome */

/**
 * @typedef {object} Run what the stages of one run share
 * @property {AbortSignal} signal
 * @property {import('./sandbox.mjs').Sandbox} sandbox
 * @property {readonly string[]} filters only test files whose path contains one of them
 * @property {import('./electron-runtime.mjs').ElectronRuntime | null} electron found by the first stage
 */

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} needs the stages that must have run before it
 * @property {boolean} inFull whether a run without arguments has it
 * @property {(run: Run) => Promise<Outcome>} work
 */

/** @type {readonly Stage[]} */
export const stages = [
  {
    name: 'setup',
    needs: [],
    inFull: true,
    work: async (run) => {
      run.electron = (await setup({ system: 'test', electron: true, signal: run.signal })).electron;
      if (run.electron?.sandbox === 'forbidden') {
        say('This system forbids the Chromium sandbox; the tests go without it (--no-sandbox).');
      }
      return { ok: true, counts: noTests() };
    },
  },
  { name: 'check', needs: ['setup'], inFull: true, work: (run) => runChecks(run) },
  // A part of `check`, for those who want only that.
  { name: 'unit', needs: ['setup'], inFull: false, work: (run) => vitest('unit', run, {}) },
  {
    name: 'build',
    needs: ['setup'],
    inFull: true,
    work: async () => {
      await build();
      return { ok: true, counts: noTests() };
    },
  },
  {
    name: 'integration',
    needs: ['setup', 'build'],
    inFull: true,
    work: (run) => vitest('integration', run, {}),
  },
  {
    name: 'conformance',
    needs: ['setup', 'build'],
    inFull: true,
    work: conform,
  },
  // Times are measured at its end: nothing may run beside it.
  {
    name: 'containers',
    needs: ['setup', 'build'],
    inFull: true,
    work: (run) => vitest('containers*', run, {}),
  },
  // A minute of full load: nothing else may run beside it.
  { name: 'load', needs: ['setup', 'build'], inFull: true, work: (run) => vitest('load', run, {}) },
  {
    name: 'e2e',
    needs: ['setup', 'build'],
    inFull: true,
    work: (run) => endToEnd(run, 'dev'),
  },
  {
    name: 'package',
    needs: ['setup', 'build'],
    inFull: true,
    work: async (run) => {
      if (run.electron === null) return withoutElectron();
      await packageApp({ electron: run.electron, flavour: 'test', signal: run.signal });
      return { ok: true, counts: noTests() };
    },
  },
  {
    name: 'packaged',
    needs: ['setup', 'build', 'package'],
    inFull: true,
    work: (run) => endToEnd(run, 'packaged'),
  },
];

/**
 * The stages for these names and all that they need, in order; all stages when there is no name.
 * @param {readonly string[]} names
 * @returns {readonly Stage[]}
 */
export function stagesFor(names) {
  if (names.length === 0) return stages.filter((stage) => stage.inFull);
  const wanted = new Set(
    names.flatMap((name) => [name, ...(stages.find((stage) => stage.name === name)?.needs ?? [])]),
  );
  return stages.filter((stage) => wanted.has(stage.name));
}

/**
 * @param {Run} run
 * @param {'dev' | 'packaged'} target
 * @returns {Promise<Outcome>}
 */
async function endToEnd(run, target) {
  if (run.electron === null) return withoutElectron();
  return vitest('e2e*', run, { GATEHOUSE_E2E_TARGET: target });
}

/**
 * Every check of the conformance suite counts as one test: it has the same verdict through the gateway, or not. So does
 * every check of Gatehouse as a client that signs in.
 * @param {Run} run
 * @returns {Promise<Outcome>}
 */
async function conform({ signal, sandbox }) {
  // Needs packages, which the first stage installs.
  const { conformance } = await import('../../test/conformance/run.mjs');
  const { clientConformance } = await import('../../test/conformance/client-run.mjs');
  const rows = await conformance({ signal, env: sandbox.env });
  const client = signal.aborted
    ? undefined
    : await clientConformance({ signal, env: sandbox.env, once: true });
  const left = signal.aborted ? [] : await sandbox.endLeftovers();
  if (left.length > 0) say(`This left processes behind:\n  ${left.join('\n  ')}`);
  const refused = rows.reduce((sum, row) => sum + row.refused.length + (row.trouble === '' ? 0 : 1), 0);
  const failed = refused + (client?.failed.length ?? 0);
  const compared = rows.reduce((sum, row) => sum + row.compared, client?.passed ?? 0);
  const counts = { passed: Math.max(0, compared - failed), failed, skipped: [] };
  return { ok: failed === 0 && left.length === 0 && !signal.aborted, counts };
}

/** @returns {Outcome} */
function withoutElectron() {
  say('Electron, or what it needs, is not here (see above). Without it this stage cannot say anything.');
  return { ok: false, counts: noTests() };
}

/**
 * Tests, and proof that they left no process behind.
 * @param {'unit' | 'integration' | 'containers*' | 'load' | 'e2e*'} project
 * @param {Run} run
 * @param {Record<string, string>} env
 * @returns {Promise<Outcome>}
 */
async function vitest(project, run, env) {
  const { signal, sandbox, filters } = run;
  const { ok, counts } = await runTests(project, { signal, filters, env: { ...sandbox.env, ...env } });
  const left = signal.aborted ? [] : await sandbox.endLeftovers();
  if (left.length > 0) say(`These tests left processes behind:\n  ${left.join('\n  ')}`);
  return { ok: ok && left.length === 0, counts };
}
