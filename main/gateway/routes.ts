/**
 * From a request's path to what it asks for. Trailing slashes are accepted, the query is ignored, names may be
 * percent-encoded. With a base path, the endpoint answers only below it; health also beside it. Fixed paths come first,
 * and a base path before them: a server of such a name (`p`, `servers`, `status`) is reached by `/servers/NAME/...`.
 */
import { ALL, profileScope, type Scope, serverScope } from '../protocol/scope.ts';

/** What a path means. */
export type PathRoute =
  /** Streamable HTTP; the stream of the transport of 2024-11-05; where that one takes messages. */
  | { readonly kind: 'mcp' | 'sse' | 'message'; readonly scope: Scope }
  | { readonly kind: 'health' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'status' }
  /** What only the private socket serves. */
  | { readonly kind: 'local' }
  | { readonly kind: 'presence' }
  | { readonly kind: 'unknown' };

const FIXED: ReadonlyMap<string, PathRoute> = new Map([
  ['/mcp', { kind: 'mcp', scope: ALL }],
  ['/sse', { kind: 'sse', scope: ALL }],
  ['/message', { kind: 'message', scope: ALL }],
  ['/status', { kind: 'status' }],
  ['/_healthz', { kind: 'health' }],
  ['/_readyz', { kind: 'ready' }],
  ['/_local/connection', { kind: 'local' }],
  ['/_local/presence', { kind: 'presence' }],
]);
const UNKNOWN: PathRoute = { kind: 'unknown' };

/**
 * `/mcp`, `/sse`, `/message`; the same below `/servers/NAME`, `/NAME` and `/p/PROFILE`; `/status`, `/_healthz`,
 * `/_readyz`. A malformed name is unknown. `basePath` is empty, or begins with a slash and ends without one; `local` is
 * true on the private socket, where everything is also found beside it.
 */
export function routeOf(target: string, basePath = '', local = false): PathRoute {
  const query = target.indexOf('?');
  let path = query === -1 ? target : target.slice(0, query);
  if (basePath === '') return routeIn(path);
  if (path.startsWith(basePath) && (path.length === basePath.length || path[basePath.length] === '/')) {
    path = path.slice(basePath.length);
    return routeIn(path);
  }
  const beside = routeIn(path);
  return local || beside.kind === 'health' || beside.kind === 'ready' ? beside : UNKNOWN;
}

/** The path at which the transport of 2024-11-05 takes messages in this scope. */
export function messagePath(scope: Scope, basePath: string): string {
  switch (scope.kind) {
    case 'all':
      return `${basePath}/message`;
    case 'server':
      return `${basePath}/servers/${encodeURIComponent(scope.server)}/message`;
    case 'profile':
      return `${basePath}/p/${encodeURIComponent(scope.profile)}/message`;
  }
}

function routeIn(whole: string): PathRoute {
  const direct = FIXED.get(whole);
  if (direct !== undefined) return direct;
  let path = whole;
  while (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  const fixed = FIXED.get(path);
  if (fixed !== undefined) return fixed;
  const [before, ...parts] = path.split('/');
  const kind = parts.pop();
  if (before !== '' || (kind !== 'mcp' && kind !== 'sse' && kind !== 'message')) return UNKNOWN;
  const [first, second] = parts;
  const isPair = parts.length === 2;
  const name = nameIn(isPair ? second : first);
  if (name === null || parts.length > 2) return UNKNOWN;
  if (isPair && first === 'p') return { kind, scope: profileScope(name) };
  if (isPair && first !== 'servers') return UNKNOWN;
  return { kind, scope: serverScope(name) };
}

function nameIn(encoded: string | undefined): string | null {
  if (encoded === undefined || encoded === '') return null;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
