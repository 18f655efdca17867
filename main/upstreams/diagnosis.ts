/**
 * Why a local server did not start, or ended: from what the system says, the exit, the last lines that it wrote, and
 * what is there on the disk, to one code, one sentence and what to do. Holds nothing open.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { GatehouseError, type GatehouseErrorInit } from '../protocol/error.ts';
import { findCommand, type Lookup } from './commands.ts';
import type { ExitInfo, ProcessSpec } from './ports.ts';

/** What a process has said so far. */
export interface Heard {
  /** 0 until the first message of the protocol. */
  messages: number;
  /** The first line on its output that was none; null when there is none. */
  stray: string | null;
}

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

/** Programs whose first argument that is no option is the file to run. */
const INTERPRETERS = /^(?:node|bun|deno|tsx|ts-node|python[\d.]*|ruby|php|perl|sh|bash|zsh)$/;
/** Lines that tell where something happened but not what. */
const NOISE =
  /^(?:Node\.js v\d|\s*at |\s*\^+\s*$|\[gatehouse\]|throw |node:internal|npm (?:error|ERR!) (?:A complete log|\s*\/))/;
const LAST_LINES = 6;
const LONGEST = 600;

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

/** The process ended by itself. `lines` are the last ones of its log, oldest first. */
export function exitError(
  exit: ExitInfo,
  spec: ProcessSpec,
  heard: Heard,
  lines: readonly string[],
): GatehouseError {
  if (heard.messages === 0) {
    // What is on this computer's disk counts for programs that run on it.
    const here = exit.why === undefined;
    const known =
      (here ? missingScript(spec) : null) ??
      (here ? missingRuntime(exit, spec, lines) : null) ??
      missingPackage(lines) ??
      (exit.code === 0 && heard.stray !== null ? notMcp(heard.stray, 'ended') : null);
    if (known !== null) return known;
  }
  const signalled = exit.signal !== null;
  const how = signalled ? 'signal {signal}' : 'code {code}';
  const why = exit.why == null ? '' : ' ({why})';
  const last = lastWords(lines);
  const form = [
    signalled ? 'signal' : 'code',
    ...(why === '' ? [] : ['why']),
    ...(last === '' ? [] : ['lines']),
  ];
  return new GatehouseError({
    code: 'upstream.exited',
    form: form.join('_'),
    message: `The server ended with ${how}${why}${last === '' ? '' : '; its last lines: {lines}'}${/\.$/.test(last) ? '' : '.'}`,
    values: {
      ...(signalled ? { signal: exit.signal ?? '' } : { code: exit.code ?? 'unknown' }),
      ...(exit.why == null ? {} : { why: exit.why }),
      ...(last === '' ? {} : { lines: last }),
    },
    remedy: 'Its log tells more; correct its command, arguments or environment.',
  });
}

/** A server was asked and never answered. `heard` is what a local one has said instead. */
export function silentError(error: GatehouseError, heard: Heard | null, ms: number): GatehouseError {
  if (heard !== null && heard.messages === 0 && heard.stray !== null)
    return notMcp(heard.stray, 'silent', error);
  return startTimedOut(ms, error);
}

/** What a program that is no server did after it had written something. */
const NOT_MCP = {
  ended: 'and ended',
  silent: 'and answered nothing',
  echo: 'back to us',
  endless: 'and does not cease',
} as const;

/** What is at the other end is something else than a server of the protocol. */
export function notMcp(what: string, then: keyof typeof NOT_MCP, cause?: Error): GatehouseError {
  return new GatehouseError({
    code: 'upstream.not_mcp',
    form: then,
    message: `This is no MCP server: it wrote "{text}" ${NOT_MCP[then]}.`,
    values: { text: shorten(what.trim(), 200) },
    remedy:
      'Check the command and its arguments; some programs need an option or a subcommand to serve MCP on stdio.',
    ...(cause === undefined ? {} : { cause }),
  });
}

function startTimedOut(ms: number, cause: Error): GatehouseError {
  return new GatehouseError({
    code: 'upstream.start_timeout',
    ...(ms < 1_000
      ? {
          form: 'fast',
          message: 'The server did not answer its first question within {ms} ms.',
          values: { ms },
        }
      : {
          message: 'The server did not answer its first question within {seconds} seconds.',
          values: { seconds: Math.round(ms / 1_000) },
        }),
    remedy:
      'Its log may tell why; give it more time by "startTimeoutMs" when its first start downloads a lot.',
    cause,
  });
}

/** The last lines that say something, in one. */
function lastWords(lines: readonly string[]): string {
  const telling = lines.filter((line) => line.trim() !== '' && !NOISE.test(line)).slice(-LAST_LINES);
  return shorten(telling.map((line) => line.trim()).join(' | '), LONGEST);
}

/** The end is kept: that is where the cause stands. */
function shorten(text: string, most: number): string {
  const printable = text.replace(/\p{Cc}+/gu, ' ');
  return printable.length > most ? `… ${[...printable].slice(-most).join('')}` : printable;
}

/** A file that an interpreter was to run and that is not there. */
function missingScript({ command, args, cwd }: ProcessSpec): GatehouseError | null {
  const name = basename(command).replace(/\.exe$/i, '');
  if (!INTERPRETERS.test(name)) return null;
  const at = args.findIndex((arg) => !arg.startsWith('-') && arg !== 'run');
  // An option before it may have a value of its own, or be the program itself (-c, -e, -m).
  if (at === -1 || args.slice(0, at).some((arg) => arg.startsWith('-'))) return null;
  const script = args[at] as string;
  const path = resolve(cwd ?? process.cwd(), script);
  // Runtimes find names of modules in other places than this.
  if (!/[\\/]|\.\w+$/.test(script) || /^[a-z]+:/i.test(script)) return null;
  if (existsSync(path) || ['.js', '.mjs', '.cjs', '.json', '.ts'].some((ending) => existsSync(path + ending)))
    return null;
  return new GatehouseError({
    code: 'upstream.script_not_found',
    message: 'The file "{path}" that "{program}" is to run does not exist.',
    remedy: 'Correct the path in "args", or install what belongs there; relative paths count from "cwd".',
    values: { path, program: name },
  });
}

/** A program that the command needs and that is not there: a shell, or `env`, has said so. */
function missingRuntime(exit: ExitInfo, spec: ProcessSpec, lines: readonly string[]): GatehouseError | null {
  if (exit.code !== 127) return null;
  for (const line of lines) {
    const found =
      /\benv: ['"‘“]?([^\s'"’”:]+)['"’”]?: No such file/.exec(line) ??
      /(?:^|: )(?:\d+: |line \d+: )?([\w./+-]+): (?:command )?not found/.exec(line);
    if (found?.[1] !== undefined) return runtimeMissing(found[1], spec.command);
  }
  return null;
}

function runtimeMissing(program: string, neededBy: string | null, cause?: Error): GatehouseError {
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

/** A package runner found no such package. */
function missingPackage(lines: readonly string[]): GatehouseError | null {
  for (const line of lines) {
    const found =
      /npm (?:error|ERR!) 404 .*'((?:@[\w.-]+\/)?[\w.-]+)@[^']*'/.exec(line) ??
      /Because (\S+) was not found in the package registry/.exec(line);
    if (found?.[1] === undefined) continue;
    return new GatehouseError({
      code: 'upstream.package_not_found',
      message: 'There is no package "{package}" in the registry.',
      values: { package: found[1] },
      remedy: 'Correct its name in "args"; private packages need their registry in "env".',
    });
  }
  return null;
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
