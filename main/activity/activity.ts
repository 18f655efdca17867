/**
 * The activity log: one row per finished call, in SQLite. Calls wait in memory and are written in batches on another
 * thread, so that no answer ever waits for the disk; reads see the waiting ones too. Imports protocol and libsql. Stops
 * with `close()`, which writes what waits.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import { type ActivityEntry, type ActivityRow, countsSince, rowOf } from './entry.ts';
import { setAside } from './file.ts';
import { CallQueue } from './queue.ts';
import { defaultLimits, type Limits } from './retention.ts';
import { faultOf, openSqlite } from './sqlite.ts';

export type { ActivityEntry, ActivityRow } from './entry.ts';

/** One page of the log. */
export interface ActivityQuery {
  /** Rows at most. */
  readonly limit: number;
  /** Only rows with a lower id: the last one of the page before. */
  readonly before?: number | undefined;
  /** Only rows of this server. */
  readonly server?: string | undefined;
}

/** The open log. */
export interface ActivityLog {
  /** Takes one call; never throws and never waits. Does nothing after `close`. */
  record(entry: ActivityEntry): void;
  /**
   * Newest first, with every call that was recorded before.
   *
   * @throws GatehouseError `activity.read_failed`
   */
  recent(query: ActivityQuery): readonly ActivityRow[];
  /** Tool calls per server that ended at `epochMs` or later, whatever came of them. Never throws. */
  callsSince(epochMs: number): ReadonlyMap<string, number>;
  /** Writes what waits, for some seconds at most, and closes the file. Idempotent. */
  close(): Promise<void>;
}

/** How to open the log. */
export interface ActivityOptions {
  /** Absolute path of the database. */
  readonly file: string;
  readonly clock: Clock;
  /** Told what goes wrong while the log stays in use. */
  onError(problem: GatehouseError): void;
  /** 30 days, a million rows, 256 MB unless given. */
  readonly limits?: Limits;
}

/** Longest wait for the last sync when closing, in milliseconds. */
const SETTLE_MS = 2_000;

/**
 * Opens or creates the log. `sqlite` is replaced by tests.
 *
 * @throws GatehouseError `activity.unavailable` when SQLite cannot be loaded or the file cannot be used,
 *   `activity.newer_version`
 */
export async function openActivity(options: ActivityOptions, sqlite = openSqlite): Promise<ActivityLog> {
  const { file, clock, limits = defaultLimits } = options;
  const onError = (problem: GatehouseError): void => options.onError(problem);
  try {
    const how: DatabaseOptions = { file, clock, limits, openSqlite: sqlite, onError };
    return new SqliteActivityLog(how, await openDatabase(how));
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    throw unavailable(error);
  }
}

class SqliteActivityLog implements ActivityLog {
  private readonly how: DatabaseOptions;
  private readonly queue: CallQueue;
  private database: Database;
  private closed: Promise<void> | null = null;
  /** What to tell about a damaged file whose successor is not open yet. */
  private toTell: GatehouseError | null = null;

  constructor(how: DatabaseOptions, database: Database) {
    this.how = how;
    this.database = database;
    const { clock, onError } = how;
    this.queue = new CallQueue({
      target: database,
      lastId: database.lastIdAtOpen,
      clock,
      onError,
      replace: (cause) => this.replace(cause),
    });
  }

  record(entry: ActivityEntry): void {
    this.queue.push(entry);
  }

  recent({ limit, before, server }: ActivityQuery): readonly ActivityRow[] {
    if (this.closed !== null) return [];
    const below = before ?? Number.MAX_SAFE_INTEGER;
    const { unwritten } = this.queue;
    const waiting = unwritten
      .filter((entry) => entry.id < below && (server === undefined || entry.server === server))
      .slice(-limit)
      .reverse()
      .map(rowOf);
    if (waiting.length >= limit) return waiting;
    const { names, reader } = this.database;
    const serverId = server === undefined ? null : names.find(server);
    if (server !== undefined && serverId === null) return waiting;
    // A batch may be in the file already while it still waits here for the news.
    const belowWaiting = Math.min(below, unwritten[0]?.id ?? below);
    try {
      return [...waiting, ...reader.recent(limit - waiting.length, belowWaiting, serverId)];
    } catch (error) {
      throw this.readFailed(error);
    }
  }

  callsSince(epochMs: number): ReadonlyMap<string, number> {
    if (this.closed !== null) return new Map();
    const { unwritten } = this.queue;
    let counts = new Map<string, number>();
    try {
      counts = this.database.reader.callsSince(epochMs, unwritten[0]?.id ?? Number.MAX_SAFE_INTEGER);
    } catch (error) {
      this.how.onError(this.readFailed(error));
    }
    for (const entry of unwritten) {
      if (!countsSince(entry, epochMs)) continue;
      counts.set(entry.server, (counts.get(entry.server) ?? 0) + 1);
    }
    return counts;
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    await this.queue.close();
    const { database } = this;
    let cancelLimit = (): void => undefined;
    const limit = new Promise<void>((resolve) => {
      cancelLimit = this.how.clock.after(SETTLE_MS, resolve);
    });
    // Without it the next start finds the same rows in the write-ahead log.
    await Promise.race([database.settle().catch(() => undefined), limit]);
    cancelLimit();
    database.close();
  }

  private async replace(cause: unknown): Promise<Database> {
    this.database.close();
    // Once, however many tries the new file takes: a second time would lose the old one.
    this.toTell ??= await setAside(this.how.file, cause);
    this.database = await openDatabase(this.how);
    this.how.onError(this.toTell);
    this.toTell = null;
    return this.database;
  }

  private readFailed(error: unknown): GatehouseError {
    if (faultOf(error) === 'damaged') this.queue.reportDamage(error);
    return new GatehouseError({
      code: 'activity.read_failed',
      message: 'The activity log could not be read.',
      remedy: 'Try again; if it stays, check the disk of the data directory.',
      cause: error,
    });
  }
}

function unavailable(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'activity.unavailable',
    message: 'The activity log cannot be opened; calls work, but are not recorded.',
    remedy:
      'Check that the data directory can be written to and that its disk has room, then start Gatehouse again. If it stays, install Gatehouse again.',
    cause,
  });
}
