/**
 * What other gateways with a window export: MCP Router (a list of servers), Docker's MCP Toolkit (a profile, or a
 * catalog with a `registry`). Pure.
 */
import { given, withHeader } from './common.ts';
import type { Dialect, DraftEntry, DraftServer } from './dialect.ts';
import { readEntryOf } from './entries.ts';
import { createNames } from './names.ts';
import { type Item, isObject, plainText } from './reader.ts';

const ROUTER_KEYS = [
  'serverType',
  'remoteUrl',
  'inputParams',
  'toolPermissions',
  'bearerToken',
  'autoStart',
  'contextPath',
];

export const mcpRouter: Dialect = {
  id: 'mcp-router',
  title: 'MCP Router',
  recognizes(root) {
    const list = [root.servers, root.mcpServers].find(Array.isArray) as unknown[] | undefined;
    if (list !== undefined) return list.some((one) => isObject(one) && ROUTER_KEYS.some((key) => key in one));
    const map = root.mcpServers;
    return (
      isObject(map) &&
      Object.values(map).some(
        (one) => isObject(one) && ('serverType' in one || 'remoteUrl' in one || 'inputParams' in one),
      )
    );
  },
  read(reader) {
    reader.useReferences(plainText);
    const { root } = reader;
    const names = createNames();
    const whole = isObject(reader.tree.value) ? reader.tree.value : {};
    const key = Array.isArray(whole.servers) ? 'servers' : 'mcpServers';
    const members = Array.isArray(whole[key])
      ? (root.objects(key) ?? []).map((item) => ({
          name: item.text('name') ?? item.text('id') ?? 'server',
          item,
        }))
      : (root.object(key)?.members() ?? []);
    return { servers: members.map(({ name, item }) => readRouted(item, name, names.take(name))) };
  },
};

function readRouted(item: Item, written: string, name: string): DraftServer {
  const type = item.text('serverType') ?? 'local';
  const url = item.reference('remoteUrl');
  let entry: DraftEntry = readEntryOf(item, { plainUrl: null, timeout: null });
  if (url !== undefined && url !== '' && type !== 'local') {
    const token = item.reference('bearerToken');
    const headers =
      token === undefined || token === ''
        ? undefined
        : withHeader(undefined, 'Authorization', `Bearer ${token}`);
    entry = {
      url,
      ...given({
        headers,
        enabled: entry.enabled,
        tools: entry.tools,
        type: type === 'remote-streamable' ? ('http' as const) : ('sse' as const),
      }),
    };
  } else if (item.has('inputParams')) {
    item.object('inputParams');
    const values = inputs(item);
    const fill = (text: string): string =>
      text.replace(/\{([A-Za-z_]\w*)\}/g, (found, word: string) => values[word] ?? found);
    entry = { ...entry, ...given({ args: entry.args?.map(fill), env: mapped(entry.env, fill) }) };
  }
  if (item.has('toolPermissions')) {
    const off = Object.entries(item.raw('toolPermissions') ?? {})
      .filter(([, allowed]) => allowed === false)
      .map(([tool]) => tool);
    if (off.length > 0)
      entry = { ...entry, tools: { ...entry.tools, block: [...(entry.tools?.block ?? []), ...off] } };
  }
  for (const key of [
    'contextPath',
    'verificationStatus',
    'setupInstructions',
    'latestVersion',
    'updateAvailable',
    'logs',
    'errorMessage',
    'status',
    'projectId',
  ]) {
    if (item.has(key)) item.dropped(key, 'This only describes.');
  }
  if (name !== written) item.changed(null, `It is called "${name}" here.`);
  return { name, path: item.path, entry };
}

/** `inputParams`: each with a `default` that the user may have set. */
function inputs(item: Item): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name, item: input } of item.object('inputParams')?.members() ?? []) {
    const value = input.raw('default') ?? input.raw('value');
    input.understood(null, 'Its value is put where it belongs.');
    if (typeof value === 'string') values[name] = value;
  }
  return values;
}

function mapped(
  table: Readonly<Record<string, string>> | undefined,
  fill: (text: string) => string,
): Record<string, string> | undefined {
  return table === undefined
    ? undefined
    : Object.fromEntries(Object.entries(table).map(([key, value]) => [key, fill(value)]));
}

export const docker: Dialect = {
  id: 'docker',
  title: "Docker's MCP Toolkit",
  recognizes(root) {
    if (isObject(root.registry))
      return Object.values(root.registry).some(
        (one) => isObject(one) && ('image' in one || 'remote' in one || one.type === 'poci'),
      );
    return (
      Array.isArray(root.servers) &&
      root.servers.some(
        (one) => isObject(one) && (one.type === 'image' || one.type === 'registry' || isObject(one.snapshot)),
      )
    );
  },
  read(reader) {
    reader.useReferences(plainText);
    const { root } = reader;
    const names = createNames();
    for (const key of ['version', 'id', 'name', 'displayName', 'title', 'ref', 'source'])
      if (root.has(key)) root.dropped(key, 'This only describes.');
    if (root.has('secrets'))
      root.dropped('secrets', 'Docker keeps these itself; store each here: gatehouse secret set NAME');
    const catalog = (root.object('registry')?.members() ?? []).flatMap(({ name, item }) =>
      readImage(item, item, names.take(name), undefined),
    );
    const profile = (root.objects('servers') ?? []).flatMap((item) => {
      const snapshot = item.object('snapshot')?.object('server');
      const image = item.text('image') ?? '';
      const name =
        snapshot?.text('name') ??
        image.replace(/@.*$/, '').split('/').at(-1)?.replace(/:.*$/, '') ??
        'server';
      if (item.text('type') === 'registry' && snapshot === undefined) {
        item.fault(null, 'It only names an entry of a registry; add it from there.');
        return [];
      }
      if (item.has('secrets')) item.dropped('secrets', 'Docker keeps these itself.');
      return readImage(item, snapshot ?? item, names.take(name), item);
    });
    return { servers: [...catalog, ...profile] };
  },
};

