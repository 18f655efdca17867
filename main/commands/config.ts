/**
 * `gatehouse config check|convert|show|schema`: the configuration, of our own or another program's, without starting
 * anything.
 */
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Adopted } from '../config/dialects/adopt.ts';
import { ConfigError } from '../config/error.ts';
import { dataDirOption, headerOption } from './options.ts';
import { reportText } from './report-text.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

/** Registers the commands. A faulty file rejects with a ConfigError, which ends the program with 4. */
export function registerConfig(program: Command, terminal: Terminal = systemTerminal()): void {
  const config = program.command('config').description('the configuration file');

  sourceOptions(config.command('check [file]'))
    .description(
      'check a configuration, a file or an address; of another program, say what becomes of each key',
    )
    .action(async (file: string | undefined, options: SourceChoice) => {
      const { source, adopted } = await read(file, options);
      for (const line of adopted.report) terminal.out(`${reportText(source, line)}\n`);
      const faults = adopted.report.filter(({ fault }) => fault).length;
      terminal.out(summary(source, adopted));
      if (faults > 0) throw partlyUsable(source, faults);
    });

  sourceOptions(config.command('convert [file]'))
    .description('print a configuration of another program in the words of Gatehouse, or one for clients')
    .addOption(
      new Option('--to <form>', 'gatehouse: a file of ours; client: what MCP clients take to reach us')
        .choices(['gatehouse', 'client'])
        .default('gatehouse'),
    )
    .option('--each', 'for clients: one entry for each server')
    .option('--url <base>', 'for clients: where they reach Gatehouse, such as https://mcp.example.com')
    .action(async (file: string | undefined, options: SourceChoice & ConvertChoice) => {
      const { source, adopted } = await read(file, options);
      for (const line of adopted.report)
        if (line.kind !== 'understood') terminal.err(`${reportText(source, line)}\n`);
      if (options.to === 'gatehouse') return terminal.out(adopted.text);
      const { clientSnippet } = await import('../config/export.ts');
      const { text, missing } = clientSnippet(adopted.config, {
        base: options.url ?? null,
        each: options.each ?? false,
      });
      for (const name of missing)
        terminal.err(`${name}: put its token in; "gatehouse token" prints that of Gatehouse.\n`);
      terminal.out(text);
    });

  sourceOptions(config.command('show [file]'))
    .description(
      'print a configuration as it is in force, all defaults filled in, env values, headers and tokens hidden',
    )
    .action(async (file: string | undefined, options: SourceChoice) => {
      const { adopted } = await read(file, options);
      const { shownConfig } = await import('../config/export.ts');
      terminal.out(`${JSON.stringify(shownConfig(adopted.config), null, 2)}\n`);
    });

  config
    .command('schema')
    .description('print the JSON schema of the configuration file, for editors')
    .action(async () => {
      const { configSchemaText } = await import('../config/publish.ts');
      terminal.out(configSchemaText());
    });
}

interface SourceChoice {
  readonly dataDir: string;
  readonly configHeader?: readonly string[];
}

interface ConvertChoice {
  readonly to: string;
  readonly each?: boolean;
  readonly url?: string;
}

function sourceOptions(command: Command): Command {
  return headerOption(dataDirOption(command));
}

/** Reads the named source, of any program, or the file of the data directory, which is our own as `serve` has it. */
async function read(
  file: string | undefined,
  options: SourceChoice,
): Promise<{ readonly source: string; readonly adopted: Adopted }> {
  // Loaded here, so that other commands start without the schema library and the parsers.
  if (file === undefined) {
    const source = join(resolve(options.dataDir), 'config.json');
    const [{ readText }, { parseConfig }] = await Promise.all([
      import('../config/file.ts'),
      import('../config/read.ts'),
    ]);
    const text = await readText(source);
    return { source, adopted: { dialect: null, config: parseConfig(text, source), text, report: [] } };
  }
  const [{ isAddress, readSource, shownSource }, { readHeaders }] = await Promise.all([
    import('../config/source.ts'),
    import('../config/headers.ts'),
  ]);
  const env = (name: string): string | undefined => process.env[name];
  const path = isAddress(file) ? file : resolve(file);
  const adopted = await readSource(path, { env, headers: readHeaders(options.configHeader ?? [], env) });
  return { source: shownSource(path), adopted };
}

function summary(source: string, { dialect, config }: Adopted): string {
  const enabled = config.servers.filter((server) => server.enabled).length;
  const count = `${config.servers.length} server${config.servers.length === 1 ? '' : 's'}, ${enabled} enabled`;
  return `${source}: ${dialect === null ? 'fine' : `a file of ${dialect.title}`}, ${count}.\n`;
}

function partlyUsable(file: string, faults: number): ConfigError {
  return new ConfigError({
    code: 'config.partly_usable',
    message: `${faults === 1 ? 'One thing' : `${faults} things`} in it cannot be right; the rest is in force.`,
    remedy: 'Correct what is marked FAULT above.',
    file,
  });
}
