/** Why a change of the configuration file is refused. Nothing has been written then. Pure. */
import { GatehouseError } from '../protocol/error.ts';
import { ConfigError } from './error.ts';
import { parseConfig } from './read.ts';

/** What an edit made of the text. @throws GatehouseError `config.no_such_server` where it found no such server (null) */
export function some(edited: string | null, name: string): string {
  if (edited !== null) return edited;
  throw new GatehouseError({
    code: 'config.no_such_server',
    message: 'The configuration has no server called "{server}".',
    remedy: 'It may just have been removed; look at the list of servers again.',
    values: { server: name },
  });
}

/** The error for an edit of an entry that is not what was read any more. */
export function entryChanged(name: string): GatehouseError {
  return new GatehouseError({
    code: 'config.entry_changed',
    message: 'The configuration of "{server}" was changed meanwhile, so nothing was written.',
    remedy: 'Look at it as it is now, and make your change again.',
    values: { server: name },
  });
}

/** The error for a server that cannot be put back. */
export function notRestored(name: string): GatehouseError {
  return new GatehouseError({
    code: 'config.not_restored',
    message:
      '"{server}" cannot be put back: none of that name was removed since the start, or there is one again.',
    remedy: 'Look at the list of servers; write it into the configuration if it is missing.',
    values: { server: name },
  });
}

/** The error for a change to a file whose words are another program's. */
export function foreignFile(file: string, title: string): ConfigError {
  return new ConfigError({
    code: 'config.foreign_file',
    message: 'The configuration is a file of {title}, which Gatehouse reads and does not write.',
    remedy: 'Make it one of Gatehouse\'s own: gatehouse config convert "{file}" > config.json',
    values: { title, file },
    file,
  });
}

/** @throws ConfigError `config.broken_on_disk`, with the place, where the text has a fault: a write could hide it */
export function refuseBroken(text: string, file: string): void {
  try {
    parseConfig(text, file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError({
      code: 'config.broken_on_disk',
      message: `The configuration file has a fault, so nothing was written into it: ${error.message}`,
      remedy: `${error.remedy} Then try again.`,
      file,
      line: error.line,
      column: error.column,
      key: error.key,
      cause: error,
    });
  }
}

/** The error for a write that comes after the end. */
export function closedError(): GatehouseError {
  return new GatehouseError({
    code: 'config.closed',
    message: 'Gatehouse is closing, so the configuration was not changed.',
    remedy: 'Try again after the next start.',
  });
}
