/**
 * The activity log as the app sees it: takes what happened without ever waiting, and asks the log's own thread for
 * everything else. Imports protocol only. Stops with `close()`, which has everything written.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { ActivityDetail, ActivityEntry, ActivityFilter, ActivityNote, ActivityRow } from './entry.ts';
import type { FromLog, LogPort, LogProblem, LogSettings, Question, Questions } from './messages.ts';
import { Packer } from './packer.ts';
import { lostProblem } from './problems.ts';
import { restingPort } from './resting.ts';
import type { ActivityStats, StatsQuery } from './statistics.ts';

/** One page of the log. */
export interface ActivityQuery {
  readonly filter: ActivityFilter;
  /** Rows at most. */
  readonly limit: number;
  /** Only rows with a lower id: the last one of the page before. */
  readonly before?: number | undefined;
}

/** Whether things are being recorded. */
export type ActivityState =
  | { readonly state: 'opening' }
  | { readonly state: 'recording'; readonly rows: number; readonly bytes: number }
  /** What happens waits in memory, as far as there is room, until the disk takes it. */
  | { readonly state: 'failing'; readonly rows: number; readonly bytes: number; readonly problem: LogProblem }
  | { readonly state: 'unavailable'; readonly problem: LogProblem };

/** The log. */
export interface ActivityLog {
  /**
   * Takes one call; never throws and never waits. Of both messages what is kept is copied at once; null where there is
   * none. Does nothing after `close`.
   */
  record(entry: ActivityEntry, request: Buffer | null, response: Buffer | null): void;
  /** Takes something else that happened. Never throws. */
  note(note: ActivityNote): void;
  /** Newest first, with everything that was recorded before. Rejects with `activity.read_failed`. */
  page(query: ActivityQuery): Promise<readonly ActivityRow[]>;
  /** The same with arguments and results. */
  detailed(query: ActivityQuery): Promise<readonly ActivityDetail[]>;
  /** One row with all that is known of it; null when there is none. */
  entry(id: number): Promise<ActivityDetail | null>;
  stats(query: StatsQuery): Promise<ActivityStats>;
  /** Tool calls per server that ended at `epochMs` or later, whatever came of them. */
  callsSince(epochMs: number): Promise<ReadonlyMap<string, number>>;
  /** Removes every row. */
  clear(): Promise<void>;
  configure(settings: LogSettings): void;
  /** Secrets that must not be seen in arguments and results, by their value. */
  setSecrets(values: readonly string[]): void;
  readonly state: ActivityState;
  /** Settles when the log is open, or cannot be opened. */
  readonly opened: Promise<void>;
  /** Told of new rows several times a second; null stops it. `missed` more came too fast to be shown. */
  watch(listener: ((rows: readonly ActivityRow[], missed: number) => void) | null): void;
  /** Has what waits written, for some seconds at most, and closes the file. Idempotent. */
  close(): Promise<void>;
}

/** How to open the log. */
export interface ActivityOptions {
  /** Absolute path of the database. */
  readonly file: string;
  readonly clock: Clock;
  /** Starts the log's own thread: at once, and again after each rest. */
  startThread(): LogPort;
  readonly settings: LogSettings;
  /** Told what goes wrong while the log stays in use. */
  onProblem(problem: LogProblem): void;
  onState(state: ActivityState): void;
}

/** Longest wait of a call for its packet, in milliseconds. */
const PACKET_MS = 50;
/** Rows that may be on their way; more than a second of the highest load. */
const ON_THE_WAY = 40_000;
const LOST_REPORT_MS = 5_000;
/** Longest wait for the last writes when closing, in milliseconds. */
const CLOSE_MS = 6_000;

/** Begins to open the log and returns at once; what is recorded meanwhile waits for it. */
export function openActivity(options: ActivityOptions): ActivityLog {
  return new ThreadedLog(options);
}

class ThreadedLog implements ActivityLog {
  private readonly options: ActivityOptions;
  private readonly port: LogPort;
  private readonly packer = new Packer();
  private readonly asked = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  private lastQuestion = 0;
  private cancelPacket: (() => void) | null = null;
  private cancelLost: (() => void) | null = null;
  private onTheWay = 0;
  private lost = 0;
  private current: ActivityState = { state: 'opening' };
  private settleOpened: () => void = () => undefined;
  private listener: ((rows: readonly ActivityRow[], missed: number) => void) | null = null;
  private closing: Promise<void> | null = null;
  readonly opened: Promise<void>;

  constructor(options: ActivityOptions) {
    this.options = options;
    this.opened = new Promise((resolve) => {
      this.settleOpened = resolve;
    });
    this.port = restingPort({
      clock: options.clock,
      startThread: () => options.startThread(),
      mayRest: () =>
        this.current.state === 'recording' &&
        this.listener === null &&
        this.onTheWay + this.packer.count + this.asked.size === 0,
      resting: () => this.packer.numberAnew(),
    });
    this.port.listen((message) => this.receive(message as FromLog));
    this.port.post({ kind: 'open', file: options.file, settings: options.settings });
  }

  get state(): ActivityState {
    return this.current;
  }

  record(entry: ActivityEntry, request: Buffer | null, response: Buffer | null): void {
    if (this.ended) return;
    if (this.onTheWay + this.packer.count >= ON_THE_WAY) return this.lose();
    const { clock } = this.options;
    this.packer.add(entry, request, response, clock.now());
    if (this.packer.full) this.send();
    else this.cancelPacket ??= clock.after(PACKET_MS, () => this.send());
  }

