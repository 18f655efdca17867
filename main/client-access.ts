/**
 * Clients with tokens of their own: what each of them sees and may call, prepared whenever that changes, so that a call
 * costs one or two Map lookups. What a client has open ends when its token does. `close` saves when they were last seen.
 */
import { join } from 'node:path';
import type { ClientTokenDeps } from './api/client-tokens.ts';
import type { GatehouseConfig } from './config/schema.ts';
import type { ProfileConfig } from './config/settings.ts';
import { serversIn } from './describe.ts';
import type { Caller } from './gateway/ports.ts';
import {
  type ClientRecord,
  type ClientTokens,
  openClientTokens,
  type Permission,
} from './identity/client-tokens.ts';
import type { Logger } from './logger.ts';
import type { CancelTimer, Clock } from './protocol/clock.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';
import type { ListedItem } from './protocol/listing.ts';
import { profileScope, type Scope } from './protocol/scope.ts';

/** What is needed. */
export interface ClientAccessDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  config(): GatehouseConfig;
  /** What a server lists now; the same array until that changes. */
  tools(server: string): readonly ListedItem[];
  /**
   * Told all profiles when they are others: those of the configuration, and one for each client that needs its own; and by
   * client, the profile of the configuration that it is held to.
   */
  profilesChanged(profiles: ReadonlyMap<string, ProfileConfig>, heldTo: ReadonlyMap<string, string>): void;
  /** Told when what a client may do has changed, so that its sessions must end. */
  changed(client: string): void;
}

/** What clients may do. */
export interface ClientAccess {
  /** Null when the file of tokens cannot be read: then none of them is accepted. */
  readonly tokens: Promise<ClientTokens | null>;
  /** For the commands. Rejects with why there are no tokens. */
  open(): Promise<ClientTokenDeps>;
  /** Throws `identity.unknown_scope` when there is no such server or profile. */
  check(choice: Pick<ClientRecord, 'servers' | 'profile'>): void;
  /** What a caller sees in place of the scope it asks for; null when that is nothing. */
  narrow(caller: Caller, scope: Scope): Scope | null;
  /** Null when the caller may call this tool. */
  admit(caller: Caller, server: string, tool: string): GatehouseError | null;
  /** Why the client may not call a tool of its servers; null when it may. */
  denied(client: string, server: string, tool: string): GatehouseError | null;
  /** True when there are tools that it may not call. */
  isHeldBack(client: string): boolean;
  /** The configuration has changed. */
  configure(): void;
  hasProfile(name: string): boolean;
  /** The names of the servers that a scope shows. */
  serversIn(scope: Scope): readonly string[];
  close(): Promise<void>;
}

/** What one client may do, prepared. */
interface Prepared {
  readonly servers: ReadonlySet<string> | null;
  readonly profile: string | null;
  /** What it sees in place of all servers. */
  readonly scope: Scope | null;
  readonly level: number;
}

const LEVELS: Readonly<Record<Permission, number>> = { read: 0, write: 1, destructive: 2 };

/** Timers of a month would go off at once. */
const DAY_MS = 86_400_000;

