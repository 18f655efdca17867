/**
 * The tables, as steps from an empty file to the newest version. SQLite keeps the version in the file (`user_version`).
 * A step that has been released is never edited; a change is a new step.
 */
import { GatehouseError } from '../protocol/error.ts';
import { BLOCK_ROWS, encodeBlock } from './blocks.ts';
import type { BareEntry } from './entry.ts';
import type { Sqlite } from './sqlite.ts';

/** SQL, or what needs more than that. */
export type Step = string | ((db: Sqlite) => Promise<void>);

/** Step n makes version n + 1 out of version n. */
export const steps: readonly Step[] = [
  `CREATE TABLE names (
     id INTEGER PRIMARY KEY,
     text TEXT NOT NULL
   ) STRICT;
   CREATE TABLE calls (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     client INTEGER NOT NULL,
     session TEXT NOT NULL,
     server INTEGER NOT NULL,
     tool TEXT NOT NULL,
     method INTEGER NOT NULL,
     outcome INTEGER NOT NULL,
     error INTEGER,
     duration_ms INTEGER NOT NULL,
     request_bytes INTEGER NOT NULL,
     response_bytes INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX calls_by_server ON calls (server, id, method);`,
  `CREATE TABLE facets (
     id INTEGER PRIMARY KEY,
     kind TEXT NOT NULL,
     client TEXT NOT NULL,
     server TEXT NOT NULL,
     tool TEXT NOT NULL,
     action TEXT NOT NULL,
     outcome TEXT NOT NULL,
     error TEXT NOT NULL,
     approval TEXT NOT NULL
   ) STRICT;
   CREATE TABLE entries (
     id INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     facet INTEGER NOT NULL,
     session TEXT NOT NULL,
     target TEXT,
     duration_ms INTEGER NOT NULL,
     request_bytes INTEGER NOT NULL,
     response_bytes INTEGER NOT NULL,
     skipped INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE details (
     id INTEGER PRIMARY KEY,
     request TEXT,
     response TEXT,
     hidden INTEGER NOT NULL,
     cut INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE parts (
     n INTEGER PRIMARY KEY,
     first INTEGER NOT NULL,
     bytes INTEGER NOT NULL
   ) STRICT;
   CREATE TEMP TABLE old AS
     SELECT calls.id, at, session, c.text AS client, s.text AS server, m.text AS action, o.text AS outcome,
       coalesce(e.text, '') AS error, duration_ms, request_bytes, response_bytes, calls.tool AS target,
       m.text IN ('tools/call', 'prompts/get') AND s.text <> '' AS shared
     FROM calls JOIN names c ON c.id = client JOIN names s ON s.id = server JOIN names m ON m.id = method
       JOIN names o ON o.id = outcome LEFT JOIN names e ON e.id = error;
   INSERT INTO facets (kind, client, server, tool, action, outcome, error, approval)
     SELECT DISTINCT 'call', client, server, iif(shared, target, ''), action, outcome, error, '' FROM old;
   CREATE INDEX facets_by_all ON facets (client, server, tool, action, outcome, error);
   INSERT INTO entries
     SELECT old.id, at, facets.id, session, iif(shared, NULL, target), duration_ms, request_bytes, response_bytes, 0
     FROM old JOIN facets ON facets.client = old.client AND facets.server = old.server
       AND facets.tool = iif(shared, target, '') AND facets.action = old.action AND facets.outcome = old.outcome
       AND facets.error = old.error;
   DROP INDEX facets_by_all;
   DROP TABLE old;
   DROP TABLE calls;
   DROP TABLE names;
   CREATE TABLE columns (
     chunk INTEGER PRIMARY KEY,
     block BLOB NOT NULL
   ) STRICT;`,
  moveIntoBlocks,
];

/** Thrown for a database that is sound, but not one of ours. */
export class ForeignDatabaseError extends Error {}

/**
 * Brings a database to the newest version; each step is done whole or not at all.
 *
 * @throws GatehouseError `activity.newer_version` when a newer Gatehouse has written the file
 * @throws ForeignDatabaseError when the file holds tables that Gatehouse did not make
 */
export async function migrate(db: Sqlite, plan: readonly Step[] = steps): Promise<void> {
  const [version, tables] = await state(db);
  if (version > plan.length) {
    throw new GatehouseError({
      code: 'activity.newer_version',
      message: 'The activity log was written by a newer version of Gatehouse.',
      remedy: 'Update Gatehouse, or move the file activity.db away to begin a new log.',
    });
  }
  if (version === 0 && tables > 0) throw new ForeignDatabaseError();
  for (const [index, step] of plan.entries()) {
    if (index < version) continue;
    await db.exec('BEGIN IMMEDIATE');
    try {
      if (typeof step === 'string') await db.exec(step);
      else await step(db);
      await db.exec(`PRAGMA user_version = ${index + 1}`);
      await db.exec('COMMIT');
    } catch (error) {
      // A failed step may have rolled back by itself.
      await db.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}

async function state(db: Sqlite): Promise<readonly [version: number, tables: number]> {
  const query = await db.prepare(
    `SELECT json_array((SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)) AS json`,
  );
  return (await query.read([])) as [number, number];
}

/** Rows of a table become rows in blocks. The trigger refuses what SQLite cannot know: a block over rows of another. */
async function moveIntoBlocks(db: Sqlite): Promise<void> {
  await db.exec(
    `CREATE TABLE blocks (
       first INTEGER PRIMARY KEY,
       rows INTEGER NOT NULL,
       block BLOB NOT NULL
     ) STRICT;
     CREATE TRIGGER blocks_apart BEFORE INSERT ON blocks
       WHEN (SELECT first + rows FROM blocks WHERE first < NEW.first + NEW.rows ORDER BY first DESC LIMIT 1) > NEW.first
       BEGIN SELECT RAISE(ABORT, 'rows with these numbers are there already'); END;`,
  );
  const next = await db.prepare(
    `SELECT json_group_array(json_object('id', id, 'at', at, 'facet', facet, 'session', session, 'target', target,
       'durationMs', duration_ms, 'requestBytes', request_bytes, 'responseBytes', response_bytes, 'skipped', skipped)) AS json
     FROM (SELECT * FROM entries WHERE id > ? ORDER BY id LIMIT ${BLOCK_ROWS})`,
  );
  const insert = await db.prepare('INSERT INTO blocks (first, rows, block) VALUES (?, ?, ?)');
  const add = (rows: readonly BareEntry[]): Promise<void> =>
    insert.run([rows[0]?.id ?? 0, rows.length, encodeBlock(rows)]);
  for (let last = 0; ; ) {
    const found = ((await next.read([last])) as TableRow[]).map((row) => ({
      ...row,
      skipped: row.skipped === 1,
    }));
    let block: BareEntry[] = [];
    for (const row of found) {
      if (block.length > 0 && row.id !== last + 1) {
        await add(block);
        block = [];
      }
      block.push(row);
      last = row.id;
    }
    if (block.length === 0) break;
    await add(block);
  }
  await db.exec('DROP TABLE entries');
}

/** As SQLite has it: no truth values. */
type TableRow = Omit<BareEntry, 'skipped'> & { readonly skipped: number };
