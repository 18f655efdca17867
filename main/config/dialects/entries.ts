/**
 * One server as MCP clients write it, in all their spellings: Claude Desktop and Code, Cursor, Windsurf, Cline, Gemini,
 * Copilot, LM Studio, VS Code, OpenCode and whoever took it from them. Pure.
 */

import { describing, directory, given, readRemote, readSignIn, withHeader } from './common.ts';
import type { DraftEntry } from './dialect.ts';
import { callTimeout, goDuration } from './durations.ts';
import { type Item, isObject } from './reader.ts';

/** Where the spellings mean different things. */
export interface Habits {
  /** What an address without a type is; null finds it out. */
  readonly plainUrl: 'http' | 'sse' | null;
  /** What a number under `timeout` counts; null tells seconds from milliseconds by their size. */
  readonly timeout: 'seconds' | 'milliseconds' | 'ignored' | null;
}

const TYPES: Readonly<Record<string, 'stdio' | 'http' | 'sse' | 'remote'>> = {
  stdio: 'stdio',
  local: 'stdio',
  command: 'stdio',
  http: 'http',
  'streamable-http': 'http',
  streamable_http: 'http',
  streamablehttp: 'http',
  http_stream: 'http',
  sse: 'sse',
  remote: 'remote',
};

/** Reads one entry; what it does not say stays open. */
export function readEntryOf(item: Item, habits: Habits): DraftEntry {
  const type = readType(item);
  const program = readCommand(item);
  const entry =
    type !== 'http' && type !== 'sse' && program !== undefined ? program : readAddress(item, type, habits);
  const chosen = entry ?? program ?? {};
  if (chosen === entry && program !== undefined && program !== entry)
    item.dropped('command', 'The address counts instead.');
  return {
    ...chosen,
    ...readSwitches(item),
    ...readTools(item),
    ...readTimeout(item, habits),
    ...readStart(item),
    ...signIn(item, chosen),
    ...leftovers(item),
  };
}

function readType(item: Item): 'stdio' | 'http' | 'sse' | 'remote' | undefined {
  for (const key of ['type', 'transportType', 'transport']) {
    const written = item.text(key);
    if (written === undefined || written === '') continue;
    const type = TYPES[written.toLowerCase()];
    if (type === undefined)
      item.fault(key, 'This is no way to talk to a server that Gatehouse knows; it is found out.');
    else return type;
  }
  return undefined;
}

function readCommand(item: Item): DraftEntry | undefined {
  const written = item.raw('command') ?? item.raw('cmd');
  const environment = { ...item.table('env'), ...item.table('environment'), ...item.table('envs') };
  const env = Object.keys(environment).length > 0 ? environment : undefined;
  const cwd = directory(item, 'cwd') ?? directory(item, 'working_dir') ?? directory(item, 'workingDirectory');
  if (item.has('envFile'))
    item.dropped('envFile', 'Gatehouse reads no such files; write the variables under "env".');
  if (written === undefined || written === '') return undefined;
  // Zed once had an object, OpenCode has a list.
  if (isObject(written)) {
    const inner = item.object('command');
    const path = inner?.reference('path');
    if (path === undefined) return undefined;
    return {
      command: path,
      ...given({ args: inner?.references('args'), env: inner?.table('env') ?? env, cwd }),
    };
  }
  if (Array.isArray(written)) {
    const [command, ...args] = item.references('command') ?? [];
    return command === undefined ? undefined : { command, args, ...given({ env, cwd }) };
  }
  const command = item.reference('command') ?? item.reference('cmd');
  return command === undefined
    ? undefined
    : { command, ...given({ args: item.references('args'), env, cwd }) };
}

function readAddress(item: Item, type: string | undefined, habits: Habits): DraftEntry | undefined {
  const streamable = item.reference('httpUrl');
  const plain =
    item.reference('url') ??
    item.reference('serverUrl') ??
    item.reference('uri') ??
    item.reference('endpoint');
  const url = streamable ?? plain;
  const token = item.reference('bearerToken') ?? item.reference('bearer_token');
  const key = item.reference('apiKey');
  if (url === undefined || url === '') return undefined;
  if (streamable !== undefined && plain !== undefined) item.dropped('url', '"httpUrl" counts instead.');
  const kind =
    type === 'http' || type === 'sse'
      ? type
      : streamable !== undefined
        ? 'http'
        : type === 'remote'
          ? undefined
          : (habits.plainUrl ?? undefined);
  const remote = readRemote(item, url, kind);
  if (token !== undefined && token !== '') {
    if (key !== undefined && key !== '') item.dropped('apiKey', 'The bearer token counts instead.');
    return { ...remote, headers: withHeader(remote.headers, 'Authorization', `Bearer ${token}`) };
  }
  if (key !== undefined && key !== '')
    return { ...remote, headers: withHeader(remote.headers, 'X-Api-Key', key) };
  return remote;
}