  note(note: ActivityNote): void {
    if (this.ended) return;
    this.send();
    this.port.post({ kind: 'note', note, at: note.at ?? this.options.clock.now() });
  }

  page({ filter, limit, before }: ActivityQuery): Promise<readonly ActivityRow[]> {
    return this.ask('page', { filter, before: before ?? Number.MAX_SAFE_INTEGER, limit }, []);
  }

  detailed({ filter, limit, before }: ActivityQuery): Promise<readonly ActivityDetail[]> {
    return this.ask('detailed', { filter, before: before ?? Number.MAX_SAFE_INTEGER, limit }, []);
  }

  entry(id: number): Promise<ActivityDetail | null> {
    return this.ask('entry', id, null);
  }

  stats(query: StatsQuery): Promise<ActivityStats> {
    const nothing = { calls: 0, failures: 0, p50: null, p95: null, buckets: [], tools: [] };
    return this.ask('stats', query, nothing);
  }

  async callsSince(epochMs: number): Promise<ReadonlyMap<string, number>> {
    return new Map(await this.ask('callsSince', epochMs, []));
  }

  async clear(): Promise<void> {
    await this.ask('clear', null, null);
  }

  configure(settings: LogSettings): void {
    if (!this.ended) this.port.post({ kind: 'settings', settings });
  }

  setSecrets(values: readonly string[]): void {
    if (!this.ended) this.port.post({ kind: 'secrets', values });
  }

  watch(listener: ((rows: readonly ActivityRow[], missed: number) => void) | null): void {
    this.listener = listener;
    // What came before is not new.
    this.send();
    if (!this.ended) this.port.post({ kind: 'watch', on: listener !== null });
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    this.send();
    this.cancelLost?.();
    const { clock } = this.options;
    let cancel = (): void => undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = clock.after(CLOSE_MS, resolve);
    });
    // A log that could not be opened answers too.
    await Promise.race([this.question('close', null), limit]).catch(() => undefined);
    cancel();
    this.lost += this.onTheWay;
    this.reportLost();
    this.port.close();
    for (const { reject } of this.asked.values()) reject(closed());
    this.asked.clear();
    this.settleOpened();
  }

  private get ended(): boolean {
    return this.closing !== null || this.current.state === 'unavailable';
  }

  private ask<N extends keyof Questions>(
    name: N,
    args: Questions[N]['args'],
    nothing: Questions[N]['value'],
  ): Promise<Questions[N]['value']> {
    if (this.ended) return Promise.resolve(nothing);
    this.send();
    return this.question(name, args).then((value) => value ?? nothing);
  }

  private question<N extends keyof Questions>(
    name: N,
    args: Questions[N]['args'],
  ): Promise<Questions[N]['value']> {
    this.lastQuestion += 1;
    const number = this.lastQuestion;
    return new Promise((resolve, reject) => {
      this.asked.set(number, { resolve: (value) => resolve(value as Questions[N]['value']), reject });
      this.port.post({ kind: 'ask', number, question: { name, args } as Question });
    });
  }

  private send(): void {
    this.cancelPacket?.();
    this.cancelPacket = null;
    const packet = this.packer.take();
    if (packet === null) return;
    this.onTheWay += packet.count;
    const blocks = [packet.numbers.buffer, packet.arena.buffer].filter((block) => block.byteLength > 0);
    this.port.post(packet, blocks as ArrayBuffer[]);
  }

  private receive(message: FromLog): void {
    switch (message.kind) {
      case 'opened':
        return this.settleOpened();
      case 'failed':
        this.become({ state: 'unavailable', problem: message.problem });
        return this.settleOpened();
      case 'taken':
        this.onTheWay -= message.count;
        return;
      case 'problem':
        return this.options.onProblem(message.problem);
      case 'state': {
        const { rows, bytes, failing } = message;
        return this.become(
          failing === null
            ? { state: 'recording', rows, bytes }
            : { state: 'failing', rows, bytes, problem: failing },
        );
      }
      case 'failing': {
        const { rows, bytes } = 'rows' in this.current ? this.current : { rows: 0, bytes: 0 };
        return this.become({ state: 'failing', rows, bytes, problem: message.problem });
      }
      case 'rows':
        return this.listener?.(message.rows, message.missed);
      case 'answer':
      case 'refusal': {
        const asked = this.asked.get(message.number);
        this.asked.delete(message.number);
        if (message.kind === 'answer') asked?.resolve(message.value);
        else asked?.reject(new GatehouseError(message.problem));
      }
    }
  }

  private become(state: ActivityState): void {
    this.current = state;
    this.options.onState(state);
  }

  private lose(): void {
    this.lost += 1;
    this.cancelLost ??= this.options.clock.after(LOST_REPORT_MS, () => this.reportLost());
  }

  private reportLost(): void {
    this.cancelLost = null;
    if (this.lost === 0) return;
    const { lost } = this;
    this.lost = 0;
    this.options.onProblem(lostProblem(lost));
  }
}

function closed(): GatehouseError {
  return new GatehouseError({
    code: 'activity.read_failed',
    message: 'The activity log is closed.',
    remedy: 'Try again when Gatehouse has started anew.',
  });
}
