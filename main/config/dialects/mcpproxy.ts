/**
 * smart-mcp-proxy/mcpproxy-go: `mcp_config.json` with a list of servers. Pure.
 */
import { isHostPattern } from '../access.ts';
import { dockerIsolationSchema, serverIsolationSchema } from '../isolation.ts';
import type { ServerEntry } from '../schema.ts';
import { directory, given, readRemote, readSignIn } from './common.ts';
import type { Dialect, Draft, DraftEntry, DraftServer } from './dialect.ts';
import { callTimeout, goDuration } from './durations.ts';
import { createNames } from './names.ts';
import { type Item, isObject, type References } from './reader.ts';

/** Keys at the top by which the file is known. */
const TOP = new Set([
  'api_key',
  'call_tool_timeout',
  'check_server_repo',
  'code_execution_timeout_ms',
  'data_dir',
  'docker_isolation',
  'docker_recovery',
  'enable_code_execution',
  'enable_prompts',
  'enable_socket',
  'enable_tray',
  'environment',
  'features',
  'intent_declaration',
  'quarantine_enabled',
  'read_only_mode',
  'registries',
  'require_mcp_auth',
  'routing_mode',
  'sensitive_data_detection',
  'tool_response_limit',
  'tools_limit',
  'top_k',
  'tray_endpoint',
  'trusted_hosts',
  'tool_response_mode',
]);
/** Those of them that settings of clients, which have a map of servers, have as well. */
const COMMON = new Set(['environment', 'features', 'registries']);
const PROTOCOLS = new Set(['stdio', 'http', 'sse', 'streamable-http', 'auto']);
const ENTRY = [
  'isolation',
  'trust_mode',
  'enabled_tools',
  'disabled_tools',
  'skip_quarantine',
  'source_registry_id',
  'reconnect_on_use',
  'oauth',
  'created',
];
const DEFAULT_LISTEN = '127.0.0.1:8080';

/** Keys that are in force here without being written, or have no part here; and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  data_dir: 'Use --data-dir; Gatehouse keeps its files in its own place.',
  enable_socket: 'Gatehouse always has a private socket.',
  tray_endpoint: 'Gatehouse always has a private socket.',
  enable_tray: 'The desktop app has a tray.',
  api_key: "It guards that program's own web interface, which is not there.",
  logging: 'Use --log-level.',
  quarantine_enabled: 'Servers that programs add are always held back here.',
  docker_recovery: 'Gatehouse recovers by itself.',
  instructions: "Gatehouse passes on the servers' own instructions.",
  telemetry: 'Gatehouse sends nothing to anybody.',
};

/** Our own references are theirs too. */
const references: References = (text) =>
  text.replace(/\$\{([^}]*)\}|\$\{/g, (found: string, inner?: string) =>
    inner !== undefined && /^(env|keyring):[^}]+$/.test(inner) ? found : `$${found}`,
  );

export const mcpproxy: Dialect = {
  id: 'mcpproxy-go',
  title: 'mcpproxy-go',
  recognizes(root) {
    const mapped = isObject(root.mcpServers);
    if (Object.keys(root).some((key) => TOP.has(key) && !(mapped && COMMON.has(key)))) return true;
    if (!Array.isArray(root.mcpServers)) return false;
    return root.mcpServers.some(
      (entry) =>
        isObject(entry) &&
        (ENTRY.some((key) => key in entry) ||
          (typeof entry.protocol === 'string' && PROTOCOLS.has(entry.protocol))),
    );
  },
  read(reader) {
    reader.useReferences(references);
    const { root } = reader;
    const common = duration(root, 'call_tool_timeout');
    const names = createNames();
    const servers = (root.objects('mcpServers') ?? []).flatMap((item) =>
      readServer(item, names.take, common),
    );
    for (const [key, why] of Object.entries(ELSEWHERE)) if (root.has(key)) root.dropped(key, why);
    return {
      ...readDoor(root),
      docker_isolation: known(
        root.object('docker_isolation'),
        Object.keys(dockerIsolationSchema.unwrap().shape),
      ),
      profiles: readProfiles(root, servers, reader.tree.value),
      servers,
    };
  },
};

