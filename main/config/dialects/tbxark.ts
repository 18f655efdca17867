/**
 * TBXark/mcp-proxy: `mcpProxy` with `mcpServers` (version 2), `server` with `clients` (version 1), and files that have
 * one half of each. One route for each server, with tokens of its own. Version 1 is read without what that program
 * itself loses on the way to version 2.
 */

import { isRoute } from '../access.ts';
import type { ConfigPath } from '../error.ts';
import { parseServerName } from '../schema.ts';
import { given, readProgram, readRemote, readSignIn } from './common.ts';
import type { Dialect, Draft, DraftEntry, DraftServer, Surroundings } from './dialect.ts';
import { callTimeout, goDuration } from './durations.ts';
import { goExpand, goReferences } from './expand.ts';
import { createNames } from './names.ts';
import { type Item, isObject, type Reader } from './reader.ts';

const INVALID = 'config.invalid_value';

/** The keys of `server` in version 1; other programs have a `server` too. */
const SERVER_KEYS = ['baseURL', 'addr', 'globalAuthTokens'];

export const tbxark: Dialect = {
  id: 'tbxark',
  title: 'TBXark mcp-proxy',
  recognizes(root) {
    if (isObject(root.mcpProxy)) return true;
    return isObject(root.server) && SERVER_KEYS.some((key) => isObject(root.server) && key in root.server);
  },
  read(reader, surroundings) {
    reader.useReferences(goReferences(surroundings.env));
    const { root } = reader;
    const literal = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : goExpand(text, surroundings.env).literal;
    const newer = root.object('mcpProxy');
    const older = root.object('server');
    if (newer !== undefined && older !== undefined)
      root.dropped('server', '"mcpProxy" counts instead, as that program has it.');
    const proxy = newer ?? older;
    const options = newer?.object('options');
    const common =
      options?.references('authTokens') ??
      (newer === undefined ? older?.references('globalAuthTokens') : undefined);
    const defaults: Defaults = {
      tokens: common ?? [],
      logEnabled: options?.flag('logEnabled'),
      panicIfInvalid: options?.flag('panicIfInvalid') ?? false,
    };
    if (options?.has('logEnabled')) options.understood('logEnabled', 'Gatehouse records every call anyway.');
    if (options?.has('toolFilter'))
      options.dropped('toolFilter', 'It counts for single servers only, as that program has it.');

    const found = readServers(reader, defaults, surroundings);
    const door = readProxy(proxy, literal, defaults, found, reader);
    // Without any token the whole house is open, and a token of the command line guards it all; else these are open.
    const servers = found.map(({ tokens, draft }) => {
      const authTokens = tokens ?? (door.auth?.required === false ? undefined : []);
      return { ...draft, entry: { ...draft.entry, ...given({ authTokens }) } };
    });
    return { ...door, servers };
  },
};

/** A server and what opens it: null when nothing is said, and so, in that program, nothing is asked for. */
interface Opened {
  readonly draft: DraftServer;
  readonly tokens: string[] | undefined;
}

interface Defaults {
  readonly tokens: readonly string[];
  readonly logEnabled: boolean | undefined;
  readonly panicIfInvalid: boolean;
}

/** The door: where to listen, the path before all, and what opens the merged endpoint, which that program has not. */
function readProxy(
  proxy: Item | undefined,
  literal: (text: string | undefined) => string | undefined,
  defaults: Defaults,
  servers: readonly Opened[],
  reader: Reader,
): Omit<Draft, 'servers'> {
  if (proxy === undefined) return {};
  const type = literal(proxy.text('type')) ?? '';
  if (type !== '' && type !== 'sse' && type !== 'streamable-http') {
    throw reader.tree.fault(
      [...proxy.path, 'type'],
      INVALID,
      '"type" must be "sse" or "streamable-http".',
      'Correct it; Gatehouse serves both in any case.',
    );
  }
  if (proxy.has('type')) proxy.understood('type', 'Gatehouse serves /NAME/mcp and /NAME/sse at once.');
  for (const key of ['name', 'version']) {
    if (proxy.has(key))
      proxy.dropped(key, 'Gatehouse names itself to servers, and servers under their own names to clients.');
  }
  const base = readBase(proxy, literal(proxy.text('baseURL')));
  const listen = readAddress(proxy, literal(proxy.text('addr')));
  const own = servers.some(
    ({ tokens }) => tokens !== undefined && tokens.length > 0 && !sameTokens(tokens, defaults.tokens),
  );
  const unguarded = servers.some(({ tokens }) => tokens === undefined);
  const open = defaults.tokens.length === 0 && !own;
  const narrowed = (open || unguarded) && listen !== undefined && !isLocal(listen);
  if (narrowed) {
    proxy.changed(
      'addr',
      'Where no token is asked for, Gatehouse listens on this computer only; "authTokens" opens it to the network.',
    );
  }
  if (own) {
    proxy.changed(
      null,
      'All servers side by side (/mcp) ask for a token of Gatehouse, since some servers have tokens of their own.',
    );
  }
  return {
    ...given({ listen: narrowed ? loopback(listen) : listen }),
    ...base,
    auth: {
      ...(open ? { required: false } : {}),
      ...(defaults.tokens.length > 0 && !own ? { tokens: defaults.tokens } : {}),
      ...(servers.some(({ draft }) => draft.entry.route?.includes('/') === true) ? { inPath: true } : {}),
    },
  };
}

