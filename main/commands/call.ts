/**
 * `gatehouse call SERVER TOOL [ARGUMENTS]`: calls a tool of the running app by hand, by the same rules as a client's call, and
 * prints its answer. Ctrl-C cancels the call.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { AnswerPart, TrialView } from '../../preload/views/trying.ts';
import { GatehouseError } from '../protocol/error.ts';
import { runCommand } from './local-client.ts';
import { dataDirOption } from './options.ts';
import { systemTerminal, type Terminal } from './terminal.ts';
import { visible } from './visible.ts';

interface Options {
  readonly dataDir: string;
  readonly file?: string;
  readonly json?: boolean;
}

/** Registers the command. Exit code 1 when the tool failed or did not answer. */
export function registerCall(program: Command, terminal: Terminal = systemTerminal()): void {
  dataDirOption(program.command('call <server> <tool> [arguments]'))
    .description('call a tool by hand; it really runs, and is recorded')
    .option('--file <path>', 'read the arguments, a JSON object, from a file; - is standard input')
    .option('--json', 'print all of the answer as JSON')
    .action(async (server: string, tool: string, given: string | undefined, options: Options) => {
      const dataDir = resolve(options.dataDir);
      const trial = randomUUID();
      const cancel = (): void => {
        runCommand(dataDir, 'tool.cancelTry', { trial }).catch(() => process.exit(130));
      };
      const args = argumentsOf(given, options.file);
      process.on('SIGINT', cancel);
      try {
        const view = await runCommand(dataDir, 'tool.try', { server, tool, arguments: args, trial });
        if (options.json === true) terminal.out(`${JSON.stringify(view, null, 2)}\n`);
        else print(view, terminal);
        if (view.outcome !== 'ok') process.exitCode = view.outcome === 'cancelled' ? 130 : 1;
      } finally {
        process.off('SIGINT', cancel);
      }
    });
}

/** @throws GatehouseError `args.invalid` when both or an unreadable file are given */
function argumentsOf(given: string | undefined, file: string | undefined): string {
  if (given !== undefined && file !== undefined) {
    throw new GatehouseError({
      code: 'args.invalid',
      message: 'The arguments are given twice.',
      remedy: 'Give them on the command line or with --file, not both.',
    });
  }
  if (file === undefined) return given ?? '{}';
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new GatehouseError({
      code: 'args.invalid',
      message: `The file "${file}" cannot be read.`,
      remedy: 'Check its path and that you may read it.',
      cause,
    });
  }
}

function print(view: TrialView, terminal: Terminal): void {
  const { error } = view;
  if (view.outcome === 'cancelled') return terminal.err('Cancelled.\n');
  if (error !== null) {
    const more = error.gatehouse === null ? `(${error.code})` : error.gatehouse.remedy;
    terminal.err(`${visible(error.message, true)} ${visible(more)}\n`);
    if (error.data !== null) terminal.err(`${visible(error.data, true)}\n`);
    return;
  }
  for (const part of view.parts) terminal.out(`${visible(textOf(part), true)}\n`);
  if (view.structured !== null) terminal.out(`${visible(view.structured, true)}\n`);
  if (view.partsLeftOut > 0) terminal.err(`${view.partsLeftOut} more pieces were left out.\n`);
  if (view.outcome === 'tool-error') terminal.err('The tool says that it failed.\n');
}

function textOf(part: AnswerPart): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'image':
      return `[image ${part.mime}, ${part.width} x ${part.height}, ${part.bytes} bytes]`;
    case 'no-image':
      return `[image ${part.mime}, ${part.bytes} bytes]`;
    case 'audio':
      return `[audio ${part.mime}, ${part.bytes} bytes]`;
    case 'link':
      return `[link ${part.uri}] ${part.title ?? part.name}`;
    case 'resource':
      return `[resource ${part.uri}]${part.text === null ? ` ${part.bytes} bytes` : `\n${part.text}`}`;
    case 'other':
      return part.json;
  }
}
