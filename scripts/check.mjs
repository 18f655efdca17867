/** `npm run check`: everything that can be said in under a minute. */
import { runChecks } from './lib/checks.mjs';
import { untilInterrupted } from './lib/interrupt.mjs';
import { runMain } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';

runMain(() =>
  untilInterrupted(async (signal) => {
    await setup({ system: 'none', electron: false, signal });
    const { ok, counts } = await runChecks(signal);
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped.length} skipped`);
    return ok ? 0 : 1;
  }),
);
