/**
 * What somebody pastes to add a server: a command line, an address, a link of a client, or settings of any dialect. All of
 * it becomes entries of our own configuration, quarantined. Nothing is started, fetched or looked up. Pure but for the
 * parsers that it loads.
 */
import { parse } from 'shell-quote';
import { parsersFor } from '../config/dialects/adopt.ts';
import type { ReportLine } from '../config/dialects/report.ts';
import { type OfferedServer, offeredServers } from '../config/offered.ts';
import { GatehouseError } from '../protocol/error.ts';
import { addressName, programName } from './names.ts';

/** What the text was taken for. */
export type PasteKind = 'command' | 'address' | 'link' | 'settings';

/** What was understood. */
export interface Pasted {
  readonly kind: PasteKind;
  /** At least one. */
  readonly servers: readonly OfferedServer[];
  /** What became of each key of settings. */
  readonly report: readonly ReportLine[];
}

/** Longest text that is read, in UTF-16 units. */
export const LONGEST_PASTE = 256 * 1024;

/**
 * Reads it.
 *
 * @param file an absolute path that relative directories in settings count from, and that errors name
 * @throws GatehouseError `adding.not_understood`, or a ConfigError with the line of settings that are faulty
 */
export async function readPaste(
  pasted: string,
  file: string,
  env: (name: string) => string | undefined,
): Promise<Pasted> {
  const text = unwrapped(pasted);
  if (text === '') throw notUnderstood('There is nothing here yet.');
  if (text.length > LONGEST_PASTE) throw notUnderstood('This is too long to be the settings of servers.');
  const line = text.replaceAll(/\s*\\\r?\n\s*/g, ' ');
  if (!line.includes('\n')) {
    const link = /^(?:cursor|vscode|vscode-insiders|code-insiders):/i.test(line) ? fromLink(line) : null;
    if (link !== null) return settings('link', link, file, env);
    if (/^https?:\/\/\S+$/i.test(line)) return { kind: 'address', servers: [fromAddress(line)], report: [] };
    if (!/^["{[]/.test(line) && !/^\S+:\s*[{["]/.test(line)) return fromCommandLine(line, file, env);
  }
  return settings('settings', text, file, env);
}

