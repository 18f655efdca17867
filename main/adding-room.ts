/**
 * The adding of servers, tied to the rest: what is there already, what could run it, where its keys go, and the write into
 * the configuration. Nothing that is added here runs before its user has looked at it. Loaded with the first paste.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import type { PasteView } from '../preload/views/adding.ts';
import type { EngineView } from '../preload/views/isolation.ts';
import { entryOf } from './adding/entry.ts';
import { type Pasted, readPaste } from './adding/paste.ts';
import { type Around, proposalOf } from './adding/review.ts';
import type { AddingCommandDeps } from './api/adding.ts';
import { selfOf } from './clients/found.ts';
import { createNames } from './config/dialects/names.ts';
import { NO_ISOLATION } from './config/isolation.ts';
import { type GatehouseConfig, parseServerName } from './config/schema.ts';
import { containmentOf } from './isolation/describe.ts';
import { type KeyStore, writeWithKeys } from './kept-keys.ts';
import { GatehouseError } from './protocol/error.ts';
import { addEntry } from './server-entry.ts';
import { findCommand, joinedPath, pathKey, pathOf } from './upstreams/commands.ts';
import type { UpstreamDeps } from './upstreams/ports.ts';

/** What it ties together. */
export interface AddingDeps extends Pick<UpstreamDeps, 'baseEnv' | 'loginPath'> {
  /** `current` changes; it is asked each time. */
  readonly config: {
    readonly current: GatehouseConfig;
    readonly file: string;
    edit(path: (string | number)[], value: unknown): Promise<void>;
  };
  secrets(): Promise<KeyStore>;
  readonly containment: { findEngine(): Promise<EngineView> };
}

/** What the commands do. */
export function openAddingRoom(deps: AddingDeps): AddingCommandDeps {
  const env = (name: string): string | undefined => process.env[name];
  const read = (text: string): Promise<Pasted> => readPaste(text, join(homedir(), 'pasted'), env);
  const view = async (pasted: Pasted): Promise<PasteView> => {
    const { current } = deps.config;
    const names = createNames(current.servers.map(({ name }) => name));
    const around = await aroundOf(deps, pasted, env);
    const servers = pasted.servers.map((offered) => proposalOf(offered, names.take(offered.name), around));
    const lost = pasted.report.filter(({ fault }) => fault).map(({ text }) => text);
    const [first, ...rest] = servers.map((server) => ({
      ...server,
      checks: [...server.checks, ...lost.map((what) => ({ id: 'report', tone: 'warn', what }) as const)],
    }));
    return {
      kind: pasted.kind,
      servers: first === undefined ? [] : [first, ...rest],
      digest: digestOf(pasted),
    };
  };
  return {
    async read(text) {
      return view(await read(text));
    },
    async add(choice) {
      const pasted = await read(choice.text);
      const offered = pasted.servers[choice.index];
      if (offered === undefined || digestOf(pasted) !== choice.digest) throw changed();
      const name = freeName(choice.name, deps.config.current);
      const store = choice.keepKeys ? await deps.secrets() : null;
      const entry = entryOf(offered.entry, choice);
      await writeWithKeys(store, name, entry, (whole) => addEntry(deps.config, name, whole));
      return { server: name };
    },
  };
}

async function aroundOf(
  { config, baseEnv, loginPath, containment }: AddingDeps,
  { servers }: Pasted,
  env: Around['env'],
): Promise<Around> {
  const commands = servers.flatMap(({ entry }) => (typeof entry.command === 'string' ? [entry.command] : []));
  const found = (command: string, variables: Readonly<Record<string, string>>): boolean =>
    findCommand({ command: atHome(command), env: variables, cwd: null }) !== null;
  let variables = baseEnv;
  if (commands.some((command) => !found(command, variables))) {
    // A terminal may know what the desktop does not.
    const path = await loginPath?.ask();
    if (typeof path === 'string')
      variables = { ...baseEnv, [pathKey(baseEnv)]: joinedPath(path, pathOf(baseEnv)) };
  }
  return {
    env,
    hasProgram: (command) => found(command, variables),
    exists: (path) => existsSync(atHome(path)),
    mountable(path) {
      const real = atHome(path);
      // The home directory and what holds it never are.
      return existsSync(real) && relative(real, homedir()).startsWith('..');
    },
    contained(command, args) {
      const wish = { ...NO_ISOLATION, mode: 'container' } as const;
      const { words, problem } = containmentOf({ command, args }, wish, config.current.isolation);
      return words ?? problem ?? '';
    },
    engine: commands.length > 0 && (await containment.findEngine()).state === 'ready',
    same(entry) {
      const self = selfOf(entry);
      const there = config.current.servers.find(({ transport }) =>
        transport.kind === 'stdio'
          ? selfOf({ command: transport.command, args: transport.args }) === self
          : selfOf({ url: transport.url }) === self,
      );
      return there?.name ?? null;
    },
  };
}

function atHome(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

function digestOf({ servers }: Pasted): string {
  return createHash('sha256').update(JSON.stringify(servers)).digest('hex');
}

function freeName(name: string, { servers }: GatehouseConfig): string {
  const good = parseServerName(name);
  if (good === null) {
    throw new GatehouseError({
      code: 'adding.bad_name',
      message: 'This cannot be the name of a server.',
      remedy: 'Take 1 to 64 letters, digits, "_", "." or "-", the first no "-".',
    });
  }
  if (servers.some((server) => server.name.toLowerCase() === good.toLowerCase())) {
    throw new GatehouseError({
      code: 'adding.name_taken',
      message: 'There is a server named "{name}" already.',
      remedy: 'Choose another name.',
      values: { name: good },
    });
  }
  return good;
}

function changed(): GatehouseError {
  return new GatehouseError({
    code: 'adding.changed',
    message: 'What was pasted is read in another way now than it was shown.',
    remedy: 'Look at it again.',
  });
}
