/**
 * The life of the session that all clients of one server share: started, kept, met again with growing pauses for as long
 * as the user wants it on, put to sleep when nobody uses it, ended. Ends with `halt`.
 */
import type { CancelTimer } from '../protocol/clock.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import type { Gate } from './gate.ts';
import { sharedIntroduction } from './handshake.ts';
import { watchUse } from './idle.ts';
import type { Interest } from './interest.ts';
import type { OpeningSpec } from './opening.ts';
import type { UpstreamState, UpstreamStatus } from './ports.ts';
import { notReady, stopped } from './problems.ts';
import type { NextSession } from './second-chance.ts';
import { openServerSession, type ServerSession } from './server-session.ts';

/** First pause before a retry; doubled each time up to the last, and spread by a quarter. Milliseconds. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** Nothing that time alone changes: who wants proof of who asks gets it from a person. Milliseconds. */
const LAST_SIGN_IN_RETRY_MS = 5 * 60_000;
/** A server that loses sessions more often than this is met again with pauses. Milliseconds. */
const RENEW_MS = 10_000;
/** Milliseconds since the last try after which a call begins the next one at once. */
const SUMMON_MS = 2_000;
/** A server that was started only to learn what it lists sleeps again after so long. Milliseconds. */
const LEARN_MS = 60_000;

/** Whoever waits for a session. */
interface Expecting {
  readonly resolve: (session: ServerSession) => void;
  readonly reject: (error: GatehouseError) => void;
}

/** What it needs beside what every session needs. */
export interface LifeOptions {
  readonly common: Omit<OpeningSpec, 'introduction' | 'signal'>;
  readonly interest: Interest;
  readonly gate: Gate;
  /** Whether something else keeps the server awake. */
  busy(): boolean;
  /** Everything of it ends now. */
  halting(): void;
}

/** See above. */
export class Life {
  status: UpstreamStatus;
  session: ServerSession | null = null;
  /** How often it was used. */
  uses = 0;
  /** Sessions on their way in or out; stopping waits for them, so that no process is left behind. */
  readonly moving = new Set<Promise<unknown>>();
  private readonly options: LifeOptions;
  private attempt = 0;
  private triedAt = 0;
  private everReady = false;
  /** True while clients see a list of it. */
  private listed = false;
  private cancelRetry: CancelTimer = () => undefined;
  private idle: { close(): void } | null = null;
  /** Grows with every start and stop: whatever began under an older number has lost its say. */
  private generation = 0;
  /** Ends what is being opened. */
  private opening = new AbortController();
  private readonly settling = new Set<() => void>();
  /** Forgotten sessions that have not ended yet. */
  private readonly leaving = new Set<ServerSession>();
  /** Whoever waits for the next session. */
  private expecting: Expecting[] = [];
  /** When a lost session was last begun anew at once, epoch milliseconds. */
  private renewedAt = 0;

  constructor(options: LifeOptions) {
    this.options = options;
    const { spec, deps } = options.common;
    this.status = {
      state: spec.enabled ? 'starting' : 'disabled',
      since: deps.clock.now(),
      problem: null,
      nextRetry: null,
      settled: !spec.enabled,
      asleep: false,
    };
  }

  /** Starts it, or lets it sleep until the first call where it is to be started on demand and its lists are known. */
  async start(): Promise<void> {
    const { spec, deps } = this.options.common;
    const mine = ++this.generation;
    this.cancelRetry();
    this.enter('starting', this.status.problem);
    const known = spec.start === 'on-demand' || !this.listed ? await deps.memory?.recall(spec) : null;
    if (mine !== this.generation) return;
    if (known != null && !this.listed) this.list(known);
    if (spec.start === 'on-demand' && known != null) return this.enter('stopped', null, null, true);
    await this.run(false);
  }

  /** Ends its process; it stays ended when a state is named. */
  async halt(state: 'disabled' | 'quarantined' | 'stopped' | null): Promise<void> {
    this.generation++;
    this.cancelRetry();
    this.opening.abort();
    this.options.halting();
    this.drop();
    for (const one of this.leaving) void this.move(one.close());
    this.leaving.clear();
    this.expected((one) => one.reject(stopped()));
    if (state !== null) this.enter(state);
    await this.still();
  }

