/**
 * Writes many rows at once, whole or not at all. Measured on two shared cores, microseconds of processor time a row: one
 * statement a row 5.2, `INSERT ... SELECT FROM json_each(?)` 5.6, one statement with many `VALUES` 3 to 4. Arguments and
 * results, where they are kept, cost some 30 more with their full-text index.
 */
import type { Columns } from './columns.ts';
import type { Facet, StoredEntry } from './entry.ts';
import type { Facets } from './facets.ts';
import type { Sqlite, SqlStatement, SqlValue } from './sqlite.ts';
import { indexText, type Texts } from './texts.ts';

/** Rows that one batch holds at most. */
export const BATCH_ROWS = 500;
/** A batch ends early when its details are so long together, so that the write-ahead log stays small. UTF-16 units. */
export const BATCH_TEXT = 256 * 1024;

/** Writes a batch of 1 to `BATCH_ROWS` rows. */
export type WriteBatch = (batch: readonly StoredEntry[]) => Promise<void>;

const COLUMNS = 9;
/** Rows per prepared statement: a batch takes the smallest that it fits into, filled up with empty rows. */
const SIZES = [8, 64, BATCH_ROWS];
const DETAIL_COLUMNS = 5;
/** The same for arguments and results. */
const DETAIL_ROWS = 32;

/** Prepares the statements. */
export async function createBatchWrite(
  db: Sqlite,
  facets: Facets,
  texts: Texts,
  columns: Columns,
): Promise<WriteBatch> {
  const addFacet = await db.prepare(
    `INSERT OR REPLACE INTO facets (id, kind, client, server, tool, action, outcome, error, approval)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addDetails = await db.prepare(detailsOf(DETAIL_ROWS));
  const inserts = await Promise.all(
    SIZES.map(async (size) => ({ size, statement: await db.prepare(insertOf(size)) })),
  );
  return async (batch) => {
    const fit = inserts.find(({ size }) => size >= batch.length);
    const first = batch[0];
    if (fit === undefined || first === undefined) throw new RangeError(`a batch has 1 to ${BATCH_ROWS} rows`);
    const values = valuesOf(batch);
    while (values.length < fit.size * COLUMNS) values.push(null);
    const detailed = batch.filter((entry) => entry.details !== null);
    const added = [...facets.unsaved()];
    // One statement is whole or not at all by itself.
    if (detailed.length === 0 && added.length === 0 && !columns.completes(batch)) {
      await fit.statement.run(values);
      columns.add(batch);
      return;
    }
    if (detailed.length > 0) await texts.prepare(first.id);
    await db.exec('BEGIN IMMEDIATE');
    try {
      await saveFacets(addFacet, added);
      await fit.statement.run(values);
      for (let from = 0; from < detailed.length; from += DETAIL_ROWS) {
        await addDetails.run(detailValuesOf(detailed.slice(from, from + DETAIL_ROWS)));
      }
      await texts.write(detailed.map((entry) => [entry.id, textOf(entry, facets.get(entry.facet))]));
      await columns.save(batch);
      await db.exec('COMMIT');
    } catch (error) {
      await db.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
    facets.saved(added.length);
    columns.add(batch);
  };
}

/** What the full-text index holds of a row. */
export function textOf({ target, details }: StoredEntry, facet: Facet): string {
  return indexText(facet, target, details?.request ?? null, details?.response ?? null);
}

/** In the same transaction as the rows that use them: a row without its facet could not be read. */
async function saveFacets(
  addFacet: SqlStatement,
  added: readonly (readonly [number, Facet])[],
): Promise<void> {
  for (const [id, { kind, client, server, tool, action, outcome, error, approval }] of added) {
    await addFacet.run([id, kind, client, server, tool, action, outcome, error, approval]);
  }
}

function insertOf(size: number): string {
  const row = `(${new Array(COLUMNS).fill('?').join(', ')})`;
  return `INSERT INTO entries (id, at, facet, session, target, duration_ms, request_bytes, response_bytes, skipped)
    SELECT * FROM (VALUES ${new Array(size).fill(row).join(', ')}) WHERE column1 IS NOT NULL`;
}

function detailsOf(size: number): string {
  const row = `(${new Array(DETAIL_COLUMNS).fill('?').join(', ')})`;
  return `INSERT INTO details (id, request, response, hidden, cut)
    SELECT * FROM (VALUES ${new Array(size).fill(row).join(', ')}) WHERE column1 IS NOT NULL`;
}

/** Filled up with empty rows. */
function detailValuesOf(rows: readonly StoredEntry[]): SqlValue[] {
  const values: SqlValue[] = [];
  for (const { id, details } of rows) {
    if (details === null) continue;
    const { request, response, hidden, requestCut, responseCut } = details;
    values.push(id, request, response, hidden, Number(requestCut) + 2 * Number(responseCut));
  }
  while (values.length < DETAIL_ROWS * DETAIL_COLUMNS) values.push(null);
  return values;
}

function valuesOf(batch: readonly StoredEntry[]): SqlValue[] {
  const values = new Array<SqlValue>(batch.length * COLUMNS);
  let at = 0;
  for (const entry of batch) {
    values[at++] = entry.id;
    values[at++] = entry.at;
    values[at++] = entry.facet;
    values[at++] = entry.session;
    values[at++] = entry.target;
    values[at++] = entry.durationMs;
    values[at++] = entry.requestBytes;
    values[at++] = entry.responseBytes;
    values[at++] = entry.skipped ? 1 : 0;
  }
  return values;
}
