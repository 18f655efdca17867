/**
 * How Windows is told to start a program with arguments. A program takes one line and cuts it by rules that Node knows;
 * a batch file (`npx.cmd` and the like) is read by cmd.exe, which gives its own meaning to characters that arguments
 * may hold: without care, an argument becomes a command. Pure.
 */
import { win32 } from 'node:path';

/** What is handed to `spawn`. */
export interface SpawnCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** True when `args` are written as they are, each quoted here already. */
  readonly verbatim: boolean;
}

/** The command for the program at this path. Null for arguments that no batch file can be given: line breaks and NUL. */
export function windowsCommand(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): SpawnCommand | null {
  if (!/\.(cmd|bat)$/i.test(path)) return { file: path, args, verbatim: false };
  if ([path, ...args].some((text) => /[\0\r\n]/.test(text)) || path.includes('"')) return null;
  const line = [`"${path.replaceAll('%', PERCENT)}"`, ...args.map(batchArgument)].join(' ');
  // Extensions on, or the trick with the percent sign would not work; delayed expansion off, or "!" would mean something;
  // no autorun; and the quotes around everything are the ones that /s takes off.
  return {
    file: commandProcessor(env),
    args: ['/e:on', '/v:off', '/d', '/s', '/c', `"${line}"`],
    verbatim: true,
  };
}

/**
 * Stands for a percent sign. It cannot be escaped on a command line, so a variable that is always there is inserted
 * without any of its characters: what follows then begins no variable's name.
 */
const PERCENT = '%%cd:~,%';

/**
 * One argument, always in quotes, in which cmd.exe leaves everything but quotes and percent signs alone, also when the
 * batch file passes it on by `%*`. Quotes are doubled: cmd.exe stays within the quotes, and programs read one of them.
 */
function batchArgument(text: string): string {
  const quoted = text
    // Before a quote, or at the end, where one follows, backslashes count double for the program that reads them.
    .replace(/(\\+)(?="|$)/g, '$1$1')
    .replaceAll('"', '""')
    .replaceAll('%', PERCENT);
  return `"${quoted}"`;
}

/** The full path, so that no file of this name in the working directory is taken for it. */
function commandProcessor(env: Readonly<Record<string, string>>): string {
  const root = Object.entries(env).find(([name]) => name.toUpperCase() === 'SYSTEMROOT')?.[1];
  return win32.join(root ?? 'C:\\Windows', 'System32', 'cmd.exe');
}
