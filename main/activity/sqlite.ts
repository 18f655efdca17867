/**
 * The only file that knows libsql. A database here is one connection whose statements run on libsql's own threads, so
 * that writing and syncing never hold up the event loop; `readNow` is the exception, for short reads.
 */

/** What a column can hold. */
export type SqlValue = string | number | null | Uint8Array;

/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, unknown>>;

/**
 * A prepared statement. One call at a time. Queries give one row with one column `json`, which comes back parsed; blobs
 * come as they are with `rowNow`.
 */
export interface SqlStatement {
  run(params: readonly SqlValue[]): Promise<void>;
  read(params: readonly SqlValue[]): Promise<unknown>;
  /** Like `read`, but runs on the calling thread and gives the answer at once. */
  readNow(params: readonly SqlValue[]): unknown;
  /** The first row as it is, on the calling thread; blobs are `Uint8Array`s. */
  rowNow(params: readonly SqlValue[]): SqlRow | undefined;
}

/** One open connection. */
export interface Sqlite {
  exec(sql: string): Promise<void>;
  prepare(sql: string): Promise<SqlStatement>;
  close(): void;
}

/** Opens a connection; rejects when the native library is not there or the file cannot be opened. */
export type OpenSqlite = (file: string) => Promise<Sqlite>;

/** The real thing. The library is native and loaded here, so that a missing binary only costs the activity log. */
export const openSqlite: OpenSqlite = async (file) => {
  const { default: Database } = (await import('libsql/promise')) as { default: NativeDatabaseConstructor };
  const db = new Database(file, {});
  return {
    exec: (sql) => db.exec(sql),
    async prepare(sql) {
      const statement = await db.prepare(sql);
      return {
        async run(params) {
          await statement.all(params);
        },
        read: async (params) => parsed((await statement.all(params))[0]),
        readNow: (params) => parsed(statement.get(params)),
        rowNow: (params) => statement.get(params),
      };
    },
    close: () => db.close(),
  };
};

/** What a failure means for the log. */
export type Fault =
  /** The file's contents cannot be trusted any more. */
  | 'damaged'
  /** This batch can never be written: its ids are taken. */
  | 'conflict'
  /** The disk is full, or the file may not grow any more. */
  | 'full'
  /** Locked, read-only, input/output: may heal. */
  | 'passing';

/** Tells the kinds of failure apart by SQLite's result code. */
export function faultOf(error: unknown): Fault {
  const code = error instanceof Error && 'rawCode' in error ? Number(error.rawCode) & 0xff : 0;
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return 'damaged';
  if (code === SQLITE_FULL) return 'full';
  return code === SQLITE_CONSTRAINT ? 'conflict' : 'passing';
}

/** True when SQLite itself refused for a reason that may be gone at the next try. */
export function mayPass(error: unknown): boolean {
  return error instanceof Error && 'rawCode' in error && faultOf(error) === 'passing';
}

export const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;

/** The part of libsql's API that is used; its own types leave it open. */
interface NativeStatement {
  all(params: readonly SqlValue[]): Promise<readonly NativeRow[]>;
  get(params: readonly SqlValue[]): NativeRow | undefined;
}
interface NativeDatabase {
  exec(sql: string): Promise<void>;
  prepare(sql: string): Promise<NativeStatement>;
  close(): void;
}
type NativeDatabaseConstructor = new (file: string, options: object) => NativeDatabase;
type NativeRow = SqlRow;

function parsed(row: NativeRow | undefined): unknown {
  const json = row?.json;
  return typeof json === 'string' ? JSON.parse(json) : null;
}
