/**
 * Ties the clients room to the running app: which command and address it writes, who was seen, and the commands of the
 * screens. Opens when it is asked for something, since it brings parsers that a gateway without people at it never needs.
 */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type ClientTokenDeps, clientTokenCommands } from './api/client-tokens.ts';
import { type ClientDeps, clientCommands } from './api/clients.ts';
import { importCommands } from './api/import.ts';
import { bridgeCommand, thisInstallation } from './bridge-command.ts';
import type { Clients } from './clients/clients.ts';
import { tokensOf } from './clients/tokens.ts';
import type { Caller, Here } from './gateway/ports.ts';
import { openImportRoom } from './import-room.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import type { SecretStore } from './secrets/secrets.ts';

/** What is needed. */
export interface ClientRoomDeps {
  readonly dataDir: string;
  readonly appVersion: string;
  readonly clock: Clock;
  /** It ends with these. */
  readonly closers: Closers;
  /** The configured port; 0 lets the system pick another one at each start. */
  readonly port: number;
  readonly configFile: string;
  secrets(): Promise<SecretStore>;
  /** The address of the endpoint; null until it listens. */
  url(): string | null;
  /** Null when none is asked for. */
  token(): Promise<string | null>;
  /** Clients with tokens of their own. */
  clientTokens(): Promise<ClientTokenDeps>;
  /** Who has sessions open now. */
  here(): readonly Here[];
  /** Ends what this client has open. */
  drop(client: string): void;
  /** What `clients.list` says may be different now. */
  changed(): void;
}

/** The room in the app. */
export interface ClientRoom {
  readonly commands: ReturnType<typeof clientCommands> &
    ReturnType<typeof clientTokenCommands> &
    ReturnType<typeof importCommands>;
  /** What a client may do has changed. */
  changed(client: string): void;
  /** A session of a caller has begun. */
  came(caller: Caller, info: Readonly<Record<string, unknown>> | null): void;
  /** Its last request was then, epoch milliseconds. */
  used(caller: Caller, at: number): void;
}

export function openClientRoom(deps: ClientRoomDeps): ClientRoom {
  const { dataDir } = deps;
  const installation = thisInstallation(resolve(dataDir));
  const system = { platform: process.platform, home: homedir(), env: process.env };
  const open = async (): Promise<Clients> => {
    const [{ openClients }, { openPrograms }] = await Promise.all([
      import('./clients/clients.ts'),
      import('./clients/programs.ts'),
    ]);
    return openClients({
      ...deps,
      system,
      programs: openPrograms({ system, clock: deps.clock }),
      here: () => lastOf(deps.here()),
      launcher: (client) => bridgeCommand(installation, client),
      // An address that does not last must not stand in a file.
      address: async () => (deps.port === 0 ? null : deps.url()),
      tokens: {
        required: async () => (await deps.token()) !== null,
        ...tokensOf({
          check: async (client, token) => (await deps.clientTokens()).ownerOf(token) === client,
          list: async () => (await deps.clientTokens()).list(),
          create: async (client, scope) => (await deps.clientTokens()).create(client, scope),
          rotate: async (client) => (await deps.clientTokens()).rotate(client),
          revoke: async (client) => (await deps.clientTokens()).revoke(client),
        }),
      },
    });
  };
  let opened: Promise<Clients> | null = null;
  const room = (): Promise<Clients> => {
    opened ??= open().catch((error: unknown) => {
      // The next one may find what was missing.
      opened = null;
      throw error;
    });
    return opened;
  };
  deps.closers.add(async () => (await opened?.catch(() => null))?.close());
  const commands: ClientDeps = {
    'clients.list': async ({ read }) => (await room()).list(read),
    'clients.preview': async (change) => (await room()).preview(change),
    'clients.apply': async ({ hash, reopen, ...change }) => ({
      changed: await (await room()).apply(change, hash, reopen),
    }),
    'clients.undo': async ({ client }) => (await room()).undo(client),
    async 'clients.chooseFile'({ client, file }) {
      await (await room()).chooseFile(client, file);
      return null;
    },
    'clients.bundle': async ({ client }) => ({ file: await (await room()).bundle(client) }),
    'clients.entry': async ({ client }) => (await room()).entry(client),
  };
  return {
    commands: {
      ...clientCommands(commands),
      ...clientTokenCommands(deps.clientTokens),
      ...importCommands(openImportRoom({ system, configFile: deps.configFile, secrets: deps.secrets })),
    },
    changed(client) {
      deps.drop(client);
      deps.changed();
    },
    came(caller, info) {
      if (!isClient(caller)) return;
      const text = (value: unknown): string | null =>
        typeof value === 'string' ? value.slice(0, 200) : null;
      const seen = { name: text(info?.name), version: text(info?.version) };
      room().then(
        (clients) => clients.saw(caller.id, seen),
        () => undefined,
      );
    },
    used(caller, at) {
      // Whoever is here has come, and the room is open since.
      if (isClient(caller)) opened?.then((clients) => clients.used(caller.id, at)).catch(() => undefined);
    },
  };
}

/** Shared tokens, or none, are no client's. */
function isClient({ id }: Caller): boolean {
  return id !== 'local' && !id.startsWith('token-');
}

/** Of each caller the last that was heard, and whether any of its sessions is open. */
function lastOf(all: readonly Here[]): ReadonlyMap<string, Here> {
  const last = new Map<string, Here>();
  for (const one of all) {
    const known = last.get(one.caller);
    last.set(one.caller, {
      caller: one.caller,
      lastUsed: Math.max(one.lastUsed, known?.lastUsed ?? 0),
      open: one.open || known?.open === true,
    });
  }
  return last;
}
