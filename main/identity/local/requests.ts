/**
 * What a client asks for when it sends a browser here (RFC 6749 section 4.1.1, RFC 7636, RFC 8707). Pure.
 */
import type { Scope } from '../../protocol/scope.ts';
import { Fault } from './fault.ts';
import type { KnownClient, Permission } from './ports.ts';
import { isLoopbackName, isRegistered } from './redirects.ts';

/** What clients may ask for; each includes the ones before. */
export const SCOPES = ['tools:read', 'tools:write', 'tools:all'] as const;
const PERMISSIONS: readonly Permission[] = ['read', 'write', 'destructive'];

/** Longest `state`. Characters. */
const LONGEST_STATE = 4_000;

/** A request that may be put before somebody. */
export interface Asked {
  readonly redirect: string;
  readonly state: string | null;
  readonly challenge: string;
  readonly resource: string;
  readonly scope: Scope;
  readonly asks: Permission;
}

/** Where the browser may be sent, also with an error. @throws Fault when that is nowhere. */
export function redirectIn(params: ReadonlyMap<string, string>, client: KnownClient): string {
  const redirect = params.get('redirect_uri');
  if (redirect === undefined) throw new Fault('invalid_request', 'redirect_uri is missing.');
  if (!isRegistered(redirect, client.redirects))
    throw new Fault('invalid_request', 'redirect_uri is none that the client has registered.');
  return redirect;
}

/** @throws Fault, to be sent to the client by the browser */
export function readRequest(
  params: ReadonlyMap<string, string>,
  redirect: string,
  resourceAt: (resource: string) => { readonly path: string; readonly scope: Scope } | null,
): Asked {
  const state = params.get('state') ?? null;
  if (params.get('response_type') !== 'code')
    throw new Fault('unsupported_response_type', 'response_type must be code.');
  if ((params.get('response_mode') ?? 'query') !== 'query')
    throw new Fault('invalid_request', 'response_mode must be query.');
  if (state !== null && state.length > LONGEST_STATE)
    throw new Fault('invalid_request', 'state is too long.');
  const challenge = params.get('code_challenge');
  if (challenge === undefined || params.get('code_challenge_method') !== 'S256')
    throw new Fault('invalid_request', 'PKCE with S256 is required.');
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge))
    throw new Fault('invalid_request', 'code_challenge is no SHA-256 in base64url.');
  const named = params.get('resource');
  if (named === undefined) throw new Fault('invalid_target', 'resource is missing.');
  const found = resourceAt(named);
  if (found === null) throw new Fault('invalid_target', 'resource is not at this endpoint.');
  return {
    ...{ redirect, state, challenge },
    ...{ resource: found.path, scope: found.scope, asks: permissionIn(params.get('scope')) },
  };
}

/** The most that a scope asks for; all, where it names none of ours. */
export function permissionIn(scope: string | undefined): Permission {
  const named = (scope ?? '').split(' ');
  const most = SCOPES.findLastIndex((one) => named.includes(one));
  return PERMISSIONS[most] ?? 'destructive';
}

/** What was granted, as a scope. */
export function scopeText(permission: Permission): string {
  return SCOPES.slice(0, levelOf(permission) + 1).join(' ');
}

/** How much a permission lets, the least 0. */
export function levelOf(permission: Permission): number {
  return PERMISSIONS.indexOf(permission);
}

/** The path of one of our own addresses; null for anything else. `port` is that of the endpoint. */
export function pathAt(resource: string, port: string): string | null {
  let url: URL;
  try {
    url = new URL(resource);
  } catch {
    return null;
  }
  const own = url.protocol === 'http:' && isLoopbackName(url.hostname) && (url.port || '80') === port;
  const plain = url.username === '' && url.password === '' && !resource.includes('#') && url.search === '';
  return own && plain ? url.pathname.replace(/(?<=.)\/+$/, '') : null;
}
