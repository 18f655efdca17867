/**
 * The log on its own thread: takes packets, numbers and writes rows, answers questions. Everything that may take time
 * (redacting, the disk, searches) happens here, so that no call ever waits for it. Ends with the question `close`.
 */
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { createRedactor, type Redact } from '../protocol/redact.ts';
import { type Database, type DatabaseOptions, openDatabase, openPatiently } from './database.ts';
import { type ActivityNote, sessionText } from './entry.ts';
import { roughIdOf } from './facets.ts';
import { createFeed, type Feed } from './feed.ts';
import { setAside } from './file.ts';
import type { LogPort, LogProblem, LogSettings, Packet, Question, ToLog } from './messages.ts';
import { clean, DETAIL_BYTES, short, whole } from './packer.ts';
import { EntryQueue } from './queue.ts';
import { createShelves, type Shelves } from './shelves.ts';
import type { OpenSqlite } from './sqlite.ts';
import { type NewEntry, Unpacker } from './unpack.ts';

/** Longest wait for the last sync when closing, in milliseconds. */
const SETTLE_MS = 2_000;
/** How often the size is told at most. Milliseconds. */
const STATE_MS = 5_000;
/** What is in memory for questions is let go of when none came for so long. Milliseconds. */
const FORGET_MS = 5 * 60_000;

/** What the service needs. */
export interface ServiceDeps {
  readonly clock: Clock;
  readonly openSqlite: OpenSqlite;
}

/** Serves one log on this port. */
export function serveActivity(port: LogPort, deps: ServiceDeps): void {
  let service: Promise<Service | null> | null = null;
  port.listen((message) => {
    const told = message as ToLog;
    if (told.kind === 'open') {
      service = Service.open(port, deps, told.file, told.settings).catch((error: unknown) => {
        port.post({ kind: 'failed', problem: problemOf(error) });
        return null;
      });
      return;
    }
    // In order: a promise that is settled keeps the order in which it was asked.
    void service?.then((opened) => {
      if (opened !== null) return opened.receive(told);
      if (told.kind === 'ask') port.post({ kind: 'answer', number: told.number, value: null });
    });
  });
}

class Service {
  private readonly port: LogPort;
  private readonly how: DatabaseOptions;
  private database: Database;
  private readonly queue: EntryQueue;
  private readonly unpacker = new Unpacker();
  private settings: LogSettings;
  private secrets: readonly string[] = [];
  private redact: Redact;
  private readonly feed: Feed;
  private readonly shelves: Shelves;
  private cancelState: (() => void) | null = null;
  private cancelForget: (() => void) | null = null;
  private failing: LogProblem | null = null;
  /** What to tell about a damaged file whose successor is not open yet. */
  private toTell: GatehouseError | null = null;

  static async open(
    port: LogPort,
    { clock, openSqlite }: ServiceDeps,
    file: string,
    settings: LogSettings,
  ): Promise<Service> {
    let current = settings;
    const how: DatabaseOptions = {
      file,
      clock,
      limits: () => current.limits,
      openSqlite,
      onError: (problem) => port.post({ kind: 'problem', problem: problemOf(problem) }),
    };
    try {
      const service = new Service(port, how, await openPatiently(how), settings, (next) => {
        current = next;
      });
      port.post({ kind: 'opened' });
      service.tellState();
      return service;
    } catch (error) {
      throw error instanceof GatehouseError ? error : unavailable(error);
    }
  }

  private readonly keepSettings: (settings: LogSettings) => void;

  private constructor(
    port: LogPort,
    how: DatabaseOptions,
    database: Database,
    settings: LogSettings,
    keepSettings: (settings: LogSettings) => void,
  ) {
    this.port = port;
    this.how = how;
    this.database = database;
    this.settings = settings;
    this.keepSettings = keepSettings;
    this.redact = createRedactor({ names: settings.secretNames });
    this.feed = createFeed(how.clock, (entries, missed) =>
      port.post({ kind: 'rows', rows: entries.map((entry) => this.shelves.shown(entry)), missed }),
    );
    this.queue = new EntryQueue({
      target: database,
      lastId: database.lastId(),
      clock: how.clock,
      onError: (problem) => this.report(problem),
      replace: (cause) => this.replace(cause),
      onWritten: () => this.written(),
    });
    this.shelves = createShelves(() => this.database, this.queue);
  }

  receive(message: ToLog): void {
    switch (message.kind) {
      case 'open':
        return;
      case 'entries':
        return this.take(message);
      case 'note':
        return this.note(message.note, message.at);
      case 'settings': {
        const { limits } = this.settings;
        this.settings = message.settings;
        this.keepSettings(message.settings);
        this.makeRedactor();
        if (JSON.stringify(limits) !== JSON.stringify(message.settings.limits))
          this.queue.limit(message.settings.limits);
        return;
      }
      case 'secrets':
        this.secrets = message.values;
        return this.makeRedactor();
      case 'watch':
        this.feed.watched = message.on;
        return;
      case 'ask':
        void this.answer(message.question).then(
          (value) => {
            this.port.post({ kind: 'answer', number: message.number, value });
            if (message.question.name === 'close') this.port.close();
          },
          (error: unknown) =>
            this.port.post({ kind: 'refusal', number: message.number, problem: problemOf(error) }),
        );
    }
  }

