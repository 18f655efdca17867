/**
 * Writes many calls with one statement. Measured on two shared cores, microseconds of processor time a row, index
 * included: one statement a row 5.2, `INSERT ... SELECT FROM json_each(?)` 5.6, one statement with many `VALUES` 4.1, the
 * same with names stored as numbers 3.2. On libsql's threads about 1 of the 3.2 is left to the calling thread, and a sync
 * of the disk (20 to 60 milliseconds) holds up nobody.
 */
import type { ActivityEntry } from './entry.ts';
import type { Names } from './names.ts';
import type { Sqlite, SqlStatement, SqlValue } from './sqlite.ts';

/** Rows that one statement writes at most. */
export const BATCH_ROWS = 500;

/** Writes a batch of 1 to `BATCH_ROWS` calls, whole or not at all. */
export type WriteBatch = (batch: readonly ActivityEntry[]) => Promise<void>;

const COLUMNS = 12;
/** Rows per prepared statement: a batch takes the smallest that it fits into, filled up with empty rows. */
const SIZES = [8, 64, BATCH_ROWS];

/** Prepares the statements. */
export async function createBatchWrite(db: Sqlite, names: Names): Promise<WriteBatch> {
  const addName = await db.prepare('INSERT OR REPLACE INTO names (id, text) VALUES (?, ?)');
  const inserts = await Promise.all(
    SIZES.map(async (size) => ({ size, statement: await db.prepare(insertOf(size)) })),
  );
  return async (batch) => {
    const fit = inserts.find(({ size }) => size >= batch.length);
    if (fit === undefined) throw new RangeError(`a batch has at most ${BATCH_ROWS} rows`);
    const values = valuesOf(batch, names);
    await saveNames(addName, names);
    while (values.length < fit.size * COLUMNS) values.push(null);
    await fit.statement.run(values);
  };
}

/** Before the rows that use them: a row without its name could not be read. */
async function saveNames(addName: SqlStatement, names: Names): Promise<void> {
  for (const [id, text] of names.unsaved()) {
    await addName.run([id, text]);
    names.saved(id);
  }
}

function insertOf(size: number): string {
  const row = `(${new Array(COLUMNS).fill('?').join(', ')})`;
  return `INSERT INTO calls (id, at, client, session, server, tool, method, outcome, error, duration_ms, request_bytes,
    response_bytes) SELECT * FROM (VALUES ${new Array(size).fill(row).join(', ')}) WHERE column1 IS NOT NULL`;
}

function valuesOf(batch: readonly ActivityEntry[], names: Names): SqlValue[] {
  const values: SqlValue[] = [];
  for (const call of batch) {
    values.push(
      call.id,
      call.at,
      names.idOf(call.client),
      call.session,
      names.idOf(call.server),
      call.tool,
      names.idOf(call.method),
      names.idOf(call.outcome),
      call.errorCode === null ? null : names.idOf(call.errorCode),
      call.durationMs,
      call.requestBytes,
      call.responseBytes,
    );
  }
  return values;
}
