/**
 * `gatehouse token`: the key of the running app, for its own user.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { GatehouseError } from '../protocol/error.ts';
import { askConnection } from './local-client.ts';
import { dataDirOption } from './options.ts';

/** Registers the command. */
export function registerToken(program: Command): void {
  dataDirOption(program.command('token'))
    .description('print the token of the running app')
    .action(async (options: { dataDir: string }) => {
      const { token } = await askConnection(resolve(options.dataDir));
      if (token === null) throw noToken();
      process.stdout.write(`${token}\n`);
    });
}

function noToken(): GatehouseError {
  return new GatehouseError({
    code: 'app.no_token',
    message: 'The running app asks for no token.',
    remedy: 'Clients need only its address.',
  });
}
