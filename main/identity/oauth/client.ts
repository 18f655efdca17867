/**
 * As which client Gatehouse asks an authorization server: the configured one, one that describes itself at an address
 * (client id metadata document), or one that is registered for the purpose (RFC 7591), in this order.
 */
import type {
  AddClientAuthentication,
  AuthorizationServerMetadata,
  OAuthClientInformationMixed,
} from '@modelcontextprotocol/client';
import { union } from './challenge.ts';
import { type Discovered, wordsOf } from './discovery.ts';
import type { OAuthSettings, OAuthTarget } from './ports.ts';
import { noClient } from './problems.ts';
import type { KnownClient } from './record.ts';
import type { Fetch } from './web.ts';

/** A client as the SDK wants it. */
export interface ClientProof {
  readonly clientInformation: OAuthClientInformationMixed;
  readonly addClientAuthentication?: AddClientAuthentication;
}

/** The client that needs no asking: configured, or described at an address. Null when one has to be registered. */
export function givenClient(
  { settings }: OAuthTarget,
  metadata: AuthorizationServerMetadata | null,
): KnownClient | null {
  if (settings.clientId !== null) {
    return {
      id: settings.clientId,
      secret: null,
      method: null,
      from: 'configured',
      redirectUri: null,
      scope: null,
    };
  }
  const documents = (metadata as { client_id_metadata_document_supported?: unknown } | null)
    ?.client_id_metadata_document_supported;
  if (settings.clientMetadataUrl === null || documents !== true) return null;
  return {
    id: settings.clientMetadataUrl,
    secret: null,
    method: 'none',
    from: 'document',
    redirectUri: null,
    scope: null,
  };
}

/** Registers a client that is sent back to `redirectUri`. Rejects with `signin.no_client`. */
export async function registerClient(
  server: string,
  { issuer, metadata }: Discovered,
  scope: string | null,
  redirectUri: string,
  fetchFn: Fetch,
): Promise<KnownClient> {
  if (metadata !== null && metadata.registration_endpoint === undefined) {
    throw noClient(server, 'it takes no registrations');
  }
  const sdk = await import('@modelcontextprotocol/client');
  const method = preferredMethod(metadata);
  try {
    const registered = await sdk.registerClient(issuer, {
      ...(metadata === null ? {} : { metadata }),
      ...(scope === null ? {} : { scope }),
      clientMetadata: {
        client_name: 'Gatehouse',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: method,
        application_type: 'native',
      },
      fetchFn,
    });
    return {
      id: registered.client_id,
      secret: registered.client_secret ?? null,
      method: registered.token_endpoint_auth_method ?? null,
      from: 'registered',
      redirectUri,
      scope,
    };
  } catch (error) {
    throw noClient(server, refusalOf(error));
  }
}

/** An app on somebody's computer keeps no secret (RFC 8252 section 8.5), where the server lets it. */
function preferredMethod(metadata: AuthorizationServerMetadata | null): string {
  const methods = metadata?.token_endpoint_auth_methods_supported;
  if (methods === undefined || methods.includes('none')) return 'none';
  return (
    methods.find((method) => method === 'client_secret_basic' || method === 'client_secret_post') ?? 'none'
  );
}

function refusalOf(error: unknown): string {
  const { status, body } = (error ?? {}) as { status?: unknown; body?: unknown };
  return typeof status === 'number' ? `status ${status}: ${String(body)}` : wordsOf(error);
}

/** What a token request of this client carries. */
export async function proofOf(client: KnownClient, settings: OAuthSettings): Promise<ClientProof> {
  const secret = client.from === 'configured' ? settings.clientSecret : client.secret;
  const clientInformation = {
    client_id: client.id,
    ...(secret === null ? {} : { client_secret: secret }),
    ...(client.method === null ? {} : { token_endpoint_auth_method: client.method }),
  };
  if (settings.privateKey === null) return { clientInformation };
  const { createPrivateKeyJwtAuth } = await import('@modelcontextprotocol/client');
  const addClientAuthentication = createPrivateKeyJwtAuth({
    issuer: client.id,
    subject: client.id,
    privateKey: keyOf(settings.privateKey),
    alg: settings.keyAlgorithm,
  });
  return { clientInformation, addClientAuthentication };
}

/** A JWK is JSON, everything else PEM. */
function keyOf(text: string): string | Record<string, unknown> {
  if (!text.trimStart().startsWith('{')) return text;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text;
  }
}

/**
 * The scopes to ask for: those of the file, else what the challenge wants, else all that the server names. Renewing
 * without anybody's help (`offline_access`) is asked for where it is offered.
 */
export function scopesFor(
  settings: OAuthSettings,
  discovered: Discovered,
  more: string | null,
): string | null {
  const configured = settings.scopes === null ? null : settings.scopes.join(' ');
  const named = discovered.scopesSupported.length === 0 ? null : discovered.scopesSupported.join(' ');
  const scope = union(configured ?? discovered.scopeWanted ?? named, more);
  const offers = discovered.metadata?.scopes_supported?.includes('offline_access') ?? false;
  return offers && settings.grant === 'authorization-code' ? union(scope, 'offline_access') : scope;
}
