/**
 * One open database with everything prepared on it: the reads, the batch write and the cleaning. A new one is made when
 * the file is replaced.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { createBatchWrite } from './batch.ts';
import { openConnections, setAside } from './file.ts';
import { createNames, type Names } from './names.ts';
import type { Target } from './queue.ts';
import { createReader, type Reader } from './reader.ts';
import { createCleaning, type Limits } from './retention.ts';
import { ForeignDatabaseError } from './schema.ts';
import { faultOf, type OpenSqlite } from './sqlite.ts';

/** How to open one. */
export interface DatabaseOptions {
  /** Absolute path. */
  readonly file: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly openSqlite: OpenSqlite;
  /** Told when a damaged file was set aside. */
  onError(problem: GatehouseError): void;
}

/** The open database. */
export interface Database extends Target {
  readonly names: Names;
  readonly reader: Reader;
  /** The highest id when the file was opened, 0 when it was empty. */
  readonly lastIdAtOpen: number;
  /** Brings the write-ahead log into the database, as far as that is possible. */
  settle(): Promise<void>;
  close(): void;
}

/**
 * Opens the file; a damaged one, or one that is not ours, is set aside first.
 *
 * @throws GatehouseError `activity.newer_version`, what SQLite says, and errors of the file system
 */
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
  const { writer, reader } = await openConnections(file, openSqlite);
  const close = (): void => {
    reader.close();
    writer.close();
  };
  try {
    const stored = await writer.prepare('SELECT json_group_array(json_array(id, text)) AS json FROM names');
    const names = createNames((await stored.read([])) as [number, string][]);
    const last = await writer.prepare('SELECT json_array((SELECT max(id) FROM calls)) AS json');
    const lastId = async (): Promise<number> => {
      const [id] = (await last.read([])) as [number | null];
      return id ?? 0;
    };
    return {
      names,
      lastId,
      lastIdAtOpen: await lastId(),
      reader: await createReader(reader, names),
      write: await createBatchWrite(writer, names),
      clean: await createCleaning(writer, limits, clock),
      settle: () => writer.exec('PRAGMA wal_checkpoint(TRUNCATE)'),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
