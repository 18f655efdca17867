import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { LogProblem } from '../../main/activity/messages.ts';
import { openSqlite } from '../../main/activity/sqlite.ts';
import { bundle } from '../fakes/bundle.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { rowsIn } from './inside.ts';
import { openHere } from './ports.ts';

let script: string;
let dir: string;
let file: string;
let child: ChildProcess | null = null;

beforeAll(async () => {
  script = await bundle(join(import.meta.dirname, 'writer.fixture.ts'));
});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-activity-'));
  file = join(dir, 'activity.db');
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** What the file holds, seen from outside: rows, first and last id, highest count, and SQLite's own verdict. */
async function inFile(): Promise<{
  rows: number;
  first: number;
  last: number;
  highest: number;
  verdict: string;
}> {
  const db = await openSqlite(file);
  try {
    const query = await db.prepare('SELECT json_array(integrity_check) AS json FROM pragma_integrity_check');
    const [verdict] = (await query.read([])) as [string];
    const rows = await rowsIn(file);
    return {
      rows: rows.length,
      first: rows[0]?.id ?? 0,
      last: rows.at(-1)?.id ?? 0,
      highest: rows.reduce((most, row) => Math.max(most, row.requestBytes), 0),
      verdict,
    };
  } finally {
    db.close();
  }
}

it('kill -9 loses the unwritten batch at most, three times in a row', async () => {
  let kept = 0;
  for (let round = 0; round < 3; round += 1) {
    const running = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = running;
    let said = '';
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    await vi.waitFor(async () => expect((await inFile()).rows).toBeGreaterThan(kept + 700), {
      timeout: 20_000,
      interval: 20 + round * 7,
    });
    const seen = await inFile();
    running.kill('SIGKILL');
    await once(running, 'close');
    const recorded = Number(said.trimEnd().split('\n').at(-1));

    const after = await inFile();
    expect(after.verdict).toBe('ok');
    expect(after.rows).toBeGreaterThanOrEqual(seen.rows);
    expect(after.last - after.first + 1).toBe(after.rows);
    // 250 ms of 10 calls each 20 ms, or one batch, and what was recorded while that was on its way to the disk.
    expect(recorded - after.highest).toBeLessThan(1_000);
    kept = after.rows;
  }

  const problems: LogProblem[] = [];
  const log = openHere({ file, clock: manualClock(Date.now()), problems });
  const [last] = await log.detailed({ filter: { text: 'recorded' }, limit: 1 });
  expect(last?.id).toBe(kept);
  expect(last?.details).toBe('kept');
  await log.close();
  expect(problems).toEqual([]);
});
