/**
 * How one server is signed in to: what is done when it refuses a request, and the sign-in by a person where that is
 * needed. Ends with `close`.
 */
import type { SignInView } from '../../../preload/views/sign-in.ts';
import { type GatehouseError, problemOf } from '../../protocol/error.ts';
import { type BearerChallenge, readChallenge, union, widens } from './challenge.ts';
import { scopesFor } from './client.ts';
import { type Discovered, discoverSignIn } from './discovery.ts';
import { asError, type Flow, startFlow } from './flow.ts';
import { Keeper, renewable } from './keeper.ts';
import type { OAuthTarget, SignInDeps } from './ports.ts';
import { moreScopes, noSignIn, notAccepted, notWaiting, signInNeeded } from './problems.ts';
import { type SignInRecord, viewOf } from './record.ts';
import { guardedFetch } from './web.ts';

/** A call that needs somebody to sign in waits so long, and says so as often. Milliseconds. */
const PATIENCE_MS = 3 * 60_000;
const TELL_MS = 5_000;

/** Told while a call waits for a person. */
export type Waits = (text: string) => void;

/** A refusal by the server itself. */
export interface Refused {
  readonly status: number;
  readonly wwwAuthenticate: string | null;
  /** How often this request was refused before. */
  readonly before: number;
}

/** See above. */
export class Session {
  private readonly server: string;
  private readonly deps: SignInDeps;
  private readonly keeper: Keeper;
  private discovering: Promise<Discovered | null> | null = null;
  private flow: Flow | null = null;
  /** The newest one, also when it is over. */
  private last: Flow | null = null;
  private signing: Promise<void> | null = null;
  private problem: SignInView['problem'] = null;
  /** What the server said last; a sign-in that a person begins needs it. */
  private challenge: BearerChallenge | null = null;

  constructor(server: string, deps: SignInDeps) {
    this.server = server;
    this.deps = deps;
    this.keeper = new Keeper(server, deps, {
      changed: () => this.changed(),
      good: () => this.mended(),
      needed: (error) => void this.trouble(error),
    });
  }

  get view(): SignInView {
    return viewOf(this.keeper.record, this.flow !== null, this.problem);
  }

  /** What a request to `url` shows now. A promise only where it must be read or renewed first. */
  authorization(url: string): string | null | Promise<string | null> {
    return this.keeper.authorization(url);
  }

  /** The server has refused a request that showed `shown`. True when another try may do better. */
  async refused(url: string, shown: string | null, refusal: Refused, waits: Waits | null): Promise<boolean> {
    await this.keeper.load();
    const challenge = readChallenge(refusal.wwwAuthenticate);
    const narrow = refusal.status === 403;
    if (narrow && challenge.error !== 'insufficient_scope') return false;
    const other = (): boolean => ![null, shown].includes(this.keeper.current(url));
    if (other()) return true;
    const target = await this.deps.target(this.server);
    if (target === null || target.url !== url) return false;
    this.challenge = challenge;
    const found = await this.discover(target, challenge);
    // Whoever was refused at the same time may have renewed meanwhile.
    if (other()) return true;
    if (narrow) return found === null ? false : this.widen(target, found, challenge, waits);
    const record = this.recordFor(url, found);
    if (record?.tokens != null) {
      if (refusal.before > 0) throw this.trouble(notAccepted(this.server));
      if (renewable(record) && (await this.renewed(url, record))) return true;
    }
    if (found === null) return false;
    if (target.settings.grant === 'client-credentials') {
      if (refusal.before > 0) throw this.trouble(notAccepted(this.server));
      await this.keeper.obtain(target, found, scopesFor(target.settings, found, null));
      return true;
    }
    if (waits === null) throw this.trouble(signInNeeded(this.server, this.keeper.record?.ended ?? ''));
    await this.waited(this.signIn(target, found, null), waits);
    return true;
  }

  /** Begins a sign-in by a person, or joins the one under way. Gives the address for the browser; empty where none is needed. */
  async begin(fresh: boolean): Promise<{ url: string; done: Promise<void> }> {
    await this.keeper.load();
    const target = await this.deps.target(this.server);
    if (target === null) throw noSignIn(this.server);
    if (fresh) {
      this.flow?.cancel();
      await this.signing?.catch(() => undefined);
      this.keeper.forgetClient();
    }
    if (this.flow === null) {
      const challenge = this.challenge ?? (await this.ask(target));
      const found = (await this.discover(target, challenge)) ?? undiscovered(target, challenge);
      if (target.settings.grant === 'client-credentials') {
        await this.keeper.obtain(target, found, scopesFor(target.settings, found, null));
        this.deps.signedIn(this.server);
        return { url: '', done: Promise.resolve() };
      }
      this.signIn(target, found, this.keeper.record?.asked ?? null).catch(() => undefined);
    } else await this.open(await this.flow.url);
    const { flow, signing } = this;
    if (flow === null || signing === null) throw notWaiting(this.server);
    return { url: await flow.url, done: signing };
  }

  /** For a call that came while the server could not be used for want of a sign-in. */
  async wanted(waits: Waits): Promise<void> {
    const { done } = await this.begin(false);
    await this.waited(done, waits);
  }

  /** Settles as the sign-in under way does. */
  async ended(): Promise<void> {
    await this.signing;
  }

  /** Takes the pasted address of the browser, and settles when that has come to something. */
  async complete(text: string): Promise<void> {
    if (this.flow === null || this.signing === null) throw notWaiting(this.server);
    this.flow.paste(text);
    await this.signing;
  }

