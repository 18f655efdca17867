/**
 * One entry of `mcpServers` to one `ServerConfig`: the rules that a schema cannot say. Pure.
 */
import { checkToken, hasReference, readRoute } from './access.ts';
import type { ConfigPath } from './error.ts';
import { readServerIsolation } from './isolation.ts';
import { readOAuth } from './oauth.ts';
import { besideFile, readTls, withKeys } from './remote-keys.ts';
import type { RemoteTransport, ServerConfig, ServerEntry, ServerName, StdioTransport } from './schema.ts';
import { readToolRules } from './tool-rules.ts';
import type { ConfigTree } from './tree.ts';
import { readUpkeep } from './upkeep.ts';

const INVALID = 'config.invalid_value';

/**
 * The checked entry at `path` of `tree`.
 *
 * @throws ConfigError `config.invalid_value` at the key that breaks a rule
 */
export function readEntry(
  tree: ConfigTree,
  path: ConfigPath,
  name: ServerName,
  entry: ServerEntry,
): ServerConfig {
  for (const [index, token] of (entry.authTokens ?? []).entries()) {
    checkToken(tree, [...path, 'authTokens', index], token);
  }
  return {
    name,
    enabled: readSwitch(tree, path, entry),
    transport: readTransport(tree, path, entry),
    authTokens: entry.authTokens ?? null,
    session: entry.session ?? 'shared',
    protocol: entry.protocol ?? 'auto',
    ...readUpkeep(tree, path, entry),
    quarantined: entry.quarantined ?? false,
    trust: entry.trust ?? 'manual',
    tools: readToolRules(tree, [...path, 'tools'], entry.tools),
    isolation: readServerIsolation(tree, [...path, 'isolation'], entry.isolation),
    route: readRoute(tree, path, entry.route),
    required: entry.required ?? false,
  };
}

function readSwitch(tree: ConfigTree, path: ConfigPath, entry: ServerEntry): boolean {
  if (entry.enabled !== undefined && entry.disabled === entry.enabled) {
    throw tree.fault(
      [...path, 'disabled'],
      INVALID,
      '"enabled" and "disabled" contradict each other.',
      'Keep only "enabled".',
    );
  }
  return entry.enabled ?? !(entry.disabled ?? false);
}

function readTransport(
  tree: ConfigTree,
  path: ConfigPath,
  entry: ServerEntry,
): StdioTransport | RemoteTransport {
  if (entry.type !== undefined && entry.transport !== undefined && entry.type !== entry.transport) {
    throw tree.fault(
      [...path, 'transport'],
      INVALID,
      '"type" and "transport" contradict each other.',
      'Keep only "type".',
    );
  }
  const typeKey = entry.type === undefined ? 'transport' : 'type';
  const type = entry.type ?? entry.transport;
  if (entry.command !== undefined && entry.url !== undefined) {
    throw tree.fault(
      [...path, 'url'],
      INVALID,
      'A server has either "command" or "url", not both.',
      'Remove one.',
    );
  }
  if (entry.command !== undefined) {
    if (type !== undefined && type !== 'stdio') {
      throw tree.fault(
        [...path, typeKey],
        INVALID,
        `A server with "command" cannot have "${typeKey}": "${type}".`,
        `Remove "${typeKey}", or write "url" instead of "command".`,
      );
    }
    return readStdio(tree, path, entry, entry.command);
  }
  if (entry.url !== undefined) {
    if (type === 'stdio') {
      throw tree.fault(
        [...path, typeKey],
        INVALID,
        `A server with "url" cannot have "${typeKey}": "stdio".`,
        `Remove "${typeKey}", or write "command" instead of "url".`,
      );
    }
    const kind = type === undefined ? 'auto' : type === 'sse' ? 'sse' : 'http';
    return readRemote(tree, path, entry, entry.url, kind);
  }
  throw tree.fault(
    path,
    INVALID,
    'A server needs "command" (a program) or "url" (an address).',
    'Add one of them.',
  );
}

