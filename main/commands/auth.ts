/**
 * `gatehouse auth login|paste|status|logout`: signing in to remote servers, in the running app. The address at which a
 * browser elsewhere has ended holds a code, so it comes from standard input or a prompt, never from the command line.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CoreCommandName, CoreCommands, Result, ServerView } from '../../preload/contract.ts';
import { GatehouseError } from '../protocol/error.ts';
import { askCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { readHidden, systemTerminal, type Terminal } from './terminal.ts';

/** What the commands act on. */
export interface AuthDeps {
  readonly terminal: Terminal;
  /** Asks the running app of this data directory. Rejects with `app.not_running`. */
  ask<N extends CoreCommandName>(
    dataDir: string,
    name: N,
    args: CoreCommands[N]['args'],
  ): Promise<Result<CoreCommands[N]['value']>>;
  /** Opens an address in this person's browser; false where there is none. */
  openBrowser(url: string): Promise<boolean>;
}

interface Options {
  readonly dataDir: string;
}

/** Registers the commands. */
export function registerAuth(program: Command, deps: AuthDeps = systemDeps()): void {
  const { terminal } = deps;
  const auth = program.command('auth').description('sign in to remote servers');
  const run = async <N extends CoreCommandName>(
    options: Options,
    name: N,
    args: CoreCommands[N]['args'],
  ): Promise<CoreCommands[N]['value']> => {
    const result = await deps.ask(resolve(options.dataDir), name, args);
    if (!result.ok) throw new GatehouseError(result.error);
    return result.value;
  };

  dataDirOption(auth.command('login <server>'))
    .description('sign in to a server, and wait until that is done')
    .option('--no-browser', 'print the address instead of opening a browser')
    .option('--fresh', 'begin anew, also as a client of its authorization server')
    .action(async (server: string, options: Options & { browser: boolean; fresh?: boolean }) => {
      const { url, opened } = await run(options, 'server.signIn', { server, fresh: options.fresh });
      if (url !== '') {
        const shown = opened || (options.browser && (await deps.openBrowser(url)));
        terminal.err(
          shown ? 'A browser was opened. If it was not, open:\n' : 'Open this address in a browser:\n',
        );
        terminal.out(`${url}\n`);
        terminal.err(`A browser on another computer ends at an address that cannot be opened; give it to:
  gatehouse auth paste ${server}
`);
      }
      await run(options, 'server.awaitSignIn', { server });
      terminal.err(`Signed in to "${server}".\n`);
    });

  dataDirOption(auth.command('paste <server>'))
    .description('finish a sign-in with the last address of a browser on another computer')
    .action(async (server: string, options: Options) => {
      const address = await readHidden(terminal, 'The whole address that the browser shows (not shown): ');
      await run(options, 'server.completeSignIn', { server, address });
      terminal.err(`Signed in to "${server}".\n`);
    });

  dataDirOption(auth.command('status [server]'))
    .description('show which servers are signed in to, with scopes and expiry')
    .option('--json', 'print it as JSON')
    .action(async (server: string | undefined, options: Options & { json?: boolean }) => {
      const { servers } = await run(options, 'snapshot.get', {});
      const some = servers.filter(({ name, signIn }) =>
        server === undefined ? signIn !== null : name === server,
      );
      if (server !== undefined && some.length === 0) throw noSuchServer(server);
      if (options.json) {
        const list = some.map(({ name, state, signIn }) => ({ name, state, signIn }));
        terminal.out(`${JSON.stringify({ servers: list }, null, 2)}\n`);
      } else for (const one of some) terminal.out(line(one));
    });

  dataDirOption(auth.command('logout <server>'))
    .description('forget what a server was given, and tell its authorization server')
    .action(async (server: string, options: Options) => {
      await run(options, 'server.signOut', { server });
      terminal.err(`Signed out of "${server}".\n`);
    });
}

function line({ name, signIn }: ServerView): string {
  if (signIn === null) return `${name}  no sign-in\n`;
  const parts = [
    signIn.state,
    signIn.provider === null ? null : `at ${signIn.provider}`,
    signIn.scopes.length === 0 ? null : `for ${signIn.scopes.join(' ')}`,
    signIn.expiresAt === null
      ? null
      : `until ${new Date(signIn.expiresAt).toISOString()}${signIn.renews ? ', renewed by itself' : ''}`,
    signIn.problem === null ? null : `- ${signIn.problem.message} ${signIn.problem.remedy}`,
  ];
  return `${name}  ${parts.filter((part) => part !== null).join(' ')}\n`;
}

function noSuchServer(server: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unknown',
    message: `There is no server named "${server}".`,
    remedy: 'Look at the names in the server list.',
  });
}

function systemDeps(): AuthDeps {
  return {
    terminal: systemTerminal(),
    ask: askCommand,
    openBrowser: async (url) => (await import('./browser.ts')).openBrowser(url),
  };
}
