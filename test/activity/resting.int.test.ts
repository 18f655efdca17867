import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ActivityLog, type ActivityState, openActivity } from '../../main/activity/activity.ts';
import type { LogProblem } from '../../main/activity/messages.ts';
import { type OpenSqlite, openSqlite } from '../../main/activity/sqlite.ts';
import { startLogThread } from '../../main/activity/thread.ts';
import { bundle } from '../fakes/bundle.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { answer, call, put, request } from './entries.ts';
import { openHere, settings } from './ports.ts';

const HOUR = 60 * 60_000;
let dir: string;
let file: string;
let clock: ManualClock;
let problems: LogProblem[];
let states: ActivityState[];
let threads: number;
let ended: number;
let log: ActivityLog;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-resting-'));
  file = join(dir, 'activity.db');
  clock = manualClock();
  problems = [];
  states = [];
  threads = 0;
  ended = 0;
});

afterEach(async () => {
  await log.close();
  rmSync(dir, { recursive: true, force: true });
});

const onThread = (what: 'started' | 'ended'): void => {
  if (what === 'started') threads++;
  else ended++;
};

async function openLog(sqlite: OpenSqlite = openSqlite): Promise<void> {
  log = openHere({ file, clock, problems, states, sqlite, onThread });
  await log.opened;
}

const atRest = (): boolean => ended === threads;
/** Time passes until the log rests. */
const rested = (): Promise<void> =>
  vi.waitFor(
    () => {
      clock.advance(500);
      expect(atRest()).toBe(true);
    },
    { interval: 5, timeout: 5_000 },
  );
const names = async (): Promise<string[]> =>
  (await log.page({ filter: {}, limit: 100 })).map(({ id, server, tool }) => `${id} ${server} ${tool}`);

describe('a log that nothing is told', () => {
  it('lets its thread end, and goes on with the next call as if nothing had been', async () => {
    await openLog();
    log.setSecrets(['hunter2-hunter2']);
    put(log, { server: 'one', tool: 'a' });
    put(log, { server: 'two', tool: 'b' });
    await rested();
    expect(threads).toBe(1);
    put(log, { server: 'two', tool: 'b' });
    log.record(call({ server: 'three', tool: 'c' }), request({ key: 'hunter2-hunter2' }), answer('done'));
    clock.advance(100);
    expect(await names()).toEqual(['4 three c', '3 two b', '2 two b', '1 one a']);
    expect(threads).toBe(2);
    const entry = await log.entry(4);
    expect(JSON.stringify(entry)).toContain('key');
    expect(JSON.stringify(entry)).not.toContain('hunter2');
    expect(problems).toEqual([]);
  });

  it('answers a question by waking', async () => {
    await openLog();
    put(log);
    await rested();
    expect(await log.page({ filter: {}, limit: 5 })).toHaveLength(1);
    expect(threads).toBe(2);
    expect(log.state).toMatchObject({ state: 'recording', rows: 1 });
  });

  it('loses nothing of what comes while its thread ends', async () => {
    await openLog();
    put(log, { server: 'one' });
    clock.advance(100);
    await log.entry(1);
    // The question to close is on its way with this.
    clock.advance(10_000);
    put(log, { server: 'one', tool: 'late' });
    log.note({ kind: 'connection', action: 'started', server: 'two' });
    clock.advance(100);
    await vi.waitFor(() => expect(threads).toBe(2));
    expect(await names()).toEqual(['3 two ', '2 one late', '1 one read_text_file']);
  });

  it('stays awake while it is looked at, and for minutes after a search', async () => {
    await openLog();
    log.watch(() => undefined);
    clock.advance(HOUR);
    log.watch(null);
    await log.page({ filter: { text: 'x' }, limit: 5 });
    clock.advance(4 * 60_000);
    await log.entry(1);
    expect(atRest()).toBe(false);
    clock.advance(60_000);
    await rested();
    expect(threads).toBe(1);
  });

  it('shows what comes to who begins to look while it rests', async () => {
    await openLog();
    await rested();
    const shown: string[] = [];
    log.watch((rows) => shown.push(...rows.map(({ server }) => server)));
    expect(threads).toBe(1);
    put(log, { server: 'seen' });
    await vi.waitFor(() => {
      clock.advance(300);
      expect(shown).toEqual(['seen']);
    });
  });

  it('wakes now and then to remove what is too old', async () => {
    const day = 24 * HOUR;
    await openLog();
    log.configure(settings({ days: 1, rows: 100, bytes: 1 << 24 }));
    put(log, { at: clock.now() });
    await rested();
    for (let hours = 0; hours < 26; hours++) {
      clock.advance(HOUR);
      expect(atRest()).toBe(false);
      await rested();
    }
    expect(clock.now()).toBeGreaterThan(1_700_000_000_000 + day);
    expect(await names()).toEqual([]);
  });

  it('closes at rest, and while it wakes', async () => {
    await openLog();
    put(log);
    await rested();
    await log.close();
    expect(threads).toBe(1);
    await openLog();
    put(log, { server: 'second' });
    await rested();
    put(log, { server: 'third' });
    await log.close();
    await openLog();
    expect((await log.page({ filter: {}, limit: 5 })).map(({ server }) => server)).toEqual([
      'third',
      'second',
      'files',
    ]);
  });
});

