/**
 * `gatehouse secret set|rotate|list|rm|migrate|move`: the secrets of a data directory, through the app where it runs, so that it
 * starts the servers anew that use one. A value comes from standard input or a hidden prompt, never from the command line,
 * which other programs can read and shells remember.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import type { CoreCommands } from '../../preload/contract.ts';
import type { KeyPlaceView, SecretCommands } from '../../preload/views/secrets.ts';
import { systemClock } from '../protocol/clock.ts';
import { problemOf } from '../protocol/error.ts';
import { noSuchSecret } from '../secrets/problems.ts';
import type { SecretStore } from '../secrets/secrets.ts';
import { defaultDataDir } from './data-dir.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { readHidden, systemTerminal, type Terminal } from './terminal.ts';

/** What the commands act on. */
export interface SecretDeps {
  readonly terminal: Terminal;
  /** Asks the running app of this data directory. Rejects with `app.not_running`. */
  ask<N extends keyof SecretCommands>(
    dataDir: string,
    name: N,
    args: CoreCommands[N]['args'],
  ): Promise<CoreCommands[N]['value']>;
  /** The store itself, for when no app runs. */
  open(dataDir: string): Promise<SecretStore>;
}

interface Options {
  readonly dataDir: string;
}

/** Registers the commands. */
export function registerSecret(program: Command, deps: SecretDeps = systemDeps()): void {
  const { terminal } = deps;
  const secret = program
    .command('secret')
    .description('keys that servers need, out of the configuration file');

  /** Through the running app, or with the store itself. */
  const act = async <N extends keyof SecretCommands>(
    options: Options,
    name: N,
    args: CoreCommands[N]['args'],
    alone: (store: SecretStore) => Promise<CoreCommands[N]['value']>,
  ): Promise<CoreCommands[N]['value']> => {
    const dataDir = resolve(options.dataDir);
    try {
      return await deps.ask(dataDir, name, args);
    } catch (error) {
      if (problemOf(error).code !== 'app.not_running') throw error;
    }
    const store = await deps.open(dataDir);
    try {
      return await alone(store);
    } finally {
      await store.close();
    }
  };
  const put = async (options: Options, name: string, value: string, replace: boolean): Promise<void> => {
    const { where, problem, restarted } = await act(
      options,
      'secret.set',
      { name, value, replace },
      async (store) => {
        // A name with a typing mistake would leave the old value in use.
        if (replace && (await store.get(name)) === null) throw noSuchSecret(name);
        await store.set(name, value);
        return { where: store.view.description, problem: store.view.problem, restarted: [] };
      },
    );
    terminal.err(`${replace ? 'Replaced' : 'Stored'} "${name}" in ${where}.\n`);
    if (restarted.length > 0) terminal.err(`Started anew with it: ${restarted.join(', ')}.\n`);
    if (problem !== null) terminal.err(`${problem.message} ${problem.remedy}\n`);
  };

  dataDirOption(secret.command('set <name>'))
    .description('store a secret; its value is read from standard input, or asked for')
    .action(async (name: string, options: Options) =>
      put(options, name, await readHidden(terminal, `Value of "${name}" (not shown): `), false),
    );

  dataDirOption(secret.command('rotate <name>'))
    .description('replace the value of a stored secret, and start the servers anew that use it')
    .action(async (name: string, options: Options) =>
      put(options, name, await readHidden(terminal, `New value of "${name}" (not shown): `), true),
    );

  dataDirOption(secret.command('list'))
    .description('print the names of the stored secrets, and who uses them')
    .action(async (options: Options) => {
      const list = await act(options, 'secret.list', {}, async (store) =>
        (await store.list()).map((name) => ({ name, servers: [], endpoint: false })),
      );
      for (const { name, servers, endpoint } of list) {
        const users = [...servers, ...(endpoint ? ['the endpoint'] : [])];
        terminal.out(users.length === 0 ? `${name}\n` : `${name}  (${users.join(', ')})\n`);
      }
    });

  dataDirOption(secret.command('rm <name>'))
    .description('remove a secret')
    .action(async (name: string, options: Options) => {
      await act(options, 'secret.remove', { name }, async (store) => {
        if (!(await store.delete(name))) throw noSuchSecret(name);
        return null;
      });
      terminal.err(`Removed "${name}".\n`);
    });

  dataDirOption(secret.command('migrate'))
    .addArgument(new Argument('<store>', 'where they are to be').choices(['keychain', 'file']))
    .description('move all secrets to the system keychain, or to an encrypted file')
    .action(async (to: 'keychain' | 'file', options: Options) => {
      const { moved, where } = await act(options, 'secret.migrate', { to }, async (store) => {
        const count = await store.moveTo(to);
        return { moved: count, where: store.view.description };
      });
      terminal.err(`${moved} moved; the secrets are in ${where}.\n`);
    });

  dataDirOption(secret.command('move'))
    .description('move keys that stand in the configuration file to the secrets, and leave references')
    .option('-y, --yes', 'move them; otherwise they are only shown')
    .action(async (options: Options & { yes?: boolean }) => {
      const file = join(resolve(options.dataDir), 'config.json');
      const { keysOfFile, moveKeys } = await import('../moving-keys.ts');
      if (options.yes !== true) {
        const keys = await act(options, 'secret.keys', {}, () => keysOfFile(file));
        if (keys.length === 0) return terminal.err('No keys were found in the configuration file.\n');
        show(keys);
        return terminal.err('Nothing was changed. To move them: gatehouse secret move --yes\n');
      }
      const keys = await act(options, 'secret.moveKeys', {}, (store) => moveKeys(file, store));
      show(keys);
      terminal.err(`${keys.length} moved; the configuration file refers to them.\n`);
    });

  const show = (keys: readonly KeyPlaceView[]): void => {
    for (const { place, secret: name } of keys) terminal.out(`${place} -> \${keyring:${name}}\n`);
  };
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
  return {
    terminal: systemTerminal(),
    ask: runCommand,
    open: openSecretsOf,
  };
}
