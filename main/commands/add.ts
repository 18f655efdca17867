/**
 * `gatehouse add`: what a server's page says to paste, from standard input or behind `--`. It is described first; added only
 * with `--yes`, held back, with its keys among the secrets.
 */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ProposedCheck, ProposedServer } from '../../preload/views/adding.ts';
import { GatehouseError } from '../protocol/error.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { readAll, systemTerminal, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

interface AddOptions {
  readonly dataDir: string;
  readonly yes?: boolean;
  readonly name?: string;
  readonly onHost?: boolean;
  readonly keepKeys?: boolean;
}

/** Registers the command. */
export function registerAdd(program: Command, terminal: Terminal = systemTerminal()): void {
  dataDirOption(program.command('add [words...]'))
    .description(
      'add a server: a command line (behind --), an address, or from standard input what its page says to paste',
    )
    .option('-y, --yes', 'add what was described; it is held back until you release it')
    .option('--name <name>', 'what to call it')
    .option('--on-host', 'run it on this computer, unconfined, even where a container can be had')
    .option('--keep-keys', 'leave keys in the configuration instead of moving them to the secrets')
    .action(async (words: string[], options: AddOptions) => {
      const dataDir = resolve(options.dataDir);
      const text = words.length === 0 ? await readAll(terminal.input) : await joined(words);
      const paste = await runCommand(dataDir, 'adding.read', { text });
      for (const server of paste.servers) terminal.out(described(server));
      if (options.yes !== true) return terminal.err('Nothing was changed. To add it: the same with --yes\n');
      if (options.name !== undefined && paste.servers.length > 1) throw oneName();
      for (const [index, server] of paste.servers.entries()) {
        const place = server.place === 'container' && options.onHost !== true ? 'container' : 'host';
        const { server: name } = await runCommand(dataDir, 'adding.add', {
          ...{ text, digest: paste.digest, index, place },
          name: options.name ?? server.name,
          mounts: server.paths.map((path) => ({ path, write: false })),
          values: {},
          keepKeys: options.keepKeys !== true,
        });
        terminal.err(
          `"${name}" was added, held back. Look at it: gatehouse server inspect ${name}${place === 'host' ? ' --on-host' : ''}\n`,
        );
      }
    });
}

/** One word is a whole text; several are a command line. */
async function joined(words: readonly string[]): Promise<string> {
  if (words.length === 1) return words[0] ?? '';
  const { quote } = await import('shell-quote');
  return quote([...words]);
}

function described(server: ProposedServer): string {
  const { name, origin, line, contained, local, place, paths, values, checks } = server;
  const shown = line.map(({ kind, text }) => (kind === 'hidden' ? '[hidden]' : text)).join('');
  const rows: [string, string][] = [
    ['comes from', `${origin.kind} ${origin.what}${origin.version === null ? '' : ` ${origin.version}`}`],
    [
      'runs in',
      place === 'container'
        ? `a container of ${contained?.image ?? ''}`
        : place === 'host'
          ? 'this computer, with your rights'
          : 'somewhere else',
    ],
  ];
  if (local && place === 'container' && contained !== null) {
    rows.push(
      ['files', paths.length === 0 ? contained.files : `reads ${paths.join(', ')}`],
      ['network', contained.network],
    );
  }
  const keys = values.filter(({ key }) => key).map((value) => value.name);
  if (keys.length > 0) rows.push(['keys', keys.join(', ')]);
  const told = checks.map((check) => `  ${check.tone === 'ok' ? ' ' : '!'} ${sentence(check)}\n`).join('');
  const body = rows.map(([word, value]) => `  ${word.padEnd(11)} ${visible(value)}\n`).join('');
  return `${name}\n${visible(shown, true).replaceAll(/^/gm, '    ')}\n${body}${told}`;
}

function sentence({ id, what }: ProposedCheck): string {
  const shown = visible(what);
  switch (id) {
    case 'report':
      return shown;
    case 'same':
      return `It is there already, as ${shown}.`;
    case 'pinned':
      return 'It asks for one exact version.';
    case 'unpinned':
      return `It may be another program at each start; write a version behind ${shown}.`;
    case 'no-tls':
      return `The connection to ${shown} is not encrypted.`;
    case 'uses-secret':
      return `It would be given the secret ${shown}, which is kept on this computer.`;
    case 'uses-variable':
      return `It would be given the variable ${shown} of your environment, which looks like a secret.`;
    case 'own-network':
      return `${shown} is on your own network.`;
    case 'shell':
      return 'It runs through a shell, which does whatever the line says.';
    case 'no-program':
      return `${shown} was not found on this computer.`;
    case 'placeholder':
      return `${shown} looks like an example.`;
    case 'missing':
      return `${shown} has no value yet; write one, or \${keyring:NAME} for a secret.`;
    case 'container-flags':
      return `${shown} lets its container out.`;
  }
}

function oneName(): GatehouseError {
  return new GatehouseError({
    code: 'args.invalid',
    message: 'Several servers cannot have one name.',
    remedy: 'Leave --name out, or add them one by one.',
  });
}
