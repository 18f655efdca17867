/**
 * Reads of the log for screens: short queries on the calling thread.
 */
import type { ActivityRow } from './entry.ts';
import type { Names } from './names.ts';
import type { Sqlite } from './sqlite.ts';

/** The prepared reads of one open database. */
export interface Reader {
  /** Rows with an id below `before`, newest first. */
  recent(limit: number, before: number, server: number | null): readonly ActivityRow[];
  /** Tool calls per server that ended at `epochMs` or later, of the rows with an id below `before`. */
  callsSince(epochMs: number, before: number): Map<string, number>;
}

type StoredRow = readonly [
  id: number,
  at: number,
  client: number,
  server: number,
  tool: string,
  outcome: number,
  error: number | null,
  durationMs: number,
  requestBytes: number,
  responseBytes: number,
];

/** Prepares the reads. */
export async function createReader(db: Sqlite, names: Names): Promise<Reader> {
  const page = (where: string): string =>
    `SELECT json_group_array(json_array(
       id, at, client, server, tool, outcome, error, duration_ms, request_bytes, response_bytes)) AS json
     FROM (SELECT * FROM calls WHERE ${where} ORDER BY id DESC LIMIT ?)`;
  const ofAll = await db.prepare(page('id < ?'));
  const ofServer = await db.prepare(page('id < ? AND server = ?'));
  const ends = await db.prepare(
    'SELECT json_array((SELECT min(id) FROM calls), (SELECT max(id) FROM calls)) AS json',
  );
  const next = await db.prepare(
    `SELECT json_array(id, at + duration_ms) AS json FROM calls WHERE id >= ? ORDER BY id LIMIT 1`,
  );
  // Answered from the index alone.
  const count = await db.prepare(
    'SELECT json_array(count(*)) AS json FROM calls WHERE server = ? AND id >= ? AND id < ? AND method = ?',
  );

  /**
   * The first row of a call that ended at `epochMs` or later, by bisection: rows are in the order in which calls ended.
   * (Only a clock that was set back breaks the order; the numbers are for people.)
   */
  const firstEndingAt = (epochMs: number): number | null => {
    let [low, high] = ends.readNow([]) as [number | null, number | null];
    if (low === null || high === null) return null;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [id, end] = next.readNow([middle]) as [number, number];
      if (end >= epochMs) high = middle;
      else low = Math.min(id + 1, high);
    }
    const [, end] = next.readNow([low]) as [number, number];
    return end >= epochMs ? low : null;
  };

  return {
    recent(limit, before, server) {
      const rows =
        server === null ? ofAll.readNow([before, limit]) : ofServer.readNow([before, server, limit]);
      return (rows as readonly StoredRow[]).map((row) => read(row, names));
    },
    callsSince(epochMs, before) {
      const found = new Map<string, number>();
      const first = firstEndingAt(epochMs);
      const method = names.find('tools/call');
      if (first === null || method === null) return found;
      for (const [id, name] of names.all()) {
        const [calls] = name === '' ? [0] : (count.readNow([id, first, before, method]) as [number]);
        if (calls > 0) found.set(name, calls);
      }
      return found;
    },
  };
}

function read(row: StoredRow, names: Names): ActivityRow {
  const [id, at, client, server, tool, outcome, error, durationMs, requestBytes, responseBytes] = row;
  return {
    id,
    at,
    client: names.textOf(client),
    server: names.textOf(server),
    tool,
    outcome: names.textOf(outcome) as ActivityRow['outcome'],
    errorCode: error === null ? null : names.textOf(error),
    durationMs,
    requestBytes,
    responseBytes,
  };
}
