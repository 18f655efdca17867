/** What lies in a log's file, read beside the log. */

import type { BareEntry } from '../../main/activity/entry.ts';
import { blockOf } from '../../main/activity/rows.ts';
import { openSqlite } from '../../main/activity/sqlite.ts';

/** Every row, oldest first. */
export async function rowsIn(file: string): Promise<BareEntry[]> {
  const db = await openSqlite(file);
  try {
    const next = await db.prepare(
      'SELECT first, rows, block FROM blocks WHERE first > ? ORDER BY first LIMIT 1',
    );
    const rows: BareEntry[] = [];
    for (let block = blockOf(next.rowNow([0])); block !== null; block = blockOf(next.rowNow([block.first]))) {
      rows.push(...block.rowsFrom(0));
    }
    return rows;
  } finally {
    db.close();
  }
}

/** How many rows, the first and the last id; SQLite's own answer, without looking into the blocks. */
export async function extentIn(file: string): Promise<readonly [rows: number, first: number, last: number]> {
  const db = await openSqlite(file);
  try {
    const query = await db.prepare(
      `SELECT json_array((SELECT coalesce(sum(rows), 0) FROM blocks), (SELECT min(first) FROM blocks),
         (SELECT max(first + rows - 1) FROM blocks)) AS json`,
    );
    return (await query.read([])) as [number, number, number];
  } finally {
    db.close();
  }
}
