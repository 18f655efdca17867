/**
 * The tokens of one server: read once, shown to it, and renewed before they expire, once however many ask and whichever
 * process asks (RFC 6749 section 6). What is new is stored before it is used. Ends with `close`.
 */
import type { AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import type { GatehouseError } from '../../protocol/error.ts';
import { problemOf } from '../../protocol/error.ts';
import type { Courier } from '../../secrets/vault.ts';
import { givenClient } from './client.ts';
import type { Discovered } from './discovery.ts';
import type { OAuthTarget, SignInDeps } from './ports.ts';
import { noClient, noSignIn, signInNeeded } from './problems.ts';
import { readRecord, type SignInRecord, writeRecord } from './record.ts';
import { clientTokens, refusalOf, renewTokens, revokeTokens, type TokenContext, thrown } from './tokens.ts';
import { ANSWER_MS, type Fetch, guardedFetch, plainFetch } from './web.ts';

/** Tokens are renewed in their last quarter, and not earlier than this before they expire. Milliseconds. */
const EARLY_MS = 5 * 60_000;
/** So shortly before they expire, requests wait for new ones. Milliseconds; clocks and networks are not exact. */
const LATE_MS = 10_000;
/** Pause after an authorization server could not be asked. Milliseconds. */
const DOWN_MS = 2_000;
/** Renewing by itself comes neither sooner nor later than this, however long a token lives. Milliseconds. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 24 * 60 * 60_000;
/** Milliseconds to tell an authorization server that tokens are given back. */
const REVOKE_MS = 10_000;

/** What the keeper tells. */
export interface KeeperEvents {
  /** Something that people see has changed. */
  changed(): void;
  /** Tokens are there and good. */
  good(): void;
  /** Somebody has to sign in. */
  needed(error: GatehouseError): void;
}

/** See above. */
export class Keeper {
  private readonly server: string;
  private readonly deps: SignInDeps;
  private readonly events: KeeperEvents;
  /** Undefined until it is read. */
  private kept: SignInRecord | null | undefined = undefined;
  /** What could not be written: newer than what the store has. */
  private unsaved: SignInRecord | null = null;
  private loading: Promise<void> | null = null;
  private renewing: Promise<void> | null = null;
  private down: { readonly until: number; readonly error: GatehouseError } | null = null;
  private cancelTimer: () => void = () => undefined;
  private readonly ending = new AbortController();

  constructor(server: string, deps: SignInDeps, events: KeeperEvents) {
    this.server = server;
    this.deps = deps;
    this.events = events;
  }

  /** What is kept; null before it is read, too. */
  get record(): SignInRecord | null {
    return this.kept ?? null;
  }

  /** Aborted when the app ends. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  load(): Promise<void> {
    if (this.kept !== undefined) return Promise.resolve();
    this.loading ??= readRecord(this.deps.store, this.server)
      .then((record) => {
        if (this.kept === undefined) this.adopt(record);
      })
      .finally(() => {
        this.loading = null;
      });
    return this.loading;
  }

  /** What requests to `url` show, whether it is still good or not. */
  current(url: string): string | null {
    const { record } = this;
    return record === null || record.tokens === null || record.url !== url
      ? null
      : `Bearer ${record.tokens.access}`;
  }

  /** What a request to `url` shows now. A promise only where it must be read or renewed first. */
  authorization(url: string): string | null | Promise<string | null> {
    if (this.kept === undefined) return this.load().then(() => this.authorization(url));
    const value = this.current(url);
    const { record } = this;
    const tokens = record?.tokens;
    if (value === null || record === null || tokens?.expiresAt == null || !renewable(record)) return value;
    const { expiresAt } = tokens;
    const left = expiresAt - this.deps.clock.now();
    const life = expiresAt - tokens.obtainedAt;
    if (left > Math.min(EARLY_MS, life / 4)) return value;
    const renewed = this.renew(url, null);
    if (left > Math.min(LATE_MS, life / 10)) {
      renewed.catch(() => undefined);
      return value;
    }
    return renewed.then(
      () => this.current(url),
      (error: unknown) => {
        if (this.deps.clock.now() < expiresAt) return value;
        // The server itself says what it wants; some let anybody in for a part.
        if (problemOf(error).code === 'signin.needed') return null;
        throw error;
      },
    );
  }

  /**
   * Renews, one at a time, however many ask. `refused` is an access token that is not good any more, whatever its time.
   * Rejects with `signin.needed`, `signin.provider_down` or `signin.token_refused`.
   */
  renew(url: string, refused: string | null): Promise<void> {
    const { down } = this;
    if (down !== null && this.deps.clock.now() < down.until) return Promise.reject(down.error);
    this.renewing ??= this.renewOnce(url, refused).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** Gets tokens of the client's own, one request at a time (RFC 6749 section 4.4). Rejects with `signin.*`. */
  obtain(target: OAuthTarget, found: Discovered, scope: string | null): Promise<void> {
    this.renewing ??= this.obtainOnce(target, found, scope).finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  /** Keeps what a sign-in has given. */
  async take(record: SignInRecord): Promise<void> {
    await this.deps.store.exclusive(this.server, () => this.save(record));
  }

  /** The client is registered anew next time. */
  forgetClient(): void {
    if (this.record !== null) this.adopt({ ...this.record, client: null });
  }

  /** Forgets the tokens, and tells the authorization server where it can be told. */
  async giveBack(target: OAuthTarget | null): Promise<void> {
    const { server, deps } = this;
    await deps.store.exclusive(server, async () => {
      const record = this.unsaved ?? (await readRecord(deps.store, server));
      if (record === null) return;
      await this.save({ ...record, tokens: null, ended: null, asked: null });
      if (target === null || record.tokens === null || record.client === null) return;
      const context = this.context(target, record, AbortSignal.timeout(REVOKE_MS));
      await revokeTokens(context, record.tokens).catch((error: unknown) =>
        deps.log.warn({ server, problem: problemOf(error).message }, 'tokens not revoked'),
      );
    });
  }

  close(): void {
    this.cancelTimer();
    this.ending.abort();
  }

  private async renewOnce(url: string, refused: string | null): Promise<void> {
    const { server, deps } = this;
    const target = await deps.target(server);
    if (target === null) throw noSignIn(server);
    await deps.store.exclusive(server, async (courier) => {
      // Another process may have been quicker; its tokens are the only good ones then.
      const record = this.unsaved ?? (await readRecord(deps.store, server));
      const before = refused ?? this.record?.tokens?.access ?? null;
      if (record === null || record.url !== url || record.tokens === null || !renewable(record)) {
        this.adopt(record);
        throw signInNeeded(server, record?.ended ?? '');
      }
      if (record.tokens.access !== before) return this.adopt(record);
      const context = this.context(target, record, this.ending.signal, carried(courier, record, target));
      try {
        const tokens = record.machine
          ? await clientTokens(context, record.asked)
          : await renewTokens(context, record.tokens);
        this.down = null;
        await this.save({ ...record, tokens, ended: null });
        if (this.unsaved === null) await courier.settle();
      } catch (error) {
        throw await this.renewalFailed(record, error);
      }
      this.events.good();
    });
  }

  private async renewalFailed(record: SignInRecord, error: unknown): Promise<GatehouseError> {
    const { server, deps } = this;
    const refusal = await refusalOf(server, error);
    if (refusal.kind !== 'ended') {
      const failed = thrown(server, refusal);
      this.down = { until: deps.clock.now() + DOWN_MS, error: failed };
      deps.log.warn({ server, code: failed.code, problem: failed.message }, 'sign-in not renewed');
      return failed;
    }
    const ended = `The last sign-in is not valid any more (${refusal.words}).`;
    const client = refusal.client && record.client?.from === 'registered' ? null : record.client;
    await this.save({ ...record, tokens: null, client, ended });
    const needed = signInNeeded(server, ended);
    this.events.needed(needed);
    return needed;
  }

  private async obtainOnce(target: OAuthTarget, found: Discovered, scope: string | null): Promise<void> {
    const { server, deps } = this;
    const client = givenClient(target, found.metadata);
    if (client === null) throw noClient(server, 'machines need a "clientId"');
    const record: SignInRecord = {
      version: 1,
      url: target.url,
      issuer: found.issuer,
      metadata: found.metadata as Record<string, unknown> | null,
      resource: target.settings.extraParams.resource ?? found.resource,
      client,
      machine: true,
      port: null,
      tokens: null,
      asked: scope,
      ended: null,
    };
    await deps.store.exclusive(server, async () => {
      try {
        const tokens = await clientTokens(this.context(target, record, this.ending.signal), scope);
        await this.save({ ...record, tokens });
      } catch (error) {
        const failed = thrown(server, await refusalOf(server, error));
        this.events.needed(failed);
        throw failed;
      }
    });
    this.events.good();
  }

  private context(
    target: OAuthTarget,
    record: SignInRecord,
    signal: AbortSignal,
    inner: Fetch = plainFetch(target),
  ): TokenContext {
    if (record.client === null) throw signInNeeded(this.server, '');
    return {
      server: this.server,
      issuer: record.issuer,
      metadata: record.metadata as AuthorizationServerMetadata | null,
      client: record.client,
      settings: target.settings,
      resource: record.resource,
      fetchFn: guardedFetch(target, signal, inner),
      now: this.deps.clock.now,
    };
  }

  /** Stores before anything is used; what cannot be stored is still good until the app ends. */
  private async save(record: SignInRecord): Promise<void> {
    try {
      await writeRecord(this.deps.store, this.server, record);
      this.unsaved = null;
    } catch (error) {
      this.unsaved = record;
      this.deps.log.warn({ server: this.server, code: problemOf(error).code }, 'sign-in not stored');
    }
    this.adopt(record);
  }

  private adopt(record: SignInRecord | null): void {
    this.kept = record;
    this.cancelTimer();
    const tokens = record?.tokens;
    if (record !== null && tokens?.expiresAt != null && renewable(record)) {
      const early = Math.min(EARLY_MS, (tokens.expiresAt - tokens.obtainedAt) / 4);
      const wait = Math.max(tokens.expiresAt - early - this.deps.clock.now(), SHORTEST_MS);
      this.cancelTimer = this.deps.clock.after(Math.min(wait, LONGEST_MS), () => {
        void Promise.resolve(this.authorization(record.url)).catch(() => undefined);
      });
    }
    this.events.changed();
  }
}

/**
 * The answer to a refresh token comes once: an earlier process may have asked and been killed before it could store what
 * came, so that is looked for first.
 */
function carried(courier: Courier, record: SignInRecord, target: OAuthTarget): Fetch {
  const about = record.tokens?.refresh ?? '';
  return async (url, init) => {
    const { body } = init ?? {};
    if (init?.method !== 'POST' || !(body instanceof URLSearchParams)) return plainFetch(target)(url, init);
    const kept = await courier.kept(about);
    if (kept?.ok === true) return kept;
    const address = new URL(url);
    return courier.post(about, {
      url: address,
      headers: new Headers(init.headers),
      body: body.toString(),
      limitMs: ANSWER_MS,
      way: target.wayTo(address),
    });
  };
}

/** Whether new tokens can be had without anybody's help. */
export function renewable(record: SignInRecord): boolean {
  return record.client !== null && (record.machine || (record.tokens?.refresh ?? null) !== null);
}
