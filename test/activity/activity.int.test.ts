import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ActivityLog, openActivity } from '../../main/activity/activity.ts';
import type { Limits } from '../../main/activity/retention.ts';
import { ForeignDatabaseError, migrate, steps } from '../../main/activity/schema.ts';
import { type OpenSqlite, openSqlite, type Sqlite } from '../../main/activity/sqlite.ts';
import type { GatehouseError } from '../../main/protocol/error.ts';
import type { ActivityRow } from '../../preload/contract.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { call } from './entries.ts';

let dir: string;
let file: string;
let clock: ManualClock;
let problems: GatehouseError[];
const logs: ActivityLog[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-activity-'));
  file = join(dir, 'activity.db');
  clock = manualClock();
  problems = [];
});

afterEach(async () => {
  for (const log of logs.splice(0)) await log.close();
  rmSync(dir, { recursive: true, force: true });
});

async function openLog(limits?: Limits, sqlite?: OpenSqlite): Promise<ActivityLog> {
  const onError = (problem: GatehouseError): void => void problems.push(problem);
  const options = { file, clock, onError, ...(limits === undefined ? {} : { limits }) };
  const log = await openActivity(options, sqlite);
  logs.push(log);
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

const storedRows = (): Promise<unknown> => ask('SELECT json_array(count(*)) FROM calls');
const ids = (rows: readonly ActivityRow[]): number[] => rows.map(({ id }) => id);
const codes = (): string[] => problems.map(({ code }) => code);

describe('reading', () => {
  it('gives the newest first, in pages, of all servers or one, written or not', async () => {
    const log = await openLog();
    const check = (): void => {
      expect(ids(log.recent({ limit: 4 }))).toEqual([9, 8, 7, 6]);
      expect(ids(log.recent({ limit: 4, before: 6 }))).toEqual([5, 4, 3, 2]);
      expect(ids(log.recent({ limit: 4, before: 2 }))).toEqual([1]);
      expect(ids(log.recent({ limit: 2, server: 's1' }))).toEqual([7, 4]);
      expect(ids(log.recent({ limit: 2, server: 's1', before: 4 }))).toEqual([1]);
      expect(log.recent({ limit: 2, server: 'nobody' })).toEqual([]);
    };
    for (let index = 0; index < 5; index += 1) log.record(call({ server: `s${(index + 1) % 3}` }));
    expect(log.recent({ limit: 10 })).toHaveLength(5);
    clock.advance(250);
    await vi.waitFor(async () => expect(await storedRows()).toEqual([5]));
    for (let index = 5; index < 9; index += 1) log.record(call({ server: `s${(index + 1) % 3}` }));
    check();
    clock.advance(250);
    await vi.waitFor(async () => expect(await storedRows()).toEqual([9]));
    check();
  });

  it('gives back what was recorded, after a restart too', async () => {
    const first = await openLog();
    first.record(call({ outcome: 'error', errorCode: 'upstream.gone', tool: "it's \u0000 “strange” 🏠" }));
    first.record(call());
    const before = first.recent({ limit: 10 });
    await first.close();
    const second = await openLog();
    expect(second.recent({ limit: 10 })).toEqual(before);
    second.record(call());
    expect(ids(second.recent({ limit: 10 }))).toEqual([3, 2, 1]);
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
    for (const entry of entries) log.record(entry);
    expect(Object.fromEntries(log.callsSince(midnight))).toEqual(expected);
    clock.advance(250);
    await vi.waitFor(async () => expect(await storedRows()).toEqual([entries.length]));
    expect(Object.fromEntries(log.callsSince(midnight))).toEqual(expected);
    log.record(call({ at: midnight + 50, server: 'git' }));
    expect(Object.fromEntries(log.callsSince(midnight))).toEqual({ files: 2, git: 2 });
    expect(log.callsSince(midnight + 1_000_000).size).toBe(0);
  });

  it('is empty after closing, and recording is ignored', async () => {
    const log = await openLog();
    await log.close();
    await log.close();
    log.record(call());
    expect(log.recent({ limit: 1 })).toEqual([]);
    expect(log.callsSince(0).size).toBe(0);
  });

  it('survives texts and numbers that no call should have', async () => {
    const log = await openLog();
    log.record(
      call({ durationMs: Number.NaN, requestBytes: 1.5, responseBytes: -3, tool: 'x'.repeat(5_000) }),
    );
    log.record(call({ client: '', session: '', server: '\ud800', tool: '' }));
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
    const slow: OpenSqlite = async (path) => {
      const db = await openSqlite(path);
      return {
        ...db,
        async prepare(sql) {
          const statement = await db.prepare(sql);
          return {
            ...statement,
            async run(params) {
              await statement.run(params);
              if (sql.includes('INTO names')) named += 1;
              if (sql.includes('INTO calls')) await gate;
            },
          };
        },
      };
    };
    const log = await openLog(undefined, slow);
    log.record(call());
    log.record(call({ server: 'git' }));
    clock.advance(250);
    await vi.waitFor(async () => expect(await storedRows()).toEqual([2]));
    expect(ids(log.recent({ limit: 10 }))).toEqual([2, 1]);
    expect(ids(log.recent({ limit: 10, server: 'git' }))).toEqual([2]);
    expect(Object.fromEntries(log.callsSince(0))).toEqual({ files: 1, git: 1 });
    letGo();
    log.record(call());
    await log.close();
    // Two servers, one client, one method, one outcome.
    expect(named).toBe(5);
  });
});

describe('the file', () => {
  it('belongs to its owner alone', async () => {
    const log = await openLog();
    log.record(call());
    clock.advance(250);
    await vi.waitFor(async () => expect(await storedRows()).toEqual([1]));
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
  });

  it('is set aside when it is no database, and a new one is begun', async () => {
    writeFileSync(file, 'not a database '.repeat(1_000));
    const log = await openLog();
    expect(codes()).toEqual(['activity.damaged']);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toContain('not a database');
    log.record(call());
    await log.close();
    expect(await storedRows()).toEqual([1]);
  });

  describe('damaged behind its first page', () => {
    const fillAndClose = async (): Promise<void> => {
      const log = await openLog();
      for (let index = 0; index < 5_000; index += 1) log.record(call({ server: `s${index % 5}` }));
      await log.close();
    };
    const damage = (): void => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4_096);
      writeFileSync(file, bytes);
    };
    const afterwards = 'SELECT json_group_array(json_array(id, tool)) FROM calls';

    it('is set aside at the start', async () => {
      await fillAndClose();
      damage();
      const log = await openLog();
      expect(codes()).toEqual(['activity.damaged']);
      log.record(call({ tool: 'after' }));
      await log.close();
      expect(await ask(afterwards)).toEqual([[1, 'after']]);
      expect(statSync(`${file}.damaged`).size).toBeGreaterThan(100_000);
    });

    it('is set aside under the running log, which loses no later call', async () => {
      await fillAndClose();
      const log = await openLog();
      damage();
      log.record(call({ tool: 'after' }));
      clock.advance(250);
      await vi.waitFor(() => expect(codes()).toEqual(['activity.damaged']));
      expect(log.recent({ limit: 1 })[0]?.tool).toBe('after');
      await log.close();
      expect(await ask(afterwards)).toEqual([[5_001, 'after']]);
    });

    it('is kept, however many tries the new file takes', async () => {
      await fillAndClose();
      let failures = 0;
      const failing: OpenSqlite = (path) => {
        if (failures === 0) return openSqlite(path);
        failures -= 1;
        return Promise.reject(new Error('no more room'));
      };
      const log = await openLog(undefined, failing);
      damage();
      failures = 2;
      log.record(call({ tool: 'after' }));
      clock.advance(250);
      await vi.waitFor(() => expect(failures).toBe(1));
      await vi.waitFor(() => expect(codes()).toEqual(['activity.write_failed']));
      clock.advance(1_000);
      await vi.waitFor(() => expect(failures).toBe(0));
      await vi.waitFor(() => expect(clock.pending()).toContain(2_000));
      clock.advance(2_000);
      await vi.waitFor(() => expect(codes()).toEqual(['activity.write_failed', 'activity.damaged']));
      await log.close();
      expect(await ask(afterwards)).toEqual([[5_001, 'after']]);
      expect(statSync(`${file}.damaged`).size).toBeGreaterThan(100_000);
    });

    it('is set aside when a read finds the damage', async () => {
      await fillAndClose();
      const log = await openLog();
      damage();
      expect(() => log.recent({ limit: 500, before: 1_000 })).toThrow(
        expect.objectContaining({ code: 'activity.read_failed' }),
      );
      await vi.waitFor(() => expect(codes()).toEqual(['activity.damaged']));
      expect(log.recent({ limit: 10 })).toEqual([]);
    });
  });

  it('is set aside when other tables are in it', async () => {
    const db = await openSqlite(file);
    await db.exec('CREATE TABLE calls (other INTEGER)');
    db.close();
    await openLog();
    expect(codes()).toEqual(['activity.damaged']);
  });

  it('is left alone when a newer version has written it', async () => {
    await (await openLog()).close();
    const db = await openSqlite(file);
    await db.exec('PRAGMA user_version = 999');
    db.close();
    await expect(openLog()).rejects.toMatchObject({ code: 'activity.newer_version' });
    expect(problems).toEqual([]);
    expect(await ask('SELECT json_array(user_version) FROM pragma_user_version')).toEqual([999]);
  });

  it('cannot be had where a directory is in its place', async () => {
    mkdirSync(file);
    await expect(openLog()).rejects.toMatchObject({ code: 'activity.unavailable' });
  });

  it('cannot be had without the native library, and says so', async () => {
    const missing: OpenSqlite = () => Promise.reject(new Error("Cannot find module '@libsql/linux-x64-gnu'"));
    await expect(openLog(undefined, missing)).rejects.toMatchObject({ code: 'activity.unavailable' });
  });
});

