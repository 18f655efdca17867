/**
 * Writes many rows at once, whole or not at all. Rows lie in blocks (`blocks.ts`), which takes under a microsecond of
 * processor time a row; a row of a table took three to five. Arguments and results, where they are kept, cost some 30
 * more with their full-text index.
 */
import { BLOCK_ROWS } from './blocks.ts';
import type { Columns } from './columns.ts';
import type { Facet, StoredEntry } from './entry.ts';
import type { Facets } from './facets.ts';
import type { Rows } from './rows.ts';
import type { Sqlite, SqlStatement, SqlValue } from './sqlite.ts';
import { indexText, type Texts } from './texts.ts';

/** Rows that one batch holds at most. */
export const BATCH_ROWS = BLOCK_ROWS;
/** A batch ends early when its details are so long together, so that the write-ahead log stays small. UTF-16 units. */
export const BATCH_TEXT = 256 * 1024;

/** Writes a batch of 1 to `BATCH_ROWS` rows. */
export type WriteBatch = (batch: readonly StoredEntry[]) => Promise<void>;

const DETAIL_COLUMNS = 5;
/** Rows of arguments and results that one statement writes; it is filled up with empty ones. */
const DETAIL_ROWS = 32;

/** Prepares the statements. */
export async function createBatchWrite(
  db: Sqlite,
  facets: Facets,
  texts: Texts,
  columns: Columns,
  rows: Rows,
): Promise<WriteBatch> {
  const addFacet = await db.prepare(
    `INSERT OR REPLACE INTO facets (id, kind, client, server, tool, action, outcome, error, approval)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const addDetails = await db.prepare(detailsOf(DETAIL_ROWS));
  return async (batch) => {
    const first = batch[0];
    if (first === undefined || batch.length > BATCH_ROWS)
      throw new RangeError(`a batch has 1 to ${BATCH_ROWS} rows`);
    const detailed = batch.filter((entry) => entry.details !== null);
    const added = [...facets.unsaved()];
    // One statement is whole or not at all by itself.
    if (detailed.length === 0 && added.length === 0 && !columns.completes(batch) && !rows.joins(batch)) {
      await rows.write(batch);
      rows.written(batch);
      columns.add(batch);
      return;
    }
    if (detailed.length > 0) await texts.prepare(first.id);
    await db.exec('BEGIN IMMEDIATE');
    try {
      await saveFacets(addFacet, added);
      await rows.write(batch);
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
    rows.written(batch);
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
