/**
 * Finding the program that a command names, as the system would: by its path, or in the directories of PATH. Holds
 * nothing open.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, posix, resolve, win32 } from 'node:path';

/** What is looked at. */
export interface Lookup {
  readonly command: string;
  /** The environment of the process to be; its PATH counts, not ours. */
  readonly env: Readonly<Record<string, string>>;
  /** The working directory of the process to be; null for ours. */
  readonly cwd: string | null;
}

/** The value of PATH, whatever its spelling (Windows writes `Path`); empty when there is none. */
export function pathOf(env: Readonly<Record<string, string>>): string {
  return env[pathKey(env)] ?? '';
}

/** How this environment spells PATH. */
export function pathKey(env: Readonly<Record<string, string>>): string {
  if (process.platform !== 'win32') return 'PATH';
  return Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
}

/** The absolute path of the program; null when there is none that may be executed. */
export function findCommand({ command, env, cwd }: Lookup): string | null {
  const here = cwd ?? process.cwd();
  const names = process.platform === 'win32' ? windowsNames(command, env) : [command];
  if (/[\\/]/.test(process.platform === 'win32' ? command : command.replaceAll('\\', ''))) {
    return names.map((name) => resolve(here, name)).find(isProgram) ?? null;
  }
  for (const dir of pathOf(env).split(delimiter)) {
    if (dir === '') continue;
    const found = names.map((name) => resolve(here, dir, name)).find(isProgram);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * The names under which Windows looks for a command: with each ending of PATHEXT, or as it is when it has one of them.
 * A file without such an ending is no program there; npm puts shell scripts of that kind beside its own.
 */
export function windowsNames(command: string, env: Readonly<Record<string, string>>): string[] {
  const listed = Object.entries(env).find(([name]) => name.toUpperCase() === 'PATHEXT')?.[1];
  const endings = (listed ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((ending) => ending !== '');
  const own = win32.extname(command).toLowerCase();
  if (endings.some((ending) => ending.toLowerCase() === own)) return [command];
  return endings.map((ending) => `${command}${ending.toLowerCase()}`);
}

/** `first` with the directories of `second` that it does not have, in their order. Relative ones are left out. */
export function joinedPath(first: string, second: string): string {
  const absolute = process.platform === 'win32' ? win32.isAbsolute : posix.isAbsolute;
  const dirs = [...first.split(delimiter), ...second.split(delimiter)].filter((dir) => absolute(dir));
  return [...new Set(dirs)].join(delimiter);
}

/** True for a file that this user may execute. */
export function isProgram(path: string): boolean {
  try {
    if (!isAbsolute(path) || !statSync(path).isFile()) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
