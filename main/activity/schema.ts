/**
 * The tables, as steps from an empty file to the newest version. SQLite keeps the version in the file (`user_version`).
 * A step that has been released is never edited; a change is a new step.
 */
import { GatehouseError } from '../protocol/error.ts';
import type { Sqlite } from './sqlite.ts';

/** Step n makes version n + 1 out of version n. */
export const steps: readonly string[] = [
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
];

/** Thrown for a database that is sound, but not one of ours. */
export class ForeignDatabaseError extends Error {}

/**
 * Brings a database to the newest version; each step is done whole or not at all.
 *
 * @throws GatehouseError `activity.newer_version` when a newer Gatehouse has written the file
 * @throws ForeignDatabaseError when the file holds tables that Gatehouse did not make
 */
export async function migrate(db: Sqlite, plan: readonly string[] = steps): Promise<void> {
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
      await db.exec(step);
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