  async restart(): Promise<void> {
    this.attempt = 0;
    const ended = this.halt(null);
    this.enter('starting');
    const mine = this.generation;
    await ended;
    if (mine === this.generation) void this.run(true);
  }

  /** What kept it from being connected is mended: tries at once, unless it is connected or to be off. */
  wake(): void {
    if (this.session !== null || !['signing-in', 'failed', 'retrying'].includes(this.status.state)) return;
    this.attempt = 0;
    void this.run(true);
  }

  /** Tries again at once if it waits, and looks whether the server is still there if it does not. */
  nudge(): void {
    if (this.session !== null) return void this.session.check();
    if (this.status.nextRetry === null) return;
    this.attempt = 0;
    void this.run(false);
  }

  /** True when a session is on its way: somebody needs one. */
  summon(): boolean {
    const { state, asleep, nextRetry } = this.status;
    if (asleep) void this.run(true);
    else if (nextRetry !== null && this.options.common.deps.clock.now() - this.triedAt >= SUMMON_MS)
      void this.run(true);
    else return state === 'starting';
    return true;
  }

  /** The session that comes next. Waits no longer than a call may take. */
  readonly next: NextSession = (forgotten) =>
    new Promise((resolve, reject) => {
      if (forgotten !== null && forgotten.session === this.session) this.lost(forgotten.cause);
      if (this.session !== null) return resolve(this.session);
      const { spec, deps } = this.options.common;
      if (!this.summon()) return reject(notReady(spec.name, this.status));
      const one: Expecting = {
        resolve(session) {
          cancel();
          resolve(session);
        },
        reject(error) {
          cancel();
          reject(error);
        },
      };
      const cancel = deps.clock.after(spec.callTimeoutMs, () => {
        this.expecting = this.expecting.filter((other) => other !== one);
        reject(notReady(spec.name, this.status));
      });
      this.expecting.push(one);
    });

  /** Settles when its first start is over, well or not. */
  startedOnce(): Promise<void> {
    return new Promise((resolve) => {
      if (this.status.state !== 'starting') return resolve();
      const tell = (): void => {
        this.settling.delete(tell);
        resolve();
      };
      this.settling.add(tell);
    });
  }

  move<T>(work: Promise<T>): Promise<T> {
    const done: Promise<unknown> = work.then(
      () => this.moving.delete(done),
      () => this.moving.delete(done),
    );
    this.moving.add(done);
    return work;
  }

  private async still(): Promise<void> {
    while (this.moving.size > 0) await Promise.all(this.moving);
  }

  private list(listing: Parameters<OpeningSpec['deps']['events']['listing']>[1]): void {
    const { spec, deps } = this.options.common;
    this.listed = listing !== null;
    deps.events.listing(spec.name, listing);
  }

  private enter(
    state: UpstreamState,
    problem: GatehouseError | null = null,
    nextRetry: number | null = null,
    asleep = false,
  ): void {
    const { spec, deps } = this.options.common;
    const settled = this.status.settled || state !== 'starting';
    this.status = { state, since: deps.clock.now(), problem, nextRetry, settled, asleep };
    deps.events.status(spec.name, this.status);
    if (state !== 'starting') for (const tell of [...this.settling]) tell();
  }

