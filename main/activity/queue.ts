/**
 * The calls that wait to be written, and the one loop that writes and cleans, step after step. What cannot be written
 * waits for the next try; what finds no place in memory is counted and reported. Stops with `close()`.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { BATCH_ROWS, type WriteBatch } from './batch.ts';
import { type ActivityEntry, numbered } from './entry.ts';
import type { CleaningStep } from './retention.ts';
import { faultOf } from './sqlite.ts';

/** The open database, as the queue needs it. */
export interface Target {
  readonly write: WriteBatch;
  readonly clean: CleaningStep;
  /** The highest id in the file, 0 when it is empty. */
  readonly lastId: () => Promise<number>;
}

export interface QueueOptions {
  readonly target: Target;
  readonly lastId: number;
  readonly clock: Clock;
  onError(problem: GatehouseError): void;
  /** Sets a damaged database aside and opens a new one. */
  replace(cause: unknown): Promise<Target>;
}

/** Longest wait of a call for its batch, in milliseconds. */
const FLUSH_MS = 250;
/** Calls that wait at most; more than a second of the highest load. */
const QUEUE_ROWS = 20_000;
/** Wait after a failed write, doubled up to the longest, in milliseconds. */
const RETRY_MS = 1_000;
const RETRY_LONGEST_MS = 60_000;
/** How often lost calls are reported at most, in milliseconds. */
const LOST_REPORT_MS = 5_000;
/** The log is cleaned at the start, then each time that this much was written or this long has passed. */
const CLEAN_ROWS = 5_000;
const CLEAN_MS = 60 * 60 * 1_000;
/** Longest wait for the disk when closing, in milliseconds. */
const CLOSE_MS = 2_000;

type TimerName = 'flush' | 'retry' | 'report' | 'clean';

export class CallQueue {
  private readonly options: QueueOptions;
  private target: Target;
  private lastId: number;
  private readonly waiting: ActivityEntry[] = [];
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
  private closing: Promise<void> | null = null;

  constructor(options: QueueOptions) {
    this.options = options;
    this.target = options.target;
    this.lastId = options.lastId;
    this.cleanLater();
    this.start();
  }

  /** Calls that are not known to be in the file, oldest first. */
  get unwritten(): readonly ActivityEntry[] {
    return this.waiting;
  }

  push(entry: ActivityEntry): void {
    if (this.closing !== null) return;
    if (this.waiting.length >= QUEUE_ROWS) {
      this.lost += 1;
      this.arm('report', LOST_REPORT_MS, () => this.reportLost());
      return;
    }
    this.lastId += 1;
    this.waiting.push(numbered(this.lastId, entry));
    if (this.waiting.length >= BATCH_ROWS) this.start();
    else this.flushLater();
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

  private start(): void {
    if (this.work !== null || this.timers.has('retry')) return;
    // `run` begins when `work` is set: two loops must never run side by side.
    const work = Promise.resolve().then(() => this.run());
    this.work = work.finally(() => {
      this.work = null;
      if (this.closing !== null) return;
      if (this.waiting.length >= BATCH_ROWS) this.start();
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
      const { length } = this.waiting;
      if (length >= BATCH_ROWS || (length > 0 && (this.flushDue || this.closing !== null))) {
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

  private async writeBatch(): Promise<void> {
    const batch = this.waiting.slice(0, BATCH_ROWS);
    try {
      await this.target.write(batch);
    } catch (error) {
      if (faultOf(error) !== 'conflict') throw error;
      await this.renumber();
      return;
    }
    this.flushDue = false;
    this.justReplaced = false;
    // Closing may have given the rest up meanwhile.
    this.waiting.splice(0, Math.min(batch.length, this.waiting.length));
    this.sinceCleaning += batch.length;
    if (this.sinceCleaning >= CLEAN_ROWS) {
      this.sinceCleaning = 0;
      this.cleanDue = true;
    }
  }

  /** Another program has written to the file: what waits gets the numbers behind its rows. */
  private async renumber(): Promise<void> {
    const last = await this.target.lastId();
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
    this.options.onError(
      new GatehouseError({
        code: 'activity.calls_lost',
        message: `${lost} ${lost === 1 ? 'call was' : 'calls were'} not recorded: the disk could not keep up.`,
        remedy:
          'Calls themselves were not affected. Check that the disk of the data directory has room and is not very busy.',
      }),
    );
  }
}

function writeFailed(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'activity.write_failed',
    message: 'The activity log could not be written; Gatehouse keeps trying.',
    remedy: 'Check that the disk of the data directory has room and can be written to.',
    cause,
  });
}
