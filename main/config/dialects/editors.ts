/**
 * Servers in the settings of editors: VS Code (`servers` with `inputs`, also inside `mcp`), Zed (`context_servers`),
 * OpenCode and Crush (`mcp`). Pure.
 */
import { otherSettings, readMap } from './clients.ts';
import type { Dialect } from './dialect.ts';
import { clientReferences } from './expand.ts';
import { createNames } from './names.ts';
import { isObject, plainText } from './reader.ts';

/** Whether a value is a map of things that look like servers. */
function isMap(value: unknown, keys: readonly string[]): boolean {
  if (!isObject(value)) return false;
  const entries = Object.values(value);
  return entries.length > 0 && entries.every((one) => isObject(one) && keys.some((key) => key in one));
}

export const vscode: Dialect = {
  id: 'vscode',
  title: 'VS Code',
  recognizes(root) {
    const inner = isObject(root.mcp) ? root.mcp.servers : undefined;
    if ('mcpServers' in root) return false;
    return (
      isMap(root.servers, ['command', 'url', 'type']) ||
      isMap(inner, ['command', 'url', 'type']) ||
      ('inputs' in root && isObject(root.servers))
    );
  },
  read(reader, { env }) {
    reader.useReferences(clientReferences(env, false));
    const { root } = reader;
    const holder = root.object('servers') === undefined ? (root.object('mcp') ?? root) : root;
    const servers = readMap(holder.object('servers'), { plainUrl: null, timeout: null }, createNames());
    if (holder.has('inputs')) {
      holder.changed(
        'inputs',
        'Gatehouse asks nothing; each question becomes a secret (gatehouse secret set NAME).',
      );
    }
    otherSettings(root, ['servers', 'mcp', 'inputs']);
    return { servers };
  },
};

export const zed: Dialect = {
  id: 'zed',
  title: 'Zed',
  recognizes: (root) => isObject(root.context_servers),
  read(reader) {
    reader.useReferences(plainText);
    const map = reader.root.object('context_servers');
    const servers = readMap(map, { plainUrl: null, timeout: 'milliseconds' }, createNames());
    for (const { item } of map?.members() ?? []) {
      if (item.has('settings')) item.dropped('settings', 'These are for the extension of the editor.');
    }
    otherSettings(reader.root, ['context_servers']);
    const usable = servers.filter(({ entry, path }) => {
      if (entry.command !== undefined || entry.url !== undefined) return true;
      const name = String(path.at(-1));
      map?.fault(name, 'It is an extension of the editor, which only the editor can start.');
      return false;
    });
    return { servers: usable };
  },
};

export const opencode: Dialect = {
  id: 'opencode',
  title: 'OpenCode',
  recognizes: (root) => isMap(root.mcp, ['type', 'command', 'url']),
  read(reader, { env }) {
    reader.useReferences(clientReferences(env, false));
    const servers = readMap(
      reader.root.object('mcp'),
      { plainUrl: null, timeout: 'milliseconds' },
      createNames(),
    );
    otherSettings(reader.root, ['mcp']);
    return { servers };
  },
};
