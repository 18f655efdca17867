/**
 * The configuration file while Gatehouse runs: the last good configuration, a watch that follows the user's edits, and
 * writes that never lose one. A broken edit keeps what runs and is reported with its place. Stops with `close()`.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import type { Adopted } from './dialects/adopt.ts';
import { editAllowed, editReleased, editSwitch, editText } from './edit.ts';
import { editEntry, entryOf } from './entry-edit.ts';
import { ConfigError, type ConfigPath } from './error.ts';
import { createDefault, MISSING, readSeen, readText, replace, type Seen, writeFailed } from './file.ts';
import { parseConfig } from './read.ts';
import { closedError, entryChanged, foreignFile, notRestored, refuseBroken, some } from './refused-writes.ts';
import { editRemoved, editRestored, type RemovedServer } from './remove.ts';
import type { GatehouseConfig } from './schema.ts';
import { type FileWatch, watchFile } from './watch.ts';

/** From the first hint to reading the file, in milliseconds: saves come as several hints. */
const QUIET_MS = 50;
/** How long a faulty text must stay as it is before it counts as the user's and not as half a save, in milliseconds. */
const SETTLE_MS = 400;
/** The same for a missing file: some editors delete, think, and create. */
const MISSING_SETTLE_MS = 1_000;
/** How often to look where the system grants no watch, in milliseconds. */
const POLL_MS = 5_000;
/** Longest wait for work under way when closing, in milliseconds. */
const CLOSE_MS = 2_000;
/** Tries of one write against a file that keeps changing meanwhile. */
const WRITE_TRIES = 3;
/** Servers that were taken out and can be put back. */
const REMEMBERED = 20;

export interface ConfigStoreOptions {
  /** Absolute path of the file. */
  readonly file: string;
  readonly clock: Clock;
  /** A new configuration is in force, or a broken file is sound again. Not called for the first one. */
  onChange(config: GatehouseConfig, origin: Pick<Adopted, 'dialect' | 'report'>): void;
  /**
   * Reads files of other programs too, in this way; without it only files in our own words are read.
   * @throws ConfigError
   */
  readonly read?: (text: string, file: string) => Promise<Adopted>;
  /** The file on disk cannot be used; the last good configuration stays in force. */
  onBroken(error: ConfigError): void;
  /** Whether a missing file is made, with comments and without servers. */
  readonly create: boolean;
  /** Aborting it closes the store. */
  readonly signal?: AbortSignal;
}

export interface ConfigStore {
  /** The last good configuration. */
  readonly current: GatehouseConfig;
  readonly file: string;
  /** What the file is, and what became of each key where it is another program's. */
  readonly origin: Pick<Adopted, 'dialect' | 'report'>;
  /**
   * Writes a server's switch to the file (key `enabled`) and puts it in force.
   * @throws GatehouseError `config.no_such_server`, and what `edit` throws
   */
  setServerEnabled(name: string, enabled: boolean): Promise<void>;
  /**
   * Takes the key `quarantined` of a server out of the file and puts that in force.
   * @throws GatehouseError `config.no_such_server`, and what `edit` throws
   */
  releaseServer(name: string): Promise<void>;
  /**
   * Holds a contained server to these hosts in the file and puts that in force.
   * @throws GatehouseError `config.no_such_server`, and what `edit` throws
   */
  allowHosts(name: string, allow: readonly string[]): Promise<void>;
  /**
   * Writes another entry for a server, key by key, and puts it in force, if `fits` says so of the one that is there.
   * @throws GatehouseError `config.no_such_server`, `config.entry_changed`, and what `edit` throws
   */
  editServer(
    name: string,
    next: Readonly<Record<string, unknown>>,
    fits: (now: Readonly<Record<string, unknown>>) => boolean,
  ): Promise<void>;
  /**
   * Takes a server out of the file, and out of its profiles, and puts that in force.
   * @throws GatehouseError `config.no_such_server`, and what `edit` throws
   */
  removeServer(name: string): Promise<void>;
  /**
   * Puts back what `removeServer` took out since the start.
   * @throws GatehouseError `config.not_restored` when it took out none of that name, or there is one again; and what
   *   `edit` throws
   */
  restoreServer(name: string): Promise<void>;
  /**
   * Writes one value (`undefined` removes the key) and puts it in force; comments and formatting stay.
   * @throws ConfigError `config.foreign_file` for another program's file, `config.broken_on_disk` when the file has an unfinished edit, `config.not_found`,
   *   `config.write_failed`, or the fault that the value would make; the file is then untouched
   */
  edit(path: (string | number)[], value: unknown): Promise<void>;
  /** Ends the watch and waits for a write under way, at most 2 s. Calling it twice does nothing. */
  close(): Promise<void>;
}