function readStdio(tree: ConfigTree, path: ConfigPath, entry: ServerEntry, command: string): StdioTransport {
  if (Object.keys(entry.headers ?? {}).length > 0) {
    throw tree.fault([...path, 'headers'], INVALID, '"headers" means nothing for a program.', 'Remove it.');
  }
  for (const key of ['tls', 'bearerToken', 'apiKey', 'oauth'] as const) {
    if (entry[key] === undefined) continue;
    throw tree.fault([...path, key], INVALID, `"${key}" means nothing for a program.`, 'Remove it.');
  }
  refuseNul(tree, [...path, 'command'], command);
  for (const [index, arg] of (entry.args ?? []).entries()) refuseNul(tree, [...path, 'args', index], arg);
  for (const [key, value] of Object.entries(entry.env ?? {})) {
    if (key === '' || /[=\0]/.test(key)) {
      throw tree.fault(
        [...path, 'env', key],
        INVALID,
        'This cannot be the name of an environment variable.',
        'Names are not empty and have no "=".',
      );
    }
    refuseNul(tree, [...path, 'env', key], value);
  }
  return {
    kind: 'stdio',
    command,
    args: entry.args ?? [],
    env: { ...entry.env },
    cwd: readCwd(tree, path, entry),
  };
}

function readCwd(tree: ConfigTree, path: ConfigPath, entry: ServerEntry): string | null {
  if (entry.cwd !== undefined && entry.working_dir !== undefined && entry.cwd !== entry.working_dir) {
    throw tree.fault(
      [...path, 'working_dir'],
      INVALID,
      '"cwd" and "working_dir" contradict each other.',
      'Keep only "cwd".',
    );
  }
  const key = entry.cwd === undefined ? 'working_dir' : 'cwd';
  const cwd = entry.cwd ?? entry.working_dir;
  if (cwd === undefined) return null;
  refuseNul(tree, [...path, key], cwd);
  if (cwd.startsWith('~')) {
    throw tree.fault(
      [...path, key],
      INVALID,
      'Only a shell knows "~".',
      'Write ${env:HOME} or the whole path.',
    );
  }
  return besideFile(tree, cwd);
}

function readRemote(
  tree: ConfigTree,
  path: ConfigPath,
  entry: ServerEntry,
  url: string,
  kind: RemoteTransport['kind'],
): RemoteTransport {
  const programOnly = {
    args: (entry.args ?? []).length > 0,
    env: Object.keys(entry.env ?? {}).length > 0,
    cwd: entry.cwd !== undefined,
    working_dir: entry.working_dir !== undefined,
  };
  for (const [key, present] of Object.entries(programOnly)) {
    if (present)
      throw tree.fault([...path, key], INVALID, `"${key}" means nothing for an address.`, 'Remove it.');
  }
  if (!hasReference(url)) {
    const parsed = parseUrl(url);
    if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
      throw tree.fault(
        [...path, 'url'],
        INVALID,
        'This is not an http:// or https:// address.',
        'Write the whole address, for example https://example.com/mcp.',
      );
    }
    if (parsed.username !== '' || parsed.password !== '') {
      throw tree.fault(
        [...path, 'url'],
        INVALID,
        'An address must not hold a user name or password.',
        'Use "headers": { "Authorization": "Basic ${keyring:NAME}" }.',
      );
    }
  }
  for (const [key, value] of Object.entries(entry.headers ?? {})) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) {
      throw tree.fault(
        [...path, 'headers', key],
        INVALID,
        'This cannot be the name of a header.',
        'Correct the name.',
      );
    }
    if (/[\r\n\0]/.test(value)) {
      throw tree.fault([...path, 'headers', key], INVALID, 'A header is one line.', 'Remove the line break.');
    }
  }
  return {
    kind,
    url,
    headers: withKeys(tree, path, entry, entry.headers ?? {}),
    tls: readTls(tree, entry),
    oauth: readOAuth(tree, [...path, 'oauth'], entry.oauth),
  };
}

/** `URL.parse` and `URL.canParse` are newer than the oldest Node that Gatehouse runs in. */
function parseUrl(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

function refuseNul(tree: ConfigTree, path: ConfigPath, value: string): void {
  if (value.includes('\0')) {
    throw tree.fault(path, INVALID, 'This holds a NUL character, which no program accepts.', 'Remove it.');
  }
}