/** A container as `docker run` starts it: what Docker's own gateway does, without what it adds. */
function readImage(item: Item, server: Item, name: string, own: Item | undefined): DraftServer[] {
  const image = own?.text('image') ?? server.text('image');
  if (own !== undefined && server !== own) server.text('image');
  const remote = server.object('remote');
  const values = flattened(own?.raw('config'));
  for (const key of [
    'description',
    'title',
    'dateAdded',
    'metadata',
    'readme',
    'source',
    'upstream',
    'icon',
    'owner',
    'config',
    'toolsUrl',
    'type',
    'prompts',
    'resources',
    'name',
    'longLived',
    'oauth',
    'pulls',
    'stars',
    'license',
    'category',
    'tags',
  ]) {
    if (server.has(key) && !(server === own && key === 'config')) server.dropped(key, 'This only describes.');
  }
  const listed = own?.has('tools') === true && own !== server ? own.texts('tools') : undefined;
  if (server.has('tools')) server.dropped('tools', 'Gatehouse asks the server itself.');
  const tools = listed !== undefined && listed.length > 0 ? { allow: listed } : undefined;
  const fill = (text: string): string =>
    text.replace(/\{\{\s*([^}|\s]+)[^}]*\}\}/g, (_whole, path: string) => {
      const value = values.get(path) ?? values.get(path.slice(path.indexOf('.') + 1));
      if (value !== undefined) return value;
      item.changed(null, `It asks for "${path}"; store it here: gatehouse secret set ${secretName(path)}`);
      return `\${keyring:${secretName(path)}}`;
    });
  if (remote !== undefined) {
    const url = remote.reference('url') ?? '';
    const type = remote.text('transport_type') ?? remote.text('transport');
    const headers = mapped(remote.table('headers'), fill);
    return [
      {
        name,
        path: item.path,
        entry: { url, ...given({ headers, tools, type: type === 'sse' ? ('sse' as const) : undefined }) },
      },
    ];
  }
  if (image === undefined || image === '') {
    item.fault(null, 'It names neither an image nor an address.');
    return [];
  }
  const env: Record<string, string> = {};
  for (const one of server.objects('env') ?? []) {
    const key = one.text('name');
    const value = one.reference('value') ?? one.reference('example');
    if (key !== undefined) env[key] = fill(value ?? '');
  }
  for (const one of server.objects('secrets') ?? []) {
    const key = one.text('env');
    const secret = one.text('name') ?? key;
    if (one.has('example')) one.dropped('example', 'This only describes.');
    if (key === undefined || secret === undefined) continue;
    env[key] = `\${keyring:${secretName(secret)}}`;
    one.changed(null, `Docker keeps it itself; store it here: gatehouse secret set ${secretName(secret)}`);
  }
  const volumes = (server.references('volumes') ?? []).map(fill).flatMap((volume) => ['-v', volume]);
  const command = (server.references('command') ?? []).map(fill);
  const user = server.text('user');
  if (server.has('disableNetwork')) server.understood('disableNetwork');
  const network = server.flag('disableNetwork') === true ? ['--network', 'none'] : [];
  for (const key of ['allowHosts', 'extraHosts'])
    if (server.has(key))
      server.fault(key, 'The container reaches every host; put "isolation" to it to bound that.');
  const args = [
    ...['run', '--rm', '-i', '--init', '--security-opt', 'no-new-privileges'],
    ...network,
    ...(user === undefined ? [] : ['-u', user]),
    // Names only: values stay out of the command line.
    ...Object.keys(env).flatMap((key) => ['-e', key]),
    ...volumes,
    image,
    ...command,
  ];
  item.changed(null, 'It runs by "docker run", as its image was made to.');
  return [
    {
      name,
      path: item.path,
      entry: {
        command: 'docker',
        args,
        ...given({ tools, env: Object.keys(env).length > 0 ? env : undefined }),
      },
    },
  ];
}

function secretName(written: string): string {
  return written.replace(/[^A-Za-z0-9_.-]+/g, '-');
}

/** `{a: {b: 1}}` as `a.b`. */
function flattened(value: unknown, before = ''): Map<string, string> {
  const flat = new Map<string, string>();
  if (!isObject(value)) return flat;
  for (const [key, one] of Object.entries(value)) {
    if (isObject(one)) for (const [inner, text] of flattened(one, `${before}${key}.`)) flat.set(inner, text);
    else if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean')
      flat.set(before + key, String(one));
  }
  return flat;
}
