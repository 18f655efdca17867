/**
 * Why a program did not start: from what the system says and what is there on the disk, to one code, one sentence and what
 * to do. What it says for itself once it runs is judged in `diagnosis`. Holds nothing open.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { GatehouseError, type GatehouseErrorInit } from '../protocol/error.ts';
import { findCommand, type Lookup } from './commands.ts';
import type { ProcessSpec } from './ports.ts';

/** What a command needs that is not there, and where to get it. */
const RUNTIMES: Readonly<Record<string, readonly [what: string, where: string]>> = {
  node: ['Node.js', 'https://nodejs.org'],
  npx: ['Node.js', 'https://nodejs.org'],
  npm: ['Node.js', 'https://nodejs.org'],
  pnpm: ['pnpm', 'https://pnpm.io'],
  yarn: ['Yarn', 'https://yarnpkg.com'],
  tsx: ['tsx', 'https://tsx.is'],
  bun: ['Bun', 'https://bun.sh'],
  bunx: ['Bun', 'https://bun.sh'],
  deno: ['Deno', 'https://deno.com'],
  uv: ['uv', 'https://docs.astral.sh/uv'],
  uvx: ['uv', 'https://docs.astral.sh/uv'],
  pipx: ['pipx', 'https://pipx.pypa.io'],
  python: ['Python', 'https://www.python.org'],
  python3: ['Python', 'https://www.python.org'],
  docker: ['Docker', 'https://www.docker.com'],
  podman: ['Podman', 'https://podman.io'],
  java: ['Java', 'https://adoptium.net'],
  dotnet: ['.NET', 'https://dotnet.microsoft.com'],
  go: ['Go', 'https://go.dev'],
  cargo: ['Rust', 'https://rustup.rs'],
  ruby: ['Ruby', 'https://www.ruby-lang.org'],
  php: ['PHP', 'https://www.php.net'],
};

/** A program could not be started. `cause` is what the system gave; its code where there is one. */
export function spawnError(spec: ProcessSpec, cause: NodeJS.ErrnoException | Error): GatehouseError {
  const errno = 'code' in cause ? cause.code : undefined;
  // The system reports a missing directory as a missing command.
  if (errno === 'ENOENT' && spec.cwd !== null && !existsSync(spec.cwd)) return badDirectory(spec.cwd, cause);
  switch (errno) {
    case 'ENOENT':
      return findCommand(spec) === null ? commandNotFound(spec, cause) : noInterpreter(spec, cause);
    case 'EACCES':
      return new GatehouseError({
        code: 'upstream.not_executable',
        ...(isDirectory(spec)
          ? { form: 'directory', message: 'The command "{command}" is a directory.' }
          : { message: 'The command "{command}" may not be executed.' }),
        values: { command: spec.command },
        remedy: 'Make the file executable, or name the program that runs it.',
        cause,
      });
    case 'ENOTDIR':
      return spec.cwd === null ? commandNotFound(spec, cause) : badDirectory(spec.cwd, cause);
    default:
      return new GatehouseError({
        code: 'upstream.spawn_failed',
        message: 'The command "{command}" could not be started ({why}).',
        values: { command: spec.command, why: errno ?? cause.message },
        remedy: 'Try the same command in a terminal; its own error tells more.',
        cause,
      });
  }
}

function isDirectory({ command, cwd }: ProcessSpec): boolean {
  const path = resolve(cwd ?? process.cwd(), command);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** There is no such program; where it belongs to a runtime that people install, that is named. */
export function commandNotFound(spec: Lookup, cause?: Error): GatehouseError {
  const { command } = spec;
  const name = basename(command).replace(/\.(?:exe|cmd|bat)$/i, '');
  if (name === command && Object.hasOwn(RUNTIMES, name)) return runtimeMissing(name, null, cause);
  return new GatehouseError({
    code: 'upstream.command_not_found',
    message: 'The command "{command}" was not found.',
    ...adviceOn(spec, command),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What people write under "command" that is understood elsewhere, and by shells. */
function adviceOn(spec: Lookup, command: string): Pick<GatehouseErrorInit, 'form' | 'remedy' | 'values'> {
  const values = { command };
  if (command !== command.trim()) return { form: 'spaces', remedy: 'Remove the spaces around it.', values };
  if (/^~[\\/]/.test(command)) {
    const remedy = 'Nothing stands for "~" here: write ${env:HOME}, or the whole path.';
    return { form: 'home', remedy, values };
  }
  if (/\$\w|%\w+%/.test(command))
    return { form: 'variables', remedy: 'Write variables as ${env:NAME}.', values };
  const [first = ''] = command.split(/\s/);
  if (first !== command && findCommand({ ...spec, command: first }) !== null) {
    const remedy = 'Write "{first}" alone under "command", and each argument as a text of its own in "args".';
    return { form: 'arguments', remedy, values: { command, first } };
  }
  const remedy = 'Install it, or give its full path; the PATH of your login shell was searched too.';
  return { remedy, values };
}

/** Arguments that cannot be handed to a batch file. */
export function badArguments(command: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.spawn_failed',
    form: 'batch',
    message: 'The command "{command}" is a batch file, which takes no line breaks in its arguments.',
    remedy: 'Name the program that it starts instead.',
    values: { command },
  });
}

/**
 * A program that others are run by is not there.
 *
 * @param program its name or path
 * @param neededBy the command that looked for it; null when it is the command itself
 */
export function runtimeMissing(program: string, neededBy: string | null, cause?: Error): GatehouseError {
  const name = basename(program);
  const known = Object.hasOwn(RUNTIMES, name) ? RUNTIMES[name] : undefined;
  const needed = neededBy === null || neededBy === program ? '' : '"{command}" needs ';
  const what = known === undefined || known[0] === name ? '"{program}"' : '"{program}" ({runtime})';
  const whole = known === undefined ? 'unknown' : 'known';
  return new GatehouseError({
    code: 'upstream.runtime_missing',
    form: needed === '' ? whole : `needed_${whole}`,
    message:
      needed === ''
        ? `The command ${what} is needed and was not found.`
        : `The command ${needed}${what}, which was not found.`,
    ...(known === undefined
      ? {
          remedy: 'Install it, or correct PATH in "env".',
          values: { program: name, command: neededBy ?? '' },
        }
      : {
          remedy: 'Install {runtime} ({address}), then try again.',
          values: { program: name, command: neededBy ?? '', runtime: known[0], address: known[1] },
        }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A script whose first line names an interpreter that is not there: to the system the script itself is not. */
function noInterpreter(spec: ProcessSpec, cause: Error): GatehouseError {
  return new GatehouseError({
    code: 'upstream.runtime_missing',
    form: 'interpreter',
    message: 'The command "{command}" is there, but the interpreter that its first line names is not.',
    remedy: 'Install that interpreter, or name another one as the command and this file in "args".',
    values: { command: spec.command },
    cause,
  });
}

function badDirectory(cwd: string, cause: Error): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_directory',
    message: 'The working directory "{path}" does not exist.',
    remedy: 'Create it, or correct "cwd" in the configuration.',
    values: { path: cwd },
    cause,
  });
}
