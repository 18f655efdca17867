/**
 * From a request's path to what it asks for. Trailing slashes are accepted, the query is ignored, names may be
 * percent-encoded. With a base path, the endpoint answers only below it; health also beside it. Fixed paths come first,
 * and a base path before them: a server of such a name (`p`, `servers`, `status`) is reached by `/servers/NAME/...`.
 */
import { ALL, profileScope, type Scope, serverScope } from '../protocol/scope.ts';

/** What a path means. */
export type PathRoute =
  /** Streamable HTTP; the stream of the transport of 2024-11-05; where that one takes messages. */
  | {
      readonly kind: 'mcp' | 'sse' | 'message';
      readonly scope: Scope;
      /** The part of the path that may be a token, decoded; null when there is none. */
      readonly token: string | null;
    }
  | { readonly kind: 'health' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'status' }
  /** What only the private socket serves. */
  | { readonly kind: 'local' }
  | { readonly kind: 'presence' }
  | { readonly kind: 'command' }
  | { readonly kind: 'unknown' };

const FIXED: ReadonlyMap<string, PathRoute> = new Map([
  ['/mcp', { kind: 'mcp', scope: ALL, token: null }],
  ['/sse', { kind: 'sse', scope: ALL, token: null }],
  ['/message', { kind: 'message', scope: ALL, token: null }],
  // As mcpproxy-go has it.
  ['/mcp/all', { kind: 'mcp', scope: ALL, token: null }],
  ['/status', { kind: 'status' }],
  ['/_healthz', { kind: 'health' }],
  ['/_readyz', { kind: 'ready' }],
  ['/_local/connection', { kind: 'local' }],
  ['/_local/presence', { kind: 'presence' }],
  ['/_local/command', { kind: 'command' }],
]);
const UNKNOWN: PathRoute = { kind: 'unknown' };

/** What the configuration adds to the paths. */
export interface PathRules {
  /** The server that has a path of its own beside its name, such as `team/files`; null when none has this one. */
  owner(path: string): string | null;
  /** Whether a path may hold a token, `/NAME/TOKEN/mcp`. */
  readonly tokens: boolean;
}

const PLAIN: PathRules = { owner: () => null, tokens: false };

/**
 * `/mcp`, `/sse`, `/message`; the same below `/servers/NAME`, `/NAME`, `/p/PROFILE` and what `rules` adds; `/mcp/all`,
 * `/mcp/p/PROFILE`; `/status`, `/_healthz`, `/_readyz`. A malformed name is unknown. `basePath` is empty, or begins
 * with a slash and ends without one; `local` is true on the private socket, where everything is also found beside it.
 */
export function routeOf(target: string, basePath = '', local = false, rules = PLAIN): PathRoute {
  const query = target.indexOf('?');
  let path = query === -1 ? target : target.slice(0, query);
  if (basePath === '') return routeIn(path, rules);
  if (path.startsWith(basePath) && (path.length === basePath.length || path[basePath.length] === '/')) {
    path = path.slice(basePath.length);
    return routeIn(path, rules);
  }
  const beside = routeIn(path, rules);
  return local || beside.kind === 'health' || beside.kind === 'ready' ? beside : UNKNOWN;
}

/**
 * Where the transport of 2024-11-05 takes messages, for a stream that was opened at `target`: beside it, since the way
 * there may hold what lets the client in.
 */
export function messageTarget(target: string, sessionId: string): string {
  const query = target.indexOf('?');
  const path = query === -1 ? target : target.slice(0, query);
  const shown = new URLSearchParams(query === -1 ? '' : target.slice(query));
  const kept = new URLSearchParams();
  for (const name of KEY_NAMES) {
    const value = shown.get(name);
    if (value !== null) kept.set(name, value);
  }
  kept.set('sessionId', sessionId);
  return `${path.replace(/sse\/*$/, 'message')}?${kept.toString()}`;
}

/** How a token in the query is called. */
const KEY_NAMES = ['key', 'apikey'] as const;

/** The token in the query of an address; null when there is none. */
export function keyInQuery(target: string): string | null {
  const query = target.indexOf('?');
  if (query === -1) return null;
  const shown = new URLSearchParams(target.slice(query));
  for (const name of KEY_NAMES) {
    const value = shown.get(name);
    if (value !== null && value !== '') return value;
  }
  return null;
}

function routeIn(whole: string, rules: PathRules): PathRoute {
  // Of the whole host (RFC 8615), whatever comes after it.
  if (whole.startsWith('/.well-known/')) return UNKNOWN;
  const direct = FIXED.get(whole);
  if (direct !== undefined) return direct;
  let path = whole;
  while (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  const fixed = FIXED.get(path);
  if (fixed !== undefined) return fixed;
  const [before, ...encoded] = path.split('/');
  const parts = encoded.map(nameIn).filter((part) => part !== null);
  if (before !== '' || parts.length < encoded.length) return UNKNOWN;
  // As mcpproxy-go has it.
  if (parts.length === 3 && parts[0] === 'mcp' && parts[1] === 'p' && parts[2] !== undefined)
    return { kind: 'mcp', scope: profileScope(parts[2]), token: null };
  const kind = parts.pop();
  return kind === 'mcp' || kind === 'sse' || kind === 'message' ? routeTo(kind, parts, rules) : UNKNOWN;
}

function routeTo(kind: 'mcp' | 'sse' | 'message', parts: readonly string[], rules: PathRules): PathRoute {
  const [first, second, third] = parts;
  if (first === undefined) return UNKNOWN;
  const owner = rules.owner(parts.join('/'));
  const token = rules.tokens ? (parts.at(-1) ?? null) : null;
  if (owner !== null) return { kind, scope: serverScope(owner), token: parts.length > 1 ? token : null };
  if (parts.length === 1) return { kind, scope: serverScope(first), token: null };
  if (parts.length === 2 && second !== undefined) {
    if (first === 'p') return { kind, scope: profileScope(second), token: null };
    if (first === 'servers') return { kind, scope: serverScope(second), token: null };
    return rules.tokens ? { kind, scope: serverScope(first), token } : UNKNOWN;
  }
  const named = first === 'servers' && second !== undefined && third !== undefined && parts.length === 3;
  return named && rules.tokens ? { kind, scope: serverScope(second), token } : UNKNOWN;
}

function nameIn(encoded: string | undefined): string | null {
  if (encoded === undefined || encoded === '') return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