/** Opens the tokens in the background. */
export function openClientAccess(deps: ClientAccessDeps): ClientAccess {
  const { clock, log } = deps;
  let opened: ClientTokens | null = null;
  let prepared: ReadonlyMap<string, Prepared> = new Map();
  let profiles: ReadonlyMap<string, ProfileConfig> = new Map();
  const levels = new Map<
    string,
    { readonly of: readonly ListedItem[]; readonly byTool: ReadonlyMap<string, number> }
  >();
  const levelsOf = (server: string): ReadonlyMap<string, number> => {
    const tools = deps.tools(server);
    let known = levels.get(server);
    if (known?.of !== tools) {
      known = {
        of: tools,
        byTool: new Map(tools.map((item) => [item.key, levelOf(item.value.annotations)])),
      };
      levels.set(server, known);
    }
    return known.byTool;
  };

  const aboveLevel = ({ level }: Prepared, server: string, tool: string): GatehouseError | null => {
    // A tool that says nothing of itself may do anything (tools section, "destructiveHint" is true by default).
    if (level === LEVELS.destructive) return null;
    const needed = levelsOf(server).get(tool) ?? LEVELS.destructive;
    return needed <= level ? null : notAllowed(tool, REASONS[needed] ?? '');
  };

  const opening = openClientTokens({
    file: join(deps.dataDir, 'clients.json'),
    clock,
    onError: (problem) => log.warn({ code: problem.code }, 'client tokens'),
  });
  let cancelExpiry: CancelTimer = () => undefined;
  let looked = clock.now();
  /** What a client has open ends with its token, though nobody asks for the token again on a stream that stands. */
  const endExpired = (): void => {
    cancelExpiry();
    const now = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { name, expiresAt, signedIn } of opened?.list() ?? []) {
      const ends = [expiresAt, ...(signedIn?.signIns ?? []).map(({ until }) => until)];
      for (const end of ends) {
        if (end === null) continue;
        if (end > now) next = Math.min(next, end);
        else if (end > looked) deps.changed(name);
      }
    }
    looked = now;
    if (next < Number.POSITIVE_INFINITY) cancelExpiry = clock.after(Math.min(next - now, DAY_MS), endExpired);
  };
  const prepare = (): void => {
    const next = new Map<string, Prepared>();
    const heldTo = new Map<string, string>();
    const all = new Map(deps.config().profiles.map((profile) => [profile.name, profile]));
    for (const client of opened?.list() ?? []) {
      const servers = serversOf(client, deps.config());
      const restricted = servers !== null;
      const name = `~${client.name}`;
      if (client.profile !== null) heldTo.set(client.name, client.profile);
      if (restricted)
        all.set(name, { ...(all.get(client.profile ?? '') ?? NO_PROFILE), name, servers: [...servers] });
      const scope = restricted ? profileScope(name) : null;
      next.set(client.name, { servers, profile: client.profile, scope, level: LEVELS[client.permission] });
    }
    prepared = next;
    profiles = all;
    deps.profilesChanged(all, heldTo);
    endExpired();
  };
  const tokens = opening.then(
    (store) => {
      opened = store;
      store.onChange((name) => {
        prepare();
        deps.changed(name);
      });
      prepare();
      return store;
    },
    (error: unknown) => {
      log.error({ code: problemOf(error).code }, 'no client tokens');
      return null;
    },
  );

  return {
    tokens,
    open: async () => checked(await opening, (choice) => checkScope(choice, deps.config())),
    check: (choice) => checkScope(choice, deps.config()),
    narrow({ id }, scope) {
      const client = prepared.get(id);
      if (client === undefined || client.scope === null) return scope;
      switch (scope.kind) {
        case 'all':
          return client.scope;
        case 'server':
          return client.servers?.has(scope.server) === true ? scope : null;
        case 'profile':
          // Another profile may hold more than the client may see.
          return scope.profile === client.profile && client.servers !== null ? client.scope : null;
      }
    },
    admit({ id }, server, tool) {
      const client = prepared.get(id);
      if (client === undefined) return null;
      if (client.servers !== null && !client.servers.has(server))
        return notAllowed(tool, 'its server is none of those it may use');
      return aboveLevel(client, server, tool);
    },
    denied(id, server, tool) {
      const client = prepared.get(id);
      return client === undefined ? null : aboveLevel(client, server, tool);
    },
    isHeldBack: (id) => (prepared.get(id)?.level ?? LEVELS.destructive) !== LEVELS.destructive,
    configure: prepare,
    hasProfile: (name) => profiles.has(name),
    serversIn: (scope) =>
      scope.kind === 'profile'
        ? (profiles.get(scope.profile)?.servers ?? [])
        : serversIn(scope, deps.config()),
    async close() {
      cancelExpiry();
      await (await tokens)?.close();
      cancelExpiry();
    },
  };
}

const REASONS: readonly string[] = ['', 'it changes things', 'it may destroy things, or does not say'];
const NO_PROFILE: Omit<ProfileConfig, 'name' | 'servers'> = {
  prefix: true,
  tools: { allow: null, block: [] },
};

/** The servers that a client may use; null for all. A profile that is gone holds none. */
function serversOf({ servers, profile }: ClientRecord, config: GatehouseConfig): ReadonlySet<string> | null {
  if (profile === null) return servers === null ? null : new Set(servers);
  const held = config.profiles.find((one) => one.name === profile)?.servers ?? [];
  return new Set(servers === null ? held : held.filter((server) => servers.includes(server)));
}

function levelOf(annotations: unknown): number {
  if (typeof annotations !== 'object' || annotations === null) return LEVELS.destructive;
  const { readOnlyHint, destructiveHint } = annotations as Readonly<Record<string, unknown>>;
  if (readOnlyHint === true) return LEVELS.read;
  return destructiveHint === false ? LEVELS.write : LEVELS.destructive;
}

/** The store, with names of servers and profiles looked at first: a misspelled one would open nothing. */
function checked(
  store: ClientTokens,
  check: (choice: Pick<ClientRecord, 'servers' | 'profile'>) => void,
): ClientTokenDeps {
  return {
    list: store.list,
    ownerOf: store.ownerOf,
    async create(name, choice) {
      check(choice);
      return store.create(name, choice);
    },
    rotate: store.rotate,
    revoke: store.revoke,
    async change(name, choice) {
      check(choice);
      await store.change(name, choice);
    },
    remove: store.remove,
  };
}

function checkScope(
  { servers, profile }: Pick<ClientRecord, 'servers' | 'profile'>,
  config: GatehouseConfig,
): void {
  const known = new Set<string>(config.servers.map((server) => server.name));
  const unknown = (servers ?? []).find((server) => !known.has(server));
  if (unknown !== undefined) throw nothingCalled('server', unknown);
  if (profile !== null && !config.profiles.some((one) => one.name === profile))
    throw nothingCalled('profile', profile);
}

function notAllowed(tool: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'identity.not_allowed',
    message: `This client may not call "${tool.slice(0, 200)}": ${why}.`,
    remedy: 'Its owner can change in Gatehouse what the client may do.',
  });
}

function nothingCalled(what: 'server' | 'profile', name: string): GatehouseError {
  return new GatehouseError({
    code: 'identity.unknown_scope',
    message: 'There is no {what} {name}.',
    remedy: 'Choose a {what} of the configuration.',
    values: { what, name: JSON.stringify(name.slice(0, 64)) },
  });
}
