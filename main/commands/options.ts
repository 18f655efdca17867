/**
 * Options that commands share.
 */
import { homedir } from 'node:os';
import { type Command, Option } from 'commander';
import { defaultDataDir } from './data-dir.ts';

/** Adds `--data-dir DIR` with its default. */
export function dataDirOption(command: Command): Command {
  return command.addOption(
    new Option('--data-dir <dir>', 'where Gatehouse keeps its files').default(
      defaultDataDir(process.env, process.platform, homedir()),
    ),
  );
}

/** Adds `--config-header`, which goes along when a configuration is fetched. */
export function headerOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--config-header <header...>',
      'for an address: a header as "Name: value", ${env:NAME} in it is looked up',
    ),
  );
}