/** `enabled`, `disabled`, `active` and their like: whatever switches it off wins. */
function readSwitches(item: Item): Pick<DraftEntry, 'enabled' | 'quarantined'> {
  const on = ['enabled', 'active', 'isActive', 'is_active']
    .map((key) => item.flag(key))
    .filter((flag) => flag !== undefined);
  const off = item.flag('disabled');
  if (off === true && on.includes(true))
    item.changed('disabled', 'It contradicts the other switch; the server stays off.');
  return {
    ...(off === true || on.includes(false) ? { enabled: false } : {}),
    ...(item.flag('quarantined') === true ? { quarantined: true } : {}),
  };
}

const ALLOW = ['includeTools', 'enabledTools', 'enabled_tools', 'allowedTools', 'available_tools'];
const BLOCK = ['excludeTools', 'disabledTools', 'disabled_tools'];

function readTools(item: Item): Pick<DraftEntry, 'tools'> {
  const allow = ALLOW.flatMap((key) => item.texts(key) ?? []);
  const block = BLOCK.flatMap((key) => item.texts(key) ?? []);
  const listed = Array.isArray(item.has('tools') ? item.raw('tools') : undefined)
    ? item.texts('tools')
    : undefined;
  if (listed !== undefined && !listed.includes('*')) allow.push(...listed);
  if (allow.length === 0 && block.length === 0) return {};
  return { tools: { ...(allow.length > 0 ? { allow } : {}), ...(block.length > 0 ? { block } : {}) } };
}

function readTimeout(item: Item, { timeout }: Habits): Pick<DraftEntry, 'callTimeoutMs'> {
  for (const key of ['timeout', 'timeoutMs', 'tool_timeout_sec', 'request_timeout']) {
    if (!item.has(key)) continue;
    const value = item.raw(key);
    if (value === undefined) continue;
    if (timeout === 'ignored') {
      item.dropped(key, 'That program ignores it; "callTimeoutMs" sets the time here.');
      continue;
    }
    const ms =
      typeof value === 'string'
        ? goDuration(value)
        : typeof value === 'number'
          ? milliseconds(key, value, timeout)
          : null;
    if (ms === null || ms < 1) {
      item.fault(key, 'This is less than a millisecond or no time at all; the usual one is taken.');
      continue;
    }
    item.changed(key, `It is ${callTimeout(ms)} ms here.`);
    return { callTimeoutMs: callTimeout(ms) };
  }
  return {};
}

function readStart(item: Item): Pick<DraftEntry, 'startTimeoutMs'> {
  const ms =
    item.number('startup_timeout_ms') ??
    item.number('initTimeout') ??
    seconds(item.number('startup_timeout_sec'));
  return ms === undefined || ms < 1 ? {} : { startTimeoutMs: callTimeout(ms) };
}

function seconds(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1_000;
}

function milliseconds(key: string, value: number, unit: Habits['timeout']): number {
  if (key === 'timeoutMs' || unit === 'milliseconds') return value;
  if (key !== 'timeout' || unit === 'seconds') return value * 1_000;
  // Nobody waits less than a second for a tool, nor half an hour: small numbers are seconds.
  return value >= 1_000 ? value : value >= 1 ? value * 1_000 : value;
}

/** Only a server at an address can be signed in to. */
function signIn(item: Item, { url }: DraftEntry): Pick<DraftEntry, 'oauth'> {
  const key = item.has('oauth') ? 'oauth' : item.has('auth') ? 'auth' : null;
  if (key === null) return {};
  if (url !== undefined) return readSignIn(item, key);
  item.dropped(key, 'A program signs in by itself.');
  return {};
}

/** Keys that are known and have no part here. */
function leftovers(item: Item): DraftEntry {
  // In a list it is what the server is called.
  if (typeof item.path.at(-1) === 'string') describing(item, ['name']);
  describing(item, [
    'title',
    'description',
    'icon',
    'tags',
    'version',
    'homepage',
    'gallery',
    'display_name',
    'bundled',
    'source',
    'id',
    'provider',
    'logoUrl',
  ]);
  for (const key of ['autoApprove', 'alwaysAllow', 'trust', 'default_tools_approval_mode']) {
    if (item.has(key)) item.dropped(key, 'What may run without asking is decided in Gatehouse.');
  }
  for (const key of ['authProviderType', 'oauth_resource', 'scopes']) {
    if (item.has(key)) item.dropped(key, 'Gatehouse finds out by itself how to sign in.');
  }
  for (const key of ['retry', 'reconnect', 'autoStart', 'required', 'dev', 'watch', 'debug']) {
    if (item.has(key)) item.dropped(key, 'Gatehouse starts, watches and connects servers in its own way.');
  }
  for (const key of ['installDirectory', 'installCommands']) {
    if (item.has(key))
      item.dropped(key, 'Gatehouse installs nothing by itself; run the commands once by hand.');
  }
  return {};
}
