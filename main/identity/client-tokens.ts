/**
 * Tokens of single clients: made here, shown once or given to a client that signs in, kept as hashes in `clients.json`.
 * Each says what its client may do and until when. Looked up by the hash of what was shown, one Map lookup. Stops with
 * `close`, which saves when the clients were last seen.
 */
import writeFileAtomic from 'write-file-atomic';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { CLIENT_FILE_VERSION, loadClients, type StoredClient } from './client-file.ts';
import { createSignInTokens, type SignInTokens } from './sign-in-tokens.ts';
import { hashOf, newToken } from './token-text.ts';

/** What a client may call, by what tools say of themselves; each includes the ones before. */
export type Permission = 'read' | 'write' | 'destructive';

/** What a client may do. */
export interface ClientGrant {
  readonly name: string;
  /** Servers that it may use; null for all. */
  readonly servers: readonly string[] | null;
  /** The profile that it is held to; null for none. */
  readonly profile: string | null;
  readonly permission: Permission;
  /** Epoch milliseconds; null never. */
  readonly expiresAt: number | null;
}

/** One client as its owner sees it. */
export interface ClientRecord extends ClientGrant {
  readonly createdAt: number;
  readonly rotatedAt: number | null;
  /** When it last came in with its token; null when it never did. */
  readonly lastSeen: number | null;
  readonly revokedAt: number | null;
  /** What it signed in for, and its sign-ins that are good; null for a client that has never signed in. */
  readonly signedIn: SignedInRecord | null;
}

/** A client that signs in, as its owner sees it. */
export interface SignedInRecord {
  /** As whom it has registered: an id that was made here, or the address of its document. */
  readonly clientId: string;
  /** The path that it was let in to. */
  readonly resource: string;
  /** The last first; none when it has signed out. One is good until `until`, which moves on with each renewal. */
  readonly signIns: readonly { readonly at: number; readonly until: number; readonly redirect: string }[];
}

/** What can be chosen for a client. */
export type ClientChoice = Omit<ClientGrant, 'name'>;

/** All clients with tokens of their own. */
export interface ClientTokens {
  list(): readonly ClientRecord[];
  /** What the bearer of a token with this SHA-256 (hex) may do; null when it is nobody's, revoked or expired. */
  find(hash: string): ClientGrant | null;
  /** Whose token this is; null as for `find`. Nobody counts as seen by it. */
  ownerOf(token: string): string | null;
  /** Makes a client and gives its token, which is not kept. Rejects with `identity.name_taken`, `identity.bad_name`. */
  create(name: string, choice: ClientChoice): Promise<string>;
  /** Makes a new token in place of the old one. Rejects with `identity.unknown_client`. */
  rotate(name: string): Promise<string>;
  /** Ends its token; the client stays in the list. */
  revoke(name: string): Promise<void>;
  change(name: string, choice: ClientChoice): Promise<void>;
  remove(name: string): Promise<void>;
  /** Tokens of clients that sign in, in the same file: they end with the client. */
  readonly signIns: SignInTokens;
  /** Called after each change of who may do what, with the client's name. */
  onChange(listener: (name: string) => void): void;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Clients at most: more are a fault. */
const MOST = 500;
/** How often last-seen times are written at most. Milliseconds. */
const SAVE_MS = 60_000;

/**
 * Opens the file; a missing one means that there are no clients.
 *
 * @throws GatehouseError `identity.clients_unreadable` when it cannot be read, so that nobody is let in by mistake;
 *   a damaged one is set aside, and its clients must be made anew
 */
export async function openClientTokens(options: {
  readonly file: string;
  readonly clock: Clock;
  /** Told when the file was damaged. */
  onError(problem: GatehouseError): void;
}): Promise<ClientTokens> {
  const { file, clock } = options;
  let clients = await loadClients(file, clock, options.onError);
  /** Whose it is, and until when it is good (epoch milliseconds). */
  const byHash = new Map<string, { readonly name: string; readonly until: number }>();
  const index = (): void => {
    byHash.clear();
    for (const { hash, name, signIns } of clients.values()) {
      if (hash !== null) byHash.set(hash, { name, until: Number.POSITIVE_INFINITY });
      for (const { access, accessUntil } of signIns) byHash.set(access, { name, until: accessUntil });
    }
  };
  index();
  let listener: (name: string) => void = () => undefined;
  let saving: Promise<void> = Promise.resolve();
  let cancelSave: CancelTimer | null = null;
  let closed = false;

  const write = (next: ReadonlyMap<string, StoredClient>): Promise<void> =>
    writeFileAtomic(
      file,
      `${JSON.stringify({ version: CLIENT_FILE_VERSION, clients: [...next.values()] }, null, 2)}\n`,
      {
        mode: 0o600,
      },
    );
  /** One change after the other; a change that could not be written is not in force. */
  const apply = (
    whose: string | (() => string),
    change: (before: StoredClient | undefined) => StoredClient | null | undefined,
    quiet = false,
  ): Promise<void> => {
    const run = saving.then(async () => {
      const next = new Map(clients);
      const name = typeof whose === 'string' ? whose : whose();
      const before = clients.get(name);
      const after = change(before);
      if (after === before || after === undefined) return;
      if (after === null) next.delete(name);
      else next.set(name, after);
      try {
        await write(next);
      } catch (cause) {
        throw unwritable(cause);
      }
      // When somebody was seen meanwhile is kept.
      for (const [key, one] of next)
        next.set(key, { ...one, lastSeen: clients.get(key)?.lastSeen ?? one.lastSeen });
      clients = next;
      index();
      if (!quiet) listener(name);
    });
    saving = run.catch(() => undefined);
    return run;
  };
  const known = (name: string, before: StoredClient | undefined): StoredClient => {
    if (before === undefined) throw unknownClient(name);
    return before;
  };
  /** When they were seen is a help for people: that it cannot be written stops nobody, and the next sight tries again. */
  const saveSeen = (): void => {
    cancelSave = null;
    saving = saving.then(() => write(clients)).catch(() => undefined);
  };

  return {
    list: () => [...clients.values()].map(recordOf),
    find(hash) {
      const held = byHash.get(hash);
      const client = held === undefined ? undefined : clients.get(held.name);
      if (held === undefined || client === undefined) return null;
      const now = clock.now();
      if (held.until <= now) return null;
      if (client.expiresAt !== null && client.expiresAt <= now) return null;
      client.lastSeen = now;
      if (!closed) cancelSave ??= clock.after(SAVE_MS, saveSeen);
      return client;
    },
    ownerOf(token) {
      const held = byHash.get(hashOf(token));
      const client = held === undefined || held.until <= clock.now() ? undefined : clients.get(held.name);
      if (client === undefined || (client.expiresAt !== null && client.expiresAt <= clock.now())) return null;
      return client.name;
    },
    async create(name, choice) {
      if (!isClientName(name)) throw badName();
      const token = newToken();
      await apply(name, (before) => {
        if (before !== undefined) throw nameTaken(name);
        if (clients.size >= MOST) throw tooMany();
        const createdAt = clock.now();
        return {
          name,
          hash: hashOf(token),
          ...plain(choice),
          createdAt,
          rotatedAt: null,
          lastSeen: null,
          revokedAt: null,
          signIns: [],
        };
      });
      return token;
    },
    async rotate(name) {
      const token = newToken();
      await apply(name, (before) => ({
        ...known(name, before),
        hash: hashOf(token),
        rotatedAt: clock.now(),
        revokedAt: null,
      }));
      return token;
    },
    revoke: (name) =>
      apply(name, (before) => ({ ...known(name, before), hash: null, signIns: [], revokedAt: clock.now() })),
    change: (name, choice) => apply(name, (before) => ({ ...known(name, before), ...plain(choice) })),
    remove: (name) =>
      apply(name, (before) => {
        known(name, before);
        return null;
      }),
    signIns: createSignInTokens({ clock, all: () => clients, apply, most: MOST }),
    onChange(next) {
      listener = next;
    },
    async close() {
      if (closed) return saving;
      closed = true;
      if (cancelSave !== null) {
        cancelSave();
        saveSeen();
      }
      await saving;
    },
  };
}

/** A name that stands in logs and lists and is none of ours. */
function isClientName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/.test(name) && name !== 'local' && !name.startsWith('token-');
}

