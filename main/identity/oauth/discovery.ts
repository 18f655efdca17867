/**
 * Which authorization server a server trusts, and how that one is asked: protected resource metadata (RFC 9728) where the
 * challenge or a well-known address names it, then authorization server metadata (RFC 8414, or OpenID Connect
 * Discovery). The official SDK reads both; what it finds is checked here.
 */
import type { AuthorizationServerMetadata } from '@modelcontextprotocol/client';
import { GatehouseError } from '../../protocol/error.ts';
import type { BearerChallenge } from './challenge.ts';
import type { OAuthTarget } from './ports.ts';
import { discoveryFailed } from './problems.ts';
import { checkAddress, type Fetch, isLoopback } from './web.ts';

/** What was found out. */
export interface Discovered {
  readonly issuer: string;
  /** Null for an authorization server without metadata; its addresses are then those of 2025-03-26. */
  readonly metadata: AuthorizationServerMetadata | null;
  /** The resource that tokens are asked for (RFC 8707), as the server writes it; null when it names none. */
  readonly resource: string | null;
  /** All that the server says it has. */
  readonly scopesSupported: readonly string[];
  /** What the challenge asked for. */
  readonly scopeWanted: string | null;
}

/**
 * Asks around. Null when neither the server nor its origin knows of an authorization server. Rejects with
 * `signin.discovery_failed` or `signin.forbidden_address`.
 */
export async function discoverSignIn(
  server: string,
  { url, settings }: OAuthTarget,
  challenge: BearerChallenge,
  fetchFn: Fetch,
): Promise<Discovered | null> {
  const sdk = await import('@modelcontextprotocol/client');
  const named = readUrl(challenge.resourceMetadata, url);
  let resource: string | null = null;
  let scopesSupported: readonly string[] = [];
  let issuer = settings.issuer;
  let found = issuer !== null;
  try {
    const metadata = await sdk.discoverOAuthProtectedResourceMetadata(
      url,
      named === null ? undefined : { resourceMetadataUrl: named },
      fetchFn,
    );
    if (!sdk.checkResourceAllowed({ requestedResource: url, configuredResource: metadata.resource })) {
      throw discoveryFailed(server, `the server says that it is ${metadata.resource}, which is another one`);
    }
    resource = metadata.resource;
    scopesSupported = metadata.scopes_supported ?? [];
    const [first] = metadata.authorization_servers ?? [];
    if (issuer === null && first !== undefined) {
      issuer = first;
      found = true;
    }
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    // A server without such metadata is one of 2025-03-26, whose authorization server is at its own origin.
    if (isNetwork(error)) throw discoveryFailed(server, wordsOf(error));
  }
  const at = issuer ?? new URL('/', url).href;
  let metadata: AuthorizationServerMetadata | null;
  try {
    metadata = (await sdk.discoverAuthorizationServerMetadata(at, { fetchFn })) ?? null;
  } catch (error) {
    if (error instanceof GatehouseError) throw error;
    throw discoveryFailed(server, wordsOf(error));
  }
  if (metadata === null && !found) return null;
  if (metadata !== null) checkEndpoints(metadata, url);
  return {
    issuer: metadata?.issuer ?? at,
    metadata,
    resource,
    scopesSupported,
    scopeWanted: challenge.scope,
  };
}

/** Addresses that are opened or that get secrets are looked at before any is used. */
function checkEndpoints(metadata: AuthorizationServerMetadata, serverUrl: string): void {
  const local = isLoopback(new URL(serverUrl).hostname);
  const all = [metadata.authorization_endpoint, metadata.token_endpoint, metadata.registration_endpoint];
  for (const address of all) {
    if (address !== undefined) checkAddress(new URL(address), local);
  }
}

function readUrl(text: string | null, base: string): URL | null {
  if (text === null) return null;
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

function isNetwork(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
}

/** What went wrong, from an error of `fetch` or of the SDK. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const refused = /^PROXY_(\d+)$/.exec(code)?.[1];
  if (refused !== undefined) return `the web proxy of the environment refused with ${refused}`;
  const message = error.message.startsWith('[') ? 'its answer is not of the expected form' : error.message;
  return code === '' ? message : `${message} (${code})`;
}
