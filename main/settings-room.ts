/**
 * Ties the screens' settings to the configuration file: each is one key of it, written where it stands, so that whoever
 * works without a screen has the same. What the command line has said wins and is told so. Holds nothing open.
 */
import type { NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import type { Snapshot } from '../preload/contract.ts';
import type { SettingChange, SettingsView } from '../preload/views/settings.ts';
import type { SettingsDeps } from './api/settings.ts';
import { DEFAULT_LISTEN, type ListenOption, parseListen } from './args.ts';
import { foreignFile } from './config/refused-writes.ts';
import { isAddress } from './config/source.ts';
import type { Configuration } from './configuration.ts';
import { isLoopbackHost } from './gateway/guards.ts';
import type { AuthMode } from './identity/tokens.ts';
import { POLICY_DEFAULTS } from './isolation/policy.ts';
import { networksOf } from './networks.ts';
import { GatehouseError, problemOf } from './protocol/error.ts';

/** What it ties together. */
export interface SettingsRoomDeps {
  readonly config: Pick<Configuration, 'current' | 'origin' | 'file' | 'edit'>;
  readonly said: { readonly listen: ListenOption | null; readonly auth: AuthMode | null };
  readonly store: { readonly state: Pick<Snapshot, 'config' | 'endpoint'> };
  readonly dataDir: string;
  interfaces(): Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  /** Null when an address is free, else why it cannot be had. */
  tryListen(address: ListenOption): Promise<string | null>;
}

const MB = 1024 * 1024;
const EVERYWHERE = '0.0.0.0';

/** The commands, but for those of the sample server. */
export function openSettingsRoom(deps: SettingsRoomDeps): Omit<SettingsDeps, 'sample.add'> {
  const { config, said, store, dataDir } = deps;
  const listen = (): ListenOption =>
    said.listen ?? (config.current.listen === null ? DEFAULT_LISTEN : parseListen(config.current.listen));
  const asksToken = (): boolean =>
    said.auth === null ? config.current.auth.required !== false : said.auth.kind !== 'none';
  const view = (): SettingsView => {
    const { isolation, activity } = config.current;
    const { host, port } = listen();
    return {
      locked: lockOf(config, store.state.config),
      endpoint: {
        ...{ host, port },
        reach: isLoopbackHost(host) ? 'computer' : 'network',
        addressFixed: said.listen !== null,
        tokenRequired: asksToken(),
        tokenFixed: said.auth !== null,
        networks: networksOf(deps.interfaces()),
      },
      isolation: {
        mode: isolation.mode ?? 'host',
        network: isolation.network ?? 'allowlist',
        memoryMegabytes: Math.round((isolation.memoryBytes ?? POLICY_DEFAULTS.memoryBytes) / MB),
        cpus: isolation.cpus ?? POLICY_DEFAULTS.cpus,
        fallback: isolation.fallback ?? 'none',
        cache: isolation.cache ?? true,
      },
      activity: {
        ...{ enabled: activity.enabled, arguments: activity.arguments, results: activity.results },
        ...{ days: activity.days, megabytes: Math.round(activity.bytes / MB) },
      },
      logFolder: join(dataDir, 'logs'),
    };
  };
  const listenAt = async (next: ListenOption): Promise<void> => {
    if (said.listen !== null) throw saidOutside();
    const now = store.state.endpoint.url;
    // Our own door is in its way and goes with the restart.
    const isOurs = now !== null && new URL(now).port === String(next.port);
    const taken = next.port === 0 || isOurs ? null : await deps.tryListen(next);
    if (taken !== null) throw portTaken(next, taken);
    await config.edit(['listen'], `${next.host.includes(':') ? `[${next.host}]` : next.host}:${next.port}`);
  };
  const write = async (change: SettingChange): Promise<void> => {
    switch (change.key) {
      case 'listen.port':
        return listenAt({ ...listen(), port: change.to });
      case 'listen.reach':
        if (change.to === 'network' && !asksToken()) throw openWithoutToken();
        return listenAt({ ...listen(), host: change.to === 'network' ? EVERYWHERE : DEFAULT_LISTEN.host });
      case 'auth.required':
        if (said.auth !== null) throw saidOutside();
        if (!change.to && !isLoopbackHost(listen().host)) throw openWithoutToken();
        return config.edit(['auth', 'required'], change.to);
      case 'isolation.memory':
        return config.edit(['isolation', 'memory'], `${change.to}m`);
      case 'isolation.mode':
      case 'isolation.network':
      case 'isolation.cpu':
      case 'isolation.fallback':
      case 'isolation.cache':
      case 'activity.enabled':
      case 'activity.arguments':
      case 'activity.results':
      case 'activity.days':
      case 'activity.megabytes':
        return config.edit(change.key.split('.'), change.to);
    }
  };
  return {
    'settings.get': async () => view(),
    async 'settings.set'({ change }) {
      await write(change);
      return view();
    },
  };
}

/** Another program's file and an address are read only; a file with a mistake has to be mended first. */
function lockOf(
  { file, origin }: Pick<Configuration, 'file' | 'origin'>,
  shown: Snapshot['config'],
): SettingsView['locked'] {
  if (origin.dialect !== null || isAddress(file))
    return problemOf(foreignFile(file, origin.dialect?.title ?? 'another place'));
  return shown.state === 'broken' ? shown.problem : null;
}

function portTaken({ host, port }: ListenOption, why: string): GatehouseError {
  return new GatehouseError({
    code: 'settings.port_taken',
    ...(why === 'EADDRINUSE'
      ? { message: 'Port {port} is used by another program.', values: { port } }
      : {
          form: 'other',
          message: '{address} cannot be had ({why}).',
          values: { address: `${host}:${port}`, why },
        }),
    remedy: 'Nothing was changed. Choose another port, such as one between 1024 and 65535.',
  });
}

function openWithoutToken(): GatehouseError {
  return new GatehouseError({
    code: 'settings.open_without_token',
    message: 'An endpoint that others can reach always asks for a token.',
    remedy: 'Ask for a token, or let only this computer reach it.',
  });
}

function saidOutside(): GatehouseError {
  return new GatehouseError({
    code: 'settings.said_outside',
    message: 'The command line that started Gatehouse says this, and wins over the configuration.',
    remedy: 'Start Gatehouse without that option.',
  });
}