  /** Gives up the sign-in under way, and settles when it is over. */
  async cancel(): Promise<void> {
    this.flow?.cancel();
    await this.signing?.catch(() => undefined);
  }

  /** Forgets the tokens and tells the authorization server. */
  async signOut(): Promise<void> {
    await this.keeper.load();
    this.flow?.cancel();
    await this.keeper.giveBack(await this.deps.target(this.server));
    this.mended();
  }

  close(): void {
    this.last?.cancel();
    this.keeper.close();
  }

  /** What is kept, if it is of this address and of the authorization server that the server names now. */
  private recordFor(url: string, found: Discovered | null): SignInRecord | null {
    const { record } = this.keeper;
    if (record === null || record.url !== url) return null;
    return found === null || sameIssuer(record.issuer, found.issuer) ? record : null;
  }

  private async renewed(url: string, record: SignInRecord): Promise<boolean> {
    try {
      await this.keeper.renew(url, record.tokens?.access ?? null);
      return true;
    } catch (error) {
      if (problemOf(error).code === 'signin.needed') return false;
      throw error;
    }
  }

  private async widen(
    target: OAuthTarget,
    found: Discovered,
    challenge: BearerChallenge,
    waits: Waits | null,
  ): Promise<boolean> {
    const { record } = this.keeper;
    const had = union(record?.asked, record?.tokens?.scope);
    // Asking for what was asked for already would go round in a circle.
    if (!widens(challenge.scope, had)) return false;
    const more = union(had, challenge.scope);
    if (target.settings.grant === 'client-credentials') {
      await this.keeper.obtain(target, found, more);
      return true;
    }
    if (waits === null) throw this.trouble(moreScopes(this.server, challenge.scope ?? ''));
    await this.waited(this.signIn(target, found, more), waits);
    return true;
  }

  private signIn(target: OAuthTarget, found: Discovered, more: string | null): Promise<void> {
    this.signing ??= this.signInOnce(target, found, more).finally(() => {
      this.signing = null;
      this.changed();
    });
    return this.signing;
  }

  private async signInOnce(target: OAuthTarget, found: Discovered, more: string | null): Promise<void> {
    const { server, deps, keeper } = this;
    const kept = keeper.record;
    // Its last page may still be shown; the port is needed now.
    this.last?.cancel();
    const flow = startFlow(deps, { server, target, discovered: found, kept, more });
    this.flow = flow;
    this.last = flow;
    this.changed();
    try {
      void flow.url.then((url) => this.open(url)).catch(() => undefined);
      await keeper.take(await flow.done);
      this.flow = null;
      flow.finish(null);
    } catch (error) {
      this.flow = null;
      const failed = asError(error);
      flow.finish(failed);
      // Who is signed in and changes his mind still is.
      const unharmed = failed.code === 'signin.cancelled' && keeper.record?.tokens != null;
      if (unharmed) throw failed;
      throw this.trouble(failed);
    }
    deps.log.info({ server }, 'signed in');
    this.mended();
    deps.signedIn(server);
  }

  private async open(url: string): Promise<void> {
    const { openBrowser, log } = this.deps;
    if (openBrowser === null) {
      log.info({ server: this.server }, `to sign in, run: gatehouse auth login ${this.server}`);
      return;
    }
    await openBrowser(url).catch((error: unknown) =>
      log.warn({ server: this.server, problem: problemOf(error).message }, 'no browser'),
    );
  }

  /** Waits for a person, tells every few seconds that it does, and gives up in time. */
  private async waited(work: Promise<void>, waits: Waits): Promise<void> {
    const { clock } = this.deps;
    let cancelTell: () => void = () => undefined;
    const tell = (): void => {
      waits(`Waiting for you to sign in to "${this.server}".`);
      cancelTell = clock.after(TELL_MS, tell);
    };
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = clock.after(PATIENCE_MS, () =>
        reject(signInNeeded(this.server, 'Nobody has yet, and the sign-in stays open.')),
      );
    });
    tell();
    try {
      await Promise.race([work, late]);
    } finally {
      cancel();
      cancelTell();
    }
  }

  /** One at a time: whoever is refused meanwhile was refused for the same reason. */
  private discover(target: OAuthTarget, challenge: BearerChallenge): Promise<Discovered | null> {
    const fetchFn = guardedFetch(target, this.keeper.signal);
    this.discovering ??= discoverSignIn(this.server, target, challenge, fetchFn).finally(() => {
      this.discovering = null;
    });
    return this.discovering;
  }

  /** Asks the server itself, without showing anything, what it wants. */
  private async ask(target: OAuthTarget): Promise<BearerChallenge> {
    try {
      const fetchFn = guardedFetch(target, this.keeper.signal);
      const response = await fetchFn(target.url, { headers: { Accept: 'text/event-stream' } });
      return readChallenge(response.headers.get('www-authenticate'));
    } catch {
      return readChallenge(null);
    }
  }

  private mended(): void {
    this.problem = null;
    this.changed();
  }

  private trouble(error: GatehouseError): GatehouseError {
    this.problem = problemOf(error);
    this.changed();
    return error;
  }

  private changed(): void {
    this.deps.changed(this.server, this.view);
  }
}

/** Servers of 2025-03-26 need not say anything: their authorization server is at their own origin. */
function undiscovered({ url }: OAuthTarget, { scope }: BearerChallenge): Discovered {
  const issuer = new URL('/', url).href;
  return { issuer, metadata: null, resource: null, scopesSupported: [], scopeWanted: scope };
}

/** One slash at the end makes no other issuer: addresses are written with and without it. */
function sameIssuer(a: string, b: string): boolean {
  return a.replace(/\/$/, '') === b.replace(/\/$/, '');
}
