/**
 * The rows that wait to be written, and the one loop that writes and cleans, step after step. What cannot be written
 * waits for the next try; what finds no place in memory is counted and reported. Stops with `close()`.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { BATCH_ROWS, BATCH_TEXT, type WriteBatch } from './batch.ts';
import type { StoredEntry } from './entry.ts';
import { lostProblem } from './problems.ts';
import type { CleaningStep, Limits } from './retention.ts';
import { faultOf } from './sqlite.ts';
import type { NewEntry } from './unpack.ts';

/** The open database, as the queue needs it. */
export interface Target {
  readonly write: WriteBatch;
  readonly clean: CleaningStep;
  /** Removes some of the oldest rows from a file that may not grow any more; false when that is not what is wrong. */
  readonly makeRoom: () => Promise<boolean>;
  readonly limit: (limits: Limits) => Promise<void>;
  readonly clear: () => Promise<void>;
  /** The highest id in the file, 0 when it is empty. */
  readonly lastId: () => number;
}

export interface QueueOptions {
  readonly target: Target;
  readonly lastId: number;
  readonly clock: Clock;
  onError(problem: GatehouseError): void;
  /** Sets a damaged database aside and opens a new one. */
  replace(cause: unknown): Promise<Target>;
  /** Called after each batch that is in the file. */
  onWritten(): void;
}

/** Longest wait of a call for its batch, in milliseconds. */
const FLUSH_MS = 250;
/** Rows that wait at most; more than a second of the highest load. */
const QUEUE_ROWS = 20_000;
/** Arguments and results that wait at most, in UTF-16 units; what comes then waits without its own. */
const QUEUE_TEXT = 32 * 1024 * 1024;
/** Longest wait for what is being written before a question is answered, in milliseconds. */
const FLUSH_WAIT_MS = 1_000;
/** Wait after a failed write, doubled up to the longest, in milliseconds. */
const RETRY_MS = 1_000;
const RETRY_LONGEST_MS = 60_000;
/** How often lost calls are reported at most, in milliseconds. */
const LOST_REPORT_MS = 5_000;
/** The log is cleaned at the start, then each time that so many rows (or kilobytes) were written or so long has passed. */
const CLEAN_ROWS = 5_000;
const CLEAN_MS = 60 * 60 * 1_000;
/** Longest wait for the disk when closing, in milliseconds. */
const CLOSE_MS = 2_000;

type TimerName = 'flush' | 'retry' | 'report' | 'clean';

export class EntryQueue {
  private readonly options: QueueOptions;
  private target: Target;
  private lastId: number;
  private readonly waiting: StoredEntry[] = [];
  private readonly timers = new Map<TimerName, CancelTimer>();
  /** The loop, while it runs. */
  private work: Promise<void> | null = null;
  private flushDue = false;
  private cleanDue = true;
  private damage: { readonly cause: unknown } | null = null;
  /** The file is new because the one before was damaged, and nothing has been written to it yet. */
  private justReplaced = false;
  private sinceCleaning = 0;
  private retryMs = 0;
  private lost = 0;
  private text = 0;
  private limits: Limits | null = null;
  private clearing: { resolve(): void; reject(error: unknown): void }[] = [];
  private closing: Promise<void> | null = null;

  constructor(options: QueueOptions) {
    this.options = options;
    this.target = options.target;
    this.lastId = options.lastId;
    this.cleanLater();
    this.start();
  }

  /** Calls that are not known to be in the file, oldest first. */
  get unwritten(): readonly StoredEntry[] {
    return this.waiting;
  }

  /** Numbers a row and takes it; null when there is no room, or when the queue is closed. */
  push(row: NewEntry): StoredEntry | null {
    if (this.closing !== null) return null;
    if (this.waiting.length >= QUEUE_ROWS) {
      this.lost += 1;
      this.arm('report', LOST_REPORT_MS, () => this.reportLost());
      return null;
    }
    this.lastId += 1;
    const full = row.details !== null && this.text >= QUEUE_TEXT;
    // Named one by one: rows come by the ten thousand, and a copy by spreading costs more than all the rest.
    const entry: StoredEntry = {
      id: this.lastId,
      at: row.at,
      facet: row.facet,
      session: row.session,
      target: row.target,
      durationMs: row.durationMs,
      requestBytes: row.requestBytes,
      responseBytes: row.responseBytes,
      details: full ? null : row.details,
      skipped: full || row.skipped,
    };
    this.waiting.push(entry);
    if (entry.details !== null) this.text += textOf(entry);
    if (this.isFull) this.start();
    else this.flushLater();
    return entry;
  }

