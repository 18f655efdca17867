/**
 * The text of `config.json` to a `GatehouseConfig`. Refuses what it does not know, with the place and a hint. Pure.
 */
import type { z } from 'zod';
import { AUTH_KEYS, readAuth, readTrustedHosts } from './access.ts';
import { readAdmin } from './admin.ts';
import { readApproval } from './approval.ts';
import { readEntry } from './entry.ts';
import { ConfigError, type ConfigPath, pathText } from './error.ts';
import { hintFor } from './hints.ts';
import { dockerIsolationSchema, isolationSchema, readIsolation, serverIsolationSchema } from './isolation.ts';
import { readActivity } from './recording.ts';
import {
  type GatehouseConfig,
  listFileSchema,
  mapFileSchema,
  namedServerSchema,
  parseServerName,
  type ServerConfig,
  type ServerEntry,
  serverSchema,
} from './schema.ts';
import { readBasePath, readLimits, readProfiles } from './settings.ts';
import { type ConfigTree, parseConfigTree } from './tree.ts';

/**
 * Reads a whole configuration.
 *
 * @param text JSON, comments and trailing commas allowed, with or without a byte order mark
 * @param file the file's absolute path: named in errors, and what a relative `cwd` counts from
 * @throws ConfigError with place and key: `config.syntax`, `config.unknown_key`, `config.duplicate_key`,
 *   `config.duplicate_name`, `config.invalid_value`
 */
export function parseConfig(text: string, file: string): GatehouseConfig {
  const tree = parseConfigTree(withoutMark(text), file);
  if (typeof tree.value !== 'object' || tree.value === null || Array.isArray(tree.value)) {
    throw tree.fault(
      [],
      'config.invalid_value',
      'The file must hold one object in { }.',
      'Write at least {}.',
    );
  }
  const found: { readonly mcpServers?: unknown } = tree.value;
  // Each form has its own schema: a union of both would complain without a place.
  const asList = Array.isArray(found.mcpServers);
  const checked = asList ? listFileSchema.safeParse(tree.value) : mapFileSchema.safeParse(tree.value);
  if (!checked.success) throw firstFault(tree, checked.error.issues);
  const { isolation, docker_isolation: dockerIsolation } = checked.data;
  const { listen, auth, mcpServers, basePath, limits, activity, profiles, trustedHosts, approval } =
    checked.data;
  if (listen !== undefined) checkListen(tree, ['listen'], listen);
  const { admin } = checked.data;
  if (admin?.listen !== undefined) checkListen(tree, ['admin', 'listen'], admin.listen);
  const servers = readServers(tree, inFileOrder(tree, namedEntries(mcpServers ?? {})));
  return {
    listen: listen ?? null,
    auth: readAuth(tree, auth),
    trustedHosts: readTrustedHosts(tree, trustedHosts),
    basePath: readBasePath(tree, basePath),
    admin: readAdmin(admin),
    limits: readLimits(limits),
    approval: readApproval(approval),
    isolation: readIsolation(tree, isolation, dockerIsolation),
    activity: readActivity(activity),
    terminal: { onThisComputer: checked.data.terminal?.onThisComputer ?? false },
    profiles: readProfiles(tree, profiles, new Set(servers.map((server) => server.name))),
    servers,
  };
}

/** The text without the byte order mark that some editors put first. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

interface NamedEntry {
  readonly name: string;
  readonly path: ConfigPath;
  readonly entry: ServerEntry;
}

function namedEntries(
  servers: Readonly<Record<string, ServerEntry>> | readonly (ServerEntry & { name: string })[],
): NamedEntry[] {
  if (Array.isArray(servers)) {
    return servers.map((entry, index) => ({ name: entry.name, path: ['mcpServers', index], entry }));
  }
  return Object.entries(servers).map(([name, entry]) => ({ name, path: ['mcpServers', name], entry }));
}

/** JavaScript moves keys that look like numbers to the front. */
function inFileOrder(tree: ConfigTree, entries: readonly NamedEntry[]): NamedEntry[] {
  return entries
    .map((entry) => ({ entry, offset: tree.offsetOf(entry.path) }))
    .sort((a, b) => a.offset - b.offset)
    .map(({ entry }) => entry);
}

function readServers(tree: ConfigTree, entries: readonly NamedEntry[]): ServerConfig[] {
  const seen = new Map<string, string>();
  const servers = entries.map(({ name: written, path, entry }) => {
    const name = parseServerName(written);
    const fault = (code: string, message: string, remedy: string): ConfigError =>
      new ConfigError({
        code,
        message,
        remedy,
        values: { key: pathText(path), name: written },
        file: tree.file,
        ...(typeof path[1] === 'number' ? tree.placeOf([...path, 'name']) : tree.placeOfKey(path)),
        key: pathText(path),
      });
    if (name === null) {
      throw fault(
        'config.invalid_value',
        `${JSON.stringify(written)} cannot be the name of a server.`,
        'Names have 1 to 64 characters of A-Z a-z 0-9 _ . - and do not begin with "-".',
      );
    }
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      throw fault(
        'config.duplicate_name',
        `Two servers are called "${name}"${twin === name ? '' : ` and "${twin}"`}, which count as the same name.`,
        'Rename one of them.',
      );
    }
    seen.set(name.toLowerCase(), name);
    return readEntry(tree, path, name, entry);
  });
  checkRoutes(tree, entries, servers);
  return servers;
}

