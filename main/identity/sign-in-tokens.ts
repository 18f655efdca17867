/**
 * Tokens of clients that sign in: a short one that opens the endpoint, and one that fetches the next pair and is good once.
 * Whoever shows a spent one ends the whole sign-in, since two have it then (OAuth 2.1 section 4.3.1). They stand in the
 * record of their client and end with it. Holds nothing.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { StoredClient, StoredSignIn } from './client-file.ts';
import { hashOf, newRefreshToken, newSignInId, newToken, signInIdOf } from './token-text.ts';

/** How long an access token is good. Milliseconds. */
export const ACCESS_MS = 30 * 60_000;
/** How long a sign-in that nobody uses lasts. Milliseconds. */
const UNUSED_MS = 30 * 24 * 60 * 60_000;
/** Sign-ins of one client at once, such as several windows of a program; the one that was renewed longest ago goes. */
const PER_CLIENT = 8;

/** What a client may do, as its owner chose it. */
export type SignInChoice = Readonly<Pick<StoredClient, 'profile' | 'permission' | 'expiresAt'>> & {
  readonly servers: readonly string[] | null;
};

/** Who signs in. */
export interface SigningClient {
  readonly clientId: string;
  readonly resource: string;
  readonly redirect: string;
  /** What it calls itself: a claim. Null when it has not said. */
  readonly label: string | null;
}

/** A pair of tokens, to be given to the client and kept nowhere. */
export interface TokenPair {
  /** The client's name in our list. */
  readonly name: string;
  readonly signIn: string;
  readonly access: string;
  readonly refresh: string;
  readonly resource: string;
  readonly permission: StoredClient['permission'];
}

/** Why there is no next pair. `reused`: the sign-in has ended by it. */
export interface NoPair {
  readonly why: 'unknown' | 'reused' | 'other-client' | 'other-resource' | 'too-much';
  readonly name: string | null;
}

/** See above. */
export interface SignInTokens {
  /** What was chosen for this client before; null when it is not in the list. */
  choiceOf(
    clientId: string,
    resource: string,
  ): (Pick<SignInChoice, 'profile' | 'permission'> & { readonly client: string }) | null;
  /** The ids of all clients that have a sign-in. */
  clientIds(): ReadonlySet<string>;
  /** Begins a sign-in; the client is made, or taken up again with what was chosen now. Rejects with `identity.*`. */
  begin(client: SigningClient, choice: SignInChoice): Promise<TokenPair>;
  /** The next pair, once. `resource` null is any; `fits` says whether what was granted is enough. */
  renew(
    refresh: string,
    clientId: string,
    resource: string | null,
    fits?: (permission: SignInChoice['permission']) => boolean,
  ): Promise<TokenPair | NoPair>;
  /** Ends the sign-in of this id; false when there is none. */
  end(signIn: string): Promise<boolean>;
  /** The client and the sign-in that an access or refresh token is of; null when it is good for nothing any more. */
  ownerOf(
    token: string,
  ): { readonly signIn: string; readonly clientId: string; readonly name: string } | null;
}

/** What it works on: the clients of the file, and one change after the other. */
export interface SignInTokensDeps {
  readonly clock: Clock;
  all(): ReadonlyMap<string, StoredClient>;
  /** `quiet` changes nothing about who may do what. */
  apply(
    whose: string | (() => string),
    change: (before: StoredClient | undefined) => StoredClient | null | undefined,
    quiet?: boolean,
  ): Promise<void>;
  /** Clients at most. */
  readonly most: number;
}

