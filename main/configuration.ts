/**
 * Opens the configuration that the command line names, and says what the screens are told of it. Stops with the
 * store's `close()`.
 */
import type { ConfigView } from '../preload/contract.ts';
import type { LaunchOptions } from './args.ts';
import { refreshSchema } from './config/file.ts';
import { readHeaders } from './config/headers.ts';
import { openConfig } from './config/open.ts';
import type { GatehouseConfig } from './config/schema.ts';
import { shownSource } from './config/source.ts';
import type { ConfigStore } from './config/store.ts';
import { logReport, originView } from './config-report.ts';
import { brokenConfig, soundConfig } from './describe.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';

/** Milliseconds after the start. */
const SCHEMA_MS = 2_000;

/** Who hears of changes. */
export interface ConfigurationEvents {
  changed(config: GatehouseConfig): void;
  /** The file cannot be used as it is now; the last good one stays in force. */
  broken(view: ConfigView): void;
}

/** The open configuration. */
export interface Configuration extends ConfigStore {
  /** For the screens, as long as the file is sound. */
  view(): ConfigView;
}

/** Opens it. Rejects with a ConfigError, or with `args.invalid` for a header that is none. */
export async function openConfiguration(
  { configFile, configGiven, configHeaders }: LaunchOptions,
  clock: Clock,
  log: Logger,
  events: ConfigurationEvents,
): Promise<Configuration> {
  const shown = shownSource(configFile);
  const env = (name: string): string | undefined => process.env[name];
  const store = await openConfig({
    file: configFile,
    clock,
    create: !configGiven,
    foreign: configGiven,
    env,
    headers: readHeaders(configHeaders, env),
    onChange(config, origin) {
      logReport(log, origin);
      events.changed(config);
    },
    onBroken(error) {
      const { code, line, message: problem } = error;
      log.warn({ code, line, problem }, 'broken configuration, kept the last');
      events.broken(brokenConfig(shown, error));
    },
  });
  logReport(log, store.origin);
  // Once the start is over: it takes some milliseconds.
  const cancel = configGiven ? () => undefined : clock.after(SCHEMA_MS, () => void refreshSchema(configFile));
  return {
    get current() {
      return store.current;
    },
    get origin() {
      return store.origin;
    },
    file: store.file,
    setServerEnabled: (name, enabled) => store.setServerEnabled(name, enabled),
    releaseServer: (name) => store.releaseServer(name),
    allowHosts: (name, allow) => store.allowHosts(name, allow),
    editServer: (name, next, fits) => store.editServer(name, next, fits),
    removeServer: (name) => store.removeServer(name),
    restoreServer: (name) => store.restoreServer(name),
    edit: (path, value) => store.edit(path, value),
    close() {
      cancel();
      return store.close();
    },
    view: () => ({ ...soundConfig(shown), ...originView(store.origin) }),
  };
}