describe('migrations', () => {
  const withDb = async (run: (db: Sqlite) => Promise<void>): Promise<void> => {
    const db = await openSqlite(file);
    await run(db).finally(() => db.close());
  };
  const version = (): Promise<unknown> => ask('SELECT json_array(user_version) FROM pragma_user_version');

  it('run once each, in order', async () => {
    const plan = [
      'CREATE TABLE a (x INTEGER)',
      'ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)',
    ];
    await withDb((db) => migrate(db, plan.slice(0, 1)));
    expect(await version()).toEqual([1]);
    await withDb((db) => migrate(db, plan));
    await withDb((db) => migrate(db, plan));
    expect(await version()).toEqual([2]);
    expect(await ask('SELECT json_group_array(json_array(x, y)) FROM a')).toEqual([[1, 2]]);
  });

  it('leave nothing behind when a step fails', async () => {
    const plan = ['CREATE TABLE a (x INTEGER)', 'CREATE TABLE b (x INTEGER); INSERT INTO nowhere VALUES (1)'];
    await withDb(async (db) => {
      await expect(migrate(db, plan)).rejects.toThrow('nowhere');
      // No transaction is left open.
      await db.exec('BEGIN; COMMIT');
    });
    expect(await version()).toEqual([1]);
    expect(await ask('SELECT json_group_array(name) FROM sqlite_schema')).toEqual(['a']);
  });

  it('refuse a database that is not ours', async () => {
    await withDb((db) => db.exec('CREATE TABLE a (x INTEGER)'));
    await expect(withDb((db) => migrate(db, steps))).rejects.toBeInstanceOf(ForeignDatabaseError);
  });
});

