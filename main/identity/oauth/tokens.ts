/**
 * Token requests (RFC 6749 sections 4.1.3, 4.4 and 6; RFC 7009) and what their answers and refusals mean.
 */
import type {
  AuthorizationServerMetadata,
  OAuthClientInformationMixed,
  OAuthTokens,
} from '@modelcontextprotocol/client';
import { GatehouseError } from '../../protocol/error.ts';
import { proofOf } from './client.ts';
import { wordsOf } from './discovery.ts';
import type { OAuthSettings } from './ports.ts';
import { providerDown, quoted, tokenRefused, wrongIssuer } from './problems.ts';
import type { KnownClient, KnownTokens } from './record.ts';
import type { Fetch } from './web.ts';

/** What every token request needs. */
export interface TokenContext {
  readonly server: string;
  readonly issuer: string;
  readonly metadata: AuthorizationServerMetadata | null;
  readonly client: KnownClient;
  readonly settings: OAuthSettings;
  readonly resource: string | null;
  readonly fetchFn: Fetch;
  now(): number;
}

/** What a refusal of a token request means. */
export type Refusal =
  /** The grant or the client is not good any more; somebody has to sign in. */
  | { readonly kind: 'ended'; readonly client: boolean; readonly words: string }
  /** Try later. */
  | { readonly kind: 'down'; readonly error: GatehouseError }
  | { readonly kind: 'refused'; readonly error: GatehouseError };

/** Redeems a code. `iss` is the callback's own word on who answers (RFC 9207). Rejects with `signin.*`. */
export async function redeemCode(
  context: TokenContext,
  code: string,
  iss: string | null,
  codeVerifier: string,
  redirectUri: string,
): Promise<KnownTokens> {
  const sdk = await import('@modelcontextprotocol/client');
  const tokens = await asked(context, async () =>
    sdk.exchangeAuthorization(context.issuer, {
      ...(await common(context)),
      authorizationCode: code,
      ...(iss === null ? {} : { iss }),
      codeVerifier,
      redirectUri,
    }),
  );
  return known(tokens, context.now(), null);
}

/** Renews. The answer's own refresh token takes the place of the old one where there is one. */
export async function renewTokens(context: TokenContext, old: KnownTokens): Promise<KnownTokens> {
  const sdk = await import('@modelcontextprotocol/client');
  const tokens = await sdk.refreshAuthorization(context.issuer, {
    ...(await common(context)),
    refreshToken: old.refresh ?? '',
  });
  return known(tokens, context.now(), old.scope);
}

/** A token for the client itself. */
export async function clientTokens(context: TokenContext, scope: string | null): Promise<KnownTokens> {
  const sdk = await import('@modelcontextprotocol/client');
  const { clientInformation, addClientAuthentication } = await proofOf(context.client, context.settings);
  const provider = {
    redirectUrl: undefined,
    clientMetadata: { redirect_uris: [] },
    clientInformation: () => clientInformation,
    tokens: () => undefined,
    saveTokens: () => undefined,
    redirectToAuthorization: () => undefined,
    saveCodeVerifier: () => undefined,
    codeVerifier: () => '',
    prepareTokenRequest: () =>
      new URLSearchParams({ grant_type: 'client_credentials', ...(scope === null ? {} : { scope }) }),
    ...(addClientAuthentication === undefined ? {} : { addClientAuthentication }),
  };
  const tokens = await sdk.fetchToken(provider, context.issuer, {
    ...(context.metadata === null ? {} : { metadata: context.metadata }),
    ...(context.resource === null ? {} : { resource: context.resource }),
    ...(scope === null ? {} : { scope }),
    fetchFn: withExtras(context),
  });
  return known(tokens, context.now(), scope);
}

/** Tells the authorization server that the tokens are not needed any more. Rejects when it cannot be told. */
export async function revokeTokens(context: TokenContext, tokens: KnownTokens): Promise<void> {
  const endpoint = (context.metadata as { revocation_endpoint?: unknown } | null)?.revocation_endpoint;
  if (typeof endpoint !== 'string') return;
  const { clientInformation, addClientAuthentication } = await proofOf(context.client, context.settings);
  const sdk = await import('@modelcontextprotocol/client');
  const methods = context.metadata?.token_endpoint_auth_methods_supported ?? [];
  // The refresh token first: with it most servers end the access token too.
  for (const [token, hint] of [
    [tokens.refresh, 'refresh_token'],
    [tokens.access, 'access_token'],
  ] as const) {
    if (token === null) continue;
    const headers = new Headers({ 'Content-Type': 'application/x-www-form-urlencoded' });
    const body = new URLSearchParams({ token, token_type_hint: hint });
    const url = new URL(endpoint);
    if (addClientAuthentication !== undefined) {
      await addClientAuthentication(headers, body, url, context.metadata ?? undefined);
    } else {
      const method = sdk.selectClientAuthMethod(clientInformation, [...methods]);
      prove(method, clientInformation, headers, body);
    }
    const response = await context.fetchFn(url, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`status ${response.status}`);
  }
}