function recordOf(client: StoredClient): ClientRecord {
  const { hash: _hash, signsIn, signIns, ...record } = client;
  const shown = [...signIns].sort((a, b) => b.at - a.at);
  return {
    ...record,
    signedIn:
      signsIn === undefined
        ? null
        : { ...signsIn, signIns: shown.map(({ at, until, redirect }) => ({ at, until, redirect })) },
  };
}

function plain({
  servers,
  profile,
  permission,
  expiresAt,
}: ClientChoice): Pick<StoredClient, 'servers' | 'profile' | 'permission' | 'expiresAt'> {
  return { servers: servers === null ? null : [...servers], profile, permission, expiresAt };
}

function unknownClient(name: string): GatehouseError {
  return new GatehouseError({
    code: 'identity.unknown_client',
    message: 'There is no client {client} with a token of its own.',
    remedy: 'Look at the list of clients (gatehouse client list).',
    values: { client: JSON.stringify(name.slice(0, 64)) },
  });
}

function nameTaken(name: string): GatehouseError {
  return new GatehouseError({
    code: 'identity.name_taken',
    message: 'There is a client {client} already.',
    remedy: 'Choose another name, or rotate the token of that one.',
    values: { client: JSON.stringify(name) },
  });
}

function badName(): GatehouseError {
  return new GatehouseError({
    code: 'identity.bad_name',
    message: 'This cannot be the name of a client.',
    remedy: 'Use 1 to 64 letters, digits, blanks, ".", "_" and "-", beginning with a letter or digit.',
  });
}

function tooMany(): GatehouseError {
  return new GatehouseError({
    code: 'identity.too_many_clients',
    message: 'There are {count} clients already.',
    remedy: 'Remove those that are not needed.',
    values: { count: MOST },
  });
}

function unwritable(cause: unknown): GatehouseError {
  if (cause instanceof GatehouseError) return cause;
  return new GatehouseError({
    code: 'identity.clients_unwritable',
    message: 'The change could not be saved, so it is not in force.',
    remedy: 'Check that the data directory can be written to and that its disk has room.',
    cause,
  });
}
