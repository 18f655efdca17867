/** Switches off a tool with a short and one with a long name under a limit on the size of files. */
import { systemClock } from '../../main/protocol/clock.ts';
import { problemOf } from '../../main/protocol/error.ts';
import { openTrust } from '../../main/trust/trust.ts';

async function main(file: string): Promise<void> {
  // The limit also sends a signal, which a full disk does not.
  process.on('SIGXFSZ', () => undefined);
  const store = await openTrust({ file, clock: systemClock });
  await store.setToolEnabled('s', 'short', false);
  console.log('written');
  const long = 'x'.repeat(20_000);
  const outcome = await store.setToolEnabled('s', long, false).then(
    () => 'written',
    (error: unknown) => problemOf(error).code,
  );
  console.log(outcome, store.toolEnabled('s', long) ? 'on' : 'off');
}

void main(process.argv[2] ?? '');