function readDoor(root: Item): Omit<Draft, 'servers'> {
  const written = root.text('listen') ?? '';
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]*):(\d{1,5})$/.exec(written);
  if (written !== '' && match === null) root.fault('listen', 'This is not an address of the form host:port.');
  const required = root.flag('require_mcp_auth') === true;
  const key = root.reference('api_key');
  let listen = match === null ? DEFAULT_LISTEN : `${match[1] === '' ? '0.0.0.0' : match[1]}:${match[2]}`;
  const local = /^(127\.[\d.]+|localhost|\[::1\]):/.test(listen);
  if (!required && !local) {
    listen = `127.0.0.1:${match?.[2] ?? '8080'}`;
    root.changed(
      'listen',
      'Where no key is asked for, Gatehouse listens on this computer only; "require_mcp_auth" opens it to the network.',
    );
  }
  if (required && key !== undefined && key !== '') root.understood('api_key', 'It opens the endpoint.');
  return {
    listen,
    auth: required
      ? { ...(key === undefined || key === '' ? {} : { tokens: [key] }), inQuery: true }
      : { required: false },
    trustedHosts: readHosts(root),
  };
}

function readHosts(root: Item): string[] {
  return (root.texts('trusted_hosts') ?? []).filter((host) => {
    if (isHostPattern(host)) return true;
    root.fault(
      'trusted_hosts',
      host === '*' ? 'Any host at all is not let in here; name the hosts.' : 'One of them is no host name.',
    );
    return false;
  });
}

function readServer(item: Item, take: (name: string) => string, common: number | undefined): DraftServer[] {
  const written = item.text('name');
  if (written === undefined || written === '') {
    item.fault(null, 'It has no name, so it is left out.');
    return [];
  }
  const name = take(written);
  if (name !== written) item.changed('name', `It is called "${name}" here.`);
  const own = duration(item, 'call_tool_timeout') ?? common;
  const enabled = item.flag('enabled');
  const quarantined = item.flag('quarantined');
  const transport = readTransport(item);
  const signIn = transport.url === undefined ? {} : readSignIn(item, 'oauth');
  if (transport.url === undefined && item.has('oauth'))
    item.dropped('oauth', 'A program signs in by itself.');
  const entry: DraftEntry = {
    ...transport,
    ...given({
      enabled: enabled === false ? false : undefined,
      quarantined: quarantined === true ? true : undefined,
    }),
    ...readTrust(item),
    ...readTools(item),
    ...readIsolation(item),
    ...given({ callTimeoutMs: own, startTimeoutMs: duration(item, 'init_timeout') }),
    ...readBounds(item),
    ...signIn,
  };
  for (const key of ['created', 'updated', 'source_registry_id', 'source_registry_provenance', 'shared']) {
    if (item.has(key)) item.dropped(key, 'This only describes.');
  }
  for (const key of [
    'reconnect_on_use',
    'tool_discovery_interval',
    'launcher_wait_timeout',
    'queue_timeout',
  ]) {
    if (item.has(key)) item.dropped(key, 'Gatehouse starts, watches and connects servers in its own way.');
  }
  return [{ name, path: item.path, entry }];
}

function readTransport(item: Item): DraftEntry {
  const protocol = item.text('protocol') ?? '';
  const command = item.reference('command') ?? '';
  const url = item.reference('url') ?? '';
  if (protocol !== '' && !PROTOCOLS.has(protocol))
    item.fault('protocol', 'This is no way to talk to a server that Gatehouse knows.');
  const remote = protocol === 'http' || protocol === 'sse' || protocol === 'streamable-http';
  if (command !== '' && (!remote || url === '')) {
    if (url !== '') item.dropped('url', 'The command counts.');
    if (item.has('headers') && Object.keys(item.table('headers') ?? {}).length > 0)
      item.dropped('headers', 'A program has no headers.');
    const cwd = directory(item, 'working_dir') ?? directory(item, 'cwd');
    return { command, ...given({ args: item.references('args'), env: item.table('env'), cwd }) };
  }
  if (command !== '')
    item.fault(
      'command',
      'Gatehouse does not start a program and then talk to it by address; start it in another way.',
    );
  for (const key of ['args', 'env', 'working_dir'])
    if (item.has(key)) item.dropped(key, 'An address has none.');
  if (url === '') return {};
  return readRemote(
    item,
    url,
    protocol === 'sse' ? 'sse' : protocol === 'streamable-http' || protocol === 'http' ? 'http' : undefined,
  );
}

