import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BLOCK_ROWS } from '../../main/activity/blocks.ts';
import type { StoredEntry } from '../../main/activity/entry.ts';
import { type Connections, openConnections } from '../../main/activity/file.ts';
import { openRows, type Rows } from '../../main/activity/rows.ts';
import { migrate, steps } from '../../main/activity/schema.ts';
import { faultOf, openSqlite } from '../../main/activity/sqlite.ts';
import { stored } from './entries.ts';
import { extentIn, rowsIn } from './inside.ts';

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gatehouse-rows-'));
  file = join(dir, 'activity.db');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const batch = (first: number, count: number, changes: Partial<StoredEntry> = {}): StoredEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    ...stored({ at: first + index }),
    id: first + index,
    ...changes,
  }));

async function withRows(run: (rows: Rows, connections: Connections) => Promise<void>): Promise<void> {
  const connections = await openConnections(file, openSqlite);
  try {
    await run(await openRows(connections.writer, connections.reader), connections);
  } finally {
    connections.reader.close();
    connections.writer.close();
  }
}
const add = async (rows: Rows, entries: readonly StoredEntry[]): Promise<void> => {
  await rows.write(entries);
  rows.written(entries);
};
const blocks = async (): Promise<unknown> => {
  const db = await openSqlite(file);
  try {
    const query = await db.prepare(
      'SELECT json_group_array(json_array(first, rows)) AS json FROM (SELECT * FROM blocks ORDER BY first)',
    );
    return await query.read([]);
  } finally {
    db.close();
  }
};

describe('rows', () => {
  it('that come alone join one block until that is full', async () => {
    await withRows(async (rows) => {
      for (let id = 1; id <= BLOCK_ROWS + 2; id += 1)
        await add(rows, batch(id, 1, { session: `s${id % 3}` }));
    });
    expect(await blocks()).toEqual([
      [1, BLOCK_ROWS],
      [BLOCK_ROWS + 1, 2],
    ]);
    const found = await rowsIn(file);
    expect(found.map(({ id, session }) => [id, session])).toEqual(
      Array.from({ length: BLOCK_ROWS + 2 }, (_, index) => [index + 1, `s${(index + 1) % 3}`]),
    );
  });

  it('are found by their ids, in any order, and the next ones across a gap', async () => {
    await withRows(async (rows) => {
      await add(rows, batch(1, 10));
      await add(rows, batch(100, 10));
      expect(rows.get([105, 3, 50, 4, 109]).map(({ id }) => id)).toEqual([105, 3, 4, 109]);
      expect(rows.blockFrom(11)?.first).toBe(100);
      expect(rows.blockFrom(110)).toBeNull();
      expect(rows.extent()).toEqual({ first: 1, last: 109 });
    });
  });

  it('are removed one by one from the old end, and go on growing at the new one', async () => {
    await withRows(async (rows) => {
      await add(rows, batch(1, 300));
      await rows.removeBelow(101);
      expect(await extentIn(file)).toEqual([200, 101, 300]);
      await add(rows, batch(301, 1));
      await rows.removeBelow(301);
      await rows.removeBelow(301);
      expect(await extentIn(file)).toEqual([1, 301, 301]);
      expect(rows.get([300, 301]).map(({ at }) => at)).toEqual([301]);
      await rows.removeBelow(302);
      expect(rows.extent()).toBeNull();
    });
  });

  it.each([
    ['the same', 1, 10],
    ['the end of it', 10, 1],
    ['before it and into it', 0, 2],
    ['within it', 4, 2],
    ['all around it', 0, 20],
  ])('are a conflict where another program has written them: %s', async (_, first, count) => {
    await withRows(async (rows) => {
      await add(rows, batch(1, 10));
      const error: unknown = await rows.write(batch(first, count)).catch((reason: unknown) => reason);
      expect(faultOf(error)).toBe('conflict');
      expect(await extentIn(file)).toEqual([10, 1, 10]);
    });
  });

  it('of the tables of before are moved into blocks, with their gaps', async () => {
    const db = await openSqlite(file);
    await migrate(db, steps.slice(0, 2));
    await db.exec(
      `WITH RECURSIVE ids(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 1300)
       INSERT INTO entries SELECT id, 1700000000000 + id, id % 7 + 1, 's' || (id % 5),
         iif(id % 10 = 0, 'file:///' || id, NULL), id % 90, id, 2 * id, id % 4 = 0 FROM ids WHERE id NOT IN (3, 700)`,
    );
    await migrate(db);
    db.close();
    const rows = await rowsIn(file);
    expect(rows).toHaveLength(1_298);
    expect(rows[1_297]).toEqual({
      id: 1_300,
      at: 1_700_000_001_300,
      facet: (1_300 % 7) + 1,
      session: 's0',
      target: 'file:///1300',
      durationMs: 1_300 % 90,
      requestBytes: 1_300,
      responseBytes: 2_600,
      skipped: true,
    });
    expect(rows.map(({ id }) => id).slice(0, 4)).toEqual([1, 2, 4, 5]);
    expect(await blocks()).toEqual([
      [1, 2],
      [4, 498],
      [502, 198],
      [701, 302],
      [1_003, 298],
    ]);
  });
});
