/**
 * Files with a map under `mcpServers`: those of Claude Desktop and Code, Cursor, Windsurf, Cline, Gemini, Copilot, LM
 * Studio and their like, sparfenyuk's named servers, and ptbsare's `mcp_server.json`. They differ in few words. Pure.
 */
import { parseServerName } from '../schema.ts';
import type { Dialect, Draft } from './dialect.ts';
import { type Habits, readEntryOf } from './entries.ts';
import { clientReferences } from './expand.ts';
import { createNames, type Names } from './names.ts';
import { type Item, isObject, plainText, type Reader } from './reader.ts';

/** Keys of an entry that no entry of ours has, and that tell a client's file. */
const CLIENT_KEYS = new Set([
  'alwaysAllow',
  'apiKey',
  'autoApprove',
  'bearerToken',
  'bearer_token',
  'disabledTools',
  'disabled_tools',
  'enabledTools',
  'enabled_tools',
  'envFile',
  'environment',
  'excludeTools',
  'httpUrl',
  'includeTools',
  'isActive',
  'serverUrl',
  'timeout',
  'gallery',
  'initTimeout',
  'oauth',
  'authProviderType',
  'description',
  'startup_timeout_sec',
]);
/** Keys of an entry that clients and Gatehouse have alike. */
const PLAIN_KEYS = new Set(['args', 'command', 'cwd', 'disabled', 'env', 'headers', 'type', 'url']);
/** Values of `type` that are none of ours. */
const CLIENT_TYPES = new Set(['streamableHttp', 'streamable_http', 'local', 'remote', 'streamableHTTP']);
/** Keys beside `mcpServers` by which the settings of clients are known. */
const SETTINGS = new Set([
  'globalShortcut',
  'preferences',
  'isUsingBuiltInNodeForMcp',
  'userThemeMode',
  'scale',
  'locale', // Claude Desktop
  'numStartups',
  'installMethod',
  'autoUpdates',
  'projects',
  'oauthAccount',
  'userID',
  'hasCompletedOnboarding',
  'tipsHistory', // Claude Code
  'selectedAuthType',
  'theme',
  'security',
  'ui',
  'general',
  'ide',
  'model',
  'privacy',
  'telemetry',
  'contextFileName',
  'hasSeenIdeIntegrationNudge',
  'mcp',
  'tools', // Gemini
  'amp.mcpServers',
  'inputs',
]);

export const sparfenyuk: Dialect = {
  id: 'sparfenyuk',
  title: 'sparfenyuk mcp-proxy (named servers)',
  recognizes: (root) => entriesOf(root).some((entry) => 'transportType' in entry),
  read(reader) {
    reader.useReferences(plainText);
    const { root } = reader;
    const map = root.object('mcpServers');
    const servers = readMap(map, { plainUrl: null, timeout: 'ignored' }, createNames());
    for (const { item } of map?.members() ?? []) {
      if (item.has('disabled')) item.understood('disabled', 'That program ignores it; here it counts.');
    }
    return { servers };
  },
};

export const clients: Dialect = {
  id: 'clients',
  title: 'an MCP client',
  recognizes(root) {
    if (isObject(root['amp.mcpServers'])) return true;
    if (!isObject(root.mcpServers)) return false;
    if (Object.keys(root).some((key) => SETTINGS.has(key))) return true;
    if (isPlain(root) && Object.entries(root.mcpServers).some(isLoose)) return true;
    return entriesOf(root).some(
      (entry) =>
        Object.keys(entry).some((key) => CLIENT_KEYS.has(key)) ||
        (typeof entry.type === 'string' && CLIENT_TYPES.has(entry.type)) ||
        Array.isArray(entry.tools),
    );
  },
  read(reader, surroundings) {
    const { root } = reader;
    const gemini = entriesOf(objectOf(reader)).some(isGemini);
    reader.useReferences(clientReferences(surroundings.env, gemini));
    const habits: Habits = { plainUrl: null, timeout: gemini ? 'milliseconds' : null };
    const names = createNames();
    const servers = [
      ...readMembers(membersOf(root, 'mcpServers'), habits, names),
      ...readMembers(membersOf(root, 'amp.mcpServers'), habits, names),
    ];
    otherSettings(root, ['mcpServers', 'amp.mcpServers']);
    return { servers };
  },
};

/** Whether nothing in it tells whose file it is. */
function isPlain(root: Readonly<Record<string, unknown>>): boolean {
  const keys = entriesOf(root).flatMap((entry) => Object.keys(entry));
  return Object.keys(root).length === 1 && keys.every((key) => PLAIN_KEYS.has(key));
}

/** What clients allow and we do not: any name, and numbers and switches where text is meant. */
function isLoose([name, entry]: readonly [string, unknown]): boolean {
  if (parseServerName(name) === null) return true;
  if (!isObject(entry)) return false;
  const { args, env, headers } = entry;
  return [args, env, headers]
    .filter((values) => typeof values === 'object' && values !== null)
    .some((values) =>
      Object.values(values as object).some((one) => ['number', 'boolean'].includes(typeof one)),
    );
}

/** Keys that only Gemini CLI and its kin have. */
function isGemini(entry: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof entry.trust === 'boolean' ||
    ['httpUrl', 'includeTools', 'excludeTools'].some((key) => key in entry)
  );
}

/** One server with the name that its file gives it. */
export interface Member {
  readonly name: string;
  readonly item: Item;
}

/** The servers under a key: of a map, or of a list whose entries have a name. */
export function membersOf(root: Item, key: string): readonly Member[] {
  if (!root.isList(key)) return root.object(key)?.members() ?? [];
  return (root.objects(key) ?? []).map((item) => ({ name: item.text('name') ?? 'server', item }));
}

/** The servers of a map. */
export function readMap(map: Item | undefined, habits: Habits, names: Names): Draft['servers'] {
  return readMembers(map?.members() ?? [], habits, names);
}

function readMembers(members: readonly Member[], habits: Habits, names: Names): Draft['servers'] {
  return members.map(({ name: written, item }) => {
    const name = names.take(written);
    const entry = readEntryOf(item, habits);
    if (name !== written) item.changed(null, `It is called "${name}" here.`);
    return { name, path: item.path, entry };
  });
}

/** Notes what stands beside the servers. */
export function otherSettings(root: Item, servers: readonly string[]): void {
  for (const key of root.keys) {
    if (!servers.includes(key)) root.dropped(key, 'This is a setting of the client itself.');
  }
}

/** The entries under `mcpServers` that can be some; none where there is no such map. */
export function entriesOf(root: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  return isObject(root.mcpServers) ? Object.values(root.mcpServers).filter(isObject) : [];
}

/** The whole file as an object; an empty one where it is something else. */
export function objectOf(reader: Reader): Readonly<Record<string, unknown>> {
  return isObject(reader.tree.value) ? reader.tree.value : {};
}
