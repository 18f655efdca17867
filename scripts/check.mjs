/** `npm run check`: everything that can be said in about a minute. */
import { runChecks } from './lib/checks.mjs';
import { untilInterrupted } from './lib/interrupt.mjs';
import { openSandbox } from './lib/sandbox.mjs';
import { runMain } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';

runMain(() =>
  untilInterrupted(async (signal) => {
    await setup({ system: 'none', electron: false, signal });
    const sandbox = openSandbox();
    const { ok, counts } = await runChecks({ signal, sandbox }).finally(sandbox.close);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`);
    return signal.aborted ? undefined : ok ? 0 : 1;
  }),
);
