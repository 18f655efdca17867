/**
 * Three facts of every row, in memory, so that choosing and counting rows needs neither an index nor a visit to the
 * disk: its facet, how long it took, and a mark of the tool that only this row has. Two bytes each; a million rows take
 * 6 MB while somebody looks. Full chunks are kept in the file as one block; they are loaded when they are needed and
 * forgotten when nobody asks for some minutes. Writing a block now and then costs much less than an index, which
 * would touch a page of its own for each facet with every batch.
 */
import type { StoredEntry } from './entry.ts';
import type { Rows } from './rows.ts';
import type { Sqlite, SqlStatement } from './sqlite.ts';

/** Rows of one chunk; a row's chunk is its id divided by this. */
export const CHUNK_ROWS = 8_192;

/** The facts of `CHUNK_ROWS` rows, by id modulo. A facet of 0 means that there is no such row. */
export interface Chunk {
  readonly facets: Uint16Array;
  /** See `timeCode`. */
  readonly times: Uint16Array;
  /** `targetMark` of the row's own tool, 0 where its facet has it. */
  readonly targets: Uint16Array;
}

/** The columns of one open database. */
export interface Columns {
  /** The chunk of this number; empty where no rows are. Runs on the calling thread. */
  chunk(number: number): Chunk;
  /** Notes rows that are in the file now. */
  add(rows: readonly StoredEntry[]): void;
  /** Saves the chunks that these rows complete. Within the batch's transaction, before `add`. */
  save(rows: readonly StoredEntry[]): Promise<void>;
  /** True when `save` has something to do. */
  completes(rows: readonly StoredEntry[]): boolean;
  /** Forgets what is not needed to go on. */
  forget(): void;
  /** Forgets everything, since the file has been emptied. */
  reset(): void;
}

/** Opens them. */
export async function openColumns(writer: Sqlite, reader: Sqlite, rows: Rows): Promise<Columns> {
  const stored = await reader.prepare('SELECT block FROM columns WHERE chunk = ?');
  const insert = await writer.prepare('INSERT OR REPLACE INTO columns (chunk, block) VALUES (?, ?)');
  const chunks = new Map<number, Chunk>();
  let newest = -1;

  const load = (number: number): Chunk => {
    const saved = stored.rowNow([number])?.block;
    if (saved instanceof Uint8Array) return chunkOf(saved);
    const chunk = emptyChunk();
    const end = (number + 1) * CHUNK_ROWS;
    for (let from = number * CHUNK_ROWS; from < end; ) {
      const block = rows.blockFrom(from);
      if (block === null || block.first >= end) break;
      for (const { id, facet, durationMs, target } of block.rowsFrom(from)) {
        if (id < end) put(chunk, id, facet, durationMs, target);
      }
      from = block.first + block.count;
    }
    return chunk;
  };
  const chunk = (number: number): Chunk => {
    let known = chunks.get(number);
    if (known === undefined) {
      known = load(number);
      chunks.set(number, known);
    }
    return known;
  };
  const endsIn = (batch: readonly StoredEntry[]): number[] => {
    const [first, last] = [batch[0], batch.at(-1)];
    if (first === undefined || last === undefined) return [];
    const numbers: number[] = [];
    for (let number = chunkNumber(first.id); number < chunkNumber(last.id + 1); number += 1)
      numbers.push(number);
    return numbers;
  };
  return {
    chunk,
    completes: (batch) => endsIn(batch).length > 0,
    add(batch) {
      for (const entry of batch) {
        const number = chunkNumber(entry.id);
        // Loaded from the file it has these rows already; putting them again changes nothing.
        put(chunk(number), entry.id, entry.facet, entry.durationMs, entry.target);
        newest = Math.max(newest, number);
      }
    },
    async save(batch) {
      for (const number of endsIn(batch)) {
        const full = copyOf(chunk(number));
        for (const entry of batch) {
          if (chunkNumber(entry.id) === number)
            put(full, entry.id, entry.facet, entry.durationMs, entry.target);
        }
        await saveBlock(insert, number, full);
      }
    },
    forget() {
      for (const number of [...chunks.keys()]) if (number !== newest) chunks.delete(number);
    },
    reset() {
      chunks.clear();
      newest = -1;
    },
  };
}

/** The chunk that a row lies in. */
export function chunkNumber(id: number): number {
  return Math.floor(id / CHUNK_ROWS);
}

/** Milliseconds in 16 bits: exact below 10 s, then in steps of 10 ms, 100 ms, 1 s and 1 min; at most some 5 days. */
export function timeCode(ms: number): number {
  let base = 0;
  let code = 0;
  for (const [step, until] of STEPS) {
    if (ms < until) return code + Math.floor((ms - base) / step);
    code += Math.ceil((until - base) / step);
    base = until;
  }
  return 65_535;
}

/** The milliseconds that a code stands for. */
export function timeOfCode(code: number): number {
  let base = 0;
  let first = 0;
  for (const [step, until] of STEPS) {
    const codes = Math.ceil((until - base) / step);
    if (code < first + codes) return base + (code - first) * step;
    first += codes;
    base = until;
  }
  return base;
}

/** Step and end of each range of times, in milliseconds. */
const STEPS: readonly (readonly [step: number, until: number])[] = [
  [1, 10_000],
  [10, 100_000],
  [100, 1_000_000],
  [1_000, 10_000_000],
  [60_000, 480_000_000],
];

/** A mark of 1 to 65535 for a tool or URI; different ones may share it. */
export function targetMark(target: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < target.length; at += 1) hash = Math.imul(hash ^ target.charCodeAt(at), 0x01000193);
  return ((hash >>> 16) ^ hash) & 0xffff || 1;
}

function put(chunk: Chunk, id: number, facet: number, took: number, target: string | null): void {
  const at = id % CHUNK_ROWS;
  chunk.facets[at] = facet;
  chunk.times[at] = timeCode(took);
  chunk.targets[at] = target === null ? 0 : targetMark(target);
}

function emptyChunk(): Chunk {
  return chunkOf(Buffer.alloc(CHUNK_ROWS * 6));
}

/** Copied, as it must lie at an even address. Little-endian, as every machine that Gatehouse runs on. */
function chunkOf(block: Uint8Array): Chunk {
  const numbers = new Uint16Array(CHUNK_ROWS * 3);
  new Uint8Array(numbers.buffer).set(block.subarray(0, CHUNK_ROWS * 6));
  return {
    facets: numbers.subarray(0, CHUNK_ROWS),
    times: numbers.subarray(CHUNK_ROWS, CHUNK_ROWS * 2),
    targets: numbers.subarray(CHUNK_ROWS * 2),
  };
}

function copyOf({ facets, times, targets }: Chunk): Chunk {
  return { facets: facets.slice(), times: times.slice(), targets: targets.slice() };
}

async function saveBlock(
  insert: SqlStatement,
  number: number,
  { facets, times, targets }: Chunk,
): Promise<void> {
  const columns = [facets, times, targets].map((column) =>
    Buffer.from(column.buffer, column.byteOffset, column.byteLength),
  );
  await insert.run([number, Buffer.concat(columns)]);
}
