/** A process that records calls without end, to be killed. Arguments: the database. Says how many it has recorded. */
import { writeSync } from 'node:fs';
import { openActivity } from '../../main/activity/activity.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { call } from './entries.ts';

const CALLS_PER_TICK = 40;
const TICK_MS = 20;

async function main(file: string): Promise<void> {
  const log = await openActivity({
    file,
    clock: systemClock,
    onError: (problem) => writeSync(2, `${problem.code}\n`),
  });
  let recorded = 0;
  setInterval(() => {
    for (let index = 0; index < CALLS_PER_TICK; index += 1) {
      recorded += 1;
      log.record(call({ at: Date.now(), requestBytes: recorded, server: `s${recorded % 7}` }));
    }
    writeSync(1, `${recorded}\n`);
  }, TICK_MS);
}

void main(process.argv[2] ?? '');