describe('retention', () => {
  const wide: Limits = { days: 30, rows: 1_000_000, bytes: 256 * 1024 * 1024 };
  const day = 24 * 60 * 60 * 1_000;
  const fill = async (
    count: number,
    changes: (index: number) => Parameters<typeof call>[0],
  ): Promise<void> => {
    const log = await openLog(wide);
    for (let index = 0; index < count; index += 1) log.record(call(changes(index)));
    await log.close();
    expect(await storedRows()).toEqual([count]);
  };
  const extent = 'SELECT json_array(count(*), min(id), max(id)) FROM calls';

  it('keeps so many rows, the newest', async () => {
    await fill(5_000, () => ({}));
    await openLog({ ...wide, rows: 700 });
    await vi.waitFor(async () => expect(await ask(extent)).toEqual([700, 4_301, 5_000]));
  });

  it('keeps so many days', async () => {
    await fill(3_000, (index) => ({ at: clock.now() - (index < 2_500 ? 31 : 29) * day }));
    await openLog(wide);
    await vi.waitFor(async () => expect(await ask(extent)).toEqual([500, 2_501, 3_000]));
  });

  it('keeps so many bytes, also while calls come in, and gives room back to the disk', async () => {
    const bytes = 400_000;
    const target = 'x'.repeat(500);
    await fill(15_000, (index) => ({ tool: `${index}${target}` }));
    const full = statSync(file).size;
    expect(full).toBeGreaterThan(8_000_000);
    const log = await openLog({ ...wide, bytes });
    const used = `SELECT json_array((page_count - (SELECT freelist_count FROM pragma_freelist_count)) * 4096)
      FROM pragma_page_count`;
    const usedBytes = async (): Promise<number> => ((await ask(used)) as [number])[0];
    await vi.waitFor(async () => expect(await usedBytes()).toBeLessThan(bytes), 10_000);
    for (let index = 0; index < 5_000; index += 1) log.record(call({ tool: `${index}${target}` }));
    await vi.waitFor(async () => {
      const [[, , last], size] = [(await ask(extent)) as number[], await usedBytes()];
      expect(last).toBe(20_000);
      expect(size).toBeLessThan(bytes);
    }, 10_000);
    await log.close();
    // 1,024 spare pages may stay for new rows.
    expect(statSync(file).size).toBeLessThan(bytes + 1_100 * 4_096);
  });
});
