/**
 * `gatehouse client list|add|change|rotate|revoke|remove`: clients with tokens of their own, in the running app. A token
 * is printed once, when it is made. Those that sign in by themselves stand in the same list.
 */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { ClientPermission, ClientScope, ClientTokenView } from '../../preload/views/client-tokens.ts';
import { GatehouseError } from '../protocol/error.ts';
import { registerClientSignIns } from './client-sign-ins.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';

interface Options {
  readonly dataDir: string;
  readonly json?: boolean;
}

interface ScopeOptions extends Options {
  readonly servers?: string;
  readonly profile?: string;
  readonly may: ClientPermission;
  readonly expires?: string;
}

const DAY_MS = 86_400_000;

/** Registers the commands. */
export function registerClient(program: Command): void {
  const client = program.command('client').description('clients with tokens of their own');
  dataDirOption(client.command('list'))
    .description('print them: what they may do, until when, when they were last seen')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const clients = await runCommand(resolve(options.dataDir), 'clientToken.list', {});
      process.stdout.write(
        options.json ? `${JSON.stringify(clients, null, 2)}\n` : clients.map(lineOf).join(''),
      );
    });
  scopeOptions(client.command('add <name>'))
    .description('make a client and print its token, once')
    .action(async (name: string, options: ScopeOptions) => {
      const { token } = await runCommand(resolve(options.dataDir), 'clientToken.create', {
        client: name,
        ...scopeOf(options),
      });
      process.stdout.write(`${token}\n`);
    });
  scopeOptions(client.command('change <name>'))
    .description('say anew what it may do; its token stays')
    .action(async (name: string, options: ScopeOptions) => {
      await runCommand(resolve(options.dataDir), 'clientToken.change', { client: name, ...scopeOf(options) });
    });
  dataDirOption(client.command('rotate <name>'))
    .alias('token')
    .description('make a new token in place of the old one and print it, once')
    .action(async (name: string, options: Options) => {
      const { token } = await runCommand(resolve(options.dataDir), 'clientToken.rotate', { client: name });
      process.stdout.write(`${token}\n`);
    });
  dataDirOption(client.command('revoke <name>'))
    .description('end its token at once, and its sessions')
    .action(async (name: string, options: Options) => {
      await runCommand(resolve(options.dataDir), 'clientToken.revoke', { client: name });
    });
  dataDirOption(client.command('remove <name>'))
    .alias('forget')
    .description('the same, and forget it')
    .action(async (name: string, options: Options) => {
      await runCommand(resolve(options.dataDir), 'clientToken.remove', { client: name });
    });
  registerClientSignIns(client);
}

function scopeOptions(command: Command): Command {
  return dataDirOption(command)
    .option('--servers <names>', 'servers that it may use, with commas between (default: all)')
    .option('--profile <name>', 'the profile that it is held to')
    .addOption(
      new Option(
        '--may <what>',
        'tools that it may call: those that only read, also those that change, or all',
      )
        .choices(['read', 'write', 'destructive'])
        .default('destructive'),
    )
    .option('--expires <days>', 'days until its token ends (default: never)');
}

function scopeOf({ servers, profile, may, expires }: ScopeOptions): ClientScope {
  const days = expires === undefined ? null : Number(expires);
  if (days !== null && !(days > 0 && days <= 3_650)) {
    throw new GatehouseError({
      code: 'args.invalid',
      message: '--expires is a number of days, at most 3650.',
      remedy: 'Run with --help to see what may be given.',
    });
  }
  const names = servers?.split(',').map((name) => name.trim());
  return {
    servers: names === undefined ? null : names.filter((name) => name !== ''),
    profile: profile ?? null,
    permission: may,
    expiresAt: days === null ? null : Math.floor(Date.now() + days * DAY_MS),
  };
}

function lineOf({
  name,
  servers,
  profile,
  permission,
  expiresAt,
  lastSeen,
  revokedAt,
  signedIn,
}: ClientTokenView): string {
  const where = servers === null ? 'all servers' : servers.length === 0 ? 'no server' : servers.join(', ');
  const held = profile === null ? where : `${where} of profile ${profile}`;
  const end =
    revokedAt !== null
      ? 'revoked'
      : expiresAt === null
        ? signedIn === null
          ? 'does not end'
          : signedIn.signIns.some(({ until }) => until > Date.now())
            ? 'signed in'
            : 'signed out'
        : `${expiresAt <= Date.now() ? 'ended' : 'ends'} ${date(expiresAt)}`;
  const seen = lastSeen === null ? 'never seen' : `last seen ${date(lastSeen)}`;
  return `${name}: ${permission}, ${held}; ${end}; ${seen}\n`;
}

function date(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 16);
}
