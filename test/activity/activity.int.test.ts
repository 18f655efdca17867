import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivityLog, ActivityState } from '../../main/activity/activity.ts';
import type { ActivityFilter } from '../../main/activity/entry.ts';
import type { LogProblem } from '../../main/activity/messages.ts';
import { type OpenSqlite, openSqlite } from '../../main/activity/sqlite.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { answer, call, put, request } from './entries.ts';
import { openHere } from './ports.ts';

let dir: string;
let file: string;
let clock: ManualClock;
let problems: LogProblem[];
let states: ActivityState[];
const logs: ActivityLog[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-activity-'));
  file = join(dir, 'activity.db');
  clock = manualClock();
  problems = [];
  states = [];
});

afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openLog(sqlite: OpenSqlite = openSqlite): Promise<ActivityLog> {
  const log = openHere({ file, clock, problems, states, sqlite });
  logs.push(log);
  await log.opened;
  return log;
}

/** Asks the file itself, beside the log. */
async function ask(sql: string): Promise<unknown> {
  const db = await openSqlite(file);
  try {
    return await (await db.prepare(`SELECT (${sql}) AS json`)).read([]);
  } finally {
    db.close();
  }
}

const storedRows = (): Promise<unknown> => ask('SELECT json_array(coalesce(sum(rows), 0)) FROM blocks');
/** Lets packets and batches go until so many rows are in the file. */
const written = (rows: number): Promise<void> =>
  vi.waitFor(async () => {
    clock.advance(250);
    expect(await storedRows()).toEqual([rows]);
  });
const idsOf = (rows: readonly ActivityRow[]): number[] => rows.map(({ id }) => id);
const ids = async (
  log: ActivityLog,
  filter: ActivityFilter,
  limit = 100,
  before?: number,
): Promise<number[]> => idsOf(await log.page({ filter, limit, before }));

