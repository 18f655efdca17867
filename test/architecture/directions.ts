/**
 * Who may import whom. The table is ARCHITECTURE.md's; everything that it does not allow is a violation.
 */
import { importsOf, resolveImport, type SourceFile } from './imports.ts';

/** One broken rule, as a person reads it. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
  /** One-based; 0 when the whole file is meant. */
  readonly line: number;
  readonly message: string;
}

const foundations = ['catalog', 'trust', 'config', 'secrets', 'activity'];
/** They meet in app.ts, through interfaces that the side which needs them declares. */
const siblings = ['gateway', 'upstreams', 'isolation', 'identity', 'clients', 'adding', 'admin', 'terminal'];
const mainRooms = ['protocol', ...foundations, ...siblings, 'state', 'api', 'commands', 'shell'];
const contract = 'preload/contract.ts';
/** What the contract's commands carry, one file per topic. */
const views = 'preload/views';
const seen = [contract, views];

/** What each part may import besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  ...Object.fromEntries(foundations.map((room) => [room, ['protocol']])),
  ...Object.fromEntries(siblings.map((room) => [room, ['protocol', ...foundations, ...seen]])),
  state: ['protocol', ...seen],
  api: ['protocol', ...seen],
  commands: [...mainRooms.filter((room) => room !== 'shell'), 'main', ...seen],
  shell: ['protocol', ...seen],
  // The files directly in main/: the composition root and what belongs to it.
  main: [...mainRooms.filter((room) => room !== 'shell'), ...seen],
  'main/index.ts': [...mainRooms, 'main', ...seen],
  // Runs inside Electron too, in place of the desktop.
  'main/stdio-worker.ts': [...mainRooms, 'main', ...seen],
  [contract]: [views],
  [views]: [],
  'preload/api.ts': seen,
  'preload/index.ts': [...seen, 'preload/api.ts'],
  renderer: [...seen, 'preload/api.ts'],
};

/** Packages that only some places may know; a type import counts too. */
const packages: ReadonlyArray<{ readonly name: RegExp; readonly places: readonly string[] }> = [
  { name: /^electron(\/|-store$|$)/, places: ['main/index.ts', 'shell', 'preload/index.ts'] },
  { name: /^dockerode(\/|$)/, places: ['isolation'] },
  { name: /^keytar(\/|$)/, places: ['secrets'] },
  { name: /^@lydell\/node-pty(\/|$)/, places: ['terminal'] },
  { name: /^(libsql|@libsql)(\/|$)/, places: ['activity'] },
];

/** Violations of the direction table and of the rules about packages. */
export function checkDirections(files: readonly SourceFile[]): Violation[] {
  const known = new Set(files.map((file) => file.path));
  return files.filter(underRule).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const broken = (rule: string, message: string): Violation => ({ rule, path: file.path, line, message });
      if (specifier === null)
        return [broken('readable', 'imports something computed; nobody can follow that')];
      const target = resolveImport(file.path, specifier);
      if (target === null) {
        return brokenPackage(file.path, specifier).map((message) => broken('package', message));
      }
      if (!known.has(target))
        return isCode(target) ? [broken('exists', `imports ${target}, which is not there`)] : [];
      return mayImport(file.path, target) ? [] : [broken('direction', `imports ${target}`)];
    }),
  );
}

/** Tests, scripts and assets may reach everywhere. */
function underRule(file: SourceFile): boolean {
  return /^(main|preload|renderer)\//.test(file.path) && isCode(file.path) && !file.path.endsWith('.css');
}

/** The part of the house that a file belongs to: a room of main/, or one of the named places. */
export function partOf(path: string): string {
  if (path in allowed) return path;
  if (path.startsWith(`${views}/`)) return views;
  const [top, second, third] = path.split('/');
  if (top === 'main') return third === undefined ? 'main' : (second ?? 'main');
  return top ?? path;
}

function mayImport(from: string, to: string): boolean {
  const part = partOf(from);
  const target = partOf(to);
  if (target === 'main/index.ts') return false;
  return part === target || (allowed[part] ?? []).includes(target);
}

function brokenPackage(path: string, specifier: string): string[] {
  const part = partOf(path);
  if (/^(renderer|preload)/.test(part) && specifier.startsWith('node:')) {
    return [`imports ${specifier}, which pages and the sandboxed preload do not have`];
  }
  return packages
    .filter(({ name, places }) => name.test(specifier) && !places.includes(part))
    .map(({ places }) => `imports ${specifier}, which only ${places.join(', ')} may know`);
}

function isCode(path: string): boolean {
  return /\.(ts|mts|mjs|js|svelte|css)$/.test(path);
}
