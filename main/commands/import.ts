/**
 * `gatehouse import`: the servers that clients and other gateways have already, brought into the configuration. They are
 * shown first with what becomes of each key, their keys go to the keychain, and none runs before it is approved.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Found } from '../clients/found.ts';
import type { KeyKeeper } from '../clients/import.ts';
import { problemOf } from '../protocol/error.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption, headerOption } from './options.ts';
import { reportText } from './report-text.ts';
import { openSecretsOf } from './secret.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

interface ImportOptions {
  readonly dataDir: string;
  readonly config?: string;
  readonly yes?: boolean;
  readonly keepKeys?: boolean;
  readonly configHeader?: readonly string[];
}

/** Registers the command. */
export function registerImport(program: Command, terminal: Terminal = systemTerminal()): void {
  headerOption(dataDirOption(program.command('import [sources...]')))
    .description(
      'bring in the servers that clients have already; also from files and addresses of any program',
    )
    .option('--config <file>', 'configuration file (default: config.json in the data directory)')
    .option('-y, --yes', 'bring them in; otherwise they are only shown')
    .option('--keep-keys', 'leave keys as they are instead of moving them to the keychain')
    .action(async (sources: string[], options: ImportOptions) => {
      const [{ bringIn, findImportable }, { createDefault }, { isAddress }, { readHeaders }] =
        await Promise.all([
          import('../clients/import.ts'),
          import('../config/file.ts'),
          import('../config/source.ts'),
          import('../config/headers.ts'),
        ]);
      const dataDir = resolve(options.dataDir);
      const config = options.config === undefined ? join(dataDir, 'config.json') : resolve(options.config);
      if (options.config === undefined) await createDefault(config);
      const system = { platform: process.platform, home: homedir(), env: process.env };
      const extra = {
        sources: sources.map((source) => (isAddress(source) ? source : resolve(source))),
        headers: readHeaders(options.configHeader ?? [], (name) => process.env[name]),
      };
      const { servers, reports, problems } = await findImportable(system, extra, config);
      for (const { file, lines } of reports)
        for (const line of lines) terminal.err(`${reportText(file, line)}\n`);
      for (const { file, problem } of problems) terminal.err(`${file}: ${problem.message}\n`);
      for (const found of servers) terminal.out(`${row(found)}\n`);
      if (servers.length === 0) return terminal.err('Nothing new was found.\n');
      if (options.yes !== true)
        return terminal.err('Nothing was changed. To bring them in: gatehouse import --yes\n');
      if (options.keepKeys === true || servers.every(({ keys }) => keys.length === 0)) {
        await bringIn(config, servers, null);
      } else {
        const secrets = await secretsOf(dataDir);
        try {
          await bringIn(config, servers, secrets);
        } finally {
          await secrets.close();
        }
      }
      terminal.err(`${servers.length} brought in, all of them quarantined until you approve them.\n`);
    });
}

/** The secrets through the running app, which may be the only one that can open them; else the store itself. */
async function secretsOf(dataDir: string): Promise<KeyKeeper & { close(): Promise<void> }> {
  try {
    const list = await runCommand(dataDir, 'secret.list', {});
    return {
      taken: list.map(({ name }) => name),
      async set(name, value) {
        await runCommand(dataDir, 'secret.set', { name, value });
      },
      close: async () => undefined,
    };
  } catch (error) {
    if (problemOf(error).code !== 'app.not_running') throw error;
  }
  const store = await openSecretsOf(dataDir);
  try {
    const taken = await store.list();
    return { taken, set: store.set.bind(store), close: store.close.bind(store) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The arguments are not shown: they may hold keys. */
function row({ name, from, entry, keys }: Found): string {
  const what = entry.url === undefined ? (entry.command ?? '') : hostOf(entry.url);
  const sources = [...new Set(from.map(({ source }) => source))].join(', ');
  const note = keys.length === 0 ? '' : `, keys: ${keys.join(', ')}`;
  return `${name.padEnd(24)} ${what} (from ${sources}${note})`;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address';
}
