/**
 * `gatehouse token` and `gatehouse connect`: how to reach the running app, for its own user.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { snippet } from '../clients/snippets.ts';
import { GatehouseError } from '../protocol/error.ts';
import { askConnection } from './local-client.ts';
import { dataDirOption } from './options.ts';

const FORMATS = ['url', 'json', 'claude-code'] as const;

/** Registers both commands. */
export function registerToken(program: Command): void {
  dataDirOption(program.command('token'))
    .description('print the token of the running app')
    .action(async (options: { dataDir: string }) => {
      const { token } = await askConnection(resolve(options.dataDir));
      if (token === null) throw noToken();
      process.stdout.write(`${token}\n`);
    });
  dataDirOption(program.command('connect'))
    .description('print what a client needs to use the running app')
    .option('--format <format>', `one of ${FORMATS.join(', ')}`, 'json')
    .action(async (options: { dataDir: string; format: string }) => {
      const format = FORMATS.find((known) => known === options.format);
      if (format === undefined) {
        throw new GatehouseError({
          code: 'args.invalid',
          message: `There is no format "${options.format}".`,
          remedy: `Use one of ${FORMATS.join(', ')}.`,
        });
      }
      const { endpoint, token } = await askConnection(resolve(options.dataDir));
      process.stdout.write(`${snippet(format, { url: endpoint ?? '', token })}\n`);
    });
}

function noToken(): GatehouseError {
  return new GatehouseError({
    code: 'app.no_token',
    message: 'The running app asks for no token.',
    remedy: 'Clients need only its address.',
  });
}
