/**
 * Pages of the log: any choice of rows, newest first, below a given row. Which rows pass is found in the columns, which
 * lie in memory, or in the full-text index; only the rows of the page are read. Runs on the calling thread.
 */
import { CHUNK_ROWS, type Chunk, type Columns, chunkNumber, targetMark } from './columns.ts';
import {
  type ActivityDetail,
  type ActivityFilter,
  type ActivityRow,
  detailOf,
  type Facet,
  facetPasses,
  rowOf,
  wordsOf,
} from './entry.ts';
import type { Facets } from './facets.ts';
import type { Rows } from './rows.ts';
import type { Sqlite } from './sqlite.ts';
import { holdsWords, matchOf, type Texts } from './texts.ts';

/** The prepared reads of one open database. */
export interface Reader {
  /** Rows with an id below `before` that pass, newest first. */
  page(filter: ActivityFilter, before: number, limit: number): Promise<readonly ActivityRow[]>;
  /** Rows of a page with their details. */
  details(rows: readonly ActivityRow[]): readonly ActivityDetail[];
  /** One row with its details, or null. */
  entry(id: number): ActivityDetail | null;
  /** Calls `visit` with the facet and the time code of each row that ended from `since` on and before `until`. */
  each(since: number, until: number, visit: (facet: number, time: number) => void): void;
  /** Tool calls per server that ended at `epochMs` or later, of the rows with an id below `before`. */
  callsSince(epochMs: number, before: number): Map<string, number>;
  /** Rows, and the size of the used pages in bytes. */
  size(): { readonly rows: number; readonly bytes: number };
}

/** Rows of which an id is in [from, before). */
interface Range {
  readonly from: number;
  readonly before: number;
}

/** Rows that the full-text index gives at once. */
const TEXT_ROWS = 400;
/** What a facet means for a filter. */
const PASSES = 1;
/** Only rows whose own tool is the one that is asked for. */
const BY_TARGET = 2;

