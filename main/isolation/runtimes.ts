/**
 * Which image has the program that starts a server, where that program loads packages from, and where it keeps them.
 * Images are those with git and CA certificates, since packages are also loaded from repositories. Pure.
 */
import type { Program } from './wish.ts';

/** What is known of a program. */
export interface Runtime {
  /** Its name, without folder and ending. */
  readonly program: string;
  /** null when no image is known to have it. */
  readonly image: string | null;
  /** Hosts that it loads packages from. */
  readonly registries: readonly string[];
  /** Environment variables that name folders below the package cache. */
  readonly caches: Readonly<Record<string, string>>;
}

interface Family {
  readonly programs: readonly string[];
  readonly image: string;
  /** Those of the programs that load packages when they start a server. */
  readonly loaders: readonly string[];
  readonly registries: readonly string[];
  readonly caches: Readonly<Record<string, string>>;
}

const families: readonly Family[] = [
  {
    programs: ['node', 'npx', 'npm', 'pnpm', 'pnpx', 'yarn', 'tsx'],
    image: 'node:22',
    loaders: ['npx', 'npm', 'pnpm', 'pnpx', 'yarn', 'tsx'],
    registries: ['registry.npmjs.org', 'registry.yarnpkg.com'],
    caches: { npm_config_cache: 'npm', YARN_CACHE_FOLDER: 'yarn' },
  },
  {
    programs: ['python', 'python3', 'uv', 'uvx', 'pip', 'pip3', 'pipx'],
    image: 'ghcr.io/astral-sh/uv:python3.13-bookworm',
    loaders: ['uv', 'uvx', 'pip', 'pip3', 'pipx'],
    registries: ['pypi.org', 'files.pythonhosted.org'],
    caches: {
      UV_CACHE_DIR: 'uv',
      UV_TOOL_DIR: 'uv-tools',
      UV_PYTHON_INSTALL_DIR: 'uv-python',
      PIP_CACHE_DIR: 'pip',
    },
  },
  {
    programs: ['bun', 'bunx'],
    image: 'oven/bun:1',
    loaders: ['bun', 'bunx'],
    registries: ['registry.npmjs.org'],
    caches: { BUN_INSTALL_CACHE_DIR: 'bun' },
  },
  {
    programs: ['deno'],
    image: 'denoland/deno:debian',
    loaders: ['deno'],
    registries: ['deno.land', 'jsr.io', 'npm.jsr.io', 'registry.npmjs.org', 'esm.sh'],
    caches: { DENO_DIR: 'deno' },
  },
  {
    programs: ['go'],
    image: 'golang:1.25',
    loaders: ['go'],
    registries: ['proxy.golang.org', 'sum.golang.org', 'storage.googleapis.com'],
    caches: { GOPATH: 'go', GOCACHE: 'go-build', GOMODCACHE: 'go-mod' },
  },
  {
    programs: ['cargo', 'rustc'],
    image: 'rust:1',
    loaders: ['cargo'],
    registries: ['index.crates.io', 'static.crates.io', 'crates.io'],
    caches: { CARGO_HOME: 'cargo', CARGO_TARGET_DIR: 'cargo-target' },
  },
  {
    programs: ['ruby', 'gem', 'bundle'],
    image: 'ruby:3.4',
    loaders: ['gem', 'bundle'],
    registries: ['rubygems.org', 'index.rubygems.org'],
    caches: { GEM_HOME: 'gem', BUNDLE_PATH: 'bundle' },
  },
  {
    programs: ['php', 'composer'],
    image: 'composer:2',
    loaders: ['composer'],
    registries: ['packagist.org', 'repo.packagist.org', 'api.github.com', 'codeload.github.com'],
    caches: { COMPOSER_HOME: 'composer' },
  },
  {
    programs: ['dotnet', 'dnx'],
    image: 'mcr.microsoft.com/dotnet/sdk:10.0',
    loaders: ['dotnet', 'dnx'],
    registries: ['api.nuget.org', 'www.nuget.org', 'globalcdn.nuget.org'],
    caches: { NUGET_PACKAGES: 'nuget', DOTNET_CLI_HOME: 'dotnet' },
  },
  { programs: ['java', 'jbang'], image: 'eclipse-temurin:21', loaders: [], registries: [], caches: {} },
  { programs: ['sh', 'bash'], image: 'buildpack-deps:bookworm-scm', loaders: [], registries: [], caches: {} },
];

/** Programs that start containers themselves; how far those are contained, their own arguments say. */
const ENGINES = new Set(['docker', 'podman', 'nerdctl', 'finch']);

/** `/usr/bin/node` and `C:\x\npx.cmd` are `node` and `npx`. */
export function programOf(command: string): string {
  const name = command.slice(Math.max(command.lastIndexOf('/'), command.lastIndexOf('\\')) + 1);
  const bare = name.replace(/\.(exe|cmd|bat)$/i, '').toLowerCase();
  return /^python3\.\d+$/.test(bare) ? 'python3' : bare;
}

/** Whether the command starts a container by itself. */
export function startsContainer(command: string): boolean {
  return ENGINES.has(programOf(command));
}

/** What is known of the command's program; `images` of the owner go before the table. */
export function runtimeOf(command: string, images: Readonly<Record<string, string>>): Runtime {
  const program = programOf(command);
  const family = families.find(({ programs }) => programs.includes(program));
  // An image for `node` is also one for `npx`, unless that has its own.
  const kin = family?.programs.find((name) => Object.hasOwn(images, name));
  const own = Object.hasOwn(images, program) ? images[program] : kin === undefined ? undefined : images[kin];
  return {
    program,
    image: own ?? family?.image ?? null,
    registries: family?.loaders.includes(program) ? family.registries : [],
    caches: family?.loaders.includes(program) ? family.caches : {},
  };
}

/**
 * The command as it is called inside an image: by its bare name; what usual images lack, by what they have (`pipx run`
 * by `uvx`, `pnpm dlx` by `npx`). An image of the owner's choice has what it has, also programs under a whole path that
 * are no runtime.
 */
export function commandInside({ command, args }: Program, ownImage: boolean): Program {
  const program = programOf(command);
  if (ownImage) {
    const known = families.some(({ programs }) => programs.includes(program));
    return { command: known || !command.startsWith('/') ? program : command, args };
  }
  if (program === 'pipx' && args[0] === 'run') {
    return { command: 'uvx', args: args.slice(1).map((arg) => (arg === '--spec' ? '--from' : arg)) };
  }
  if (program === 'pnpx') return { command: 'npx', args: ['-y', ...args] };
  if ((program === 'pnpm' || program === 'yarn') && args[0] === 'dlx') {
    return { command: 'npx', args: ['-y', ...args.slice(1)] };
  }
  if (program === 'tsx') return { command: 'npx', args: ['-y', 'tsx', ...args] };
  if (program === 'pip' || program === 'pip3') return { command: 'python3', args: ['-m', 'pip', ...args] };
  return { command: program, args };
}