function sameTokens(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((token) => other.includes(token));
}

function readBase(proxy: Item, baseURL: string | undefined): Pick<Draft, 'basePath' | 'trustedHosts'> {
  if (baseURL === undefined || baseURL === '') return {};
  let url: URL;
  try {
    url = new URL(baseURL);
  } catch {
    proxy.fault('baseURL', 'This is not an address such as https://mcp.example.com.');
    return {};
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    proxy.fault('baseURL', 'This is not an http:// or https:// address.');
    return {};
  }
  const basePath = url.pathname.replace(/\/+/g, '/').replace(/\/$/, '');
  const fits = basePath === '' || /^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/.test(basePath);
  if (!fits) proxy.fault('baseURL', 'Its path cannot stand before all others.');
  const hostname = url.hostname.toLowerCase();
  return {
    ...(fits && basePath !== '' ? { basePath } : {}),
    ...(hostname === '' ? {} : { trustedHosts: [hostname] }),
  };
}

/** Go's addresses: `:9090` is every address of this computer. */
function readAddress(proxy: Item, addr: string | undefined): string | undefined {
  if (addr === undefined || addr === '') return undefined;
  const match = /^(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._-]*):(\d{1,5})$/.exec(addr);
  if (match === null || Number(match[2]) > 65_535) {
    proxy.fault('addr', 'This is not an address of the form host:port; the usual one is taken.');
    return undefined;
  }
  return match[1] === '' ? `0.0.0.0:${match[2]}` : addr;
}

function isLocal(listen: string): boolean {
  return /^(127\.[\d.]+|localhost|\[::1\]):\d+$/.test(listen);
}

function loopback(listen: string): string {
  return `127.0.0.1:${listen.slice(listen.lastIndexOf(':') + 1)}`;
}

function readServers(reader: Reader, defaults: Defaults, surroundings: Surroundings): Opened[] {
  const { root } = reader;
  const newer = root.object('mcpServers');
  const older = root.object('clients');
  const found = newer !== undefined && newer.keys.length > 0 ? newer : older;
  if (newer !== undefined && newer.keys.length === 0) root.understood('mcpServers', 'It is empty.');
  if (older !== undefined && found === newer)
    root.dropped('clients', '"mcpServers" counts instead, as that program has it.');
  if (found === undefined) return [];
  const names = createNames();
  // Names without a token in them are given first, so that "fetch" stays "fetch".
  const members = found.members();
  const plain = members.filter(({ name }) => parseServerName(name) !== null);
  const kept = new Map(plain.map(({ name }) => [name, names.take(name)]));
  return members.map(({ name: key, item }) => {
    const written = goExpand(key, surroundings.env).literal;
    if (!isRoute(written)) {
      throw reader.tree.fault(
        item.path,
        INVALID,
        'This cannot be the path of a server.',
        'Use words with "/" between them; no "." or "..", no spaces, no backslash, no braces.',
      );
    }
    const server = found === older ? readOld(item, reader) : readNew(item, reader);
    return named(item, written, kept.get(key) ?? names.take(written.split('/')[0] ?? ''), server, defaults);
  });
}

/** What an entry says, before its name and the defaults are looked at. */
interface Found {
  readonly entry: DraftEntry;
  /** Undefined when it says nothing; an empty list opens the server. */
  readonly tokens: readonly string[] | undefined;
  /** True when the tokens come on top of the common ones. */
  readonly added: boolean;
  readonly required: boolean | undefined;
}

function readNew(item: Item, reader: Reader): Found {
  const options = item.object('options');
  const disabled = options?.flag('disabled') ?? item.flag('disabled');
  const enabled = item.flag('enabled');
  const entry = readTransport(item, reader, item.text('transportType'));
  const required = options?.flag('panicIfInvalid');
  options?.flag('logEnabled');
  if (options?.has('logEnabled')) options.understood('logEnabled', 'Gatehouse records every call anyway.');
  for (const key of ['pingInterval', 'autoReconnect', 'reconnectInterval']) {
    if (options?.has(key))
      options.dropped(key, 'Gatehouse watches every server and connects it again by itself.');
  }
  const off = disabled === true || enabled === false;
  return {
    entry: { ...entry, ...readFilter(options), ...(off ? { enabled: false } : {}) },
    tokens: options?.references('authTokens'),
    added: false,
    required,
  };
}

