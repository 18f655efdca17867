/**
 * Where a configuration holds keys in plain text: in environments, headers, arguments, addresses and settings for signing
 * in. Each can be replaced by a reference to a secret; what stands around it (`Bearer `, `--token=`, an address) stays. Pure.
 */
import { looksRandom, SHAPES, secretNames } from '../protocol/secret-patterns.ts';
import type { ConfigPath } from './error.ts';

/** One key in plain text. */
export interface FoundKey {
  /** From the top of what was searched. */
  readonly path: ConfigPath;
  /** The whole text there. */
  readonly text: string;
  /** Which part of it is the key. */
  readonly start: number;
  readonly end: number;
  /** A word on where it stands, such as `env.GITHUB_TOKEN`. */
  readonly place: string;
  /** The key itself, as a secret is to hold it. */
  readonly value: string;
  /** What the secret may be called. */
  readonly suggested: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const isSecretName = secretNames([]);
/** Keys of an entry that hold one secret each. */
const SECRET_KEYS = new Set(['bearerToken', 'bearer_token', 'apiKey', 'api_key']);
const SECRET_OAUTH = new Set(['clientSecret', 'client_secret', 'privateKey']);
/** What people write where a key is to go. */
const PLACEHOLDER =
  /^(?:<.*>|\*+|x{3,}|\.{3,}|(?:your|my|insert|replace|change)[-_ ].*|none|null|true|false)$/i;
const SHORTEST = 4;

/** Whether a text only says where a key is to go, such as `<your key>`. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** The keys of a whole configuration: those of its servers, and the token of the endpoint. */
export function findKeys(root: unknown): readonly FoundKey[] {
  if (!isMap(root)) return [];
  const { mcpServers: servers, auth } = root;
  const entries: (readonly [string | number, string, unknown])[] = Array.isArray(servers)
    ? servers.map((entry: unknown, index) => [index, isMap(entry) ? String(entry.name) : '', entry] as const)
    : isMap(servers)
      ? Object.entries(servers).map(([name, entry]) => [name, name, entry] as const)
      : [];
  const own = isMap(auth) ? texts(auth, [['token', 'endpoint']], ['auth'], 'gatehouse', 'auth') : [];
  return [
    ...entries.flatMap(([step, name, entry]) => findEntryKeys(name, entry, ['mcpServers', step])),
    ...own,
  ];
}

/** The keys of one entry that stands at `path`. */
export function findEntryKeys(server: string, entry: unknown, path: ConfigPath = []): readonly FoundKey[] {
  if (!isMap(entry)) return [];
  const found: FoundKey[] = [];
  const look = (steps: ConfigPath, text: unknown, name: string, spans: (text: string) => Span[]): void => {
    if (typeof text !== 'string') return;
    for (const { start, end } of spans(text)) {
      const raw = text.slice(start, end);
      // A reference is none, and a part of one neither.
      if (/(?<!\$)\$\{/.test(raw) || raw.length < SHORTEST || PLACEHOLDER.test(raw)) continue;
      const place = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
      const suggested = `${server}-${name}`
        .toLowerCase()
        .replace(/[^a-z0-9_.-]+/g, '-')
        .slice(0, 100);
      const value = raw.replaceAll('$${', () => '${');
      found.push({ path: [...path, ...steps], text, start, end, place: place.slice(1), value, suggested });
    }
  };
  for (const group of ['env', 'headers'] as const) {
    const map = entry[group];
    if (!isMap(map)) continue;
    for (const [name, text] of Object.entries(map))
      look([group, name], text, name, (at) => inNamed(name, at));
  }
  const args = Array.isArray(entry.args) ? entry.args : [];
  for (const [index, text] of args.entries()) {
    const flag =
      typeof args[index - 1] === 'string' ? /^--?([\w.-]+)$/.exec(String(args[index - 1]))?.[1] : null;
    const own = typeof text === 'string' ? /^--?([\w.-]+)=/.exec(text)?.[1] : null;
    look(['args', index], text, own ?? flag ?? `arg-${index}`, (at) => inArgument(flag ?? null, at));
  }
  look(['url'], entry.url, 'url', inAddress);
  for (const key of SECRET_KEYS) look([key], entry[key], key, whole);
  const { oauth, authTokens } = entry;
  if (isMap(oauth)) {
    for (const key of SECRET_OAUTH) look(['oauth', key], oauth[key], key, whole);
    for (const extra of ['extraParams', 'extra_params']) {
      const map = oauth[extra];
      if (!isMap(map)) continue;
      for (const [name, text] of Object.entries(map))
        look(['oauth', extra, name], text, name, (at) => inNamed(name, at));
    }
  }
  if (Array.isArray(authTokens)) {
    for (const [index, text] of authTokens.entries()) look(['authTokens', index], text, 'auth-token', whole);
  }
  return found;
}

/** The text with the keys in it replaced; `names` are those of the secrets, in the order of the keys. */
export function withReferences(keys: readonly FoundKey[], names: readonly string[]): string {
  let text = keys[0]?.text ?? '';
  for (const [index, { start, end }] of [...keys.entries()].reverse()) {
    text = `${text.slice(0, start)}\${keyring:${names[index]}}${text.slice(end)}`;
  }
  return text;
}

function texts(
  map: Readonly<Record<string, unknown>>,
  keys: readonly (readonly [string, string])[],
  path: ConfigPath,
  server: string,
  place: string,
): FoundKey[] {
  return keys.flatMap(([key, name]) => {
    const text = map[key];
    if (typeof text !== 'string' || text.includes('${') || text.length < SHORTEST) return [];
    return [
      {
        ...{ path: [...path, key], text, start: 0, end: text.length, value: text },
        ...{ place: `${place}.${key}`, suggested: `${server}-${name}` },
      },
    ];
  });
}

/** The value of a variable or header: all of it behind the scheme where the name says so, else what looks like a key. */
function inNamed(name: string, text: string): Span[] {
  const scheme = /^\s*(?:Bearer|Basic|Token|ApiKey|Digest)\s+/i.exec(text)?.[0].length ?? 0;
  if (isSecretName(name)) {
    const inside = text.includes('://') ? inAddress(text) : [];
    return inside.length > 0 ? inside : [{ start: scheme, end: text.trimEnd().length }];
  }
  if (scheme > 0) return [{ start: scheme, end: text.trimEnd().length }];
  return text.includes('://') ? inAddress(text) : byLooks(text);
}

function inArgument(flag: string | null, text: string): Span[] {
  const assigned = /^--?([\w.-]+)=|^([\w.-]+)=/.exec(text);
  const name = assigned?.[1] ?? assigned?.[2];
  if (assigned !== null && name !== undefined) {
    const from = assigned[0].length;
    return shifted(inNamed(name, text.slice(from)), from);
  }
  const header = /^([\w-]+):\s*/.exec(text);
  if (header?.[1] !== undefined && isSecretName(header[1])) {
    return shifted(inNamed(header[1], text.slice(header[0].length)), header[0].length);
  }
  if (flag !== null && isSecretName(flag) && !text.startsWith('-')) return whole(text);
  return text.includes('://') ? inAddress(text) : byLooks(text);
}

/** The password, values of parameters with telling names, and parts of the path that nobody has written by hand. */
function inAddress(text: string): Span[] {
  const spans: Span[] = [];
  const password = /:\/\/[^\s/@:]*:([^\s/@]+)@/.exec(text);
  if (password?.[1] !== undefined) {
    const end = password.index + password[0].length - 1;
    spans.push({ start: end - password[1].length, end });
  }
  const question = text.indexOf('?');
  const path = question < 0 ? text : text.slice(0, question);
  for (const part of path.matchAll(/\/([^/\s@]{16,})/g)) {
    if (isKeyByLooks(part[1] ?? '')) spans.push({ start: part.index + 1, end: part.index + part[0].length });
  }
  for (const pair of text.matchAll(/[?&#]([^=&#\s]+)=([^&#\s]+)/g)) {
    const [all, name = '', value = ''] = pair;
    if (!isSecretName(name) && !isKeyByLooks(value)) continue;
    const end = pair.index + all.length;
    spans.push({ start: end - value.length, end });
  }
  return spans.sort((a, b) => a.start - b.start);
}

function byLooks(text: string): Span[] {
  return isKeyByLooks(text.trim()) ? whole(text) : [];
}

function isKeyByLooks(text: string): boolean {
  if (/\s/.test(text)) return false;
  if (SHAPES.some(({ shape }) => shape.test(text))) return true;
  return text.length <= 400 && !PATH.test(text) && looksRandom(text);
}

/** Folders that programs make have random names, and a key begins with no folder that people know. */
const PATH = /^(?:~\/|\/[A-Za-z][a-z]{1,11}\/|[A-Za-z]:[\\/])/;

function whole(text: string): Span[] {
  return [{ start: 0, end: text.length }];
}

function shifted(spans: readonly Span[], by: number): Span[] {
  return spans.map(({ start, end }) => ({ start: start + by, end: end + by }));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
