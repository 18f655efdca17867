/**
 * Which client is calling, from the token it shows. Tokens are kept as hashes; a header that was good once is known
 * again by one map lookup, so that checking costs next to nothing on the hot path and its time tells nothing.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How the merged endpoint is guarded. */
export type AuthMode =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  /** The token that Gatehouse made itself and keeps in the secrets room. */
  | { readonly kind: 'default' };

/** Where the own token is kept. */
export interface TokenStore {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
}

/** Who calls. */
export interface Caller {
  readonly id: string;
}

/** The name of the own token's entry in the secrets room. */
export const ENDPOINT_TOKEN = 'endpoint-token';

/** Good headers that are remembered; one client sends one. */
const REMEMBERED = 256;

/** Client side of identity. */
export interface Identity {
  readonly tokenRequired: boolean;
  /** The token of the merged endpoint, for showing to its owner; null when none is asked for. */
  readonly token: string | null;
  /**
   * Tokens of servers that have their own; an empty list opens the server's route. Replaces what was set before.
   * `further` are as good as the own token where that counts. Rejects when a reference in them cannot be resolved; the
   * old ones stay in force.
   */
  setServerTokens(tokens: ReadonlyMap<string, readonly string[]>, further?: readonly string[]): Promise<void>;
  /** Null when the credentials are not good here. `server` is null on the merged endpoint. */
  authenticate(
    server: string | null,
    authorization: string | undefined,
    apiKey: string | undefined,
  ): Caller | null;
}

/** Tokens of single clients, as identity needs them. */
export interface ClientLookup {
  /** Whose token has this SHA-256 (hex), and notes that it was seen; null when it is nobody's any more. */
  find(hash: string): { readonly name: string } | null;
}

/** What identity needs. */
export interface IdentityDeps {
  /** Null where there are none. */
  readonly clients?: ClientLookup | null;
  store(): Promise<TokenStore>;
  /** Resolves references in configured tokens. */
  resolve(text: string): Promise<string>;
}

/** Reads or makes the own token where one is needed. Rejects as the store and `resolve` do. */
export async function openIdentity(mode: AuthMode, deps: IdentityDeps): Promise<Identity> {
  const token = await tokenOf(mode, deps);
  const own = token === null ? null : digest(token);
  let common: readonly Buffer[] | null = own === null ? null : [own];
  let serverHashes = new Map<string, readonly Buffer[]>();
  const known = new Map<string, Caller>();
  const clients = deps.clients ?? null;
  /** Hashes of client tokens by the header that showed them: each time they are looked up anew, since they can end. */
  const shownBefore = new Map<string, string>();
  const clientOf = (header: string): Caller | null => {
    if (clients === null || !header.includes(CLIENT_PREFIX)) return null;
    let hash = shownBefore.get(header);
    if (hash === undefined) {
      hash = digest(bearerToken(header)).toString('hex');
      if (shownBefore.size >= REMEMBERED) shownBefore.clear();
      shownBefore.set(header, hash);
    }
    const client = clients.find(hash);
    return client === null ? null : { id: client.name };
  };

  const accepted = (server: string | null): readonly Buffer[] | null => {
    const its = server === null ? undefined : serverHashes.get(server);
    if (its !== undefined) return its.length === 0 ? null : its;
    return common;
  };

  return {
    tokenRequired: token !== null,
    token,
    async setServerTokens(tokens, further = []) {
      const more = await Promise.all(further.map((text) => deps.resolve(text)));
      const entries = [...tokens].map(async ([server, list]) => {
        const resolved = await Promise.all(list.map((text) => deps.resolve(text)));
        return [server, resolved.map(digest)] as const;
      });
      const hashes = new Map(await Promise.all(entries));
      serverHashes = hashes;
      common = own === null ? null : [own, ...more.map(digest)];
      known.clear();
    },
    authenticate(server, authorization, apiKey) {
      const header = authorization ?? apiKey;
      // First: where nobody needs a token, a client that shows its own is still held to what it may do.
      const client = header === undefined ? null : clientOf(header);
      if (client !== null) return client;
      const hashes = accepted(server);
      if (hashes === null) return ANYONE;
      if (header === undefined) return null;
      const key = `${server ?? ''}\n${header}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const shown = digest(authorization === undefined ? header : bearerToken(authorization));
      // Every hash is compared, so that the time does not tell which one was near.
      let good = false;
      for (const expected of hashes) good = timingSafeEqual(expected, shown) || good;
      if (!good) return null;
      const caller: Caller = { id: `token-${shown.toString('hex').slice(0, 8)}` };
      if (known.size >= REMEMBERED) known.clear();
      known.set(key, caller);
      return caller;
    },
  };
}

/** How the tokens of single clients begin. */
const CLIENT_PREFIX = 'gate_';

const ANYONE: Caller = { id: 'local' };

/** RFC 6750 section 2.1; the scheme in any case, and a bare token as some clients send it. */
function bearerToken(header: string): string {
  return /^bearer +(.+)$/i.exec(header)?.[1] ?? header;
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

async function tokenOf(mode: AuthMode, deps: IdentityDeps): Promise<string | null> {
  switch (mode.kind) {
    case 'none':
      return null;
    case 'token':
      return deps.resolve(mode.token);
    case 'default':
      return ownToken(await deps.store());
  }
}

async function ownToken(store: TokenStore): Promise<string> {
  const kept = await store.get(ENDPOINT_TOKEN);
  if (kept !== null && kept !== '') return kept;
  const made = randomBytes(32).toString('base64url');
  await store.set(ENDPOINT_TOKEN, made);
  return made;
}