describe('reading', () => {
  it('gives the newest first, in pages, of all servers or one, written or not', async () => {
    const log = await openLog();
    const check = async (): Promise<void> => {
      expect(await ids(log, {}, 4)).toEqual([9, 8, 7, 6]);
      expect(await ids(log, {}, 4, 6)).toEqual([5, 4, 3, 2]);
      expect(await ids(log, {}, 4, 2)).toEqual([1]);
      expect(await ids(log, { server: 's1' }, 2)).toEqual([7, 4]);
      expect(await ids(log, { server: 's1' }, 2, 4)).toEqual([1]);
      expect(await ids(log, { server: 'nobody' })).toEqual([]);
    };
    for (let index = 0; index < 5; index += 1) put(log, { server: `s${(index + 1) % 3}` });
    expect(await ids(log, {})).toHaveLength(5);
    await written(5);
    for (let index = 5; index < 9; index += 1) put(log, { server: `s${(index + 1) % 3}` });
    await check();
    await written(9);
    await check();
  });

  it('chooses by every fact, alone and together, written or not, after a restart too', async () => {
    let log = await openLog();
    log.record(
      call({
        client: 'cursor',
        server: 'git',
        tool: 'commit',
        outcome: 'refused',
        errorCode: 'trust.tool_off',
      }),
      request({ message: 'mend the haystack' }, 'commit'),
      answer('nothing was done'),
    );
    log.record(
      call({ at: clock.now() + 5_000, server: 'git', tool: 'file:///x/notes.md', method: 'resources/read' }),
      null,
      answer('a needle and more'),
    );
    log.note({
      kind: 'decision',
      action: 'tool.approved',
      client: 'window',
      server: 'git',
      tool: 'commit',
      at: clock.now() + 9_000,
      detail: '{"needle":1}',
    });
    put(log, { at: clock.now() + 10_000, outcome: 'tool-error', durationMs: 20 });
    const cases: [ActivityFilter, number[]][] = [
      [{}, [4, 3, 2, 1]],
      [{ client: 'cursor' }, [1]],
      [{ server: 'git' }, [3, 2, 1]],
      [{ tool: 'commit' }, [3, 1]],
      [{ tool: 'file:///x/notes.md' }, [2]],
      [{ tool: 'file:///x/other.md' }, []],
      [{ kind: 'decision' }, [3]],
      [{ kind: 'call', server: 'git' }, [2, 1]],
      [{ outcome: 'refused' }, [1]],
      [{ outcome: 'failed' }, [4, 1]],
      [{ text: 'needle' }, [3, 2]],
      [{ text: 'NEEDLE', kind: 'call' }, [2]],
      [{ text: 'more need' }, [2]],
      [{ text: 'hay' }, [1]],
      [{ text: 'hay mend' }, []],
      [{ text: 'mend hay' }, [1]],
      [{ text: 'men haystack' }, []],
      [{ text: 'tool_off' }, [1]],
      [{ text: 'commit' }, [3, 1]],
      [{ text: 'notes.md' }, [2]],
      [{ text: 'needle', tool: 'commit' }, [3]],
      [{ text: '"; DROP TABLE entries; --' }, []],
      [{ text: '   ' }, [4, 3, 2, 1]],
      [{ since: clock.now() + 5_012 }, [4, 3, 2]],
      [{ until: clock.now() + 5_012 }, [1]],
      [{ since: clock.now() + 5_013, until: clock.now() + 10_020 }, [3]],
      [{ since: clock.now() + 999_999 }, []],
      [{ text: 'needle', until: clock.now() + 9_000 }, [2]],
    ];
    const check = async (when: string): Promise<void> => {
      for (const [filter, expected] of cases)
        expect(await ids(log, filter), `${when}: ${JSON.stringify(filter)}`).toEqual(expected);
    };
    await check('waiting');
    clock.advance(1);
    cases.splice(
      0,
      cases.length,
      ...cases.filter(([{ since, until }]) => since === undefined && until === undefined),
    );
    await written(4);
    await check('written');
    await log.close();
    log = await openLog();
    await check('after a restart');
  });

  it('keeps arguments and results without their secrets, cut where they are long', async () => {
    const log = await openLog();
    log.setSecrets(['correct horse']);
    log.record(call(), request({ path: '/a', password: 'hunter2', note: 'correct horse' }), answer('ok'));
    log.record(call({ responseBytes: 90_000 }), request({}), answer(`long ${'word '.repeat(18_000)}`));
    put(log);
    const check = async (): Promise<void> => {
      expect(await log.entry(1)).toMatchObject({
        details: 'kept',
        request: '{"path":"/a","password":"[hidden: by name]","note":"[hidden: configured secret]"}',
        response: '{"content":[{"type":"text","text":"ok"}]}',
        hidden: 2,
        requestCut: false,
      });
      const long = await log.entry(2);
      expect(long).toMatchObject({ request: '{}', requestCut: false, responseCut: true });
      expect(long?.response?.length).toBeLessThan(16_400);
      expect(await log.entry(3)).toMatchObject({ details: 'none', request: null, response: null });
      expect(await log.entry(4)).toBeNull();
    };
    await check();
    await written(3);
    await check();
    expect(readFileSync(file).includes('hunter2') || readFileSync(`${file}-wal`).includes('hunter2')).toBe(
      false,
    );
    expect(await ids(log, { text: 'hunter2' })).toEqual([]);
  });

  it('keeps neither where it is told so', async () => {
    const log = await openLog();
    log.configure({
      limits: { days: 30, rows: 1_000, bytes: 64 * 1024 * 1024 },
      requests: false,
      responses: false,
      secretNames: [],
    });
    log.record(call(), request({ path: '/a' }), answer('ok'));
    expect(await log.entry(1)).toMatchObject({ details: 'none', request: null, response: null });
  });

  it('keeps every row, but not every argument, of more calls than anybody makes', async () => {
    const log = await openLog();
    const big = request({ text: 'x '.repeat(7_000) });
    for (let index = 0; index < 400; index += 1) log.record(call(), big, null);
    const rows = await log.detailed({ filter: {}, limit: 500 });
    expect(rows).toHaveLength(400);
    const kept = rows.filter((row) => row.details === 'kept').length;
    expect(kept).toBeGreaterThan(200);
    expect(kept).toBeLessThan(250);
    expect(rows.filter((row) => row.details === 'skipped')).toHaveLength(400 - kept);
    clock.advance(1_000);
    log.record(call(), big, null);
    expect(await log.entry(401)).toMatchObject({ details: 'kept' });
  });

  it('gives figures over time and per tool', async () => {
    const log = await openLog();
    const since = clock.now();
    for (let index = 1; index <= 100; index += 1) {
      put(log, {
        at: since + index,
        durationMs: index,
        tool: index <= 60 ? 'a' : 'b',
        outcome: index % 10 === 0 ? 'error' : 'ok',
      });
    }
    put(log, { at: since + 5_000, durationMs: 123_456, tool: 'a', server: 'git' });
    log.note({ kind: 'config', action: 'file.changed', at: since + 150_000 });
    const stats = await log.stats({ filter: {}, since, until: since + 200_000, buckets: 2 });
    expect(stats).toMatchObject({ calls: 101, failures: 10, p50: 51, p95: 96 });
    expect(stats.buckets).toMatchObject([
      { at: since, calls: 100, p50: 50, p95: 95, failures: 10 },
      { at: since + 100_000, calls: 1, p50: 123_400, p95: 123_400, failures: 0 },
    ]);
    expect(stats.tools).toMatchObject([
      { server: 'files', tool: 'a', calls: 60, failures: 6, p50: 30, p95: 57 },
      { server: 'files', tool: 'b', calls: 40, failures: 4, p50: 80, p95: 98 },
      { server: 'git', tool: 'a', calls: 1 },
    ]);
    const one = await log.stats({
      filter: { tool: 'b', outcome: 'failed' },
      since,
      until: since + 1_000,
      buckets: 1,
    });
    expect(one).toMatchObject({ calls: 4, failures: 4 });
  });

  it('tells new rows while somebody watches', async () => {
    const log = await openLog();
    const told: (readonly ActivityRow[])[] = [];
    put(log);
    log.watch((rows) => told.push(rows));
    await log.page({ filter: {}, limit: 1 });
    put(log, { tool: 'seen' });
    await log.page({ filter: {}, limit: 1 });
    await vi.waitFor(() => {
      clock.advance(250);
      expect(told.flat().map((row) => row.tool)).toEqual(['seen']);
    });
    log.watch(null);
    put(log);
    await log.page({ filter: {}, limit: 1 });
    clock.advance(1_000);
    expect(told.flat()).toHaveLength(1);
  });

  it('is emptied when that is asked for', async () => {
    const log = await openLog();
    log.record(call(), request({ word: 'needle' }), null);
    await written(1);
    put(log);
    await log.clear();
    expect(await ids(log, {})).toEqual([]);
    expect(await ids(log, { text: 'needle' })).toEqual([]);
    log.record(call(), request({ word: 'second' }), null);
    expect(await ids(log, { text: 'second' })).toEqual([3]);
    await written(1);
    expect(await ids(log, { text: 'second' })).toEqual([3]);
  });

  it('gives back what was recorded, after a restart too', async () => {
    const first = await openLog();
    put(first, { outcome: 'error', errorCode: 'upstream.gone', tool: "it's  “strange” 🏠" });
    put(first);
    const before = await first.page({ filter: {}, limit: 10 });
    await first.close();
    const second = await openLog();
    expect(await second.page({ filter: {}, limit: 10 })).toEqual(before);
    put(second);
    expect(await ids(second, {})).toEqual([3, 2, 1]);
  });

  it('counts the tool calls of each server since a moment', async () => {
    const log = await openLog();
    const midnight = 1_700_000_000_000;
    const entries = [
      ...Array.from({ length: 40 }, (_, n) => call({ at: midnight - 10_000 + n })),
      call({ at: midnight - 20, durationMs: 30 }),
      call({ at: midnight, durationMs: 40 }),
      call({ at: midnight + 10, durationMs: 40, server: 'git', outcome: 'refused' }),
      call({ at: midnight + 20, durationMs: 40, method: 'prompts/get' }),
      call({ at: midnight + 30, durationMs: 40, server: '', outcome: 'refused' }),
    ];
    const expected = { files: 2, git: 1 };
    for (const entry of entries) log.record(entry, null, null);
    expect(Object.fromEntries(await log.callsSince(midnight))).toEqual(expected);
    await written(entries.length);
    expect(Object.fromEntries(await log.callsSince(midnight))).toEqual(expected);
    put(log, { at: midnight + 50, server: 'git' });
    expect(Object.fromEntries(await log.callsSince(midnight))).toEqual({ files: 2, git: 2 });
    expect((await log.callsSince(midnight + 1_000_000)).size).toBe(0);
  });

  it('is empty after closing, and recording is ignored', async () => {
    const log = await openLog();
    await log.close();
    await log.close();
    put(log);
    expect(await ids(log, {})).toEqual([]);
    expect((await log.callsSince(0)).size).toBe(0);
  });

  it('survives texts and numbers that no call should have', async () => {
    const log = await openLog();
    put(log, { durationMs: Number.NaN, requestBytes: 1.5, responseBytes: -3, tool: 'x'.repeat(5_000) });
    put(log, { client: '', session: '', server: '\ud800', tool: '' });
    await log.close();
    expect(problems).toEqual([]);
    expect(await storedRows()).toEqual([2]);
  });
});

describe('a batch that is in the file, but not yet known to be', () => {
  it('is seen once, and its names are stored once', async () => {
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let named = 0;
    let holding = false;
    const slow: OpenSqlite = async (path) => {
      const db = await openSqlite(path);
      return {
        ...db,
        async exec(text) {
          await db.exec(text);
          if (holding && text === 'COMMIT') await gate;
        },
        async prepare(sql) {
          const statement = await db.prepare(sql);
          return {
            ...statement,
            async run(params) {
              await statement.run(params);
              if (sql.includes('INTO facets')) named += 1;
            },
          };
        },
      };
    };
    const log = await openLog(slow);
    holding = true;
    put(log);
    put(log, { server: 'git' });
    await written(2);
    expect(await ids(log, {})).toEqual([2, 1]);
    expect(await ids(log, { server: 'git' })).toEqual([2]);
    expect(Object.fromEntries(await log.callsSince(0))).toEqual({ files: 1, git: 1 });
    letGo();
    put(log);
    await log.close();
    // Two servers, everything else the same.
    expect(named).toBe(2);
  });
});