/** Without the fence of a code block, and without the prompt of a terminal. */
function unwrapped(pasted: string): string {
  const text = pasted.replace(/^\uFEFF/, '').trim();
  const fenced = /^(`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?\1\s*$/.exec(text)?.[2] ?? text;
  return fenced.trim().replace(/^[$>%]\s+(?=\S)/, '');
}

async function settings(
  kind: PasteKind,
  text: string,
  file: string,
  env: (name: string) => string | undefined,
): Promise<Pasted> {
  const surroundings = { env, beside: () => null, parsers: await parsersFor(text, file) };
  const { servers, report } = offeredServers(text, file, surroundings);
  if (servers.length === 0) {
    const fault = report.find((line) => line.fault);
    throw notUnderstood(fault?.text ?? 'These settings name no server.');
  }
  return { kind, servers: servers.map(named), report };
}

/** A server without a name of its own gets that of its program or address. */
function named(server: OfferedServer): OfferedServer {
  if (server.name !== 'server') return server;
  const { command, args, url } = server.entry;
  if (typeof url === 'string') return { ...server, name: addressName(url) };
  if (typeof command !== 'string') return server;
  return { ...server, name: programName(command, textsIn(args)) };
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function fromAddress(
  url: string,
  name?: string,
  extra: Readonly<Record<string, unknown>> = {},
): OfferedServer {
  if (!URL.canParse(url)) throw notUnderstood('This address is not complete.');
  const type = /\/sse\/?$/.test(new URL(url).pathname) ? { type: 'sse' } : {};
  return { name: name ?? addressName(url), entry: { url, ...type, ...extra, quarantined: true } };
}

/** The settings that a link carries: Cursor's in base64, those of VS Code as they are. */
function fromLink(link: string): string | null {
  const url = URL.canParse(link) ? new URL(link) : null;
  if (url === null) return null;
  const coded = url.searchParams.get('config');
  if (coded !== null) {
    const name = url.searchParams.get('name') ?? 'server';
    return `{${JSON.stringify(name)}: ${Buffer.from(coded, 'base64').toString('utf8')}}`;
  }
  return url.search.length > 1 ? decoded(url.search.slice(1)) : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

async function fromCommandLine(
  line: string,
  file: string,
  env: (name: string) => string | undefined,
): Promise<Pasted> {
  const words = wordsOf(line);
  const added = fromClientCommand(words);
  if (typeof added === 'string') return settings('command', added, file, env);
  const server = added ?? fromWords(words);
  return { kind: 'command', servers: [server], report: [] };
}

/** Words as a shell would see them; what only a shell can do is refused, since none runs. */
function wordsOf(line: string): string[] {
  // Behind a drive letter backslashes are folders.
  const text = /(?:^|[\s"'=])[A-Za-z]:\\/.test(line) ? line.replaceAll('\\', '\\\\') : line;
  return parse(text, (name) => `\${env:${name}}`).map((part) => {
    if (typeof part === 'string') return part;
    if ('pattern' in part) return part.pattern;
    if ('comment' in part) throw notUnderstood('A command line ends where its comment begins.');
    throw notUnderstood(`A server is one program; "${part.op}" needs a shell.`);
  });
}

/** A program with variables before it, as `KEY=value npx ...` or `env KEY=value npx ...`. */
function fromWords(
  given: readonly string[],
  name?: string,
  extra: Readonly<Record<string, string>> = {},
): OfferedServer {
  const words = [...given];
  if (words[0] === 'env') words.shift();
  const env: Record<string, string> = { ...extra };
  for (let at = words[0]; at !== undefined; at = words[0]) {
    const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(at);
    if (assigned === null) break;
    env[assigned[1] ?? ''] = assigned[2] ?? '';
    words.shift();
  }
  const [command, ...args] = words;
  if (command === undefined) throw notUnderstood('There is no program in this line.');
  if (!/^[\w.@~/\\:+$ {}()-]+$/.test(command) || (words.length === 1 && !isProgramAlone(command)))
    throw notUnderstood(`"${command.slice(0, 60)}" is not the name of a program.`);
  return {
    name: name ?? programName(command, args),
    entry: { command, args, ...(Object.keys(env).length === 0 ? {} : { env }), quarantined: true },
  };
}

/** One word could be anything; a path or the name of a file is a program. */
function isProgramAlone(word: string): boolean {
  return /[/\\]/.test(word) || /(?:^|[-_.])mcp(?:$|[-_.])|[-_.](?:exe|cmd|sh|py|js)$/i.test(word);
}

/** Options of clients' own commands that take a value. */
const VALUED = new Set([
  '-s',
  '--scope',
  '-t',
  '--transport',
  '-e',
  '--env',
  '-H',
  '--header',
  '--url',
  '--type',
  '--bearer-token-env-var',
]);

/** `claude mcp add ...` and the like; null for any other line, text for settings that stand in it. */
function fromClientCommand(words: readonly string[]): OfferedServer | string | null {
  const [program = '', mcp, act] = words;
  if (/^code(?:-insiders)?$/.test(program) && mcp === '--add-mcp') return `[${words[2] ?? ''}]`;
  if (!/^(?:claude|codex|gemini|amp|copilot|droid|qwen)$/.test(program) || mcp !== 'mcp') return null;
  if (act === 'add-json') return `{${JSON.stringify(words[3] ?? '')}: ${words[4] ?? ''}}`;
  if (act !== 'add') return null;
  const env: Record<string, string> = {};
  const headers: Record<string, string> = {};
  let url: string | undefined;
  const rest: string[] = [];
  const left = words.slice(3);
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    if (word === '--') {
      rest.push(...left);
      break;
    }
    const [, option = word, joined] = /^(--[\w-]+)=([\s\S]*)$/.exec(word) ?? [];
    // Once the program is named, what follows is its own; an address takes no arguments.
    if (!option.startsWith('-') || (rest.length > 1 && !isAddress(rest[1]))) rest.push(word);
    else if (VALUED.has(option)) {
      const value = joined ?? left.shift() ?? '';
      if (option === '-e' || option === '--env') Object.assign(env, pair(value, '='));
      else if (option === '-H' || option === '--header') Object.assign(headers, pair(value, ':'));
      else if (option === '--url') url = value;
    }
  }
  const [name = '', ...command] = rest;
  const address = url ?? (isAddress(command[0]) ? command[0] : undefined);
  if (address !== undefined)
    return fromAddress(address, name, Object.keys(headers).length === 0 ? {} : { headers });
  return fromWords(command, name, env);
}

function isAddress(word: string | undefined): boolean {
  return /^https?:\/\//i.test(word ?? '');
}

function pair(text: string, sign: '=' | ':'): Record<string, string> {
  const at = text.indexOf(sign);
  return at <= 0 ? {} : { [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

function notUnderstood(message: string): GatehouseError {
  return new GatehouseError({
    code: 'adding.not_understood',
    message,
    remedy: 'Paste a command line, a link, or JSON that names a server.',
  });
}