/** One address leads to one server. */
function checkRoutes(
  tree: ConfigTree,
  entries: readonly NamedEntry[],
  servers: readonly ServerConfig[],
): void {
  const owners = new Map(servers.map((server) => [server.name as string, server]));
  for (const [index, server] of servers.entries()) {
    if (server.route === null) continue;
    const owner = owners.get(server.route);
    if (owner !== undefined && owner !== server) {
      throw tree.fault(
        [...(entries[index]?.path ?? []), 'route'],
        'config.invalid_value',
        `This address is that of the server "${owner.name}" already.`,
        'Choose another "route".',
      );
    }
    owners.set(server.route, server);
  }
}

/** Accepts `host:port`, `[v6]:port` with a port of 0 to 65535. */
function checkListen(tree: ConfigTree, path: ConfigPath, listen: string): void {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):([0-9]{1,5})$/.exec(listen);
  if (match === null || Number(match[2]) > 65_535) {
    throw tree.fault(
      path,
      'config.invalid_value',
      'This is not an address of the form host:port.',
      'Write for example 127.0.0.1:4180 or [::1]:4180.',
    );
  }
}

/** Of all complaints the one that stands first in the file, in words of ours. */
function firstFault(tree: ConfigTree, issues: readonly z.core.$ZodIssue[]): ConfigError {
  const faults = issues.map((issue) => faultOf(tree, issue)).sort((a, b) => order(a) - order(b));
  return (
    faults[0] ??
    tree.fault(
      [],
      'config.invalid_value',
      'The file cannot be read.',
      'Compare it with docs/configuration.md.',
    )
  );
}

function order(error: ConfigError): number {
  return (error.line ?? 0) * 1e6 + (error.column ?? 0);
}

function faultOf(tree: ConfigTree, issue: z.core.$ZodIssue): ConfigError {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const here = [...path, key];
    const hint = hintFor(key, knownAt(path));
    return new ConfigError({
      code: 'config.unknown_key',
      message: '{key} is not a key that Gatehouse knows.',
      ...hint,
      values: { ...hint.values, key: pathText(here) },
      file: tree.file,
      ...tree.placeOfKey(here),
      key: pathText(here),
    });
  }
  // Never zod's own text: it may repeat the value, and the value may be a secret.
  return tree.fault(
    path,
    'config.invalid_value',
    `${pathText(path) || 'The file'} must be ${wanted(issue)}.`,
    'Correct the value.',
  );
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeWords[issue.expected] ?? `of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' ? 'text that is not empty' : `at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string' ? `at most ${issue.maximum} characters` : `at most ${issue.maximum}`;
    case 'invalid_union':
      return 'in one of the forms of docs/configuration.md';
    case 'invalid_format':
      return '1 to 64 characters of A-Z a-z 0-9 _ . -';
    default:
      return 'something else';
  }
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list in [ ]',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object in { }',
  record: 'an object in { }',
  string: 'text in quotes',
};

function knownAt(path: ConfigPath): string[] {
  if (path.length === 0) return Object.keys(mapFileSchema.shape);
  if (path[0] === 'auth') return [...AUTH_KEYS];
  const inTools = path.indexOf('tools', 2);
  if (inTools > 0) {
    if (path.length > inTools + 1) return ['name', 'title', 'description'];
    return path[0] === 'profiles' ? ['allow', 'block'] : ['allow', 'block', 'overrides'];
  }
  if (path[0] === 'profiles') return ['servers', 'prefix', 'tools'];
  if (path[0] === 'isolation') return Object.keys(isolationSchema.unwrap().shape);
  if (path[0] === 'docker_isolation') return Object.keys(dockerIsolationSchema.unwrap().shape);
  if (path[2] === 'isolation') return Object.keys(serverIsolationSchema.unwrap().shape);
  if (path[0] === 'approval') {
    return path[1] === 'rules'
      ? ['server', 'tool', 'client', 'rule']
      : ['destructive', 'timeoutSeconds', 'rules'];
  }
  if (path[0] === 'limits') {
    return ['bodyBytes', 'sessions', 'callsPerClient', 'queuePerClient', 'sessionIdleMinutes'];
  }
  return Object.keys(typeof path[1] === 'number' ? namedServerSchema.shape : serverSchema.shape);
}
