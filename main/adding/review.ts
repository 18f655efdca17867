/**
 * What a server that is not there yet would be and do, for the person who decides: what runs, where it comes from, what it
 * may see, what it still needs, and what to know before. Its keys are never part of it. Pure.
 */
import { isIP } from 'node:net';
import type {
  LinePiece,
  ProposedCheck,
  ProposedOrigin,
  ProposedServer,
  ProposedValue,
} from '../../preload/views/adding.ts';
import { findEntryKeys, isPlaceholder } from '../config/keys.ts';
import type { OfferedServer } from '../config/offered.ts';
import { secretNames } from '../protocol/secret-patterns.ts';
import { originOf } from './origin.ts';

/** What the rest of the app knows. */
export interface Around {
  env(name: string): string | undefined;
  /** Whether a program can be found on this computer. */
  hasProgram(command: string): boolean;
  /** Whether something lies at this path of this computer; `~/` is its user's. */
  exists(path: string): boolean;
  /** Whether a container may be let see this path at all. */
  mountable(path: string): boolean;
  /** What a container would allow a program; a reason where there can be none. */
  contained(command: string, args: readonly string[]): ProposedServer['contained'] | string;
  /** Whether containers can be had now. */
  readonly engine: boolean;
  /** The server of the configuration that is the same, if there is one. */
  same(entry: Readonly<Record<string, unknown>>): string | null;
}

const isSecretName = secretNames([]);
/** Longest piece of a line that is shown. */
const LONGEST = 400;

/** Describes it under the name that it would get. */
export function proposalOf({ entry }: OfferedServer, name: string, around: Around): ProposedServer {
  const { command, url } = entry;
  const args = textsOf(entry.args);
  const values = valuesOf(name, entry, around);
  const known = { name, values, line: lineOf(name, entry) };
  const same = around.same(entry);
  const common: ProposedCheck[] = [
    ...(same === null ? [] : [warn('same', same)]),
    ...values.filter(({ state }) => state === 'missing').map((value) => warn('missing', value.name)),
    ...secretsIn(entry).map((secret) => warn('uses-secret', secret)),
    ...variablesIn(entry).map((variable) => warn('uses-variable', variable)),
  ];
  if (typeof command !== 'string') {
    const address = typeof url === 'string' ? url : '';
    return {
      ...known,
      origin: { kind: 'address', what: hostOf(address), version: null },
      local: false,
      contained: null,
      notContained: null,
      place: 'remote',
      paths: [],
      checks: [...common, ...addressChecks(address)],
    };
  }
  const contained = around.contained(command, args);
  const able = typeof contained !== 'string';
  const origin: ProposedOrigin = originOf(command, args) ?? { kind: 'program', what: command, version: null };
  return {
    ...known,
    origin,
    local: true,
    contained: able ? contained : null,
    notContained: able ? null : contained,
    place: able && around.engine ? 'container' : 'host',
    paths: pathsIn(args, around),
    checks: [...common, ...programChecks(command, args, origin, around)],
  };
}

