/** A keeper of one sign-in in a process of its own, for tests that need several or kill it. Used by the fixtures here. */
import { join } from 'node:path';
import { Keeper } from '../../../main/identity/oauth/keeper.ts';
import { systemClock } from '../../../main/protocol/clock.ts';
import { DIRECT } from '../../../main/protocol/exchange.ts';
import { openSecrets } from '../../../main/secrets/secrets.ts';
import { createVault } from '../../../main/secrets/vault.ts';
import { DEFAULTS } from './settings.ts';

/** Of the server "mail", whose sign-in is kept in this data directory. */
export async function keeperOf(dataDir: string, url: string, keychain: 'auto' | 'off'): Promise<Keeper> {
  const clock = systemClock;
  const secrets = openSecrets({
    ...{ dataDir, defaultDataDir: join(dataDir, 'other'), safeStorage: null, clock, keychain },
  });
  const quiet = { changed: () => undefined, good: () => undefined, needed: () => undefined };
  const keeper = new Keeper(
    'mail',
    {
      clock,
      log: { info: () => undefined, warn: () => undefined },
      store: createVault({ directory: join(dataDir, 'sign-ins'), clock, secrets: () => secrets }),
      target: async () => ({ url, settings: DEFAULTS, wayTo: () => DIRECT }),
      openBrowser: null,
      changed: () => undefined,
      signedIn: () => undefined,
    },
    quiet,
  );
  await keeper.load();
  return keeper;
}
