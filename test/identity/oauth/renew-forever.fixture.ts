/** Renews the tokens of one sign-in over and over until it is killed; prints a line before and after each time. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Keeper } from '../../../main/identity/oauth/keeper.ts';
import { systemClock } from '../../../main/protocol/clock.ts';
import { openSecrets } from '../../../main/secrets/secrets.ts';
import { createVault } from '../../../main/secrets/vault.ts';
import { DEFAULTS } from './settings.ts';

async function main(dataDir: string, url: string): Promise<void> {
  const clock = systemClock;
  const secrets = openSecrets({
    ...{ dataDir, defaultDataDir: dataDir, safeStorage: null, clock, keychain: 'off' },
  });
  const quiet = { changed: () => undefined, good: () => undefined, needed: () => undefined };
  const keeper = new Keeper(
    'mail',
    {
      clock,
      log: { info: () => undefined, warn: () => undefined },
      store: createVault({ directory: join(dataDir, 'sign-ins'), clock, secrets: () => secrets }),
      target: async () => ({ url, settings: DEFAULTS }),
      openBrowser: null,
      changed: () => undefined,
      signedIn: () => undefined,
    },
    quiet,
  );
  await keeper.load();
  for (;;) {
    writeSync(1, 'begin\n');
    await keeper.renew(url, keeper.record?.tokens?.access ?? null);
    writeSync(1, 'end\n');
  }
}

main(process.argv[2] ?? '', process.argv[3] ?? '').catch((error: unknown) => {
  writeSync(1, `failed ${String(error)}\n`);
  process.exit(1);
});
