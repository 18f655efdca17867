/**
 * The full-text index, in parts: each part is a small FTS5 table of its own over some thousand rows that follow each
 * other. Old rows leave by dropping whole parts, which gives their room back at once and costs no search; one index for
 * all would keep the words of removed rows until it is merged. The index holds words only, no texts.
 */
import { type ActivityFilter, type Facet, wordsOf } from './entry.ts';
import type { Sqlite, SqlStatement, SqlValue } from './sqlite.ts';

/** Rows that one statement writes at most; a batch is filled up with empty ones. */
const SIZES = [8, 64];
/** Characters of arguments and of a result that are indexed. */
export const INDEXED = 4_096;

interface Part {
  readonly n: number;
  /** The first row that may be in it. */
  readonly first: number;
  bytes: number;
}

/** Row and text. */
export type TextRow = readonly [id: number, text: string];

/** The index of one open database. */
export interface Texts {
  /** To be called before a batch: begins a new part when the last one is full. Outside of transactions. */
  prepare(nextId: number): Promise<void>;
  /** Within the batch's transaction. */
  write(rows: readonly TextRow[]): Promise<void>;
  /** Rows below `before` and not below `from` that hold all words, newest first. */
  find(match: string, before: number, from: number, limit: number): Promise<readonly number[]>;
  /** Drops what holds only rows below `id`; true when something was dropped. */
  dropBelow(id: number): Promise<boolean>;
}

