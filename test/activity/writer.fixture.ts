/** A process that records calls without end, to be killed. Arguments: the database. Says how many it has recorded. */
import { writeSync } from 'node:fs';
import type { LogProblem } from '../../main/activity/messages.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { call, request } from './entries.ts';
import { openHere } from './ports.ts';

/** As many as keep their arguments for a while: a thousand, and 200 a second. */
const CALLS_PER_TICK = 10;
const TICK_MS = 20;

async function main(file: string): Promise<void> {
  const problems: LogProblem[] = [];
  const log = openHere({ file, clock: systemClock, problems });
  await log.opened;
  if (log.state.state === 'unavailable') throw new Error(JSON.stringify(log.state));
  let recorded = 0;
  setInterval(() => {
    for (let index = 0; index < CALLS_PER_TICK; index += 1) {
      recorded += 1;
      const entry = call({ at: Date.now(), requestBytes: recorded, server: `s${recorded % 7}` });
      log.record(entry, request({ recorded }), null);
    }
    writeSync(1, `${recorded}\n`);
    for (const problem of problems.splice(0)) writeSync(2, `${JSON.stringify(problem)}\n`);
  }, TICK_MS);
}

void main(process.argv[2] ?? '');
