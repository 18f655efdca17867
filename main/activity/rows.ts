/**
 * The table of rows, which lie in blocks. A row that comes alone joins the newest block, which is written anew until it
 * has enough of them: the file does not fill up with blocks of one row. Reads run on the calling thread.
 */
import { BLOCK_ROWS, Block, DamagedBlockError, encodeBlock } from './blocks.ts';
import type { BareEntry, StoredEntry } from './entry.ts';
import type { Sqlite, SqlRow } from './sqlite.ts';

/** The rows of one open database. */
export interface Rows {
  /** True when `write` needs a transaction around it; without one it is a single statement. */
  joins(batch: readonly StoredEntry[]): boolean;
  /** Writes rows whose ids follow each other, `BLOCK_ROWS` at most. Refused as a conflict when an id is taken. */
  write(batch: readonly StoredEntry[]): Promise<void>;
  /** Tells that those are in the file to stay. */
  written(batch: readonly StoredEntry[]): void;
  /** Removes every row with a lower id. Within a transaction. */
  removeBelow(id: number): Promise<void>;
  /** Rows with these ids; those that are not there are left out. Quickest when ids of one block follow each other. */
  get(ids: readonly number[]): BareEntry[];
  /** The block with this row, or with the next higher one that is there. */
  blockFrom(id: number): Block | null;
  /** First and last id; null when there are no rows. */
  extent(): { readonly first: number; readonly last: number } | null;
}

/** Opens it. */
export async function openRows(writer: Sqlite, reader: Sqlite): Promise<Rows> {
  const insert = await writer.prepare('INSERT INTO blocks (first, rows, block) VALUES (?, ?, ?)');
  const removeOne = await writer.prepare('DELETE FROM blocks WHERE first = ? AND rows = ?');
  const removeOlder = await writer.prepare('DELETE FROM blocks WHERE first < ?');
  const atOrBelow = await reader.prepare(
    'SELECT first, rows, block FROM blocks WHERE first <= ? ORDER BY first DESC LIMIT 1',
  );
  const above = await reader.prepare(
    'SELECT first, rows, block FROM blocks WHERE first > ? ORDER BY first LIMIT 1',
  );
  const ends = await reader.prepare(
    `SELECT json_array((SELECT min(first) FROM blocks),
       (SELECT first + rows - 1 FROM blocks ORDER BY first DESC LIMIT 1)) AS json`,
  );
  /** The rows of the newest block, while others may join them. */
  let open: readonly BareEntry[] = [];

  const joined = (batch: readonly StoredEntry[]): readonly BareEntry[] => {
    const follows = open.length > 0 && (open.at(-1)?.id ?? 0) + 1 === batch[0]?.id;
    return follows && open.length + batch.length <= BLOCK_ROWS ? open : [];
  };
  const add = (rows: readonly BareEntry[]): Promise<void> =>
    insert.run([rows[0]?.id ?? 0, rows.length, encodeBlock(rows)]);
  const containing = (id: number): Block | null => {
    const found = blockOf(atOrBelow.rowNow([id]));
    return found !== null && id < found.first + found.count ? found : null;
  };
  return {
    joins: (batch) => joined(batch).length > 0,
    async write(batch) {
      const before = joined(batch);
      if (before.length > 0) await removeOne.run([before[0]?.id ?? 0, before.length]);
      await add([...before, ...batch]);
    },
    written(batch) {
      const before = joined(batch);
      // What fills a block by itself leaves nothing that could be joined.
      open = before.length + batch.length < BLOCK_ROWS ? [...before, ...batch.map(withoutDetails)] : [];
    },
    async removeBelow(id) {
      const cut = containing(id);
      open = [];
      await removeOlder.run([id]);
      if (cut !== null && cut.first < id) await add(cut.rowsFrom(id));
    },
    get(ids) {
      const rows: BareEntry[] = [];
      let block: Block | null = null;
      for (const id of ids) {
        if (block === null || id < block.first || id >= block.first + block.count) block = containing(id);
        const row = block?.row(id) ?? null;
        if (row !== null) rows.push(row);
      }
      return rows;
    },
    blockFrom: (id) => containing(id) ?? blockOf(above.rowNow([id])),
    extent() {
      const [first, last] = ends.readNow([]) as [number | null, number | null];
      return first === null || last === null ? null : { first, last };
    },
  };
}

/** A block as SQLite gives it, or null when there is none. */
export function blockOf(row: SqlRow | undefined): Block | null {
  if (row === undefined) return null;
  const { first, rows, block } = row;
  if (typeof first !== 'number' || typeof rows !== 'number' || !(block instanceof Uint8Array)) {
    throw new DamagedBlockError('a block of the log is not one');
  }
  return new Block(first, rows, block);
}

/** Rows of a block that others may join are held in memory: their texts are not. */
function withoutDetails({ details: _, ...row }: StoredEntry): BareEntry {
  return row;
}
