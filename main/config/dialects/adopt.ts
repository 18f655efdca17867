/**
 * From the text of any file to our own configuration and a report: finds the dialect by the file's shape, has it read,
 * and checks what came out, server by server, so that one bad entry stays one server's. Pure.
 */
import { type ConfigError, type ConfigPath, ConfigError as Fault } from '../error.ts';
import { parseConfig, withoutMark } from '../read.ts';
import type { GatehouseConfig } from '../schema.ts';
import { type ConfigTree, parseConfigTree } from '../tree.ts';
import { clients, sparfenyuk } from './clients.ts';
import { codex } from './codex.ts';
import type { Dialect, DialectId, Draft, DraftServer, Format, Parsers, Surroundings } from './dialect.ts';
import { opencode, vscode, zed } from './editors.ts';
import { expandOutsideStrings } from './expand.ts';
import { isBraceless, parseBraceless, wholeOf } from './fragment.ts';
import { goose } from './goose.ts';
import { mcpproxy } from './mcpproxy.ts';
import { isPtbsareName, ptbsare } from './ptbsare.ts';
import { createReader, isObject, shownKey } from './reader.ts';
import type { ReportLine } from './report.ts';
import { docker, mcpRouter } from './routers.ts';
import { tbxark } from './tbxark.ts';

/** The first that recognizes a file reads it: the most particular ones come first. */
const DIALECTS: readonly Dialect[] = [
  tbxark,
  mcpproxy,
  mcpRouter,
  docker,
  codex,
  goose,
  zed,
  vscode,
  opencode,
  ptbsare,
  sparfenyuk,
  clients,
];

/** What clients have, as opposed to other gateways. */
const OF_CLIENTS: readonly Dialect[] = [codex, goose, zed, vscode, opencode, clients];

/** Where they keep their servers. */
const ROOTS = [
  'amp.mcpServers',
  'context_servers',
  'extensions',
  'mcp',
  'mcpServers',
  'mcp_servers',
  'servers',
];

/** Keys at the top that only our own files have. */
const OWN_KEYS = ['auth', 'basePath', 'limits', 'trustedHosts'];

/** More parts than a configuration has. */
const MAX_PARTS = 20_000;

/** Who may have written a file: a client that is known to keep its settings there, or anybody. */
export type Author = 'client' | 'anybody';

/** A file, read. */
export interface Adopted {
  /** Null for a file in our own words. */
  readonly dialect: { readonly id: DialectId; readonly title: string } | null;
  readonly config: GatehouseConfig;
  /** The same in our own words: the text of the file itself, or one made of the foreign one. */
  readonly text: string;
  /** Empty for a file in our own words. */
  readonly report: readonly ReportLine[];
}

/**
 * Reads a file of any dialect.
 *
 * @param file names it in errors; a relative `cwd` counts from its directory
 * @throws ConfigError as `parseConfig` does, and where the dialect's own program would refuse the file
 */
