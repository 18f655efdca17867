/**
 * How rows lie in the file: some hundred that follow each other in one block, each fact in a column of its own. A row
 * costs 27 bytes and a fiftieth of what a row of a table costs to write; a page of the log reads the few blocks that it
 * shows. Pure.
 */
import type { BareEntry } from './entry.ts';
import { SQLITE_CORRUPT } from './sqlite.ts';

/** Rows that one block holds at most. */
export const BLOCK_ROWS = 500;

/** Thrown for a block that cannot be read; counts as what SQLite says of a damaged file. */
export class DamagedBlockError extends Error {
  readonly rawCode = SQLITE_CORRUPT;
}

/** Bytes of each column's number, in the order in which the columns lie: the widest first, so that all are aligned. */
const AT = 8;
const LONG = 4;
const SHORT = 2;
const ROW_BYTES = AT + 3 * LONG + 3 * SHORT + 1;
const MOST_LONG = 0xffff_ffff;
const SKIPPED = 1;

/** Where the columns of a block of so many rows are. Little-endian, as every machine that Gatehouse runs on. */
function columnsOf(buffer: ArrayBuffer, count: number) {
  let offset = 0;
  const next = (bytes: number): number => {
    offset += count * bytes;
    return offset - count * bytes;
  };
  return {
    at: new Float64Array(buffer, next(AT), count),
    durationMs: new Uint32Array(buffer, next(LONG), count),
    requestBytes: new Uint32Array(buffer, next(LONG), count),
    responseBytes: new Uint32Array(buffer, next(LONG), count),
    facet: new Uint16Array(buffer, next(SHORT), count),
    /** Its place among the block's own sessions. */
    session: new Uint16Array(buffer, next(SHORT), count),
    /** Its place among the block's own targets, from 1; 0 where the facet has it. */
    target: new Uint16Array(buffer, next(SHORT), count),
    flags: new Uint8Array(buffer, next(1), count),
  };
}

/** One block of 1 to `BLOCK_ROWS` rows whose ids follow each other. */
export function encodeBlock(rows: readonly BareEntry[]): Uint8Array {
  const count = rows.length;
  const sessions = new Map<string, number>();
  const targets: string[] = [];
  const buffer = new ArrayBuffer(count * ROW_BYTES);
  const columns = columnsOf(buffer, count);
  for (let index = 0; index < count; index += 1) {
    const row = rows[index];
    if (row === undefined) break;
    let session = sessions.get(row.session);
    if (session === undefined) {
      session = sessions.size;
      sessions.set(row.session, session);
    }
    columns.at[index] = row.at;
    columns.durationMs[index] = Math.min(row.durationMs, MOST_LONG);
    columns.requestBytes[index] = Math.min(row.requestBytes, MOST_LONG);
    columns.responseBytes[index] = Math.min(row.responseBytes, MOST_LONG);
    columns.facet[index] = row.facet;
    columns.session[index] = session;
    columns.target[index] = row.target === null ? 0 : targets.push(row.target);
    columns.flags[index] = row.skipped ? SKIPPED : 0;
  }
  return Buffer.concat([Buffer.from(buffer), Buffer.from(JSON.stringify([[...sessions.keys()], targets]))]);
}

/** A block that has been read. */
export class Block {
  readonly first: number;
  readonly count: number;
  private readonly columns: ReturnType<typeof columnsOf>;
  private readonly text: string;
  private names: { readonly sessions: readonly string[]; readonly targets: readonly string[] } | null = null;

  /**
   * @param first id of its first row
   * @param count rows in it
   * @throws DamagedBlockError
   */
  constructor(first: number, count: number, bytes: Uint8Array) {
    if (bytes.length < count * ROW_BYTES) throw new DamagedBlockError('a block of the log is too short');
    // Copied, as the numbers must be aligned.
    const own = new Uint8Array(bytes);
    this.first = first;
    this.count = count;
    this.columns = columnsOf(own.buffer, count);
    this.text = Buffer.from(own.buffer, count * ROW_BYTES).toString('utf8');
  }

  /** The row with this id, or null when it is not in the block. */
  row(id: number): BareEntry | null {
    const index = id - this.first;
    if (index < 0 || index >= this.count) return null;
    const { columns } = this;
    const { sessions, targets } = this.texts();
    const target = columns.target[index] ?? 0;
    return {
      id,
      at: columns.at[index] ?? 0,
      facet: columns.facet[index] ?? 0,
      session: sessions[columns.session[index] ?? 0] ?? '',
      target: target === 0 ? null : (targets[target - 1] ?? ''),
      durationMs: columns.durationMs[index] ?? 0,
      requestBytes: columns.requestBytes[index] ?? 0,
      responseBytes: columns.responseBytes[index] ?? 0,
      skipped: columns.flags[index] === SKIPPED,
    };
  }

  /** Its rows with this id or a higher one. */
  rowsFrom(id: number): BareEntry[] {
    const rows: BareEntry[] = [];
    for (let at = Math.max(id, this.first); at < this.first + this.count; at += 1) {
      const row = this.row(at);
      if (row !== null) rows.push(row);
    }
    return rows;
  }

  /** When the row with this id began and ended, in epoch milliseconds. */
  time(id: number): { readonly at: number; readonly end: number } {
    const at = this.columns.at[id - this.first] ?? 0;
    return { at, end: at + (this.columns.durationMs[id - this.first] ?? 0) };
  }

  /** The numbers of its facets, with repetitions. */
  get facets(): Uint16Array {
    return this.columns.facet;
  }

  private texts(): { readonly sessions: readonly string[]; readonly targets: readonly string[] } {
    if (this.names !== null) return this.names;
    try {
      const [sessions, targets] = JSON.parse(this.text) as [string[], string[]];
      this.names = { sessions: [...sessions], targets: [...targets] };
      return this.names;
    } catch (error) {
      throw new DamagedBlockError('the names of a block of the log cannot be read', { cause: error });
    }
  }
}
