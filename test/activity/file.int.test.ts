import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActivityLog, ActivityState } from '../../main/activity/activity.ts';
import type { ActivityFilter } from '../../main/activity/entry.ts';
import type { LogProblem } from '../../main/activity/messages.ts';
import { ForeignDatabaseError, migrate, steps } from '../../main/activity/schema.ts';
import { type OpenSqlite, openSqlite, type Sqlite } from '../../main/activity/sqlite.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { put } from './entries.ts';
import { rowsIn } from './inside.ts';
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
/** Lets one packet go, and its batch as soon as that waits for its time. */
async function due(): Promise<void> {
  clock.advance(50);
  await vi.waitFor(() => expect(clock.pending()).toContain(250));
  clock.advance(250);
}
const idsOf = (rows: readonly ActivityRow[]): number[] => rows.map(({ id }) => id);
const ids = async (
  log: ActivityLog,
  filter: ActivityFilter,
  limit = 100,
  before?: number,
): Promise<number[]> => idsOf(await log.page({ filter, limit, before }));
const codes = (): string[] => problems.map(({ code }) => code);

describe('the file', () => {
  it('belongs to its owner alone', async () => {
    const log = await openLog();
    put(log);
    await written(1);
    for (const suffix of ['', '-wal', '-shm']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
  });

  it('is set aside when it is no database, and a new one is begun', async () => {
    writeFileSync(file, 'not a database '.repeat(1_000));
    const log = await openLog();
    expect(codes()).toEqual(['activity.damaged']);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toContain('not a database');
    put(log);
    await log.close();
    expect(await storedRows()).toEqual([1]);
  });

  describe('damaged behind its first page', () => {
    const fillAndClose = async (): Promise<void> => {
      const log = await openLog();
      for (let index = 0; index < 5_000; index += 1) put(log, { server: `s${index % 5}` });
      await log.close();
    };
    const damage = (): void => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4_096);
      writeFileSync(file, bytes);
    };
    const afterwards = async (): Promise<unknown> => {
      const tools = (await ask('SELECT json_group_array(json_array(id, tool)) FROM facets')) as [
        number,
        string,
      ][];
      return (await rowsIn(file)).map(({ id, facet }) => [id, new Map(tools).get(facet)]);
    };

    it('is set aside at the start', async () => {
      await fillAndClose();
      damage();
      const log = await openLog();
      expect(codes()).toEqual(['activity.damaged']);
      put(log, { tool: 'after' });
      await log.close();
      expect(await afterwards()).toEqual([[1, 'after']]);
      expect(statSync(`${file}.damaged`).size).toBeGreaterThan(100_000);
    });

    it('is set aside under the running log, which loses no later call', async () => {
      await fillAndClose();
      const log = await openLog();
      damage();
      put(log, { tool: 'after' });
      await due();
      await vi.waitFor(() => expect(codes()).toEqual(['activity.damaged']));
      expect((await log.page({ filter: {}, limit: 1 }))[0]?.tool).toBe('after');
      await log.close();
      expect(await afterwards()).toEqual([[5_001, 'after']]);
    });

    it('is kept, however many tries the new file takes', async () => {
      await fillAndClose();
      let failures = 0;
      const failing: OpenSqlite = (path) => {
        if (failures === 0) return openSqlite(path);
        failures -= 1;
        return Promise.reject(new Error('no more room'));
      };
      const log = await openLog(failing);
      damage();
      failures = 2;
      put(log, { tool: 'after' });
      await due();
      await vi.waitFor(() => expect(failures).toBe(1));
      await vi.waitFor(() => expect(codes()).toEqual(['activity.write_failed']));
      clock.advance(1_000);
      await vi.waitFor(() => expect(failures).toBe(0));
      await vi.waitFor(() => expect(clock.pending()).toContain(2_000));
      clock.advance(2_000);
      await vi.waitFor(() => expect(codes()).toEqual(['activity.write_failed', 'activity.damaged']));
      await log.close();
      expect(await afterwards()).toEqual([[5_001, 'after']]);
      expect(statSync(`${file}.damaged`).size).toBeGreaterThan(100_000);
    });

    it('is set aside when a read finds the damage', async () => {
      await fillAndClose();
      const log = await openLog();
      damage();
      await expect(log.page({ filter: {}, limit: 500, before: 1_000 })).rejects.toMatchObject({
        code: 'activity.read_failed',
      });
      await vi.waitFor(() => expect(codes()).toEqual(['activity.damaged']));
      expect(await ids(log, {})).toEqual([]);
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
    expect((await openLog()).state).toMatchObject({
      state: 'unavailable',
      problem: { code: 'activity.newer_version' },
    });
    expect(problems).toEqual([]);
    expect(await ask('SELECT json_array(user_version) FROM pragma_user_version')).toEqual([999]);
  });

  it('is opened as soon as another program lets go of it', async () => {
    await (await openLog()).close();
    const other = await openSqlite(file);
    await other.exec('BEGIN IMMEDIATE');
    let tries = 0;
    const log = openHere({
      file,
      clock,
      problems,
      states,
      sqlite: (path) => {
        tries += 1;
        return openSqlite(path);
      },
    });
    logs.push(log);
    put(log);
    const passing = (ms: number, look: () => void): Promise<void> =>
      vi.waitFor(
        () => {
          clock.advance(ms);
          look();
        },
        { timeout: 10_000 },
      );
    await passing(250, () => expect(tries).toBeGreaterThan(2));
    expect(log.state.state).toBe('opening');
    await other.exec('ROLLBACK');
    other.close();
    await passing(8_000, () => expect(log.state.state).toBe('recording'));
    await written(1);
    expect(problems).toEqual([]);
  });

  it('cannot be had where a directory is in its place', async () => {
    mkdirSync(file);
    expect((await openLog()).state).toMatchObject({
      state: 'unavailable',
      problem: { code: 'activity.unavailable' },
    });
  });

  it('cannot be had without the native library, and says so', async () => {
    const missing: OpenSqlite = () => Promise.reject(new Error("Cannot find module '@libsql/linux-x64-gnu'"));
    expect((await openLog(missing)).state).toMatchObject({
      state: 'unavailable',
      problem: { code: 'activity.unavailable' },
    });
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