  /** Settles when what waits now is written, or could not be, or after a second. */
  async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    this.flushDue = true;
    this.start();
    let cancel: CancelTimer = () => undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = this.options.clock.after(FLUSH_WAIT_MS, resolve);
    });
    await Promise.race([this.work, limit]);
    cancel();
  }

  /** Puts new limits in force. */
  limit(limits: Limits): void {
    this.limits = limits;
    this.cleanDue = true;
    this.start();
  }

  /** Removes every row, also those that wait. Rejects with what SQLite says. */
  clear(): Promise<void> {
    if (this.closing !== null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.clearing.push({ resolve, reject });
      this.start();
    });
  }

  /** The file is new, and its facets have other numbers. */
  renumberFacets(renumber: (facet: number) => number): void {
    for (const [index, entry] of this.waiting.entries()) {
      this.waiting[index] = { ...entry, facet: renumber(entry.facet) };
    }
  }

  /** Tells that a read has found the file damaged. */
  reportDamage(cause: unknown): void {
    this.damage ??= { cause };
    this.start();
  }

  /** Writes what waits, for 2 s at most. Calling it again gives the same promise. */
  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.retryMs = 0;
    let cancelLimit: CancelTimer | undefined;
    const limit = new Promise<void>((resolve) => {
      cancelLimit = this.options.clock.after(CLOSE_MS, resolve);
    });
    await Promise.race([this.lastWork(), limit]);
    cancelLimit?.();
    this.lost += this.waiting.splice(0).length;
    this.reportLost();
  }

  private async lastWork(): Promise<void> {
    await this.work;
    this.start();
    await this.work;
  }

  private flushLater(): void {
    this.arm('flush', FLUSH_MS, () => {
      this.flushDue = true;
      this.start();
    });
  }

  private cleanLater(): void {
    this.arm('clean', CLEAN_MS, () => {
      this.cleanDue = true;
      this.cleanLater();
      this.start();
    });
  }

  private arm(name: TimerName, ms: number, run: () => void): void {
    if (this.timers.has(name)) return;
    const cancel = this.options.clock.after(ms, () => {
      this.timers.delete(name);
      run();
    });
    this.timers.set(name, cancel);
  }

  private get isFull(): boolean {
    return this.waiting.length >= BATCH_ROWS || this.text >= BATCH_TEXT;
  }

  private start(): void {
    if (this.work !== null || this.timers.has('retry')) return;
    // `run` begins when `work` is set: two loops must never run side by side.
    const work = Promise.resolve().then(() => this.run());
    this.work = work.finally(() => {
      this.work = null;
      if (this.closing !== null) return;
      if (this.isFull || this.clearing.length > 0) this.start();
      else if (this.waiting.length > 0) this.flushLater();
    });
  }

  private async run(): Promise<void> {
    try {
      while (await this.step());
      this.retryMs = 0;
    } catch (error) {
      this.failed(error);
    }
  }

  /** Does the most urgent piece of work; gives false when there is none. */
  private async step(): Promise<boolean> {
    if (this.damage !== null) {
      this.target = await this.options.replace(this.damage.cause);
      this.damage = null;
      this.justReplaced = true;
    }
    try {
      if (this.clearing.length > 0) return await this.clearAll();
      const { limits } = this;
      if (limits !== null) {
        this.limits = null;
        await this.target.limit(limits);
      }
      const { length } = this.waiting;
      if (this.isFull || (length > 0 && (this.flushDue || this.closing !== null))) {
        await this.writeBatch();
        return true;
      }
      if (!this.cleanDue || this.closing !== null) return false;
      this.cleanDue = await this.target.clean();
      return true;
    } catch (error) {
      if (faultOf(error) !== 'damaged') throw error;
      this.damage = { cause: error };
      // A new file that is damaged at once means a broken disk: that waits for its next try.
      if (this.justReplaced) throw error;
      return true;
    }
  }

  private async clearAll(): Promise<boolean> {
    const asked = this.clearing.splice(0);
    try {
      this.waiting.length = 0;
      this.text = 0;
      await this.target.clear();
      for (const { resolve } of asked) resolve();
      this.options.onWritten();
    } catch (error) {
      for (const { reject } of asked) reject(error);
      throw error;
    }
    return true;
  }

  private async writeBatch(): Promise<void> {
    const batch = this.nextBatch();
    try {
      await this.target.write(batch);
    } catch (error) {
      const fault = faultOf(error);
      if (fault === 'full' && (await this.target.makeRoom())) return;
      if (fault !== 'conflict') throw error;
      this.renumber();
      return;
    }
    this.flushDue = false;
    this.justReplaced = false;
    // Closing may have given the rest up meanwhile.
    this.waiting.splice(0, Math.min(batch.length, this.waiting.length));
    const written = batch.reduce((sum, entry) => sum + textOf(entry), 0);
    this.text = Math.max(0, this.text - written);
    this.sinceCleaning += batch.length + Math.floor(written / 1_024);
    if (this.sinceCleaning >= CLEAN_ROWS) {
      this.sinceCleaning = 0;
      this.cleanDue = true;
    }
    this.options.onWritten();
  }

  private nextBatch(): readonly StoredEntry[] {
    let text = 0;
    const end = this.waiting.findIndex((entry, index) => {
      text += textOf(entry);
      return index >= BATCH_ROWS || (index > 0 && text > BATCH_TEXT);
    });
    return this.waiting.slice(0, end === -1 ? BATCH_ROWS : end);
  }

  /** Another program has written to the file: what waits gets the numbers behind its rows. */
  private renumber(): void {
    const last = this.target.lastId();
    if (last < (this.waiting[0]?.id ?? 0)) throw new Error('the database refuses rows with new numbers');
    this.lastId = last;
    for (const [index, entry] of this.waiting.entries()) {
      this.lastId += 1;
      // A copy: a batch that failed may still be held by who reads it.
      this.waiting[index] = { ...entry, id: this.lastId };
    }
  }

  private failed(error: unknown): void {
    if (this.retryMs === 0) this.options.onError(writeFailed(error));
    if (this.closing !== null) return;
    this.retryMs = Math.min(Math.max(this.retryMs * 2, RETRY_MS), RETRY_LONGEST_MS);
    this.arm('retry', this.retryMs, () => {
      this.flushDue = true;
      this.start();
    });
  }

  private reportLost(): void {
    if (this.lost === 0) return;
    const { lost } = this;
    this.lost = 0;
    this.options.onError(new GatehouseError(lostProblem(lost)));
  }
}

/** How much of it waits. */
function textOf({ details }: StoredEntry): number {
  return (details?.request?.length ?? 0) + (details?.response?.length ?? 0);
}

function writeFailed(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'activity.write_failed',
    message: 'The activity log could not be written; Gatehouse keeps trying.',
    remedy: 'Check that the disk of the data directory has room and can be written to.',
    cause,
  });
}
