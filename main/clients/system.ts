/**
 * One user's computer as the table sees it: templates become paths, and what lies there is looked at without being read.
 */
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, normalize, sep } from 'node:path';
import type { ClientSpec, Layout, Places } from './spec.ts';

/** Whose computer it is. Tests give a made-up one. */
export interface System {
  readonly platform: NodeJS.Platform;
  /** Absolute. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a client's servers may stand, the one that counts first. */
export interface Located {
  readonly file: string;
  /** All that exist, and `file`. */
  readonly files: readonly string[];
}

/** The file that the client reads: the one a variable names, else the first that exists, else the first that could. */
export function locate(spec: ClientSpec, system: System): Located {
  const moved = movedBy(spec, system);
  const pointed = pointedTo(spec, system);
  const candidates = [...(pointed === null ? [] : [pointed]), ...placesOf(spec.files, system)];
  const there = candidates.flatMap((one) => matches(one, newestFirst)).filter((one) => existsSync(one));
  const file = moved ?? there[0] ?? candidates.find((one) => !one.includes('*')) ?? '';
  const also =
    spec.also === undefined ? [] : placesOf(spec.also, system).flatMap((one) => matches(one, byName));
  return { file, files: [...new Set([file, ...there, ...also.filter((one) => existsSync(one))])] };
}

/** True when there is a sign of the program itself; its file alone may be left over from another. */
export function isInstalled(spec: ClientSpec, system: System): boolean {
  const apps = (spec.apps[layoutOf(system)] ?? []).map((one) => expand(one, system));
  if (apps.some((one) => matches(one, byName).some((path) => existsSync(path)))) return true;
  if (spec.commands.some((command) => findCommand(command, system) !== null)) return true;
  const folders = spec.folders === undefined ? [] : placesOf(spec.folders, system);
  return folders.flatMap((one) => matches(one, byName)).some((path) => isFolder(path));
}

/** The full path of a program, looked for where shells and usual installers put them; null when there is none. */
export function findCommand(command: string, system: System): string | null {
  const { home } = system;
  const usual =
    system.platform === 'win32'
      ? [join(home, 'AppData', 'Roaming', 'npm'), join(home, '.local', 'bin')]
      : [
          ...['.local/bin', '.bun/bin', '.cargo/bin', 'bin', '.npm-global/bin', '.volta/bin'].map((one) =>
            join(home, one),
          ),
          '/opt/homebrew/bin',
          '/usr/local/bin',
          ...matches(join(home, '.nvm/versions/node/*/bin'), byName),
        ];
  const path = (variable('PATH', system) ?? '').split(delimiter).filter((one) => isAbsolute(one));
  const endings = system.platform === 'win32' ? ['.exe', '.cmd', '.bat', ''] : [''];
  for (const folder of [...path, ...usual]) {
    for (const ending of endings) {
      const file = join(folder, command + ending);
      if (isProgram(file)) return file;
    }
  }
  return null;
}

/** Templates as paths of this computer; a `*` stays. */
export function placesOf(places: Places, system: System): readonly string[] {
  const list = 'all' in places ? places.all : places[layoutOf(system)];
  return list.map((one) => expand(one, system));
}

/** By whose habits folders are laid out; every other system is like Linux. */
export function layoutOf({ platform }: System): Layout {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}

function movedBy(spec: ClientSpec, system: System): string | null {
  for (const { name, file } of spec.env ?? []) {
    const value = variable(name, system);
    if (value !== undefined && value !== '' && isAbsolute(value))
      return normalize(file.replace('{value}', () => value));
  }
  return null;
}

function pointedTo(spec: ClientSpec, system: System): string | null {
  if (spec.pointer === undefined) return null;
  try {
    const folder = readFileSync(expand(spec.pointer.file, system), 'utf8').trim();
    return isAbsolute(folder) ? normalize(spec.pointer.path.replace('{value}', () => folder)) : null;
  } catch {
    return null;
  }
}

function expand(template: string, system: System): string {
  const { home } = system;
  const xdg = variable('XDG_CONFIG_HOME', system);
  const folders: Readonly<Record<string, string>> = {
    home,
    // A relative one is invalid and must be ignored (XDG base directory specification).
    config: xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.config'),
    support: join(home, 'Library', 'Application Support'),
    appdata: variable('APPDATA', system) || join(home, 'AppData', 'Roaming'),
    local: variable('LOCALAPPDATA', system) || join(home, 'AppData', 'Local'),
  };
  return normalize(template.replace(/\{(\w+)\}/g, (whole, name: string) => folders[name] ?? whole));
}

/** Windows does not tell upper from lower case in names of variables. */
function variable(name: string, { env, platform }: System): string | undefined {
  if (platform !== 'win32' || env[name] !== undefined) return env[name];
  const key = Object.keys(env).find((one) => one.toUpperCase() === name);
  return key === undefined ? undefined : env[key];
}

/** The paths that a pattern means; without a `*` the path itself, there or not. */
function matches(pattern: string, order: (paths: string[]) => string[]): readonly string[] {
  const star = pattern.indexOf('*');
  if (star < 0) return [pattern];
  const cut = pattern.lastIndexOf(sep, star);
  const folder = pattern.slice(0, cut);
  const next = pattern.indexOf(sep, star);
  const part = pattern.slice(cut + 1, next < 0 ? undefined : next);
  const rest = next < 0 ? '' : pattern.slice(next);
  const [before = '', after = ''] = part.split('*');
  const names = namesIn(folder).filter(
    (name) => name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after),
  );
  return order(names.map((name) => folder + sep + name + rest)).flatMap((path) => matches(path, order));
}

function newestFirst(paths: string[]): string[] {
  const age = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return paths.sort((a, b) => age(b) - age(a));
}

function byName(paths: string[]): string[] {
  return paths.sort();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
