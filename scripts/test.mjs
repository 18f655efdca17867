/**
 * `npm test`: sets up what is missing, then proves that the app works, stage by stage, and stops at the first stage that
 * fails. `npm test -- STAGE...` runs only these stages and what they need; further words choose test files by path.
 * The last line says how many tests ran.
 */
import { untilInterrupted } from './lib/interrupt.mjs';
import { openSandbox } from './lib/sandbox.mjs';
import { runMain, say, stopwatch, Trouble } from './lib/say.mjs';
import { stages, stagesFor } from './lib/stages.mjs';
import { addCounts, noTests } from './lib/tests.mjs';

const words = process.argv.slice(2);
const known = stages.map((stage) => stage.name);

/** @param {AbortSignal} signal */
async function main(signal) {
  const chosen = words.filter((word) => known.includes(word));
  const filters = words.filter((word) => !known.includes(word));
  if (filters.length > 0 && chosen.length === 0) {
    throw new Trouble(`${filters[0]} is no stage. There are: ${known.join(', ')}.`, 2);
  }
  const sandbox = openSandbox();
  const run = { signal, sandbox, filters, electron: null };
  const lines = [];
  let counts = noTests();
  let failed = '';
  try {
    for (const stage of stagesFor(chosen)) {
      if (failed !== '' || signal.aborted) {
        lines.push(`  ${stage.name.padEnd(12)} not run`);
        continue;
      }
      say(`== ${stage.name}`);
      const took = stopwatch();
      const outcome = await stage.work(run).catch((error) => {
        say(error instanceof Trouble ? error.message : String(error?.stack ?? error));
        return { ok: false, counts: noTests() };
      });
      counts = addCounts(counts, outcome.counts);
      if (!outcome.ok) failed = stage.name;
      const tests = outcome.counts.passed + outcome.counts.failed;
      const ran = tests > 0 ? `, ${tests} tests` : '';
      lines.push(`  ${stage.name.padEnd(12)} ${outcome.ok ? 'ok' : 'FAILED'} in ${took()}${ran}`);
    }
  } finally {
    await sandbox.close();
  }
  const skipped = counts.skipped.map(({ name, reason }) => `  ${name}: ${reason}`);
  if (skipped.length > 0) console.log(`\nskipped:\n${skipped.join('\n')}`);
  console.log(`\n${lines.join('\n')}`);
  if (failed !== '') console.log(`\n${signal.aborted ? 'stopped in' : 'failed in'}: ${failed}`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`);
  if (signal.aborted) return undefined;
  return failed === '' ? 0 : 1;
}

runMain(() => untilInterrupted(main));
