/**
 * Why a local server ended or says nothing: from its exit, the last lines that it wrote and what is there on the disk, to
 * one code, one sentence and what to do. What never started stands in `spawn-errors`. Holds nothing open.
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { GatehouseError } from '../protocol/error.ts';
import type { ExitInfo, ProcessSpec } from './ports.ts';
import { runtimeMissing } from './spawn-errors.ts';

/** What a process has said so far. */
export interface Heard {
  /** 0 until the first message of the protocol. */
  messages: number;
  /** The first line on its output that was none; null when there is none. */
  stray: string | null;
}

/** Programs whose first argument that is no option is the file to run. */
const INTERPRETERS = /^(?:node|bun|deno|tsx|ts-node|python[\d.]*|ruby|php|perl|sh|bash|zsh)$/;
/** Lines that tell where something happened but not what. */
const NOISE =
  /^(?:Node\.js v\d|\s*at |\s*\^+\s*$|\[gatehouse\]|throw |node:internal|npm (?:error|ERR!) (?:A complete log|\s*\/))/;
const LAST_LINES = 6;
const LONGEST = 600;

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
