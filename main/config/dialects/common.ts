/**
 * What most dialects say of a server in the same words: a program with arguments and environment, or an address with
 * headers. Pure.
 */
import type { DraftEntry } from './dialect.ts';
import { type Item, isObject } from './reader.ts';

/** The keys of a program. */
export function readProgram(item: Item, command: string): DraftEntry {
  const args = item.references('args');
  const env = item.table('env');
  const cwd = directory(item, 'cwd') ?? directory(item, 'working_dir');
  return { command, ...given({ args, env, cwd }) };
}

/** A directory; `~` is written as a reference. */
export function directory(item: Item, key: string): string | undefined {
  const cwd = item.reference(key);
  if (cwd === undefined || cwd === '') return undefined;
  if (cwd !== '~' && !cwd.startsWith('~/')) return cwd;
  item.changed(key, 'The home directory is that of Gatehouse.');
  return `\${env:HOME}${cwd.slice(1)}`;
}

/** The keys of an address. A name and password in it become a header. */
export function readRemote(item: Item, url: string, type?: 'http' | 'sse'): DraftEntry {
  let headers = item.table('headers');
  let address = url.trim();
  const user = /^(https?:\/\/)([^/?#@]+)@/i.exec(address);
  if (user !== null && !address.includes('${')) {
    const [whole, scheme = '', pair = ''] = user;
    headers = withHeader(headers, 'Authorization', `Basic ${basic(pair)}`);
    address = scheme + address.slice(whole.length);
    item.changed(null, 'The name and password in the address become a header.');
  }
  return { url: address, ...given({ headers, type }) };
}

function basic(pair: string): string {
  let plain = pair;
  try {
    plain = decodeURIComponent(pair);
  } catch {
    // An escape that is none stands for itself.
  }
  return Buffer.from(plain.includes(':') ? plain : `${plain}:`, 'utf8').toString('base64');
}

/** How other programs call what our own `oauth` has, in all their spellings. */
const OAUTH_KEYS: Readonly<Record<string, 'clientId' | 'clientSecret' | 'redirectUri'>> = {
  clientId: 'clientId',
  client_id: 'clientId',
  CLIENT_ID: 'clientId',
  clientSecret: 'clientSecret',
  client_secret: 'clientSecret',
  CLIENT_SECRET: 'clientSecret',
  redirectUri: 'redirectUri',
  redirect_uri: 'redirectUri',
};

/** How to sign in, under `key`; an empty object only says that the server wants it, which is found out. */
export function readSignIn(item: Item, key: string): Pick<DraftEntry, 'oauth'> {
  const value = item.has(key) ? item.raw(key) : undefined;
  if (typeof value === 'boolean') return value ? {} : { oauth: { enabled: false } };
  if (!isObject(value)) {
    if (item.has(key)) item.dropped(key, 'Gatehouse finds out by itself how to sign in.');
    return {};
  }
  const said = item.object(key);
  const oauth: Record<string, string> = {};
  for (const [theirs, ours] of Object.entries(OAUTH_KEYS)) {
    const text = said?.has(theirs) === true ? said.reference(theirs) : undefined;
    if (text !== undefined && text !== '' && oauth[ours] === undefined) oauth[ours] = text;
  }
  const scopes = said?.has('scopes') === true ? said.references('scopes') : undefined;
  const extra = said?.table('extra_params') ?? said?.table('extraParams');
  for (const one of ['pkce_enabled', 'pkceDisabled']) {
    if (said?.has(one) === true) said.dropped(one, 'PKCE is always used.');
  }
  const extraParams = extra !== undefined && Object.keys(extra).length > 0 ? extra : undefined;
  const all = { ...oauth, ...given({ scopes: scopes?.length ? scopes : undefined, extraParams }) };
  return Object.keys(all).length > 0 ? { oauth: all } : {};
}

/** `value` without the members that are undefined. */
export function given<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** The headers with one more, unless it is there already in any spelling. */
export function withHeader(
  headers: Readonly<Record<string, string>> | undefined,
  name: string,
  value: string,
): Record<string, string> {
  const there = Object.keys(headers ?? {}).some((one) => one.toLowerCase() === name.toLowerCase());
  return there ? { ...headers } : { ...headers, [name]: value };
}

/** Keys that tell people or other programs something and change nothing: noted as such. */
export function describing(item: Item, keys: readonly string[]): void {
  for (const key of keys)
    if (item.has(key)) item.dropped(key, 'This only describes; Gatehouse shows its own words.');
}
