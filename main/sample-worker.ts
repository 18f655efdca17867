/**
 * The sample server of the desktop app's `--sample-server`, on a thread of its own while the main thread is held (see
 * start.ts). Ends with its input.
 */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { inputOf, outputOf } from './commands/descriptors.ts';
import { type Hold, release } from './commands/hold.ts';
import { serveSample } from './commands/sample-tools.ts';

const { hold } = workerData as { readonly hold: Hold };
serveSample(inputOf(0), outputOf(1)).then(
  () => release(hold, 0),
  (error: unknown) => {
    writeSync(2, `gatehouse: the sample server failed: ${String(error)}\n`);
    release(hold, 1);
  },
);