/** Changes go through `apply`, which writes them; nothing is kept here. */
export function createSignInTokens({ clock, all, apply, most }: SignInTokensDeps): SignInTokens {
  const knownAs = (clientId: string, resource: string): string | null => {
    for (const { name, signsIn } of all().values())
      if (signsIn?.clientId === clientId && signsIn.resource === resource) return name;
    return null;
  };
  const found = (id: string): { client: StoredClient; signIn: StoredSignIn } | null => {
    for (const client of all().values()) {
      const signIn = client.signIns.find((one) => one.id === id);
      if (signIn !== undefined) return { client, signIn };
    }
    return null;
  };
  const pair = (
    client: StoredClient,
    before: Pick<StoredSignIn, 'id' | 'clientId' | 'resource' | 'redirect' | 'at'>,
  ): { readonly stored: StoredSignIn; readonly given: TokenPair } => {
    const access = newToken();
    const refresh = newRefreshToken(before.id);
    const now = clock.now();
    const { id, clientId, resource, redirect, at } = before;
    return {
      stored: {
        ...{ id, clientId, resource, redirect, at },
        ...{ access: hashOf(access), accessUntil: now + ACCESS_MS },
        ...{ refresh: hashOf(refresh), until: now + UNUSED_MS },
      },
      given: { name: client.name, signIn: id, access, refresh, resource, permission: client.permission },
    };
  };
  const end = async (id: string): Promise<boolean> => {
    const name = found(id)?.client.name;
    if (name === undefined) return false;
    await apply(name, (before) =>
      before?.signIns.some((one) => one.id === id) === true ? without(before, id) : before,
    );
    return true;
  };

  return {
    choiceOf(clientId, resource) {
      const known = all().get(knownAs(clientId, resource) ?? '');
      if (known === undefined) return null;
      return { client: known.name, profile: known.profile, permission: known.permission };
    },
    end,
    clientIds: () =>
      new Set([...all().values()].flatMap(({ signIns }) => signIns.map((one) => one.clientId))),
    async begin(signing, choice) {
      const { clientId, resource, redirect, label } = signing;
      let name = '';
      let given: TokenPair | null = null;
      await apply(
        () => {
          name = knownAs(clientId, resource) ?? freeName(label, all());
          return name;
        },
        (before) => {
          const now = clock.now();
          if (before === undefined && all().size >= most) throw tooMany(most);
          const { servers, profile, permission, expiresAt } = choice;
          const client: StoredClient = {
            ...(before ?? { name, hash: null, createdAt: now, rotatedAt: null, lastSeen: null, signIns: [] }),
            ...{ servers: servers === null ? null : [...servers], profile, permission, expiresAt },
            signsIn: { clientId, resource },
            revokedAt: null,
          };
          const made = pair(client, { id: newSignInId(), clientId, resource, redirect, at: now });
          given = made.given;
          const others = client.signIns
            .filter(({ until }) => until > now)
            .sort((a, b) => b.until - a.until)
            .slice(0, PER_CLIENT - 1);
          return { ...client, signIns: [...others, made.stored] };
        },
      );
      if (given === null) throw new Error('no change was made');
      return given;
    },
    async renew(refresh, clientId, resource, fits = () => true) {
      const id = signInIdOf(refresh);
      const first = id === null ? null : found(id);
      if (id === null || first === null) return { why: 'unknown', name: null };
      const { name } = first.client;
      let outcome: TokenPair | NoPair = { why: 'unknown', name };
      await apply(
        name,
        (before) => {
          const signIn = before?.signIns.find((one) => one.id === id);
          const now = clock.now();
          const ended = before?.expiresAt != null && before.expiresAt <= now;
          if (before === undefined || signIn === undefined || signIn.until <= now || ended) return before;
          if (signIn.clientId !== clientId) {
            outcome = { why: 'other-client', name };
            return before;
          }
          if (!same(signIn.refresh, hashOf(refresh))) {
            outcome = { why: 'reused', name };
            return before;
          }
          if (resource !== null && signIn.resource !== resource) {
            outcome = { why: 'other-resource', name };
            return before;
          }
          if (!fits(before.permission)) {
            outcome = { why: 'too-much', name };
            return before;
          }
          const made = pair(before, signIn);
          outcome = made.given;
          return { ...before, signIns: before.signIns.map((one) => (one.id === id ? made.stored : one)) };
        },
        true,
      );
      const settled = outcome as TokenPair | NoPair;
      if ('why' in settled && settled.why === 'reused') await end(id);
      return settled;
    },
    ownerOf(token) {
      const hash = hashOf(token);
      const now = clock.now();
      for (const { name, signIns } of all().values()) {
        const one = signIns.find(
          (signIn) =>
            (signIn.access === hash && signIn.accessUntil > now) ||
            (signIn.refresh === hash && signIn.until > now),
        );
        if (one !== undefined) return { signIn: one.id, clientId: one.clientId, name };
      }
      return null;
    },
  };
}

function without(client: StoredClient, id: string): StoredClient {
  return { ...client, signIns: client.signIns.filter((one) => one.id !== id) };
}

function same(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}

/**
 * A name that nobody has, made of what a client calls itself. It never looks like the id of a client that stands in a
 * settings file (`cursor`), so that nobody becomes another by calling itself so; nor like another name but for its case.
 */
export function freeName(label: string | null, taken: ReadonlyMap<string, unknown>): string {
  const words = (label ?? '')
    .replaceAll(/[^A-Za-z0-9 ._-]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const begun = words
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 48)
    .trim();
  const named = begun === '' ? 'Client' : begun;
  const base = /^[a-z]/.test(named)
    ? named.charAt(0).toUpperCase() + named.slice(1)
    : /^[0-9]/.test(named)
      ? `Client ${named}`
      : named;
  const used = new Set([...taken.keys()].map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base} ${number}`;
    if (!used.has(name.toLowerCase())) return name;
  }
}

function tooMany(most: number): GatehouseError {
  return new GatehouseError({
    code: 'identity.too_many_clients',
    message: 'There are {count} clients already.',
    remedy: 'Remove those that are not needed.',
    values: { count: most },
  });
}
