/**
 * `gatehouse secret set|rotate|list|rm`: the secrets of a data directory. A value comes from standard input or a hidden prompt,
 * never from the command line, which other programs can read and shells remember.
 */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { SecretStore } from '../secrets/secrets.ts';
import { defaultDataDir } from './data-dir.ts';
import { dataDirOption } from './options.ts';
import { readHidden, systemTerminal, type Terminal } from './terminal.ts';

/** What the commands act on. */
export interface SecretDeps {
  readonly terminal: Terminal;
  open(dataDir: string): Promise<SecretStore>;
}

/** Registers the four commands. */
export function registerSecret(program: Command, deps: SecretDeps = systemDeps()): void {
  const { terminal } = deps;
  const secret = program
    .command('secret')
    .description('keys that servers need, out of the configuration file');

  const act = async (
    options: { dataDir: string },
    work: (store: SecretStore) => Promise<void>,
  ): Promise<void> => {
    const store = await deps.open(resolve(options.dataDir));
    try {
      await work(store);
    } finally {
      await store.close();
    }
  };

  dataDirOption(secret.command('set <name>'))
    .description('store a secret; its value is read from standard input, or asked for')
    .action(async (name: string, options: { dataDir: string }) => {
      const value = await readHidden(terminal, `Value of "${name}" (not shown): `);
      await act(options, async (store) => {
        await store.set(name, value);
        const { description, problem } = store.view;
        terminal.err(`Stored "${name}" in ${description}.\n`);
        if (problem !== null) terminal.err(`${problem.message} ${problem.remedy}\n`);
      });
    });

  dataDirOption(secret.command('rotate <name>'))
    .description('replace the value of a stored secret; servers get it when they start next')
    .action(async (name: string, options: { dataDir: string }) => {
      const value = await readHidden(terminal, `New value of "${name}" (not shown): `);
      await act(options, async (store) => {
        // A name with a typing mistake would leave the old value in use.
        if ((await store.get(name)) === null) throw noSuchSecret(name);
        await store.set(name, value);
        terminal.err(`Replaced "${name}" in ${store.view.description}.\n`);
      });
    });

  dataDirOption(secret.command('list'))
    .description('print the names of the stored secrets')
    .action((options: { dataDir: string }) =>
      act(options, async (store) => {
        for (const name of await store.list()) terminal.out(`${name}\n`);
      }),
    );

  dataDirOption(secret.command('rm <name>'))
    .description('remove a secret')
    .action((name: string, options: { dataDir: string }) =>
      act(options, async (store) => {
        if (!(await store.delete(name))) throw noSuchSecret(name);
        terminal.err(`Removed "${name}".\n`);
      }),
    );
}

/** Opens the secrets of `dataDir` just as the app does. */
export async function openSecretsOf(dataDir: string): Promise<SecretStore> {
  const { openSecrets } = await import('../secrets/secrets.ts');
  return openSecrets({
    dataDir,
    defaultDataDir: defaultDataDir(process.env, process.platform, homedir()),
    safeStorage: null,
    clock: systemClock,
    keychain: process.env.GATEHOUSE_KEYCHAIN === 'off' ? 'off' : 'auto',
  });
}

function systemDeps(): SecretDeps {
  return { terminal: systemTerminal(), open: openSecretsOf };
}

function noSuchSecret(name: string): GatehouseError {
  return new GatehouseError({
    code: 'secrets.not_found',
    message: `There is no secret "${name}".`,
    remedy: 'See the names with: gatehouse secret list',
  });
}
