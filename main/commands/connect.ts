/**
 * `gatehouse connect`, `disconnect`, `undo` and `clients list`: the settings files of clients, from the command line. Each
 * shows what it changes before it does so. They work with and without a running app.
 */
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { ClientChange, ClientDiffLine, ClientPreview, ClientView } from '../../preload/views/clients.ts';
import { bridgeCommand, thisInstallation } from '../bridge-command.ts';
import type { Clients, ClientsDeps } from '../clients/clients.ts';
import { snippet } from '../clients/snippets.ts';
import { tokensOf } from '../clients/tokens.ts';
import { systemClock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { askConnection, runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

const FORMATS = ['url', 'json', 'claude-code'] as const;

interface ChangeOptions {
  readonly dataDir: string;
  readonly file?: string;
  readonly via?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Registers the commands. */
export function registerConnect(
  program: Command,
  version: string,
  terminal: Terminal = systemTerminal(),
): void {
  const withClients = async (dataDir: string, work: (clients: Clients) => Promise<void>): Promise<void> => {
    // With the parsers that it needs: no other command shall wait for them.
    const { openClients } = await import('../clients/clients.ts');
    const clients = await openClients(depsOf(resolve(dataDir), version));
    try {
      await work(clients);
    } finally {
      await clients.close();
    }
  };
  const change = (asked: ClientChange, options: ChangeOptions): Promise<void> =>
    withClients(options.dataDir, async (clients) => {
      const preview = await clients.preview(asked);
      const { specOf } = await import('../clients/clients.ts');
      const { label } = specOf(asked.client);
      if (!preview.changes) {
        // Connecting again makes sure that it is remembered.
        await clients.apply(asked, preview.hash);
        terminal.err(`${label}: nothing to change in ${preview.file}.\n`);
        return;
      }
      terminal.out(describe(preview));
      if (options.dryRun === true) return;
      if (options.yes !== true && !(await agrees(terminal))) throw notAgreed();
      await clients.apply(asked, preview.hash);
      const next = [after(asked, preview), `Take it back with: gatehouse undo ${asked.client}`];
      terminal.err(`${label}: done. ${next.filter((part) => part !== '').join(' ')}\n`);
    });

  dataDirOption(program.command('connect [client]'))
    .description('connect a client by its own settings file; without a client, print what any client needs')
    .option('--format <format>', `without a client: one of ${FORMATS.join(', ')}`, 'json')
    .option('--file <file>', 'the settings file, where it is not at its usual place')
    .option('--via <way>', 'http (address and token) or bridge (a command, no token)')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show the difference')
    .action(async (client: string | undefined, options: ChangeOptions & { format: string }) => {
      if (client === undefined) return print(terminal, resolve(options.dataDir), options.format);
      const via = wayOf(options.via);
      await change({ action: 'connect', client, file: fileOf(options.file), via }, options);
    });
  dataDirOption(program.command('disconnect <client>'))
    .description('take Gatehouse out of the settings file of a client')
    .option('--file <file>', 'the settings file, where it is not at its usual place')
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'only show the difference')
    .action((client: string, options: ChangeOptions) =>
      change({ action: 'disconnect', client, file: fileOf(options.file) }, options),
    );
  dataDirOption(program.command('undo <client>'))
    .description("take the last change of a client's settings file back")
    .action((client: string, options: { dataDir: string }) =>
      withClients(options.dataDir, async (clients) => {
        const { file, exact } = await clients.undo(client);
        terminal.err(
          exact
            ? `${file} is what it was before.\n`
            : `${file} was changed since; only the entry was taken back.\n`,
        );
      }),
    );
  dataDirOption(program.command('clients').description('the MCP clients of this computer').command('list'))
    .description('list them, and how each stands')
    .option('--all', 'also those that are not installed')
    .option('--json', 'as JSON')
    .action((options: { dataDir: string; all?: boolean; json?: boolean }) =>
      withClients(options.dataDir, async (clients) => {
        const list = (await clients.list(true)).filter(
          ({ state }) => options.all === true || state !== 'not-installed',
        );
        if (options.json === true) terminal.out(`${JSON.stringify(list, null, 2)}\n`);
        else for (const view of list) terminal.out(`${row(view)}\n`);
        if (list.length === 0)
          terminal.err('No client that Gatehouse knows was found here. --all lists those it knows.\n');
      }),
    );
}

/** What clients need, when no app has to run. */
function depsOf(dataDir: string, appVersion: string): ClientsDeps {
  const installation = thisInstallation(dataDir);
  return {
    dataDir,
    appVersion,
    clock: systemClock,
    system: { platform: process.platform, home: homedir(), env: process.env },
    launcher: (client) => bridgeCommand(installation, client),
    // Only the running app knows its address and tokens; without it, the bridge finds or starts it.
    address: async () => (await askConnection(dataDir).catch(() => null))?.endpoint ?? null,
    tokens: {
      required: async () => (await askConnection(dataDir)).token !== null,
      ...tokensOf({
        check: (client, token) => runCommand(dataDir, 'clientToken.check', { client, token }),
        list: () => runCommand(dataDir, 'clientToken.list', {}),
        create: async (client, scope) =>
          (await runCommand(dataDir, 'clientToken.create', { client, ...scope })).token,
        rotate: async (client) => (await runCommand(dataDir, 'clientToken.rotate', { client })).token,
        async revoke(client) {
          await runCommand(dataDir, 'clientToken.revoke', { client });
        },
      }),
    },
  };
}

async function print(terminal: Terminal, dataDir: string, asked: string): Promise<void> {
  const format = FORMATS.find((known) => known === asked);
  if (format === undefined)
    throw invalid(`There is no format "${asked}".`, `Use one of ${FORMATS.join(', ')}.`);
  const { endpoint, token } = await askConnection(dataDir);
  terminal.out(`${snippet(format, { url: endpoint ?? '', token })}\n`);
}

function describe(preview: ClientPreview): string {
  const head = preview.removesFile ? `${preview.file} (made by Gatehouse; it is removed)` : preview.file;
  const link = preview.realFile === preview.file ? '' : ` -> ${preview.realFile}`;
  return `${head}${link}\n${preview.diff.map(diffText).join('\n')}\n`;
}

function diffText(line: ClientDiffLine): string {
  switch (line.kind) {
    case 'same':
      return `  ${line.text}`;
    case 'added':
      return `+ ${line.text}`;
    case 'removed':
      return `- ${line.text}`;
    case 'skipped':
      return `  ... ${line.count} ${line.count === 1 ? 'line' : 'lines'} unchanged`;
  }
}

function after(asked: ClientChange, { reload }: ClientPreview): string {
  if (asked.action === 'disconnect') return '';
  switch (reload) {
    case 'automatic':
      return 'It notices by itself.';
    case 'restart':
      return 'Quit it and start it again.';
    case 'new-session':
      return 'It counts from its next session on.';
    case 'refresh-servers':
      return 'Refresh the list of MCP servers in it.';
    case 'reload-window':
      return 'Reload its window.';
  }
}

function row(view: ClientView): string {
  const seen = view.lastSeen === null ? '' : `, last seen ${new Date(view.lastSeen).toISOString()}`;
  const note =
    view.problem === null
      ? view.outdated
        ? ' (outdated: connect again)'
        : ''
      : ` (${view.problem.message})`;
  return `${view.id.padEnd(16)} ${view.state.padEnd(14)} ${view.file}${seen}${note}`;
}

async function agrees(terminal: Terminal): Promise<boolean> {
  if (terminal.input.isTTY !== true) return false;
  const lines = createInterface({ input: terminal.input, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question('Make this change? [y/N] ')).trim());
  } finally {
    lines.close();
  }
}

function wayOf(text: string | undefined): 'http' | 'bridge' | undefined {
  if (text === undefined || text === 'http' || text === 'bridge') return text;
  throw invalid(`There is no way "${text}".`, 'Use http or bridge.');
}

function fileOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : resolve(text);
}

function notAgreed(): GatehouseError {
  return new GatehouseError({
    code: 'clients.not_agreed',
    message: 'Nothing was changed.',
    remedy: 'Answer with y, or run it again with --yes.',
  });
}

function invalid(message: string, remedy: string): GatehouseError {
  return new GatehouseError({ code: 'args.invalid', message, remedy });
}
