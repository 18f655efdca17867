import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { LogProblem } from '../../main/activity/messages.ts';
import { systemClock } from '../../main/protocol/clock.ts';
import { call } from './entries.ts';
import { openHere } from './ports.ts';

/** As many as may wait, so that none is lost even where the disk is slow. */
const ROWS = 20_000;
const ROUNDS = 4;
/** Ten times what a shared two-core machine needs: this only finds the mistakes that multiply the cost. */
const MOST_MICROSECONDS = 40;

it('recording costs a few microseconds of processor time a call, all threads together', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'gatehouse-activity-'));
  try {
    const problems: LogProblem[] = [];
    const costs: number[] = [];
    const calls = Array.from({ length: ROWS }, (_, index) => call({ server: `s${index % 7}` }));
    for (let round = 0; round < ROUNDS; round += 1) {
      const log = openHere({ file: join(dir, 'activity.db'), clock: systemClock, problems });
      await log.opened;
      const before = process.cpuUsage();
      for (const one of calls) log.record(one, null, null);
      await log.close();
      const { user, system } = process.cpuUsage(before);
      costs.push((user + system) / ROWS);
    }
    console.log(`µs of processor time a recorded call: ${costs.map((cost) => cost.toFixed(1)).join(', ')}`);
    expect(problems).toEqual([]);
    expect(Math.min(...costs)).toBeLessThan(MOST_MICROSECONDS);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
