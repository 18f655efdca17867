/**
 * The activity log: one row per finished call, in SQLite. Rows wait in memory and are written in batches, so that no
 * answer ever waits for the disk. Stops with `close()`, which writes what waits.
 */
import type DatabaseConstructor from 'libsql';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';

/** One finished call as the gateway tells it. */
export interface ActivityEntry {
  /** Epoch milliseconds when the call arrived. */
  readonly at: number;
  readonly client: string;
  readonly session: string;
  /** Empty when the call named no server that is known. */
  readonly server: string;
  /** Tool or prompt name or URI, as the server knows it. */
  readonly tool: string;
  readonly method: string;
  readonly outcome: 'ok' | 'tool-error' | 'error' | 'refused' | 'cancelled';
  readonly errorCode: string | null;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** One row of the log; the same shape as the contract's. */
export interface ActivityRow extends Omit<ActivityEntry, 'session' | 'method'> {
  readonly id: number;
}

/** The open log. */
export interface ActivityLog {
  /** Takes one call; never throws and never waits. */
  record(entry: ActivityEntry): void;
  /** Newest first. `before` is the id of the last row of the page before; `server` keeps one server's rows. */
  recent(query: {
    readonly limit: number;
    readonly before?: number | undefined;
    readonly server?: string | undefined;
  }): readonly ActivityRow[];
  /** Tool calls per server since `epochMs`, whatever came of them. */
  callsSince(epochMs: number): ReadonlyMap<string, number>;
  /** Writes what waits and closes the file. Idempotent. */
  close(): Promise<void>;
}

/** How to open the log. */
export interface ActivityOptions {
  /** Absolute path of the database. */
  readonly file: string;
  readonly clock: Clock;
  /** Told what went wrong while the log stays in use. */
  onError(problem: GatehouseError): void;
}

const FLUSH_MS = 250;
const FLUSH_ROWS = 500;
const QUEUE_ROWS = 10_000;
const COLUMNS =
  'at, client, session, server, tool, method, outcome, error_code, duration_ms, request_bytes, response_bytes';

/**
 * Opens or creates the log.
 *
 * @throws GatehouseError `activity.unavailable` when this computer cannot load SQLite or open the file
 */
export async function openActivity(options: ActivityOptions): Promise<ActivityLog> {
  try {
    const { default: Database } = await import('libsql');
    return createLog(new Database(options.file), options);
  } catch (cause) {
    throw new GatehouseError({
      code: 'activity.unavailable',
      message: 'The activity log cannot be opened.',
      remedy: 'Calls work, but are not recorded. Check the disk, then start Gatehouse again.',
      cause,
    });
  }
}

function createLog(db: DatabaseConstructor.Database, options: ActivityOptions): ActivityLog {
  db.pragma('journal_mode = WAL');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec(`CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, client TEXT NOT NULL, session TEXT NOT NULL, server TEXT NOT NULL,
    tool TEXT NOT NULL, method TEXT NOT NULL, outcome TEXT NOT NULL, error_code TEXT, duration_ms REAL NOT NULL,
    request_bytes INTEGER NOT NULL, response_bytes INTEGER NOT NULL) STRICT`);
  const insert = db.prepare(`INSERT INTO calls (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  let queue: ActivityEntry[] = [];
  let cancelFlush: (() => void) | null = null;
  let closed = false;

  const flush = (): void => {
    cancelFlush?.();
    cancelFlush = null;
    const batch = queue;
    queue = [];
    if (batch.length === 0) return;
    try {
      db.exec('BEGIN IMMEDIATE');
      for (const row of batch) {
        insert.run([
          row.at,
          row.client,
          row.session,
          row.server,
          row.tool,
          row.method,
          row.outcome,
          row.errorCode,
          row.durationMs,
          row.requestBytes,
          row.responseBytes,
        ]);
      }
      db.exec('COMMIT');
    } catch (cause) {
      if (db.inTransaction) db.exec('ROLLBACK');
      options.onError(
        new GatehouseError({
          code: 'activity.write_failed',
          message: `${batch.length} calls could not be written to the activity log.`,
          remedy: 'Check that the disk of the data directory has room and can be written to.',
          cause,
        }),
      );
    }
  };

  return {
    record(entry) {
      if (closed || queue.length >= QUEUE_ROWS) return;
      queue.push(entry);
      if (queue.length >= FLUSH_ROWS) flush();
      else cancelFlush ??= options.clock.after(FLUSH_MS, flush);
    },
    recent({ limit, before, server }) {
      if (closed) return [];
      flush();
      const where = `${before === undefined ? '' : ' AND id < ?'}${server === undefined ? '' : ' AND server = ?'}`;
      const rows = db
        .prepare(
          `SELECT id, at, client, server, tool, outcome, error_code AS errorCode, duration_ms AS durationMs,
             request_bytes AS requestBytes, response_bytes AS responseBytes
           FROM calls WHERE 1${where} ORDER BY id DESC LIMIT ?`,
        )
        .raw()
        .all([before, server, limit].filter((value) => value !== undefined));
      return rows.map((row) => rowOf(row as readonly unknown[]));
    },
    callsSince(epochMs) {
      if (closed) return new Map();
      flush();
      const rows = db
        .prepare(
          `SELECT server, count(*) FROM calls
           WHERE at >= ? AND method = 'tools/call' AND server <> '' GROUP BY server`,
        )
        .raw()
        .all([epochMs]);
      return new Map(rows.map((row) => row as [string, number]));
    },
    async close() {
      if (closed) return;
      flush();
      closed = true;
      db.close();
    },
  };
}

function rowOf(row: readonly unknown[]): ActivityRow {
  const [id, at, client, server, tool, outcome, errorCode, durationMs, requestBytes, responseBytes] = row as [
    number,
    number,
    string,
    string,
    string,
    ActivityRow['outcome'],
    string | null,
    number,
    number,
    number,
  ];
  return { id, at, client, server, tool, outcome, errorCode, durationMs, requestBytes, responseBytes };
}
