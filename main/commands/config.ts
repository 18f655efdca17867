/**
 * `gatehouse config check` and `gatehouse config schema`: the configuration file without starting anything.
 */
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

/** Registers both commands. A faulty file rejects with a ConfigError, which ends the program with 4. */
export function registerConfig(program: Command, terminal: Terminal = systemTerminal()): void {
  const config = program.command('config').description('the configuration file');

  dataDirOption(config.command('check [file]'))
    .description('check a configuration file (default: config.json in the data directory)')
    .action(async (file: string | undefined, options: { dataDir: string }) => {
      // Loaded here, so that other commands start without the schema library.
      const [{ readText }, { parseConfig }] = await Promise.all([
        import('../config/file.ts'),
        import('../config/read.ts'),
      ]);
      const path = file === undefined ? join(resolve(options.dataDir), 'config.json') : resolve(file);
      const { servers } = parseConfig(await readText(path), path);
      const enabled = servers.filter((server) => server.enabled).length;
      terminal.out(
        `${path}: fine, ${servers.length} server${servers.length === 1 ? '' : 's'}, ${enabled} enabled.\n`,
      );
    });

  config
    .command('schema')
    .description('print the JSON schema of the configuration file, for editors')
    .action(async () => {
      const { configSchemaText } = await import('../config/publish.ts');
      terminal.out(configSchemaText());
    });
}