/**
 * Opens the file and watches it.
 *
 * @throws ConfigError when the file is missing (`config.not_found`), unreadable (`config.unreadable`) or faulty
 */
export async function openConfigStore(options: ConfigStoreOptions): Promise<ConfigStore> {
  const store = new FileConfigStore(options);
  try {
    await store.open();
  } catch (error) {
    await store.close();
    throw error;
  }
  if (options.signal?.aborted) await store.close();
  options.signal?.addEventListener('abort', () => void store.close(), { once: true });
  return store;
}

class FileConfigStore implements ConfigStore {
  readonly file: string;
  origin: Pick<Adopted, 'dialect' | 'report'> = { dialect: null, report: [] };
  private readonly options: ConfigStoreOptions;
  private config: GatehouseConfig | undefined;
  /** The text that the outside was last told about, good or broken. */
  private told: Seen = MISSING;
  private broken = false;
  /** A faulty text that may be half a save, and since when it stands. */
  private suspect: { readonly seen: Seen; readonly since: number } | null = null;
  private watch: FileWatch | null = null;
  private timer: CancelTimer | null = null;
  /** When `timer` fires, in epoch milliseconds. */
  private due = 0;
  /** Checks and writes, one after another. */
  private queue: Promise<void> = Promise.resolve();
  private closed = false;
  /** What was taken out and can be put back, the newest last. */
  private readonly removed = new Map<string, RemovedServer>();

  constructor(options: ConfigStoreOptions) {
    this.options = options;
    this.file = options.file;
  }

  get current(): GatehouseConfig {
    if (this.config === undefined) throw new Error('the store is not open yet');
    return this.config;
  }

  async open(): Promise<void> {
    const { file, create } = this.options;
    if (create) await createDefault(file);
    const text = await readText(file);
    // Before the first parse, so that an edit in between is seen.
    this.watch = watchFile(file, () => this.schedule(QUIET_MS));
    const { config, dialect, report } = await this.read(text);
    this.config = config;
    this.origin = { dialect, report };
    this.told = text;
    this.schedule(QUIET_MS);
  }

  setServerEnabled(name: string, enabled: boolean): Promise<void> {
    return this.write((text) => some(editSwitch(text, this.file, name, enabled), name));
  }

  releaseServer(name: string): Promise<void> {
    return this.write((text) => some(editReleased(text, this.file, name), name));
  }

  allowHosts(name: string, allow: readonly string[]): Promise<void> {
    return this.write((text) => some(editAllowed(text, this.file, name, allow), name));
  }

  editServer: ConfigStore['editServer'] = (name, next, fits) =>
    this.write((text) => {
      const now = entryOf(text, this.file, name);
      if (now !== null && !fits(now)) throw entryChanged(name);
      return some(editEntry(text, this.file, name, next), name);
    });

  async removeServer(name: string): Promise<void> {
    let removed: RemovedServer | null = null;
    await this.write((text) => {
      removed = editRemoved(text, this.file, name);
      return some(removed?.after ?? null, name);
    });
    if (removed === null) return;
    this.removed.delete(name);
    this.removed.set(name, removed);
    const [oldest] = this.removed.keys();
    if (this.removed.size > REMEMBERED && oldest !== undefined) this.removed.delete(oldest);
  }