  /** Opens the session. `urgent` does not wait for others that start. */
  private async run(urgent: boolean): Promise<void> {
    const { common, gate, interest } = this.options;
    const { deps, spec } = common;
    const mine = ++this.generation;
    const current = (): boolean => mine === this.generation;
    this.cancelRetry();
    this.triedAt = deps.clock.now();
    if (this.status.state !== 'starting') this.enter('starting', this.status.problem);
    this.opening = new AbortController();
    const { signal } = this.opening;
    // The old process ends before the new one begins: both may hold the same file or port.
    if (this.moving.size > 0) await this.still();
    const leave = urgent ? (): void => undefined : await gate.enter(signal);
    let lostEarly: GatehouseError | null = null;
    let mySession: ServerSession | null = null;
    try {
      if (!current()) return;
      const introduction = sharedIntroduction(deps.clientInfo);
      const opened = await this.move(
        openServerSession(
          { ...common, introduction, signal },
          {
            listing: (listing) => {
              if (!current()) return;
              this.list(listing);
              deps.memory?.keep(spec, listing);
            },
            notification: (method, message) => deps.events.notification(spec.name, null, method, message),
            ask: (ask) => deps.events.ask(spec.name, null, ask),
            closed: (cause) => {
              if (mySession !== null && this.leaving.delete(mySession)) void this.move(mySession.close());
              if (!current()) return;
              if (this.session === null) lostEarly = cause ?? stopped();
              else this.lost(cause ?? stopped());
            },
          },
        ),
      );
      if (!current() || lostEarly !== null) {
        void this.move(opened.close());
        if (lostEarly !== null) throw lostEarly;
        return;
      }
      mySession = opened;
      this.session = opened;
      this.attempt = 0;
      this.everReady = true;
      this.list(opened.listing);
      deps.memory?.keep(spec, opened.listing);
      interest.attach(opened);
      this.watchUse(opened);
      this.enter('ready');
      this.expected((one) => one.resolve(opened));
    } catch (error) {
      if (current()) this.lost(asError(error));
    } finally {
      leave();
    }
  }

  private watchUse(session: ServerSession): void {
    const { common, busy } = this.options;
    const { spec, deps } = common;
    const learning = spec.start === 'on-demand' && this.uses === 0;
    const afterMs = learning ? Math.min(spec.idleStopMs ?? LEARN_MS, LEARN_MS) : spec.idleStopMs;
    if (afterMs === null) return;
    this.idle = watchUse({
      clock: deps.clock,
      afterMs,
      uses: () => this.uses,
      busy: () => session.busy || busy(),
      idle: () => {
        common.log.note('not used for its time; stopped until the next call');
        this.generation++;
        this.drop();
        this.enter('stopped', null, null, true);
      },
    });
  }

  private lost(cause: GatehouseError): void {
    const { common } = this.options;
    const { clock } = common.deps;
    this.generation++;
    const before = this.session;
    const forgotten = cause.code === 'upstream.session_lost';
    this.drop(forgotten);
    common.log.note(`${cause.code}: ${cause.message}`);
    common.deps.log.warn({ server: common.spec.name, code: cause.code }, 'server lost');
    // The server is there and only has forgotten us.
    if (forgotten && before !== null && clock.now() - this.renewedAt > RENEW_MS) {
      this.renewedAt = clock.now();
      return void this.run(true);
    }
    this.expected((one) => one.reject(cause));
    // Trying again would only be refused again; a person comes first.
    if (needsPerson(cause)) return this.enter('signing-in', cause);
    const signIn = cause.code === 'upstream.unauthorized';
    const longest = signIn ? LAST_SIGN_IN_RETRY_MS : LAST_RETRY_MS;
    const pause = Math.min(FIRST_RETRY_MS * 2 ** this.attempt, longest) * (0.75 + Math.random() / 2);
    this.attempt++;
    this.triedAt = clock.now();
    this.enter(signIn ? 'signing-in' : this.everReady ? 'retrying' : 'failed', cause, clock.now() + pause);
    this.cancelRetry = clock.after(pause, () => void this.run(false));
  }

  private expected(settle: (one: Expecting) => void): void {
    const all = this.expecting;
    this.expecting = [];
    for (const one of all) settle(one);
  }

  /** Lets go of the session. A forgotten one ends by itself soon, when its other calls have heard of it too. */
  private drop(forgotten = false): void {
    this.options.interest.attach(null);
    this.idle?.close();
    this.idle = null;
    if (this.session !== null && forgotten) this.leaving.add(this.session);
    else if (this.session !== null) void this.move(this.session.close());
    this.session = null;
  }
}

/** True when only a person can mend it. */
export function needsPerson({ code }: GatehouseError): boolean {
  return code === 'signin.needed' || code === 'signin.more_scopes';
}

function asError(error: unknown): GatehouseError {
  return error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error });
}