export function adopt(
  text: string,
  file: string,
  surroundings: Surroundings,
  author: Author = 'anybody',
): Adopted {
  const found = recognize(text, file, surroundings, author);
  if (found === null) return { dialect: null, config: parseConfig(text, file), text, report: [] };
  const { dialect, tree, fragment } = found;
  const reader = createReader(tree);
  const read = dialect.read(reader, surroundings);
  // A server alone says nothing of the door that its program would have.
  const draft: Draft = fragment ? { servers: read.servers } : read;
  const refused: { path: ConfigPath; error: ConfigError }[] = [];
  const servers = draft.servers.filter(({ name, entry, path }) => {
    const error = faultIn({ mcpServers: [{ name, ...entry }] }, file);
    if (error !== null) refused.push({ path, error });
    return error === null;
  });
  const written = render({ ...draft, servers });
  const report = reader.report();
  for (const { path, error } of refused) {
    report.push({
      kind: 'dropped',
      fault: true,
      ...tree.placeOfKey(path),
      key: shownKey(path),
      text: `The server is left out: ${error.message} ${error.remedy}`,
    });
  }
  report.sort((a, b) => a.line - b.line || a.column - b.column);
  try {
    return {
      dialect: { id: dialect.id, title: dialect.title },
      config: parseConfig(written, file),
      text: written,
      report,
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // The place would be one in a text that nobody has seen.
    throw new Fault({
      code: error.code,
      message: `As a file of ${dialect.title}: ${error.message}`,
      remedy: error.remedy,
      file,
      line: 1,
      column: 1,
      key: error.key,
      cause: error,
    });
  }
}

/** Loads what reads the file beside JSON; null when it is JSON, as nearly all are. */
export async function parsersFor(text: string, file: string): Promise<Parsers | null> {
  return formatOf(withoutMark(text), file) === 'json' ? null : import('./trees.ts');
}

/** The companions that the file's dialect wants to look at; empty for files in our own words. */
export function companionsOf(text: string, file: string, surroundings: Surroundings): readonly string[] {
  return recognize(text, file, surroundings, 'anybody')?.dialect.companions ?? [];
}

interface Recognized {
  readonly dialect: Dialect;
  readonly tree: ConfigTree;
  /** Whether the text is a part of a file only. */
  readonly fragment: boolean;
}

/**
 * The dialect of a file and its tree; null for our own.
 *
 * @throws ConfigError `config.syntax` and `config.too_large`
 */
function recognize(
  text: string,
  file: string,
  { env, parsers }: Surroundings,
  author: Author,
): Recognized | null {
  const body = withoutMark(text);
  const format = formatOf(body, file);
  const parsed = treeOf(body, file, format, env, parsers);
  const whole = wholeOf(parsed);
  const fragment = whole !== null;
  const tree = whole ?? parsed;
  if (!isObject(tree.value)) return null;
  const root = tree.value;
  const ofClient = author === 'client';
  // Clients keep much else in their settings.
  const counted = ofClient ? ROOTS.map((key) => root[key]) : root;
  if (countParts(counted, MAX_PARTS) > MAX_PARTS) {
    throw tree.fault(
      [],
      'config.too_large',
      'The file has more parts than a configuration can have.',
      'Name another file.',
    );
  }
  if (ofClient)
    return { dialect: OF_CLIENTS.find((one) => one.recognizes(root, format)) ?? clients, tree, fragment };
  if (format === 'json' && OWN_KEYS.some((key) => key in root) && !('mcpProxy' in root)) return null;
  const byName = isPtbsareName(file) && isObject(root.mcpServers) ? ptbsare : undefined;
  const dialect = DIALECTS.find((one) => one.recognizes(root, format)) ?? byName;
  if (dialect !== undefined) return { dialect, tree, fragment };
  if (fragment) return { dialect: clients, tree, fragment };
  if (format === 'json') return null;
  throw tree.fault(
    [],
    'config.unknown_dialect',
    'This file has no servers in a form that Gatehouse knows.',
    'Our own form is JSON: see docs/configuration.md. "gatehouse config check FILE" tells what a file is.',
  );
}

/** By the first sign in it; the name decides between YAML and TOML where both would do. */
function formatOf(text: string, file: string): Format {
  if (/\.ya?ml$/i.test(file)) return 'yaml';
  if (/\.toml$/i.test(file)) return 'toml';
  const first = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*)*(\S?)/.exec(text.slice(0, 65_536))?.[1] ?? '';
  if (first === '{' || first === '' || isBraceless(text)) return 'json';
  if (/\.jsonc?$/i.test(file)) return 'json';
  if (/^\s*\[+\s*["\w.-]+(\s*\.\s*["\w.-]+)*\s*\]+\s*$/m.test(text) || /^\s*["\w.-]+\s*=/m.test(text))
    return 'toml';
  return /^\s*["'\w.-]+\s*:/m.test(text) ? 'yaml' : 'json';
}

function treeOf(
  text: string,
  file: string,
  format: Format,
  env: Surroundings['env'],
  parsers: Parsers | null,
): ConfigTree {
  switch (format) {
    case 'yaml':
      return loaded(parsers).parseYamlTree(text, file);
    case 'toml':
      return loaded(parsers).parseTomlTree(text, file);
    case 'json':
      if (isBraceless(text)) return parseBraceless(text, file);
      // Only one dialect has variables outside of strings, where they are no JSON for anybody else.
      return parseConfigTree(
        /"mcpProxy"|"clients"/.test(text) ? expandOutsideStrings(text, env) : text,
        file,
      );
  }
}

function loaded(parsers: Parsers | null): Parsers {
  if (parsers === null) throw new Error('the parsers are not loaded: see parsersFor');
  return parsers;
}

function countParts(value: unknown, most: number): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && count <= most) {
    const one = open.pop();
    count++;
    if (Array.isArray(one)) open.push(...one.slice(0, most + 1));
    else if (isObject(one)) open.push(...Object.values(one).slice(0, most + 1));
  }
  return count;
}

function faultIn(value: object, file: string): ConfigError | null {
  try {
    parseConfig(JSON.stringify(value), file);
    return null;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** The draft as a file of ours. */
function render({
  listen,
  auth,
  trustedHosts,
  basePath,
  profiles,
  docker_isolation,
  servers,
}: Draft): string {
  const kept = new Set(servers.map(({ name }) => name));
  const chosen = Object.entries(profiles ?? {}).map(([name, profile]) => [
    name,
    { ...profile, servers: profile.servers.filter((server) => kept.has(server)) },
  ]);
  const file = {
    ...(listen === undefined ? {} : { listen }),
    ...(auth === undefined || Object.keys(auth).length === 0 ? {} : { auth }),
    ...(trustedHosts === undefined || trustedHosts.length === 0 ? {} : { trustedHosts }),
    ...(basePath === undefined ? {} : { basePath }),
    ...(docker_isolation === undefined ? {} : { docker_isolation }),
    ...(chosen.length === 0 ? {} : { profiles: Object.fromEntries(chosen) }),
    mcpServers: inOrder(servers),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** As a map, or as a list where JavaScript would move names that look like numbers. */
function inOrder(servers: readonly DraftServer[]): object {
  if (servers.some(({ name }) => /^\d+$/.test(name)))
    return servers.map(({ name, entry }) => ({ name, ...entry }));
  return Object.fromEntries(servers.map(({ name, entry }) => [name, entry]));
}
