/**
 * Ties the store of secrets to the rest of the app: which servers use a secret, starting them anew when it changes, and
 * moving keys out of the configuration file. Holds nothing open.
 */
import { type SecretCommandDeps, secretCommands } from './api/secrets.ts';
import { findEntryKeys } from './config/keys.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { ENDPOINT_TOKEN } from './identity/tokens.ts';
import { keysOfFile, moveKeys } from './moving-keys.ts';
import { noSuchSecret } from './secrets/problems.ts';
import type { SecretStore } from './secrets/secrets.ts';

/** What it ties together. */
export interface SecretRoomDeps {
  secrets(): Promise<SecretStore>;
  config(): GatehouseConfig;
  readonly configFile: string;
  /** Starts a server anew. */
  restart(server: string): Promise<void>;
  /** Puts the configuration in force once more: tokens of servers are looked up then. */
  reapply(): void;
}

/** The commands for secrets. */
export function openSecretRoom(deps: SecretRoomDeps): ReturnType<typeof secretCommands> {
  const { secrets, config, configFile } = deps;
  /** Rejects with what the store says. Who uses it is started anew, each for itself. */
  const changed = async (name: string): Promise<string[]> => {
    const users = usersOf(name, config());
    if (users.length === 0) return users;
    deps.reapply();
    await Promise.all(users.map((server) => deps.restart(server).catch(() => undefined)));
    return users;
  };
  const commands: SecretCommandDeps = {
    async list() {
      const names = await (await secrets()).list();
      return names.map((name) => ({
        name,
        servers: usersOf(name, config(), true),
        endpoint: usesOf(name, config()),
      }));
    },
    async set(name, value, replace) {
      const store = await secrets();
      // A name with a typing mistake would leave the old value in use.
      if (replace && (await store.get(name)) === null) throw noSuchSecret(name);
      await store.set(name, value);
      const restarted = await changed(name);
      return { where: store.view.description, problem: store.view.problem, restarted };
    },
    async remove(name) {
      if (!(await (await secrets()).delete(name))) throw noSuchSecret(name);
      return null;
    },
    keys: () => keysOfFile(configFile),
    async migrate(to) {
      const store = await secrets();
      const moved = await store.moveTo(to);
      return { moved, where: store.view.description };
    },
    moveKeys: async () => moveKeys(configFile, await secrets()),
  };
  return secretCommands(commands);
}

/** Servers whose configuration refers to it; those that are off only with `all`. */
function usersOf(name: string, { servers }: GatehouseConfig, all = false): string[] {
  const reference = referenceTo(name);
  return servers
    .filter(({ enabled }) => enabled || all)
    .filter(({ transport, authTokens, isolation }) =>
      reference.test(JSON.stringify([transport, authTokens, isolation])),
    )
    .map((server) => server.name);
}

/** Whether the endpoint's own token is this secret: by a reference, or as the one that was made for it. */
function usesOf(name: string, { auth }: GatehouseConfig): boolean {
  const made = name === ENDPOINT_TOKEN && auth.token === null && auth.required !== false;
  return made || referenceTo(name).test(JSON.stringify(auth));
}

function referenceTo(name: string): RegExp {
  return new RegExp(`\\$\\{keyring:\\s*${name.replace(/[.*+?^$()[\]{}|\\/]/g, '\\$&')}\\s*\\}`);
}

/** Keys that stand in the configuration itself: they are secrets all the same. */
export function literalKeys({ servers }: GatehouseConfig): readonly string[] {
  return servers.flatMap(({ name, transport }) => findEntryKeys(name, transport).map(({ value }) => value));
}
