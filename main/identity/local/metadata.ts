/**
 * What clients read first: which authorization server the endpoint has (RFC 9728), and what that one can do (RFC 8414).
 * Both are made for the name by which the client has come. Pure.
 */
import { SCOPES } from './requests.ts';

const RESOURCE = '/.well-known/oauth-protected-resource';
const SERVER = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'] as const;

/** Our own paths below the base path. */
export const PATHS = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  register: '/oauth/register',
  revoke: '/oauth/revoke',
  wait: '/oauth/wait',
  done: '/oauth/done',
} as const;

/** What a path asks for; null when it is none of sign-in's. */
export type SignInPath =
  | { readonly kind: keyof typeof PATHS }
  | { readonly kind: 'resource'; readonly path: string }
  | { readonly kind: 'server' };

/** `path` without its query. Metadata stands before the base path, as the RFCs have it; the rest below it. */
export function signInPath(path: string, basePath: string): SignInPath | null {
  if (path === RESOURCE || path.startsWith(`${RESOURCE}/`))
    return { kind: 'resource', path: path.slice(RESOURCE.length).replace(/\/+$/, '') };
  for (const known of SERVER) {
    // OpenID Connect puts the name after the issuer's path, RFC 8414 before it.
    if (path === `${known}${basePath}` || path === `${basePath}${known}`) return { kind: 'server' };
  }
  if (!path.startsWith(`${basePath}/oauth/`)) return null;
  const rest = path.slice(basePath.length);
  for (const kind of ['authorize', 'token', 'register', 'revoke', 'wait', 'done'] as const)
    if (PATHS[kind] === rest) return { kind };
  return null;
}

/** Where the metadata of the resource at `path` is. */
export function resourceMetadataAddress(origin: string, path: string): string {
  return `${origin}${RESOURCE}${path === '/' ? '' : path}`;
}

/** What the resource at `path` says of itself (RFC 9728 section 2). */
export function resourceMetadata(origin: string, basePath: string, path: string): object {
  return {
    resource: `${origin}${path}`,
    authorization_servers: [`${origin}${basePath}`],
    bearer_methods_supported: ['header'],
    scopes_supported: SCOPES,
    resource_name: 'Gatehouse',
  };
}

/**
 * What the authorization server says of itself (RFC 8414 section 2); `documents` tells whether clients may be known
 * by one.
 */
export function serverMetadata(origin: string, basePath: string, documents: boolean): object {
  const at = `${origin}${basePath}`;
  return {
    issuer: at,
    authorization_endpoint: `${at}${PATHS.authorize}`,
    token_endpoint: `${at}${PATHS.token}`,
    registration_endpoint: `${at}${PATHS.register}`,
    revocation_endpoint: `${at}${PATHS.revoke}`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
    scopes_supported: SCOPES,
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: documents,
  };
}
