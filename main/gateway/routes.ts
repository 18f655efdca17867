/**
 * From a request's path to what it asks for. Trailing slashes are accepted.
 */
import { ALL, type Scope, serverScope } from '../protocol/scope.ts';

/** What a path means. */
export type PathRoute =
  | { readonly kind: 'mcp'; readonly scope: Scope }
  | { readonly kind: 'health' }
  | { readonly kind: 'ready' }
  /** What only the private socket serves. */
  | { readonly kind: 'local' }
  | { readonly kind: 'presence' }
  | { readonly kind: 'unknown' };

const MERGED: PathRoute = { kind: 'mcp', scope: ALL };
const HEALTH: PathRoute = { kind: 'health' };
const READY: PathRoute = { kind: 'ready' };
const LOCAL: PathRoute = { kind: 'local' };
const PRESENCE: PathRoute = { kind: 'presence' };
const UNKNOWN: PathRoute = { kind: 'unknown' };

/**
 * `/mcp`, `/servers/NAME/mcp`, `/NAME/mcp`, `/_healthz`, `/_readyz`. The query is ignored. A name may be
 * percent-encoded; a malformed one is unknown.
 */
export function routeOf(target: string): PathRoute {
  const query = target.indexOf('?');
  let path = query === -1 ? target : target.slice(0, query);
  if (path === '/mcp') return MERGED;
  while (path.length > 1 && path.endsWith('/')) path = path.slice(0, -1);
  if (path === '/mcp') return MERGED;
  if (path === '/_healthz') return HEALTH;
  if (path === '/_readyz') return READY;
  if (path === '/_local/connection') return LOCAL;
  if (path === '/_local/presence') return PRESENCE;
  const parts = path.split('/').slice(1);
  const [first, second, third] = parts;
  if (parts.length === 3 && first === 'servers' && third === 'mcp') return serverRoute(second);
  if (parts.length === 2 && second === 'mcp') return serverRoute(first);
  return UNKNOWN;
}

function serverRoute(encoded: string | undefined): PathRoute {
  if (encoded === undefined || encoded === '') return UNKNOWN;
  try {
    return { kind: 'mcp', scope: serverScope(decodeURIComponent(encoded)) };
  } catch {
    return UNKNOWN;
  }
}
