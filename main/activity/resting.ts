/**
 * A way to the log that lets the log's thread end while nothing happens, and starts another one with the next thing to
 * record or to ask: a thread with SQLite in it holds some 10 MiB. Nobody has to know, but for the numbers of names, which
 * begin anew (`resting`). Stops with `close`.
 */
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import type { FromLog, LogPort, LogProblem, ToLog } from './messages.ts';

/** The log rests when nothing came for so long. Milliseconds. */
const REST_MS = 10_000;
/** The same after a search: the next one would have to read everything again that is in memory for it. */
const REST_AFTER_SEARCH_MS = 5 * 60_000;
/** So often a log that rests has its old rows removed. Milliseconds. */
const AWAKE_AGAIN_MS = 60 * 60_000;
/** Between two tries to open the file again. Milliseconds. */
const TRY_AGAIN_MS = 10_000;

/** What resting needs. */
export interface RestingDeps {
  readonly clock: Clock;
  startThread(): LogPort;
  /** False while the log holds what only its thread knows, or is looked at. */
  mayRest(): boolean;
  /** From now on everything goes to another thread, which knows no number of a facet or session. */
  resting(): void;
}

type Opening = Extract<ToLog, { kind: 'open' }>;
type Asked = Extract<ToLog, { kind: 'ask' }>;
type Waiting = readonly [message: ToLog, transfer: readonly ArrayBuffer[] | undefined];

/** Begins with a thread that runs. */
export function restingPort(deps: RestingDeps): LogPort {
  return new RestingPort(deps);
}

class RestingPort implements LogPort {
  private readonly deps: RestingDeps;
  /** null while it rests, and between the tries to go on. */
  private thread: LogPort | null;
  private listener: (message: unknown) => void = () => undefined;
  /** Said once, and said again to each new thread. */
  private opening: Opening | null = null;
  private secrets: ToLog | null = null;
  private watch: ToLog | null = null;
  /** What came while a thread was ending or opening the file again; null while there is no need to wait. */
  private waiting: Waiting[] | null = null;
  private lastUse: number;
  private lastSearch = Number.NEGATIVE_INFINITY;
  private cancel: CancelTimer = () => undefined;
  private failing = false;
  private closed = false;

  constructor(deps: RestingDeps) {
    this.deps = deps;
    this.lastUse = deps.clock.now();
    // Whether it opens at all is said to whoever listens: there is no sense in another try.
    this.thread = this.started((message) => {
      if (message.kind === 'failed') this.cancel();
      this.listener(message);
    });
    this.restLater();
  }

  post(message: ToLog, transfer?: readonly ArrayBuffer[]): void {
    if (this.closed) return;
    this.remember(message);
    if (this.waiting !== null) {
      if (this.thread === null && message.kind === 'ask') this.refuse(message);
      else this.waiting.push([message, transfer]);
    } else if (this.thread !== null) this.thread.post(message, transfer);
    else if (message.kind === 'ask' && message.question.name === 'close') this.refuse(message);
    else if (message.kind !== 'secrets' && message.kind !== 'watch') {
      this.waiting = [[message, transfer]];
      this.wake();
    }
  }

  listen(listener: (message: unknown) => void): void {
    this.listener = listener;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cancel();
    this.waiting = null;
    this.thread?.close();
    this.thread = null;
  }

  private remember(message: ToLog): void {
    this.lastUse = this.deps.clock.now();
    if (message.kind === 'open') this.opening = message;
    else if (message.kind === 'settings' && this.opening !== null)
      this.opening = { ...this.opening, settings: message.settings };
    else if (message.kind === 'secrets') this.secrets = message;
    else if (message.kind === 'watch') this.watch = message;
    else if (message.kind === 'ask' && ['page', 'detailed', 'stats'].includes(message.question.name))
      this.lastSearch = this.lastUse;
  }

  /** A thread whose messages count for as long as it is the one. */
  private started(receive: (message: FromLog) => void): LogPort {
    const thread = this.deps.startThread();
    thread.listen((message) => {
      if (thread === this.thread) receive(message as FromLog);
    });
    return thread;
  }

  private get restsAt(): number {
    return Math.max(this.lastUse + REST_MS, this.lastSearch + REST_AFTER_SEARCH_MS);
  }

  private restLater(): void {
    const { clock } = this.deps;
    this.cancel = clock.after(this.restsAt - clock.now(), () => this.maybeRest());
  }

  private maybeRest(): void {
    const { clock, mayRest, resting } = this.deps;
    if (clock.now() >= this.restsAt && !mayRest()) this.lastUse = clock.now();
    if (clock.now() < this.restsAt) return this.restLater();
    const { thread } = this;
    if (thread === null) return;
    this.waiting = [];
    resting();
    thread.listen((message) => {
      const said = message as FromLog;
      if (said.kind === 'answer' || said.kind === 'refusal' || said.kind === 'failed') this.rest(thread);
      else this.listener(said);
    });
    thread.post({ kind: 'ask', number: 0, question: { name: 'close', args: null } });
  }

  /** Everything is written, and the file is closed. */
  private rest(thread: LogPort): void {
    if (thread !== this.thread) return;
    thread.close();
    this.thread = null;
    const came = this.waiting ?? [];
    this.waiting = null;
    this.cancel = this.deps.clock.after(AWAKE_AGAIN_MS, () => {
      this.waiting = [];
      this.wake();
    });
    for (const [message, transfer] of came) this.post(message, transfer);
  }

  /** What waits goes to the new thread when it has opened the file. */
  private wake(): void {
    this.cancel();
    this.thread = this.started((message) => {
      if (message.kind === 'opened') this.goOn();
      if (message.kind === 'failed' && this.waiting !== null) this.notYet(message.problem);
      else this.listener(message);
    });
    if (this.opening !== null) this.thread.post(this.opening);
  }

  private goOn(): void {
    const came = this.waiting ?? [];
    this.waiting = null;
    this.failing = false;
    for (const message of [this.secrets, this.watch]) {
      if (message !== null) this.thread?.post(message);
    }
    for (const [message, transfer] of came) this.thread?.post(message, transfer);
    this.lastUse = this.deps.clock.now();
    this.restLater();
  }

  /** It did open before: what is wrong with the disk may pass, and until then rows wait as they do for every write. */
  private notYet(problem: LogProblem): void {
    this.thread?.close();
    this.thread = null;
    const came = this.waiting ?? [];
    this.waiting = came.filter(([message]) => message.kind !== 'ask');
    for (const [message] of came) if (message.kind === 'ask') this.refuse(message, problem);
    if (!this.failing) this.listener({ kind: 'problem', problem } satisfies FromLog);
    this.failing = true;
    this.listener({ kind: 'failing', problem } satisfies FromLog);
    this.cancel = this.deps.clock.after(TRY_AGAIN_MS, () => this.wake());
  }

  private refuse({ number, question }: Asked, problem = unreadable()): void {
    const said: FromLog =
      question.name === 'close'
        ? { kind: 'answer', number, value: null }
        : { kind: 'refusal', number, problem };
    queueMicrotask(() => this.listener(said));
  }
}

function unreadable(): LogProblem {
  return {
    code: 'activity.read_failed',
    message: 'The activity log could not be read.',
    remedy: 'Try again; if it stays, check the disk of the data directory.',
  };
}
