/**
 * Opens the configuration wherever it is: a file, of our own or another program's, that is followed from then on; or an
 * address, which is asked once. Stops with the store's `close()`.
 */
import { foreignFile } from './refused-writes.ts';
import { isAddress, readAdopted, readSource, type SourceOptions, shownSource } from './source.ts';
import { type ConfigStore, type ConfigStoreOptions, openConfigStore } from './store.ts';

/** How to open. */
export interface OpenOptions extends Omit<ConfigStoreOptions, 'read'>, SourceOptions {
  /** Whether other programs' files are read as they are. */
  readonly foreign: boolean;
}

/**
 * Opens `options.file`, which may be an address.
 *
 * @throws ConfigError of `openConfigStore` and `readSource`
 */
export async function openConfig(options: OpenOptions): Promise<ConfigStore> {
  const { file, env, foreign } = options;
  if (!isAddress(file)) {
    const read = (text: string, at: string) => readAdopted(text, at, env);
    return openConfigStore(foreign ? { ...options, read } : options);
  }
  const { config, dialect, report } = await readSource(file, options);
  const refuse = async (): Promise<never> => {
    throw foreignFile(shownSource(file), dialect?.title ?? 'another place');
  };
  return {
    current: config,
    file: shownSource(file),
    origin: { dialect, report },
    setServerEnabled: refuse,
    releaseServer: refuse,
    allowHosts: refuse,
    editServer: refuse,
    removeServer: refuse,
    restoreServer: refuse,
    edit: refuse,
    close: async () => undefined,
  };
}