/** Version 1: `{type, config}`. Its switches and its transport are kept, unlike in that program's own conversion. */
function readOld(item: Item, reader: Reader): Found {
  const type = item.text('type');
  const config = item.object('config');
  const required = item.flag('panicIfInvalid');
  item.flag('logEnabled');
  if (item.has('logEnabled')) item.understood('logEnabled', 'Gatehouse records every call anyway.');
  const entry = config === undefined ? {} : readTransport(config, reader, type);
  return { entry, tokens: item.references('authTokens'), added: true, required };
}

function readTransport(item: Item, reader: Reader, type: string | undefined): DraftEntry {
  const command = item.reference('command') ?? '';
  const url = item.reference('url') ?? '';
  if (command !== '' || type === 'stdio') {
    if (url !== '') item.dropped('url', '"command" counts instead, as that program has it.');
    if (item.has('headers')) item.dropped('headers', 'A program has no headers.');
    if (item.has('timeout')) readTimeout(item, reader, false);
    return command === '' ? {} : readProgram(item, command);
  }
  for (const key of ['args', 'env']) if (item.has(key)) item.dropped(key, 'An address has none.');
  if (url === '') return {};
  const http = type === 'streamable-http';
  const timeout = item.has('timeout') ? readTimeout(item, reader, http) : undefined;
  const remote = readRemote(item, url, http ? 'http' : 'sse');
  return { ...remote, ...readSignIn(item, 'oauth'), ...given({ callTimeoutMs: timeout }) };
}

/** A number of nanoseconds, or a duration such as "30s". */
function readTimeout(item: Item, reader: Reader, counts: boolean): number | undefined {
  const value = item.raw('timeout');
  if (value === undefined) return undefined;
  const ms = typeof value === 'number' ? value / 1e6 : typeof value === 'string' ? goDuration(value) : null;
  if (!counts) {
    item.dropped('timeout', 'It counts for streamable-http only, as that program has it.');
    return undefined;
  }
  if (ms === null || ms < 1) {
    const path: ConfigPath = [...item.path, 'timeout'];
    throw reader.tree.fault(
      path,
      INVALID,
      ms === null
        ? '"timeout" must be a duration.'
        : '"timeout" is less than a millisecond: a number counts nanoseconds there.',
      'Write a duration with its unit, such as "30s".',
    );
  }
  item.changed('timeout', `It is ${callTimeout(ms)} ms here.`);
  return callTimeout(ms);
}

function readFilter(options: Item | undefined): Pick<DraftEntry, 'tools'> {
  const filter = options?.object('toolFilter');
  if (filter === undefined) return {};
  const mode = filter.text('mode')?.toLowerCase();
  const list = filter.texts('list') ?? [];
  if (list.length === 0) {
    filter.understood(null, 'Without a list it filters nothing.');
    return {};
  }
  if (mode !== 'allow' && mode !== 'block') {
    filter.fault('mode', 'This must be "allow" or "block"; all tools are let through, as that program does.');
    filter.dropped('list', 'Without a mode it filters nothing.');
    return {};
  }
  // Here they are patterns, there they are names, which no tool has: to let more through than was meant would be worse.
  const names = list.filter((name) => !/[*?]/.test(name));
  if (names.length < list.length)
    filter.dropped(
      'list',
      'Names with "*" or "?" stand for themselves in that program, and no tool is called so.',
    );
  return { tools: { [mode]: names } };
}

function named(item: Item, written: string, name: string, found: Found, defaults: Defaults): Opened {
  const inherited = defaults.tokens.length > 0 ? [...defaults.tokens] : undefined;
  let tokens = found.tokens === undefined ? inherited : [...found.tokens];
  if (found.added && found.tokens !== undefined) tokens = [...new Set([...found.tokens, ...defaults.tokens])];
  if (written.includes('/') && (tokens === undefined || tokens.length === 0)) {
    // The path is the only secret there; the server must not be reachable without it under its plain name.
    tokens = [written.split('/').at(-1) ?? ''];
    item.changed(null, `Its path is its token: it opens /${name}/mcp in a header as well.`);
  } else if (name !== written) {
    item.changed(null, `It is called "${name}" here; its path stays as it is.`);
  }
  const required = found.required ?? defaults.panicIfInvalid;
  const route = name === written ? undefined : written;
  return {
    tokens,
    draft: {
      name,
      path: item.path,
      entry: { ...found.entry, ...given({ route }), ...(required ? { required: true } : {}) },
    },
  };
}
