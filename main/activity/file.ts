/**
 * The database on disk: opened for its owner alone, brought up to date, and set aside when it is damaged.
 */
import { open, rename, rm } from 'node:fs/promises';
import { GatehouseError } from '../protocol/error.ts';
import { migrate } from './schema.ts';
import type { OpenSqlite, Sqlite } from './sqlite.ts';

/** The connections of an open log. */
export interface Connections {
  /** Writes, and everything that may take its time. */
  readonly writer: Sqlite;
  /** Short reads on the calling thread: a reader never waits for the writer. */
  readonly reader: Sqlite;
}

/** How long a statement waits for another program that has locked the file, in milliseconds. */
const BUSY_MS = 1_000;
/** The same for reads on the calling thread. */
const READER_BUSY_MS = 50;

/**
 * Opens or creates the database, readable for its owner alone.
 *
 * @throws what `migrate` throws, what SQLite says, and errors of the file system
 */
export async function openConnections(file: string, openSqlite: OpenSqlite): Promise<Connections> {
  // SQLite gives the files beside it the same rights.
  await (await open(file, 'a', 0o600)).close();
  const opened: Sqlite[] = [];
  try {
    const writer = await openSqlite(file);
    opened.push(writer);
    await writer.exec(
      `PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL;
       PRAGMA synchronous = NORMAL`,
    );
    await migrate(writer);
    const reader = await openSqlite(file);
    opened.push(reader);
    await reader.exec(`PRAGMA busy_timeout = ${READER_BUSY_MS}; PRAGMA query_only = ON`);
    return { writer, reader };
  } catch (error) {
    for (const db of opened) db.close();
    throw error;
  }
}

/**
 * Renames a damaged database, so that a new one can take its place. Only the newest damaged one is kept: they must not
 * add up.
 *
 * @returns what to tell the user
 */
export async function setAside(file: string, cause: unknown): Promise<GatehouseError> {
  const kept = `${file}.damaged`;
  for (const suffix of ['', '-wal']) {
    await rm(kept + suffix, { force: true });
    await rename(file + suffix, kept + suffix).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
  await rm(`${file}-shm`, { force: true });
  return new GatehouseError({
    code: 'activity.damaged',
    message: 'The activity log was damaged; a new one has been started.',
    remedy: 'The old one is kept as {kept}; delete it when you do not need it.',
    values: { kept },
    cause,
  });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
