/**
 * One open database with everything prepared on it: the reads, the batch write and the cleaning. A new one is made when
 * the file is replaced.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { createBatchWrite } from './batch.ts';
import { openColumns } from './columns.ts';
import type { Facet } from './entry.ts';
import { createFacets, type Facets } from './facets.ts';
import { openConnections, setAside } from './file.ts';
import type { Target } from './queue.ts';
import { createReader, type Reader } from './reader.ts';
import { createCleaning, type Limits, sharesOf } from './retention.ts';
import { openRows, type Rows } from './rows.ts';
import { ForeignDatabaseError } from './schema.ts';
import { faultOf, mayPass, type OpenSqlite, type Sqlite } from './sqlite.ts';
import { type ActivityStats, figuresOf, type StatsQuery } from './statistics.ts';
import { openTexts } from './texts.ts';

/** How to open one. */
export interface DatabaseOptions {
  /** Absolute path. */
  readonly file: string;
  readonly clock: Clock;
  /** Asked for when the file is opened. */
  limits(): Limits;
  readonly openSqlite: OpenSqlite;
  /** Told when a damaged file was set aside. */
  onError(problem: GatehouseError): void;
}

/** The open database. */
export interface Database extends Target {
  readonly facets: Facets;
  readonly reader: Reader;
  stats(query: StatsQuery): ActivityStats;
  /** Lets go of what is in memory only for questions. */
  forget(): void;
  limit(limits: Limits): Promise<void>;
  clear(): Promise<void>;
  /** Brings the write-ahead log into the database, as far as that is possible. */
  settle(): Promise<void>;
  close(): void;
}

/** Waits between the first tries to open a file, in milliseconds; another program that holds it may let go. */
const OPEN_WAITS_MS = [250, 500, 1_000, 2_000, 4_000, 8_000];

/**
 * Opens the file; a damaged one, or one that is not ours, is set aside first. While SQLite refuses for a reason that
 * may pass, it is tried again for some 16 s: what is not recorded for a moment's lock would be missing until the next
 * start.
 *
 * @throws GatehouseError `activity.newer_version`, what SQLite says, and errors of the file system
 */
export async function openPatiently(options: DatabaseOptions): Promise<Database> {
  for (const waitMs of OPEN_WAITS_MS) {
    try {
      return await openDatabase(options);
    } catch (error) {
      if (!mayPass(error)) throw error;
      await new Promise<void>((resolve) => options.clock.after(waitMs, resolve));
    }
  }
  return openDatabase(options);
}

/** One try of the same. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  try {
    return await prepare(options);
  } catch (error) {
    if (!(error instanceof ForeignDatabaseError) && faultOf(error) !== 'damaged') throw error;
    const problem = await setAside(options.file, error);
    try {
      return await prepare(options);
    } finally {
      options.onError(problem);
    }
  }
}

async function prepare({ file, clock, limits, openSqlite }: DatabaseOptions): Promise<Database> {
  const { writer, reader: reading } = await openConnections(file, openSqlite);
  const close = (): void => {
    for (const db of [reading, writer]) db.close();
  };
  try {
    const rows = await openRows(writer, reading);
    await forgetFacets(writer, rows);
    const stored = await writer.prepare(
      'SELECT json_group_array(json_array(id, kind, client, server, tool, action, outcome, error, approval)) AS json FROM facets',
    );
    const facets = createFacets(((await stored.read([])) as StoredFacet[]).map(facetOf));
    const texts = await openTexts(writer, reading, () => sharesOf(limits()).partText);
    const columns = await openColumns(writer, reading, rows);
    const cleaning = await createCleaning(writer, texts, columns, rows, clock, limits());
    const reader = await createReader(reading, facets, texts, columns, rows);
    return {
      facets,
      lastId: () => rows.extent()?.last ?? 0,
      reader,
      write: await createBatchWrite(writer, facets, texts, columns, rows),
      clean: cleaning.step,
      makeRoom: cleaning.makeRoom,
      limit: cleaning.limit,
      clear: cleaning.clear,
      stats: (query) => figuresOf(query, facets, reader),
      forget: columns.forget,
      settle: () => writer.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Facets that may lie in the file without being asked for. */
const MANY_FACETS = 5_000;

/** Where there are many, those that no row has any more are removed. */
async function forgetFacets(writer: Sqlite, rows: Rows): Promise<void> {
  const count = await writer.prepare('SELECT json_array((SELECT count(*) FROM facets)) AS json');
  const [facets] = (await count.read([])) as [number];
  if (facets <= MANY_FACETS) return;
  const used = new Set<number>();
  for (let block = rows.blockFrom(0); block !== null; block = rows.blockFrom(block.first + block.count)) {
    for (const facet of block.facets) used.add(facet);
  }
  const remove = await writer.prepare('DELETE FROM facets WHERE id NOT IN (SELECT value FROM json_each(?))');
  await remove.run([JSON.stringify([...used])]);
}

type StoredFacet = readonly [number, ...string[]];

function facetOf([id, kind, client, server, tool, action, outcome, error, approval]: StoredFacet): readonly [
  number,
  Facet,
] {
  return [id, { kind, client, server, tool, action, outcome, error, approval } as Facet];
}