describe('a disk that refuses when it wakes', () => {
  it('is tried on; rows wait, questions are refused, and all is written in the end', async () => {
    let refuse = false;
    await openLog((path) => {
      if (refuse) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
      return openSqlite(path);
    });
    put(log, { server: 'before' });
    await rested();
    refuse = true;
    put(log, { server: 'meanwhile' });
    await vi.waitFor(() => {
      clock.advance(200);
      expect(log.state.state).toBe('failing');
    });
    await expect(log.page({ filter: {}, limit: 5 })).rejects.toMatchObject({ code: 'activity.read_failed' });
    put(log, { server: 'later' });
    clock.advance(10_000);
    await vi.waitFor(() => expect(threads).toBe(3));
    expect(problems).toHaveLength(1);
    refuse = false;
    await vi.waitFor(() => {
      clock.advance(10_000);
      expect(log.state.state).toBe('recording');
    });
    expect((await log.page({ filter: {}, limit: 5 })).map(({ server }) => server)).toEqual([
      'later',
      'meanwhile',
      'before',
    ]);
  });

  it('says how many rows are lost when the app ends before', async () => {
    let refuse = false;
    await openLog((path) => {
      if (refuse) throw new Error('disk I/O error');
      return openSqlite(path);
    });
    await rested();
    refuse = true;
    put(log);
    await vi.waitFor(() => {
      clock.advance(200);
      expect(log.state.state).toBe('failing');
    });
    await log.close();
    expect(problems.at(-1)).toMatchObject({ code: 'activity.calls_lost' });
  });
});

it('threads with SQLite in them can end and start again as often as one likes', async () => {
  const program = await bundle(join(import.meta.dirname, '../../main/activity-worker.ts'));
  log = openActivity({
    file,
    clock,
    startThread() {
      onThread('started');
      const thread = startLogThread(program);
      return {
        ...thread,
        close() {
          onThread('ended');
          thread.close();
        },
      };
    },
    settings: settings(),
    onProblem: (problem) => problems.push(problem),
    onState: (state) => states.push(state),
  });
  await log.opened;
  const rounds = 30;
  for (let round = 1; round <= rounds; round++) {
    put(log, { server: `s${round}`, at: Date.now() });
    clock.advance(100);
    await rested();
  }
  expect(threads).toBe(rounds);
  expect((await log.page({ filter: {}, limit: 1 }))[0]).toMatchObject({ id: rounds, server: `s${rounds}` });
  expect(problems).toEqual([]);
}, 60_000);