function prove(
  method: string,
  { client_id, client_secret = '' }: OAuthClientInformationMixed,
  headers: Headers,
  body: URLSearchParams,
): void {
  if (method === 'client_secret_basic') {
    const pair = `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`;
    headers.set('Authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
    return;
  }
  body.set('client_id', client_id);
  if (method === 'client_secret_post') body.set('client_secret', client_secret);
}

/** What an error of a token request means. */
export async function refusalOf(server: string, error: unknown): Promise<Refusal> {
  if (error instanceof GatehouseError) return { kind: 'refused', error };
  const { IssuerMismatchError, OAuthError } = await import('@modelcontextprotocol/client');
  if (error instanceof IssuerMismatchError) return { kind: 'refused', error: wrongIssuer(server) };
  if (!(error instanceof OAuthError)) return { kind: 'down', error: providerDown(server, wordsOf(error)) };
  const { code, message } = error;
  switch (code) {
    case 'invalid_grant':
    case 'invalid_client':
    case 'unauthorized_client':
      return { kind: 'ended', client: code !== 'invalid_grant', words: quoted(`${code}: ${message}`) };
    case 'server_error':
    case 'temporarily_unavailable':
    case 'too_many_requests':
      return { kind: 'down', error: providerDown(server, withoutPage(message)) };
    default:
      return { kind: 'refused', error: tokenRefused(server, `${code}: ${message}`) };
  }
}

/** As an error to be thrown. */
export function thrown(server: string, refusal: Refusal): GatehouseError {
  return refusal.kind === 'ended' ? tokenRefused(server, refusal.words) : refusal.error;
}

async function asked<T>(context: TokenContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw thrown(context.server, await refusalOf(context.server, error));
  }
}

async function common(
  context: TokenContext,
): Promise<object & Awaited<ReturnType<typeof proofOf>> & { fetchFn: Fetch }> {
  return {
    ...(context.metadata === null ? {} : { metadata: context.metadata }),
    ...(context.resource === null ? {} : { resource: context.resource }),
    ...(await proofOf(context.client, context.settings)),
    fetchFn: withExtras(context),
  };
}

/** The configured further parameters go into the body too, and no refusal repeats what was sent. */
function withExtras({ fetchFn, settings }: TokenContext): Fetch {
  return async (url, init) => {
    if (!(init?.body instanceof URLSearchParams)) return fetchFn(url, init);
    const body = new URLSearchParams(init.body);
    for (const [name, value] of Object.entries(settings.extraParams)) body.set(name, value);
    const response = await fetchFn(url, { ...init, body });
    if (response.ok) return response;
    const { status, statusText, headers } = response;
    const text = withoutEcho(await response.text(), body, new Headers(init.headers).get('authorization'));
    return new Response(text, { status, statusText, headers });
  };
}

/** Parameters that are no secrets. */
const PUBLIC = new Set([
  'grant_type',
  'client_id',
  'scope',
  'resource',
  'redirect_uri',
  'client_assertion_type',
]);

/** Some authorization servers quote the request in their refusals; what they say is shown to people. */
export function withoutEcho(text: string, body: URLSearchParams, authorization: string | null): string {
  const sent = [...body].filter(([name]) => !PUBLIC.has(name)).map(([, value]) => value);
  const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (basic !== undefined) {
    const pair = Buffer.from(basic, 'base64').toString('utf8');
    const secret = pair.slice(pair.indexOf(':') + 1);
    sent.push(basic, secret, decoded(secret));
  }
  const forms = sent
    .flatMap((value) => [
      value,
      encodeURIComponent(value),
      new URLSearchParams({ v: value }).toString().slice(2),
      JSON.stringify(value).slice(1, -1),
    ])
    .filter((form) => form.length >= 4)
    .sort((one, other) => other.length - one.length);
  return forms.reduce((rest, form) => rest.replaceAll(form, '[hidden]'), text);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The form in which tokens are kept. `scope` counts where the answer names none (RFC 6749 section 5.1). */
export function known(tokens: OAuthTokens, now: number, scope: string | null): KnownTokens {
  return {
    access: tokens.access_token,
    refresh: tokens.refresh_token ?? null,
    scope: tokens.scope ?? scope,
    obtainedAt: now,
    expiresAt: tokens.expires_in === undefined ? null : now + tokens.expires_in * 1_000,
  };
}

/** The SDK quotes whole pages of proxies that stand in between. */
function withoutPage(message: string): string {
  return message.replace(/Invalid OAuth error response[\s\S]*/, 'an answer that says no reason');
}
