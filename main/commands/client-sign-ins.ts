/**
 * `gatehouse client sign-ins|allow|deny`: clients that want to sign in at the endpoint of the running app, and what becomes
 * of them. Each is named by the letters that its browser shows, too.
 */
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import type { ClientPermission } from '../../preload/views/client-tokens.ts';
import { GatehouseError } from '../protocol/error.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { visible } from './visible.ts';

interface Options {
  readonly dataDir: string;
  readonly json?: boolean;
  readonly profile?: string;
  readonly may?: ClientPermission;
}

/** Adds the commands to `gatehouse client`. */
export function registerClientSignIns(client: Command): void {
  dataDirOption(client.command('sign-ins'))
    .description('print the clients that want to sign in and wait for you')
    .option('--json', 'print JSON')
    .action(async ({ dataDir, json }: Options) => {
      const waiting = await runCommand(resolve(dataDir), 'clientSignIn.waiting', {});
      process.stdout.write(
        json === true ? `${JSON.stringify(waiting, null, 2)}\n` : listText(waiting, Date.now()),
      );
    });
  dataDirOption(client.command('allow <id>'))
    .description('let a client in that waits; the id is the code that its browser shows')
    .option('--profile <name>', 'the profile that it is held to')
    .addOption(
      new Option('--may <what>', 'tools that it may call, at most what it asks for').choices([
        'read',
        'write',
        'destructive',
      ]),
    )
    .action(async (id: string, { dataDir, profile, may }: Options) => {
      const one = await find(dataDir, id);
      const decision = { allow: true, profile: profile ?? null, permission: may ?? one.asks } as const;
      await runCommand(resolve(dataDir), 'clientSignIn.decide', { id: one.id, decision });
      process.stderr.write('Allowed.\n');
    });
  dataDirOption(client.command('deny <id>'))
    .description('refuse it')
    .action(async (id: string, { dataDir }: Options) => {
      const one = await find(dataDir, id);
      await runCommand(resolve(dataDir), 'clientSignIn.decide', { id: one.id, decision: { allow: false } });
      process.stderr.write('Denied.\n');
    });
}

async function find(dataDir: string, id: string): Promise<WaitingSignInView> {
  const waiting = await runCommand(resolve(dataDir), 'clientSignIn.waiting', {});
  const one = waiting.find((each) => each.id === id.toUpperCase());
  if (one !== undefined) return one;
  throw new GatehouseError({
    code: 'identity.sign_in_not_waiting',
    message: `No sign-in ${JSON.stringify(id.slice(0, 40))} waits.`,
    remedy: 'See what waits with: gatehouse client sign-ins.',
  });
}

/** Pure; `now` in epoch milliseconds. */
function listText(all: readonly WaitingSignInView[], now: number): string {
  if (all.length === 0) return 'No client waits for you.\n';
  return all
    .map((one) => {
      const who = one.name === null ? 'a program that says no name' : visible(one.name);
      const seconds = Math.max(0, Math.ceil((one.until - now) / 1_000));
      const lines = [
        `${one.id}: ${who} wants to use ${whatOf(one)}, with ${MAY[one.asks]}; denied in ${seconds} s`,
        one.vouchedBy === null
          ? '  nobody vouches for that name'
          : `  ${visible(one.vouchedBy)} vouches for that name`,
        `  the browser goes back to ${visible(one.redirect)}`,
        ...(one.before === null ? [] : [`  it was let in before, as ${visible(one.before.client)}`]),
        ...(one.profiles.length === 0
          ? []
          : [`  profiles: ${one.profiles.map((name) => visible(name)).join(', ')}`]),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('');
}

const MAY: Readonly<Record<ClientPermission, string>> = {
  read: 'tools that only read',
  write: 'tools that read or change',
  destructive: 'all tools',
};

function whatOf({ server, profile }: WaitingSignInView): string {
  if (server !== null) return `server ${visible(server)}`;
  return profile === null ? 'everything that is approved' : `profile ${visible(profile)}`;
}
