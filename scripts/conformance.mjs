/**
 * `npm run conformance`: the MCP project's conformance suite against servers directly and through the built gateway;
 * every check must have the same verdict both ways. `-- --only SUBJECT`, `--set REVISION` run less, `--direct` leaves the
 * gateway out, `--keep` keeps what the suite wrote, `--cross` tells (and only tells) how clients of one era fare before
 * servers of the other, `--client` only judges Gatehouse as the client that signs in. Ends with 1 when anything differs.
 */
import { parseArgs } from 'node:util';
import { untilInterrupted } from './lib/interrupt.mjs';
import { openSandbox } from './lib/sandbox.mjs';
import { runMain, say } from './lib/say.mjs';
import { setup } from './lib/setup.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    set: { type: 'string' },
    direct: { type: 'boolean', default: false },
    cross: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    client: { type: 'boolean', default: false },
  },
});

/** @param {AbortSignal} signal */
async function main(signal) {
  await setup({ system: 'none', electron: false, signal });
  // Needs the packages that are there only now.
  const { conformance } = await import('../test/conformance/run.mjs');
  const sandbox = openSandbox();
  try {
    if (values.client) {
      const { clientConformance } = await import('../test/conformance/client-run.mjs');
      const { failed } = await clientConformance({
        signal,
        env: sandbox.env,
        ...(values.set && { set: values.set }),
      });
      return failed.length > 0 ? 1 : 0;
    }
    const rows = await conformance({ ...values, signal, env: sandbox.env });
    if (signal.aborted) return undefined;
    const failed = rows.filter(({ refused, trouble }) => refused.length > 0 || trouble !== '');
    say(`${rows.length} runs (passed/failed checks), ${failed.length} with differences or without a verdict`);
    return failed.length > 0 && !values.cross ? 1 : 0;
  } finally {
    await sandbox.close();
  }
}

runMain(() => untilInterrupted(main));
