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
