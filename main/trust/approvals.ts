/**
 * The approvals of one server: read from its file when they are first needed, changed by decisions, which count once they
 * are on disk, and by what is approved by itself, which is written soon after. Stops with `close()`.
 */
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import type { Approval } from './approval.ts';
import {
  approvalsFile,
  BASELINES,
  type Baseline,
  parseApprovals,
  renderApprovals,
} from './approvals-file.ts';
import type { DefinedKind } from './definition.ts';
import { readDurable, writeDurable } from './durable.ts';
import { type Decision, remembered } from './history.ts';
import { closedError, lost, restored, writeFailed } from './problems.ts';

/**
 * Things of one server of which something is kept: four lists of 20,000 items, which is as much as a server may list, and
 * what it says of itself. Beyond it the oldest are forgotten, which holds them again; what is blocked is never forgotten.
 */
const MOST = 80_001;

/** Milliseconds after which a write that failed is tried again. */
const AGAIN_MS = 5_000;

/** Where and how approvals are kept. */
export interface ApprovalsOptions {
  readonly server: string;
  /** Directory of all files; made when first written to. */
  readonly dir: string;
  readonly clock: Clock;
  /** True when the server is known to have had approvals: their file must not be missing. */
  readonly expected: boolean;
  /** Told once when the first approvals are on disk. */
  written(): void;
  /** Told what passed by itself. */
  noted(history: readonly Decision[]): void;
  /** Told when approvals were lost, restored, or could not be written. */
  problem(problem: GatehouseError): void;
}

/** What one decision changes. */
export interface Change {
  readonly approvals: readonly Approval[];
  readonly history: readonly Decision[];
  /** What this begins with. */
  readonly baselines?: readonly Baseline[];
}

/** See above. */
export class Approvals {
  private readonly options: ApprovalsOptions;
  private readonly file: string;
  private readonly known = new Map<string, Approval>();
  private readonly baselines = new Set<Baseline>();
  private past: readonly Decision[] = [];
  private dirty = false;
  private everWritten = false;
  private queue: Promise<void> = Promise.resolve();
  private cancelAgain: () => void = () => undefined;
  private closed = false;

  constructor(options: ApprovalsOptions) {
    this.options = options;
    const { server, dir, clock } = options;
    this.file = approvalsFile(dir, server);
    const found = readDurable(this.file, clock.now(), (text) => parseApprovals(text, server));
    switch (found.kind) {
      case 'restored':
        options.problem(restored(server));
        this.take(found.value);
        return;
      case 'good':
        this.take(found.value);
        return;
      case 'missing':
        if (options.expected) this.lose(null);
        return;
      case 'lost':
        this.lose(found.cause);
    }
  }

  get history(): readonly Decision[] {
    return this.past;
  }

  get size(): number {
    return this.known.size;
  }

  of(kind: DefinedKind, key: string): Approval | undefined {
    return this.known.get(idOf(kind, key));
  }

  all(): Iterable<Approval> {
    return this.known.values();
  }

  hasBaseline(baseline: Baseline): boolean {
    return this.baselines.has(baseline);
  }

  /** Makes a change that needs nobody's decision; it counts at once and is written soon. */
  note(change: Change): void {
    this.apply(change);
    this.dirty = true;
    this.flush();
    if (change.history.length > 0) this.options.noted(change.history);
  }

  /**
   * Makes a decision; it counts when it is on disk, which is when the promise resolves. `decide` is called when its turn
   * has come, and may throw.
   *
   * @throws GatehouseError `trust.write_failed` or `trust.closed`, and then nothing has changed; what `decide` throws
   */
  decide(decide: () => Change): Promise<Change> {
    const run = this.queue.then(async () => {
      if (this.closed) throw closedError();
      const change = decide();
      try {
        await this.write(change);
      } catch (cause) {
        throw writeFailed(cause);
      }
      this.apply(change);
      return change;
    });
    this.queue = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  /** Waits for what is under way. Twice does nothing. */
  async close(): Promise<void> {
    this.cancelAgain();
    if (!this.closed) this.flush();
    this.closed = true;
    await this.queue;
  }

  private take(found: ReturnType<typeof parseApprovals>): void {
    for (const approval of found.approvals) this.known.set(idOf(approval.kind, approval.key), approval);
    for (const kind of found.baselines) this.baselines.add(kind);
    this.past = found.history;
    this.everWritten = true;
  }

  /** Nothing is known any more: to take the next list for the first would approve whatever is in it. */
  private lose(cause: unknown): void {
    for (const baseline of BASELINES) this.baselines.add(baseline);
    this.options.problem(lost(this.options.server, this.file, cause));
  }

  private apply({ approvals, history, baselines }: Change): void {
    for (const approval of approvals) {
      const id = idOf(approval.kind, approval.key);
      // Moved to the end: the first ones are those that nobody touched for longest.
      this.known.delete(id);
      this.known.set(id, approval);
    }
    for (const [id, { blocked }] of this.known) {
      if (this.known.size <= MOST) break;
      // A server must not get rid of a block by listing enough other things.
      if (!blocked) this.known.delete(id);
    }
    for (const baseline of baselines ?? []) this.baselines.add(baseline);
    this.past = remembered(this.past, history);
  }

  private flush(): void {
    if (!this.dirty) return;
    this.queue = this.queue.then(async () => {
      if (!this.dirty) return;
      this.dirty = false;
      try {
        await this.write(null);
      } catch (cause) {
        this.dirty = true;
        this.options.problem(writeFailed(cause));
        if (!this.closed) this.cancelAgain = this.options.clock.after(AGAIN_MS, () => this.flush());
      }
    });
  }

  private async write(change: Change | null): Promise<void> {
    const known = new Map(this.known);
    for (const approval of change?.approvals ?? []) known.set(idOf(approval.kind, approval.key), approval);
    const text = renderApprovals(this.options.server, {
      baselines: new Set([...this.baselines, ...(change?.baselines ?? [])]),
      approvals: [...known.values()],
      history: remembered(this.past, change?.history ?? []),
    });
    await writeDurable(this.file, text);
    if (this.everWritten) return;
    this.everWritten = true;
    this.options.written();
  }
}

function idOf(kind: DefinedKind, key: string): string {
  return `${kind}\0${key}`;
}