/** How much at once, and how often it is asked for a sign of life. */
function readBounds(item: Item): DraftEntry {
  const most = item.number('max_concurrent_requests');
  const queue = item.number('queue_size');
  const health = item.raw('health_check_interval');
  const ms =
    typeof health === 'number' ? health / 1e6 : typeof health === 'string' ? goDuration(health) : null;
  if (health !== undefined && (ms === null || ms < 0))
    item.fault('health_check_interval', 'This is no time.');
  return given({
    maxConcurrentCalls: most !== undefined && most >= 1 ? Math.round(most) : undefined,
    maxQueuedCalls:
      queue !== undefined && queue >= 0 && most !== undefined && most >= 1 ? Math.round(queue) : undefined,
    healthCheckSeconds: ms === null || ms < 0 ? undefined : Math.min(86_400, Math.ceil(ms / 1_000)),
  });
}

function readTrust(item: Item): Pick<ServerEntry, 'trust'> {
  const mode = item.text('trust_mode');
  const automatic = item.flag('auto_approve_tool_changes');
  const skipped = item.flag('skip_quarantine');
  if (mode === undefined || mode === '')
    return automatic === true || skipped === true ? { trust: 'auto' } : {};
  if (mode === 'auto' || mode === 'manual') return { trust: mode };
  if (mode === 'scan') item.changed('trust_mode', 'Changes are looked at and held until you approve them.');
  else
    item.fault(
      'trust_mode',
      'This must be "auto", "scan" or "manual"; changes are held until you approve them.',
    );
  return {};
}

function readTools(item: Item): Pick<ServerEntry, 'tools'> {
  const allow = item.texts('enabled_tools');
  const block = item.texts('disabled_tools');
  if (allow !== undefined && allow.length > 0 && block !== undefined && block.length > 0) {
    item.changed('disabled_tools', 'That program takes only one of the two lists; both count here.');
  }
  const tools = given({ allow: allow?.length ? allow : undefined, block: block?.length ? block : undefined });
  return Object.keys(tools).length > 0 ? { tools } : {};
}

function readIsolation(item: Item): Pick<DraftEntry, 'isolation'> {
  const isolation = known(item.object('isolation'), Object.keys(serverIsolationSchema.unwrap().shape));
  return isolation === undefined ? {} : { isolation };
}

/** The keys of `item` that our own configuration has in the same words. */
function known(item: Item | undefined, keys: readonly string[]): Record<string, unknown> | undefined {
  if (item === undefined) return undefined;
  const found = item.keys.filter((key) => keys.includes(key)).map((key) => [key, item.raw(key)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== ''));
}

function readProfiles(root: Item, servers: readonly DraftServer[], whole: unknown): Draft['profiles'] {
  const profiles: Record<string, { servers: readonly string[] }> = {};
  for (const item of root.objects('profiles') ?? []) {
    const name = item.text('name') ?? '';
    const wanted = item.texts('servers') ?? [];
    if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name) || Object.hasOwn(profiles, name)) {
      item.fault('name', 'This cannot be the name of a profile, or is there twice.');
      continue;
    }
    const known = wanted.flatMap(
      (server) =>
        servers.find(({ path, name: own }) => own === server || nameAt(whole, path) === server)?.name ?? [],
    );
    if (known.length < wanted.length)
      item.changed('servers', 'Some of them are no servers of this file and are left out.');
    item.understood(null, `It is at /p/${name}/mcp and /mcp/p/${name}.`);
    profiles[name] = { servers: known };
  }
  return Object.keys(profiles).length > 0 ? profiles : undefined;
}

/** What the server at this place is called there. */
function nameAt(whole: unknown, path: readonly (string | number)[]): unknown {
  const list = isObject(whole) ? whole.mcpServers : undefined;
  const entry: unknown = Array.isArray(list) ? list[Number(path[1])] : undefined;
  return isObject(entry) ? entry.name : undefined;
}

function duration(item: Item, key: string): number | undefined {
  const value = item.raw(key);
  if (value === undefined) return undefined;
  const ms = typeof value === 'number' ? value / 1e6 : typeof value === 'string' ? goDuration(value) : null;
  if (ms === 0) {
    item.changed(key, 'Gatehouse always has a bound; its usual one is taken.');
    return undefined;
  }
  if (ms === null || ms < 1) {
    item.fault(key, 'This is less than a millisecond or no time at all; the usual one is taken.');
    return undefined;
  }
  item.changed(key, `It is ${callTimeout(ms)} ms here.`);
  return callTimeout(ms);
}
