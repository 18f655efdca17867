/**
 * Where a server's program comes from: a package that its runner loads, an image, or a file of this computer. Read off the
 * command line alone. Pure.
 */
import { basename } from 'node:path';

/** See above. */
export interface Origin {
  readonly kind: 'npm' | 'pypi' | 'image' | 'file';
  /** Name of the package or image, without its version; or the path. */
  readonly what: string;
  /** The version, tag or digest that is asked for; null for whatever is newest. */
  readonly version: string | null;
}

interface Runner {
  readonly kind: 'npm' | 'pypi';
  /** Words between the program and its package. */
  readonly skip: readonly string[];
  /** Options whose value is the package. */
  readonly named: readonly string[];
  /** Options that take a value which is none. */
  readonly valued: readonly string[];
}

const NPM: Runner = {
  kind: 'npm',
  skip: ['exec', 'dlx', 'x'],
  named: ['-p', '--package'],
  valued: ['-c', '--call', '--registry', '--cache'],
};
const PYPI: Runner = {
  kind: 'pypi',
  skip: ['tool', 'run', 'x'],
  named: ['--from', '--spec'],
  valued: ['--with', '--python', '-p', '--index-url', '--index', '--directory', '--project'],
};
const RUNNERS: Readonly<Record<string, Runner>> = {
  ...{ npx: NPM, npm: NPM, pnpm: NPM, pnpx: NPM, yarn: NPM, bunx: NPM, bun: NPM },
  ...{ uvx: PYPI, uv: PYPI, pipx: PYPI },
};
/** Programs whose first argument that is no option is a file. */
const INTERPRETERS = new Set(['node', 'python', 'python3', 'deno', 'tsx', 'ruby', 'php', 'java']);
/** Options of `docker run` that stand alone; all others take a value. */
const DOCKER_ALONE =
  /^(?:-[itdP]+|--(?:rm|init|interactive|tty|detach|privileged|read-only|publish-all|no-healthcheck|sig-proxy)(?:=.*)?|--[\w-]+=.*)$/;

/** See above; null where the line does not say. */
export function originOf(command: string, args: readonly string[]): Origin | null {
  const program = basename(command.replaceAll('\\', '/')).replace(/\.(?:exe|cmd|bat)$/i, '');
  // Windows clients start scripts this way.
  if (program === 'cmd' && /^\/c$/i.test(args[0] ?? '')) return originOf(args[1] ?? '', args.slice(2));
  if (program === 'docker' || program === 'podman') return imageIn(args);
  const runner = RUNNERS[program];
  if (runner !== undefined) return packageIn(args, runner);
  if (INTERPRETERS.has(program)) {
    const file = args.find((arg) => !arg.startsWith('-') && arg !== 'run');
    return file === undefined ? null : { kind: 'file', what: file, version: null };
  }
  return /[/\\]/.test(command) ? { kind: 'file', what: command, version: null } : null;
}

function packageIn(args: readonly string[], { kind, skip, named, valued }: Runner): Origin | null {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const [, option = arg, joined] = /^(--[\w-]+)=(.*)$/.exec(arg) ?? [];
    if (named.includes(option)) return versioned(kind, joined ?? args[at + 1] ?? '');
    if (valued.includes(option)) at += joined === undefined ? 1 : 0;
    else if (!arg.startsWith('-') && !skip.includes(arg)) {
      return /^(?:\.{0,2}\/|~|[A-Za-z]:\\)/.test(arg)
        ? { kind: 'file', what: arg, version: null }
        : versioned(kind, arg);
    }
  }
  return null;
}

function versioned(kind: 'npm' | 'pypi', text: string): Origin {
  const at = kind === 'npm' ? text.lastIndexOf('@') : text.search(/@(?!.*\/)|[=<>~!]=/);
  if (at <= 0) return { kind, what: text, version: null };
  const version = text.slice(at).replace(/^@|^==/, '');
  return { kind, what: text.slice(0, at), version: version === 'latest' ? null : version };
}

function imageIn(args: readonly string[]): Origin | null {
  const run = args.indexOf('run');
  if (run < 0) return null;
  for (let at = run + 1; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) {
      const [, what = arg, version] =
        /^(.+?)(?:@(sha256:[0-9a-f]+)|:([\w.-]+))$/.exec(arg)?.filter((part) => part !== undefined) ?? [];
      return { kind: 'image', what, version: version === undefined || version === 'latest' ? null : version };
    }
    if (!DOCKER_ALONE.test(arg)) at += 1;
  }
  return null;
}
