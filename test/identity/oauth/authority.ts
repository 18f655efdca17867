/**
 * A real authorization server on loopback (oidc-provider): discovery, registration, PKCE, resource indicators, rotation.
 * It counts token requests, can be made slow or down, and tells the tokens that it knows.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type ClientMetadata } from 'oidc-provider';

/** How it is to behave. */
export interface AuthoritySettings {
  /** Seconds that an access token lives. */
  readonly accessTtl?: number;
  /** Clients may register themselves. Default true. */
  readonly registration?: boolean;
  readonly clients?: readonly ClientMetadata[];
  /** Documents at which clients describe themselves (CIMD), by address; without any, it takes none. */
  readonly documents?: Readonly<Record<string, object>>;
  readonly port?: number;
}

export interface Authority {
  readonly issuer: string;
  /** The grant types of all token requests so far. */
  readonly tokenRequests: string[];
  readonly registrations: () => number;
  /** Paths of the requests so far. */
  readonly paths: string[];
  /** What the server answers with instead of working; null works. */
  failWith: number | null;
  /** Milliseconds that a token answer takes after the tokens are rotated. */
  slowMs: number;
  /** What is known of an access token; null for a bad one. */
  check(token: string): Promise<{ scope: string; audience: string } | null>;
  /** Ends what was granted. */
  revokeAll(): Promise<void>;
  close(): Promise<void>;
}

/** oidc-provider asks it of newer Nodes than the oldest that we run in. */
function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}

export async function startAuthority(settings: AuthoritySettings = {}): Promise<Authority> {
  const { accessTtl = 3600, registration = true, clients = [], documents } = settings;
  const tokenRequests: string[] = [];
  const paths: string[] = [];
  const grants = new Set<string>();
  let registrations = 0;
  const state = { failWith: null as number | null, slowMs: 0 };
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    paths.push(path);
    if (state.failWith !== null) return void response.writeHead(state.failWith).end('out of order');
    if (path === '/reg') registrations++;
    if (path !== '/token' || state.slowMs === 0) return handle(request, response);
    // The work is done at once, and its answer comes late.
    const end = response.end.bind(response);
    response.end = ((...args: Parameters<typeof end>) => {
      setTimeout(() => end(...args), state.slowMs);
      return response;
    }) as typeof response.end;
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(settings.port ?? 0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls = URL as { parse?: typeof parseUrl };
  urls.parse ??= parseUrl;
  const quiet = console.warn;
  console.warn = () => undefined;
  const provider = new Provider(issuer, {
    ...(documents === undefined
      ? {}
      : {
          fetch: async (url: string | URL | Request) =>
            Response.json(documents[String(url)] ?? {}, { headers: { 'Cache-Control': 'max-age=60' } }),
        }),
    clients: [...clients],
    scopes: ['openid', 'offline_access', 'read', 'write'],
    pkce: { required: () => true },
    ttl: { AccessToken: accessTtl, RefreshToken: 86_400, Grant: 86_400, Session: 86_400, Interaction: 600 },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    features: {
      devInteractions: { enabled: true },
      registration: { enabled: registration },
      revocation: { enabled: true },
      introspection: { enabled: true },
      clientCredentials: { enabled: true },
      ...(documents === undefined
        ? {}
        : {
            clientIdMetadataDocument: {
              enabled: true,
              ack: 'draft-02',
              allowFetch: () => true,
              allowClient: () => true,
            },
          }),
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'read write',
          audience: resource,
          accessTokenFormat: 'opaque',
          accessTokenTTL: accessTtl,
        }),
      },
    },
  });
  console.warn = quiet;
  provider.on('grant.success', (ctx) => {
    tokenRequests.push(String(ctx.oidc.params?.grant_type));
    const id = ctx.oidc.entities.Grant?.jti;
    if (id !== undefined) grants.add(id);
  });
  provider.on('grant.error', (ctx, error) => {
    tokenRequests.push(`${String(ctx.oidc.params?.grant_type)}: ${error.message}`);
  });
  handle = provider.callback();
  return Object.assign(state, {
    issuer,
    tokenRequests,
    paths,
    registrations: () => registrations,
    async check(token: string) {
      const found =
        (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
      if (found === undefined || found.isExpired) return null;
      return { scope: found.scope ?? '', audience: String(found.aud ?? '') };
    },
    async revokeAll() {
      for (const id of grants) {
        await provider.AccessToken.adapter.revokeByGrantId(id);
        await provider.RefreshToken.adapter.revokeByGrantId(id);
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
