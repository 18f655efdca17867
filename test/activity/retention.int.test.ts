import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivityLog } from '../../main/activity/activity.ts';
import type { ActivityEntry } from '../../main/activity/entry.ts';
import type { LogProblem } from '../../main/activity/messages.ts';
import type { Limits } from '../../main/activity/retention.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { answer, call, put, request } from './entries.ts';
import { extentIn } from './inside.ts';
import { openHere, settings } from './ports.ts';

const MB = 1024 * 1024;
const DAY = 24 * 60 * 60 * 1_000;
const wide: Limits = { days: 30, rows: 1_000_000, bytes: 256 * MB };

let dir: string;
let file: string;
let clock: ManualClock;
let problems: LogProblem[];
const logs: ActivityLog[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-retention-'));
  file = join(dir, 'activity.db');
  clock = manualClock();
  problems = [];
});

afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openLog(limits: Limits): Promise<ActivityLog> {
  const log = openHere({ file, clock, problems, settings: settings(limits) });
  logs.push(log);
  await log.opened;
  return log;
}

async function fill(count: number, changes: (index: number) => Partial<ActivityEntry>): Promise<void> {
  const log = await openLog(wide);
  for (let index = 0; index < count; index += 1) put(log, changes(index));
  await log.close();
  expect((await extent())[0]).toBe(count);
}

const extent = (): Promise<readonly number[]> => extentIn(file);

/** Waits until what was recorded is written. */
const settled = (log: ActivityLog): Promise<unknown> =>
  log.stats({ filter: {}, since: 0, until: 1, buckets: 1 });

/** All that lies on the disk. */
const onDisk = (): number =>
  ['', '-wal', '-shm'].reduce(
    (sum, suffix) => sum + (statSync(file + suffix, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

describe('retention', () => {
  it('keeps so many rows, the newest', async () => {
    await fill(5_000, () => ({}));
    await openLog({ ...wide, rows: 700 });
    await vi.waitFor(async () => expect(await extent()).toEqual([700, 4_301, 5_000]));
  });

  it('keeps so many days', async () => {
    await fill(3_000, (index) => ({ at: clock.now() - (index < 2_500 ? 31 : 29) * DAY }));
    const log = await openLog(wide);
    await vi.waitFor(async () => expect(await extent()).toEqual([500, 2_501, 3_000]));
    expect(await log.page({ filter: { until: clock.now() - 30 * DAY }, limit: 10 })).toEqual([]);
  });

  it('puts a smaller limit in force at once', async () => {
    const log = await openLog(wide);
    for (let index = 0; index < 2_000; index += 1) put(log);
    await settled(log);
    log.configure(settings({ ...wide, rows: 1_000 }));
    await vi.waitFor(async () => expect(await extent()).toEqual([1_000, 1_001, 2_000]));
  });

  it('never takes more of the disk than it may, however much comes', { timeout: 120_000 }, async () => {
    const bytes = 12 * MB;
    const log = await openLog({ ...wide, bytes });
    let most = 0;
    let count = 0;
    const look = setInterval(() => {
      most = Math.max(most, onDisk());
    }, 5);
    try {
      // Some five times as much as there is room for, of different words, so that the index grows too.
      for (let round = 0; round < 200; round += 1) {
        for (let index = 0; index < 60; index += 1) {
          count += 1;
          clock.advance(20);
          const words = Array.from({ length: 300 }, (_, word) => `w${(count * 31 + word * 7) % 50_000}`);
          const text = words.join(' ');
          log.record(call({ at: clock.now() }), request({ text, count: `n${count}` }), answer(text));
        }
        await settled(log);
        most = Math.max(most, onDisk());
      }
    } finally {
      clearInterval(look);
    }
    const [rows = 0, first = 0, last = 0] = await extent();
    console.log(
      `${count} rows came, ${rows} stayed; at most ${(most / MB).toFixed(1)} of ${bytes / MB} MB on disk`,
    );
    expect(most).toBeLessThanOrEqual(bytes);
    expect(last).toBe(count);
    expect(rows).toBe(last - first + 1);
    expect(rows).toBeGreaterThan(500);
    expect(rows).toBeLessThan(count / 2);
    const newest = await log.detailed({ filter: { text: `n${count}` }, limit: 10 });
    expect(newest.map((row) => row.id)).toEqual([count]);
    expect(problems).toEqual([]);
    // What is not needed goes back to the disk.
    await log.clear();
    await log.close();
    expect(onDisk()).toBeLessThan(MB);
  });

  it('shrinks a file that is larger than a new limit', async () => {
    const log = await openLog(wide);
    const text = 'some words of a long answer '.repeat(100);
    for (let round = 0; round < 25; round += 1) {
      clock.advance(2_000);
      for (let index = 0; index < 200; index += 1) {
        log.record(call({ at: clock.now() }), null, answer(`${index} ${text}`));
      }
      await settled(log);
    }
    expect(onDisk()).toBeGreaterThan(12 * MB);
    log.configure(settings({ ...wide, bytes: 8 * MB }));
    await vi.waitFor(async () => {
      await settled(log);
      expect(statSync(file).size).toBeLessThan(6.5 * MB);
    }, 20_000);
    expect((await log.page({ filter: {}, limit: 1 }))[0]?.id).toBe(5_000);
  });
});