/** The secrets of this computer that it would be given. No page of a server knows their names, unless it means to have them. */
function secretsIn(entry: Readonly<Record<string, unknown>>): readonly string[] {
  return namedIn(entry, /(?<!\$)\$\{keyring:([^}"]+)\}/g);
}

/** The variables of this computer that it would be given and that look like secrets, such as `AWS_SECRET_ACCESS_KEY`. */
function variablesIn(entry: Readonly<Record<string, unknown>>): readonly string[] {
  return namedIn(entry, /(?<!\$)\$\{env:([^}"]+)\}/g).filter(isSecretName);
}

/** What the references name, each once, as it is looked up. */
function namedIn(entry: Readonly<Record<string, unknown>>, reference: RegExp): readonly string[] {
  const found = JSON.stringify(entry).matchAll(reference);
  return [...new Set([...found].map(([, name = '']) => name.trim()))];
}

function programChecks(
  command: string,
  args: readonly string[],
  origin: ProposedOrigin,
  around: Around,
): ProposedCheck[] {
  const checks: ProposedCheck[] = [];
  if (!around.hasProgram(command)) checks.push(warn('no-program', command));
  if (isShell(command, args)) checks.push(warn('shell', command));
  for (const arg of args)
    if (looksInvented(arg) && !around.exists(arg)) checks.push(warn('placeholder', arg));
  if (origin.kind === 'image') {
    const flags = args.filter((arg) =>
      /^--(?:privileged|pid=host|network=host|net=host|ipc=host)$/.test(arg),
    );
    const socket = args.find((arg) => /\/(?:docker|podman|containerd)\.sock/.test(arg));
    for (const what of [...flags, ...(socket === undefined ? [] : [socket])])
      checks.push(warn('container-flags', what));
  }
  if (origin.kind === 'npm' || origin.kind === 'pypi' || origin.kind === 'image')
    checks.push(
      origin.version === null
        ? warn('unpinned', origin.what)
        : { id: 'pinned', tone: 'ok', what: origin.version },
    );
  return checks;
}

function addressChecks(address: string): ProposedCheck[] {
  if (!URL.canParse(address)) return [];
  const { protocol, hostname } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (/^(?:localhost|127\.[\d.]+|::1)$/.test(host)) return [];
  return [
    ...(protocol === 'http:' ? [warn('no-tls', host)] : []),
    ...(isOwnNetwork(host) ? [warn('own-network', host)] : []),
  ];
}

function isOwnNetwork(host: string): boolean {
  if (isIP(host) === 4) return /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)/.test(host);
  if (isIP(host) === 6) return /^(?:fe[89ab]|f[cd])/i.test(host);
  return !host.includes('.') || /\.(?:local|internal|lan|home|corp|intranet)$/i.test(host);
}

function isShell(command: string, args: readonly string[]): boolean {
  return (
    /(?:^|[\\/])(?:sh|bash|zsh|dash|fish|cmd|powershell|pwsh)(?:\.exe)?$/i.test(command) &&
    args.some((arg) => /^(?:-\w*c|\/c|-Command)$/i.test(arg)) &&
    // How Windows clients start a script of npm.
    !(/cmd(?:\.exe)?$/i.test(command) && /^(?:npx|npm|uvx|bunx)$/.test(args[1] ?? ''))
  );
}

/** Words of a page's example that nobody has on his computer. */
function looksInvented(arg: string): boolean {
  return (
    isPlaceholder(arg) ||
    /^(?:\/path\/to\/|\/Users\/(?:username|you|me)\/|\/home\/(?:username|user|you)\/|C:\\path\\to\\)/i.test(
      arg,
    )
  );
}

/** The absolute paths among arguments that lead somewhere. */
function pathsIn(args: readonly string[], around: Around): string[] {
  const paths = args
    .map((arg) => /^--?[\w-]+=(.*)$/.exec(arg)?.[1] ?? arg)
    .filter((arg) => /^(?:\/|~\/|[A-Za-z]:\\)./.test(arg));
  return [...new Set(paths)].filter((path) => around.mountable(path));
}

/** Variables, headers, and whatever else holds a key. */
function valuesOf(name: string, entry: Readonly<Record<string, unknown>>, around: Around): ProposedValue[] {
  const keys = new Set(findEntryKeys(name, entry).map(({ place }) => place));
  const values: ProposedValue[] = [];
  for (const [group, kind] of [
    ['env', 'variable'],
    ['headers', 'header'],
  ] as const) {
    for (const [key, text] of entriesOf(entry[group])) {
      const place = `${group}.${key}`;
      const state = isMissing(text, around) ? 'missing' : 'given';
      values.push({ place, name: key, kind, key: keys.has(place) || isSecretName(key), state });
      keys.delete(place);
    }
  }
  for (const place of keys) {
    const kind = place === 'url' ? 'address' : 'argument';
    values.push({ place, name: place, kind, key: true, state: 'given' });
  }
  return values;
}

function isMissing(text: string, around: Around): boolean {
  // Of a header that begins with its scheme, the rest counts.
  const own = text.trim().replace(/^(?:Bearer|Basic|Token|ApiKey)\s+/i, '');
  const named = /^\$\{env:([^}:]+)\}$/.exec(own)?.[1];
  return own === '' || isPlaceholder(own) || (named !== undefined && around.env(named) === undefined);
}

/** Everything that would run or be asked, with its keys hidden. */
function lineOf(name: string, entry: Readonly<Record<string, unknown>>): LinePiece[] {
  const keys = findEntryKeys(name, entry);
  const pieces: LinePiece[] = [];
  const add = (kind: LinePiece['kind'], text: string): void => {
    if (text !== '' || kind === 'hidden') pieces.push({ kind, text: text.slice(0, LONGEST) });
  };
  const put = (path: string, text: string, kind: LinePiece['kind'] = 'plain'): void => {
    let from = 0;
    for (const { start, end } of keys
      .filter(({ place }) => place === path)
      .sort((a, b) => a.start - b.start)) {
      add(kind, text.slice(from, start));
      add('hidden', '');
      from = end;
    }
    add(kind, text.slice(from));
  };
  const { command, url } = entry;
  if (typeof command === 'string') {
    const args = textsOf(entry.args);
    const what = originOf(command, args)?.what;
    add('plain', command);
    for (const [index, arg] of args.entries()) {
      add('plain', ' ');
      put(`args[${index}]`, arg, what !== undefined && arg.includes(what) ? 'origin' : 'plain');
    }
  } else if (typeof url === 'string') put('url', url, 'origin');
  for (const group of ['env', 'headers'] as const) {
    for (const [key, text] of entriesOf(entry[group])) {
      add('plain', group === 'env' ? `\n${key}=` : `\n${key}: `);
      if (keys.some(({ place }) => place === `${group}.${key}`)) put(`${group}.${key}`, text);
      else if (isSecretName(key) && text !== '' && !text.includes('${') && !isPlaceholder(text))
        add('hidden', '');
      else add('plain', text);
    }
  }
  return pieces;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function entriesOf(value: unknown): [string, string][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).filter((one): one is [string, string] => typeof one[1] === 'string')
    : [];
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

function warn(id: ProposedCheck['id'], what: string): ProposedCheck {
  return { id, tone: 'warn', what: what.slice(0, LONGEST) };
}