  async restoreServer(name: string): Promise<void> {
    const removed = this.removed.get(name);
    if (removed === undefined) throw notRestored(name);
    await this.write((text) => {
      const restored = editRestored(text, this.file, removed);
      if (restored === null) throw notRestored(name);
      return restored;
    });
    this.removed.delete(name);
  }

  edit(path: (string | number)[], value: unknown): Promise<void> {
    const steps: ConfigPath = [...path];
    return this.write((text) => editText(text, steps, value));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.();
    this.timer = null;
    this.watch?.close();
    this.watch = null;
    let cancel: CancelTimer | undefined;
    const limit = new Promise<void>((resolve) => {
      cancel = this.options.clock.after(CLOSE_MS, resolve);
    });
    await Promise.race([this.queue, limit]);
    cancel?.();
  }

  /** Checks in `ms` or earlier. A later hint never puts a check off: hints may come without end. */
  private schedule(ms: number): void {
    const due = this.options.clock.now() + ms;
    if (this.closed || (this.timer !== null && this.due <= due)) return;
    this.timer?.();
    this.due = due;
    this.timer = this.options.clock.after(ms, () => {
      this.timer = null;
      void this.enqueue(() => this.check());
    });
  }

  private enqueue(job: () => Promise<void>): Promise<void> {
    const run = this.queue.then(job);
    this.queue = run.catch(() => undefined);
    return run;
  }

  /** Reads the file and tells the outside what changed, if anything did and if it looks finished. */
  private async check(): Promise<void> {
    if (this.closed) return;
    if (this.watch?.refresh() === false) this.schedule(POLL_MS);
    const { seen, fault } = await readSeen(this.file);
    if (this.closed) return;
    if (seen === this.told) {
      this.suspect = null;
      return;
    }
    let read: Reading;
    try {
      if (fault !== null) throw fault;
      read = await this.read(seen);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      this.doubt(seen, error);
      return;
    }
    if (this.closed) return;
    this.origin = read;
    this.accept(seen, read.config);
  }

  private async read(text: string): Promise<Reading> {
    const { read } = this.options;
    if (read !== undefined) return read(text, this.file);
    return { config: parseConfig(text, this.file), dialect: null, report: [] };
  }

  /** Reports a faulty text only once it has stood still for a while. */
  private doubt(seen: Seen, error: ConfigError): void {
    const now = this.options.clock.now();
    const settle = seen === MISSING ? MISSING_SETTLE_MS : SETTLE_MS;
    if (this.suspect === null || this.suspect.seen !== seen) this.suspect = { seen, since: now };
    // Never longer than the settling time, even when the clock was set back.
    const left = Math.min(settle, this.suspect.since + settle - now);
    if (left > 0) {
      this.schedule(left);
      return;
    }
    this.suspect = null;
    this.told = seen;
    this.report(error);
  }

  private report(error: ConfigError): void {
    if (this.closed) return;
    this.broken = true;
    this.options.onBroken(error);
  }

  private accept(text: string, config: GatehouseConfig): void {
    const news = this.broken || JSON.stringify(config) !== JSON.stringify(this.config);
    this.told = text;
    this.suspect = null;
    this.broken = false;
    if (!news) return;
    this.config = config;
    this.options.onChange(config, this.origin);
  }

  private write(change: (text: string) => string): Promise<void> {
    return this.enqueue(async () => {
      if (this.closed) throw closedError();
      for (let attempt = 1; ; attempt++) {
        const before = await readText(this.file);
        if (this.origin.dialect !== null) throw foreignFile(this.file, this.origin.dialect.title);
        refuseBroken(before, this.file);
        const after = change(before);
        const config = parseConfig(after, this.file);
        if (after === before || (await replace(this.file, before, after))) {
          this.accept(after, config);
          return;
        }
        if (attempt === WRITE_TRIES) throw writeFailed(this.file, new Error('the file keeps changing'));
      }
    });
  }
}

/** What of an adopted file is kept. */
type Reading = Pick<Adopted, 'config' | 'dialect' | 'report'>;