/** Opens the index. `partBytes` is the text that one part holds at most, in UTF-16 units. */
export async function openTexts(writer: Sqlite, reader: Sqlite, partBytes: () => number): Promise<Texts> {
  const stored = await writer.prepare(
    'SELECT json_group_array(json_array(n, first, bytes)) AS json FROM parts ORDER BY n',
  );
  const parts: Part[] = ((await stored.read([])) as [number, number, number][]).map(([n, first, bytes]) => ({
    n,
    first,
    bytes,
  }));
  const addPart = await writer.prepare('INSERT INTO parts (n, first, bytes) VALUES (?, ?, 0)');
  const addBytes = await writer.prepare('UPDATE parts SET bytes = ? WHERE n = ?');
  let inserts: readonly { readonly size: number; readonly statement: SqlStatement }[] = [];
  const searches = new Map<number, SqlStatement>();

  const openPart = async (part: Part): Promise<void> => {
    inserts = await Promise.all(
      SIZES.map(async (size) => ({
        size,
        statement: await writer.prepare(
          `INSERT INTO texts_${part.n} (rowid, words) SELECT column1, column2 FROM (VALUES ${new Array(size).fill('(?, ?)').join(', ')}) WHERE column1 IS NOT NULL`,
        ),
      })),
    );
  };
  const newest = parts.at(-1);
  if (newest !== undefined) await openPart(newest);

  return {
    async prepare(nextId) {
      const last = parts.at(-1);
      if (last !== undefined && last.bytes < partBytes()) return;
      const part: Part = { n: (last?.n ?? 0) + 1, first: nextId, bytes: 0 };
      await writer.exec('BEGIN IMMEDIATE');
      try {
        await writer.exec(
          `CREATE VIRTUAL TABLE texts_${part.n} USING fts5(words, content='', columnsize=0, detail=none, tokenize="unicode61 remove_diacritics 2")`,
        );
        await addPart.run([part.n, part.first]);
        await writer.exec('COMMIT');
      } catch (error) {
        await writer.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
      parts.push(part);
      await openPart(part);
    },
    async write(rows) {
      const part = parts.at(-1);
      if (part === undefined || rows.length === 0) return;
      let bytes = 0;
      for (let from = 0; from < rows.length; ) {
        const fit = inserts.find(({ size }) => size >= rows.length - from) ?? inserts.at(-1);
        if (fit === undefined) return;
        const values: SqlValue[] = [];
        for (const [id, text] of rows.slice(from, from + fit.size)) {
          values.push(id, text);
          bytes += text.length;
        }
        while (values.length < fit.size * 2) values.push(null);
        await fit.statement.run(values);
        from += fit.size;
      }
      part.bytes += bytes;
      await addBytes.run([part.bytes, part.n]);
    },
    async find(match, before, from, limit) {
      const found: number[] = [];
      for (let index = parts.length - 1; index >= 0 && found.length < limit; index -= 1) {
        const part = parts[index];
        if (part === undefined || part.first >= before) continue;
        let search = searches.get(part.n);
        if (search === undefined) {
          search = await reader.prepare(
            `SELECT json_group_array(rowid) AS json FROM (SELECT rowid FROM texts_${part.n}
               WHERE texts_${part.n} MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?)`,
          );
          searches.set(part.n, search);
        }
        found.push(...(search.readNow([match, before, from, limit - found.length]) as number[]));
        if (part.first <= from) break;
      }
      return found;
    },
    async dropBelow(id) {
      const [oldest, second] = parts;
      // The part whose successor begins at or below `id` holds nothing that is left.
      if (oldest === undefined || second === undefined || second.first > id) return false;
      searches.delete(oldest.n);
      await writer.exec('BEGIN IMMEDIATE');
      try {
        await writer.exec(`DROP TABLE texts_${oldest.n}; DELETE FROM parts WHERE n = ${oldest.n}; COMMIT`);
      } catch (error) {
        await writer.exec('ROLLBACK').catch(() => undefined);
        throw error;
      }
      parts.shift();
      return true;
    },
  };
}

/** What the index holds of a row: its facts, marks for the choices of filters, and what was said. */
export function indexText(
  facet: Facet,
  target: string | null,
  request: string | null,
  response: string | null,
): string {
  const { client, server, tool, action, error } = facet;
  const said = [client, server, target ?? tool, action, error].join(' ');
  return `${marksOf(facet, target ?? tool).join(' ')} ${said} ${request?.slice(0, INDEXED) ?? ''} ${response?.slice(0, INDEXED) ?? ''}`;
}

/** The query for FTS5; null when the filter has no words. */
export function matchOf(filter: ActivityFilter): string | null {
  const words = wordsOf(filter.text ?? '');
  if (words.length === 0) return null;
  const marks: string[] = [];
  if (filter.client !== undefined) marks.push(markOf('c', filter.client));
  if (filter.server !== undefined) marks.push(markOf('s', filter.server));
  if (filter.tool !== undefined) marks.push(markOf('t', filter.tool));
  if (filter.kind !== undefined) marks.push(markOf('k', filter.kind));
  if (filter.outcome !== undefined && filter.outcome !== 'failed') marks.push(markOf('o', filter.outcome));
  return [
    ...marks.map((mark) => `"${mark}"`),
    ...words.map((word, index) => `"${word}"${mayGoOn(words, index) ? '*' : ''}`),
  ].join(' AND ');
}

/** Only the last word may be the beginning of one, as it is being typed; a short one would begin too many. */
function mayGoOn(words: readonly string[], index: number): boolean {
  return index === words.length - 1 && (words[index]?.length ?? 0) > 2;
}

/** Whether all words of the filter are in the text; see `mayGoOn`. */
export function holdsWords(text: string, words: readonly string[]): boolean {
  const own = wordsIn(text);
  return words.every((word, index) =>
    own.some((one) => (mayGoOn(words, index) ? one.startsWith(word) : one === word)),
  );
}

function wordsIn(text: string): readonly string[] {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}\p{Co}]+/u);
}

/** Words that nobody writes, so that FTS5 meets the choices of a filter in the index itself. */
function marksOf({ client, server, kind, outcome }: Facet, tool: string): string[] {
  return [
    markOf('c', client),
    markOf('s', server),
    markOf('k', kind),
    markOf('o', outcome),
    markOf('t', tool),
  ];
}

function markOf(letter: string, value: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at += 1)
    hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193) >>> 0;
  return `zq${letter}${hash.toString(36)}`;
}