/** Prepares the reads. */
export async function createReader(
  db: Sqlite,
  facets: Facets,
  texts: Texts,
  columns: Columns,
  rows: Rows,
): Promise<Reader> {
  const detailsById = await db.prepare(
    `SELECT json_group_array(json_array(id, request, response, hidden, cut)) AS json
     FROM details WHERE id IN (SELECT value FROM json_each(?))`,
  );
  const pages = await db.prepare(
    'SELECT json_array((SELECT page_count FROM pragma_page_count), (SELECT freelist_count FROM pragma_freelist_count)) AS json',
  );

  const whole = (): Range => {
    const ends = rows.extent();
    return { from: ends?.first ?? 1, before: (ends?.last ?? 0) + 1 };
  };
  /**
   * The first row that ended at `epochMs` or later, by bisection: rows are in the order in which they ended. (Only a
   * clock that was set back breaks the order; then a page by time may miss the rows around it.)
   */
  const firstEndingAt = (epochMs: number, { from, before }: Range): number => {
    let [low, high] = [from, before];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const block = rows.blockFrom(middle);
      // Ids may be missing where another program wrote too.
      const id = Math.max(middle, block?.first ?? high);
      if (block === null || block.time(id).end >= epochMs) high = middle;
      else low = Math.min(id + 1, high);
    }
    return low;
  };
  const rangeOf = (since: number | undefined, until: number | undefined, before: number): Range => {
    const all = whole();
    const from = since === undefined ? all.from : firstEndingAt(since, all);
    const end = until === undefined ? all.before : firstEndingAt(until, all);
    return { from, before: Math.min(before, end) };
  };
  const rowsOf = (ids: readonly number[]): ActivityRow[] =>
    rows.get(ids).map((row) => rowOf(row, facets.get(row.facet)));
  const choiceOf = (passes: (facet: Facet) => number): Uint8Array | null => {
    const choice = new Uint8Array(65_536);
    let any = false;
    for (const [id, facet] of facets.all()) {
      const meaning = passes(facet);
      choice[id] = meaning;
      any ||= meaning !== 0;
    }
    return any ? choice : null;
  };
  /** Rows of the chosen facets, newest first. */
  const chosen = (
    choice: Uint8Array | null,
    tool: string | undefined,
    range: Range,
    limit: number,
  ): ActivityRow[] => {
    if (choice === null) return [];
    const mark = tool === undefined ? 0 : targetMark(tool);
    const rows: ActivityRow[] = [];
    for (let { before } = range; rows.length < limit; ) {
      const ids = idsBelow(columns, choice, mark, { from: range.from, before }, limit - rows.length);
      // Different tools may have one mark.
      for (const row of rowsOf(ids)) if (tool === undefined || row.tool === tool) rows.push(row);
      const last = ids.at(-1);
      if (last === undefined || ids.length < limit - rows.length) break;
      before = last;
    }
    return rows;
  };
  const passesOf =
    (filter: ActivityFilter) =>
    (facet: Facet): number => {
      if (!facetPasses(facet, filter)) return 0;
      return filter.tool !== undefined && facet.tool === '' ? BY_TARGET : PASSES;
    };
  /** Rows whose facts alone hold the words, and rows whose texts do. */
  const textPage = async (
    filter: ActivityFilter,
    match: string,
    range: Range,
    limit: number,
  ): Promise<ActivityRow[]> => {
    const words = wordsOf(filter.text ?? '');
    const passes = passesOf(filter);
    const named = choiceOf((facet) => {
      const said = `${facet.client} ${facet.server} ${facet.tool} ${facet.action} ${facet.error}`;
      return passes(facet) === PASSES && holdsWords(said, words) ? PASSES : 0;
    });
    const found = new Map<number, ActivityRow>();
    for (const row of chosen(named, undefined, range, limit)) found.set(row.id, row);
    for (let { before } = range, hits = 0; hits < limit; ) {
      const ids = await texts.find(match, before, range.from, TEXT_ROWS);
      // The index may hold words of rows that are gone, and the marks in it are no proof.
      for (const row of rowsOf(ids)) {
        if (!passesFacts(row, filter)) continue;
        found.set(row.id, row);
        hits += 1;
      }
      if (ids.length < TEXT_ROWS) break;
      before = ids.at(-1) ?? 0;
    }
    return [...found.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  };
  const detailsOf = (shown: readonly ActivityRow[]): ActivityDetail[] => {
    const ids = JSON.stringify(shown.map((row) => row.id));
    const stored = new Map(
      (detailsById.readNow([ids]) as readonly StoredDetail[]).map((row) => [row[0], row]),
    );
    const skipped = new Set(
      rows.get(shown.map((row) => row.id)).flatMap((row) => (row.skipped ? [row.id] : [])),
    );
    return shown.map((row) => {
      const found = stored.get(row.id);
      if (found === undefined) return detailOf(row, null, skipped.has(row.id));
      const [, request, response, hidden, cut] = found;
      const kept = {
        request,
        response,
        hidden,
        requestCut: (cut & 1) !== 0,
        responseCut: (cut & 2) !== 0,
      };
      return detailOf(row, kept, false);
    });
  };
  const visitRange = ({ from, before }: Range, visit: (facet: number, time: number) => void): void => {
    let chunk: Chunk | null = null;
    for (let id = from; id < before; id += 1) {
      if (chunk === null || id % CHUNK_ROWS === 0) chunk = columns.chunk(chunkNumber(id));
      visit(chunk.facets[id % CHUNK_ROWS] ?? 0, chunk.times[id % CHUNK_ROWS] ?? 0);
    }
  };

  return {
    async page(filter, before, limit) {
      const range = rangeOf(filter.since, filter.until, before);
      const match = matchOf(filter);
      if (match !== null) return textPage(filter, match, range, limit);
      return chosen(choiceOf(passesOf(filter)), filter.tool, range, limit);
    },
    details: detailsOf,
    entry(id) {
      const [row] = rowsOf([id]);
      return row === undefined ? null : (detailsOf([row])[0] ?? null);
    },
    each: (since, until, visit) => visitRange(rangeOf(since, until, Number.MAX_SAFE_INTEGER), visit),
    callsSince(epochMs, before) {
      const counts = new Map<number, number>();
      visitRange(rangeOf(epochMs, undefined, before), (facet) =>
        counts.set(facet, (counts.get(facet) ?? 0) + 1),
      );
      const found = new Map<string, number>();
      for (const [id, calls] of counts) {
        const { action, server } = facets.get(id);
        if (action === 'tools/call' && server !== '') found.set(server, (found.get(server) ?? 0) + calls);
      }
      return found;
    },
    size() {
      const { from, before } = whole();
      const [all, spare] = pages.readNow([]) as [number, number];
      return { rows: before - from, bytes: (all - spare) * 4_096 };
    },
  };
}

type StoredDetail = readonly [
  id: number,
  request: string | null,
  response: string | null,
  hidden: number,
  cut: number,
];

/** Ids in the range whose facet is chosen, newest first. A plain loop: it may go over a million rows. */
function idsBelow(
  columns: Columns,
  choice: Uint8Array,
  mark: number,
  { from, before }: Range,
  limit: number,
): number[] {
  const ids: number[] = [];
  for (let number = chunkNumber(before - 1); number >= chunkNumber(from) && number >= 0; number -= 1) {
    const { facets, targets } = columns.chunk(number);
    const base = number * CHUNK_ROWS;
    for (let at = Math.min(before - base, CHUNK_ROWS) - 1; at >= Math.max(from - base, 0); at -= 1) {
      const meaning = choice[facets[at] ?? 0];
      if (meaning === 0 || (meaning === BY_TARGET && targets[at] !== mark)) continue;
      ids.push(base + at);
      if (ids.length >= limit) return ids;
    }
  }
  return ids;
}

function passesFacts(row: ActivityRow, filter: ActivityFilter): boolean {
  const { kind, client, server, tool, outcome } = filter;
  return (
    (kind === undefined || row.kind === kind) &&
    (client === undefined || row.client === client) &&
    (server === undefined || row.server === server) &&
    (tool === undefined || row.tool === tool) &&
    (outcome === undefined ||
      (outcome === 'failed' ? row.outcome !== 'ok' && row.outcome !== 'cancelled' : row.outcome === outcome))
  );
}