  private makeRedactor(): void {
    this.redact = createRedactor({ values: this.secrets, names: this.settings.secretNames });
  }

  private take(packet: Packet): void {
    const { requests, responses } = this.settings;
    const rows = this.unpacker.unpack(packet, {
      facetId: (facet) => roughIdOf(this.database.facets, facet),
      redact: this.redact,
      requests,
      responses,
    });
    for (const row of rows) this.push(row);
    this.port.post({ kind: 'taken', count: packet.count });
  }

  private note(note: ActivityNote, at: number): void {
    const { kind, action, client = '', server = '', tool = '', outcome = 'ok', errorCode = null } = note;
    const shownTool = short(this.redact(tool).text, 512);
    const { id: facet, whole: named } = roughIdOf(this.database.facets, {
      kind,
      client: clean(client),
      server: clean(server),
      tool: shownTool,
      action: clean(action),
      outcome,
      error: clean(errorCode ?? ''),
      approval: '',
    });
    const cut = (note.detail?.length ?? 0) > DETAIL_BYTES;
    const shown = note.detail === undefined ? null : this.redact(note.detail.slice(0, DETAIL_BYTES), cut);
    this.push({
      at: whole(at),
      facet,
      session: sessionText(
        short(note.session ?? '', 200),
        this.redact(short(note.clientName ?? '', 200)).text,
      ),
      target: named ? null : shownTool,
      durationMs: 0,
      requestBytes: 0,
      responseBytes: 0,
      details:
        shown === null
          ? null
          : {
              request: shown.text,
              response: null,
              hidden: shown.hidden,
              requestCut: cut,
              responseCut: false,
            },
      skipped: false,
    });
  }

  private push(row: NewEntry): void {
    const entry = this.queue.push(row);
    if (entry !== null) this.feed.add(entry);
  }

  private async answer(question: Question): Promise<unknown> {
    this.cancelForget?.();
    this.cancelForget = this.how.clock.after(FORGET_MS, () => this.database.forget());
    switch (question.name) {
      case 'page':
        return this.shelves.page(question.args.filter, question.args.before, question.args.limit);
      case 'detailed':
        return this.shelves.detailed(question.args.filter, question.args.before, question.args.limit);
      case 'entry':
        return this.shelves.entry(question.args);
      case 'stats':
        await this.queue.flush();
        return this.shelves.stats(question.args);
      case 'callsSince':
        return this.shelves.callsSince(question.args);
      case 'clear':
        await this.queue.clear();
        return null;
      case 'close':
        await this.close();
        return null;
    }
  }

  private written(): void {
    if (this.failing !== null) {
      this.failing = null;
      this.tellState();
    }
    this.cancelState ??= this.how.clock.after(STATE_MS, () => this.tellState());
  }

  private tellState(): void {
    this.cancelState?.();
    this.cancelState = null;
    let size = { rows: 0, bytes: 0 };
    try {
      size = this.database.reader.size();
    } catch {
      // The next write tells what is wrong.
    }
    this.port.post({ kind: 'state', ...size, failing: this.failing });
  }

  private report(problem: GatehouseError): void {
    this.port.post({ kind: 'problem', problem: problemOf(problem) });
    if (problem.code !== 'activity.write_failed') return;
    this.failing = problemOf(problem);
    this.tellState();
  }

  private async replace(cause: unknown): Promise<Database> {
    this.database.close();
    // Once, however many tries the new file takes: a second time would lose the old one.
    this.toTell ??= await setAside(this.how.file, cause);
    const before = this.database.facets;
    this.database = await openDatabase(this.how);
    this.unpacker.renumber((facet) => roughIdOf(this.database.facets, facet));
    this.queue.renumberFacets((facet) => roughIdOf(this.database.facets, before.get(facet)).id);
    this.report(this.toTell);
    this.toTell = null;
    return this.database;
  }

  private async close(): Promise<void> {
    this.feed.close();
    this.cancelState?.();
    this.cancelForget?.();
    await this.queue.close();
    const { database } = this;
    let cancelLimit = (): void => undefined;
    const limit = new Promise<void>((resolve) => {
      cancelLimit = this.how.clock.after(SETTLE_MS, resolve);
    });
    // Without it the next start finds the same rows in the write-ahead log.
    await Promise.race([database.settle().catch(() => undefined), limit]);
    cancelLimit();
    database.close();
  }
}

function unavailable(cause: unknown): GatehouseError {
  return new GatehouseError({
    code: 'activity.unavailable',
    message: 'The activity log cannot be opened; calls work, but are not recorded.',
    remedy:
      'Check that the data directory can be written to and that its disk has room, then start Gatehouse again. If it stays, install Gatehouse again.',
    cause,
  });
}
