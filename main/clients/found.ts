/**
 * Servers in the files of clients and other gateways, as entries of our own configuration: each dialect understood, the
 * same server of several files once, names made fit. Pure; what comes out is to be quarantined.
 */
import { findEntryKeys } from '../config/keys.ts';
import { parseServerName } from '../config/schema.ts';
import { OUR_NAME } from './entries.ts';
import { isMap } from './formats/editor.ts';

/** One server as our configuration has it. */
export interface FoundEntry {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly url?: string;
  readonly type?: 'http' | 'sse';
  readonly headers?: Readonly<Record<string, string>>;
}

/** One server that could be brought in. */
export interface Found {
  /** Fit for our configuration, and unique among all that were found. */
  readonly name: string;
  /** Where it stands, and what it is called there. */
  readonly from: readonly { readonly source: string; readonly name: string }[];
  readonly entry: FoundEntry;
  /** False when it is switched off in all of these places. */
  readonly enabled: boolean;
  /** What holds likely keys: names of variables and headers, else places such as `args[1]`. */
  readonly keys: readonly string[];
}

/** The servers of one file: what stands under its root key. */
export interface FoundFile {
  readonly source: string;
  /** A map by name, or a list of entries with `name`. */
  readonly servers: unknown;
}

/** All servers of all files, in their order. `taken` are names that must not be used again. */
export function findServers(files: readonly FoundFile[], taken: Iterable<string> = []): readonly Found[] {
  const names = new Set([...taken].map((name) => name.toLowerCase()));
  const bySelf = new Map<string, Found>();
  for (const { source, servers } of files) {
    for (const [name, raw] of entriesOf(servers)) {
      const entry = name === OUR_NAME ? null : readFound(raw);
      if (entry === null || !isMap(raw)) continue;
      const self = selfOf(entry);
      const same = bySelf.get(self);
      const enabled = isOn(raw);
      if (same !== undefined) {
        const both = merged(same.entry, entry);
        const from = [...same.from, { source, name }];
        bySelf.set(self, {
          ...same,
          from,
          entry: both,
          enabled: same.enabled || enabled,
          keys: keysOf(both),
        });
        continue;
      }
      const own = freeName(name, names);
      bySelf.set(self, { name: own, from: [{ source, name }], entry, enabled, keys: keysOf(entry) });
    }
  }
  return [...bySelf.values()];
}

/** What makes two entries the same server, whatever their names and keys. */
export function selfOf({ command, args, url }: FoundEntry): string {
  return JSON.stringify(url === undefined ? [command, args ?? []] : [url.replace(/\/+$/, '')]);
}

/** What one place knows and the other does not, such as a key, counts; where both know, the first. */
function merged(a: FoundEntry, b: FoundEntry): FoundEntry {
  const env = { ...b.env, ...a.env };
  const headers = { ...b.headers, ...a.headers };
  return {
    ...b,
    ...a,
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** One entry of any dialect; null when it is none of a program or an address. */
export function readFound(raw: unknown): FoundEntry | null {
  if (!isMap(raw)) return null;
  const line = Array.isArray(raw.command) ? raw.command.filter(isText) : null;
  const command = line?.[0] ?? textOf(raw.command) ?? textOf(raw.cmd);
  const url = textOf(raw.url) ?? textOf(raw.httpUrl) ?? textOf(raw.serverUrl) ?? textOf(raw.uri);
  if (command !== null && command !== '') {
    const args = line === null ? textsOf(raw.args) : line.slice(1);
    const env = mapOf(raw.env) ?? mapOf(raw.envs) ?? mapOf(raw.environment);
    const cwd = textOf(raw.cwd) ?? textOf(raw.working_dir);
    return {
      command: escaped(command),
      ...(args.length === 0 ? {} : { args: args.map(escaped) }),
      ...(env === null ? {} : { env }),
      ...(cwd === null || cwd === '' ? {} : { cwd: escaped(cwd) }),
    };
  }
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  const options = isMap(raw.requestOptions) ? raw.requestOptions : {};
  const headers = {
    ...mapOf(options.headers),
    ...mapOf(raw.http_headers),
    ...mapOf(raw.headers),
    ...bearerOf(raw),
  };
  const said =
    textOf(raw.type) ?? textOf(raw.transport) ?? textOf(raw.transportType) ?? textOf(raw.protocol) ?? '';
  const type =
    said === 'sse'
      ? 'sse'
      : /^(streamable[-_]?)?http$/i.test(said) || raw.httpUrl !== undefined
        ? 'http'
        : null;
  return {
    url: escaped(url),
    ...(type === null ? {} : { type }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

/** Some files keep the token beside the headers. */
function bearerOf(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const bearer = textOf(raw.bearerToken) ?? textOf(raw.bearer_token);
  const key = textOf(raw.apiKey);
  return {
    ...(bearer === null || bearer === '' ? {} : { Authorization: `Bearer ${escaped(bearer)}` }),
    ...(key === null || key === '' ? {} : { 'X-API-Key': escaped(key) }),
  };
}

function entriesOf(servers: unknown): readonly (readonly [string, unknown])[] {
  if (isMap(servers)) return Object.entries(servers);
  if (!Array.isArray(servers)) return [];
  return servers.flatMap((one) => (isMap(one) && isText(one.name) ? [[one.name, one] as const] : []));
}

function isOn(raw: Readonly<Record<string, unknown>>): boolean {
  return raw.disabled !== true && raw.enabled !== false && raw.active !== false;
}

/** `${env:X}` means the same to us; everything else in braces is the other program's and stands for itself here. */
function escaped(text: string): string {
  return text.replace(/\$\{(?!env:[A-Za-z_]\w*\})/g, () => '$${');
}

/** Names of variables and headers, and the places of other keys. */
function keysOf(entry: FoundEntry): readonly string[] {
  return [...new Set(findEntryKeys('', entry).map(({ path, place }) => labelOf(path, place)))];
}

function labelOf([group, name]: readonly (string | number)[], place: string): string {
  return (group === 'env' || group === 'headers') && typeof name === 'string' ? name : place;
}

/** The name itself where it is fit and free, else as near as can be. */
function freeName(name: string, taken: Set<string>): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|-+$/g, '')
    .slice(0, 56);
  const base = parseServerName(plain) ?? 'server';
  let free: string = base;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${base}-${number}`;
  taken.add(free.toLowerCase());
  return free;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function textOf(value: unknown): string | null {
  return isText(value) ? value : null;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.filter((one) => isText(one) || typeof one === 'number').map(String)
    : [];
}

function mapOf(value: unknown): Readonly<Record<string, string>> | null {
  if (!isMap(value)) return null;
  const pairs = Object.entries(value).flatMap(([key, one]) =>
    isText(one) || typeof one === 'number' || typeof one === 'boolean'
      ? [[key, escaped(String(one))] as const]
      : [],
  );
  return pairs.length === 0 ? null : Object.fromEntries(pairs);
}
