/**
 * Ties signing in to remote servers to the rest of the app: the servers of the configuration with their references
 * resolved, the encrypted records beside the data, the browser, and the state. Ends with the app.
 */
import { join } from 'node:path';
import type { OAuthConfig } from './config/oauth.ts';
import type { GatehouseConfig } from './config/schema.ts';
import type { OAuthSettings, OAuthTarget } from './identity/oauth/ports.ts';
import { openSignIns, type SignIns } from './identity/oauth/sign-ins.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import type { Way } from './protocol/exchange.ts';
import type { CourierCommand } from './secrets/courier.ts';
import type { SecretStore } from './secrets/secrets.ts';
import { createVault } from './secrets/vault.ts';
import type { AppEvent } from './state/state.ts';
import { safeEnvironment } from './upstreams/environment.ts';
import { proxyFor } from './upstreams/http-proxy.ts';
import type { Trust } from './upstreams/http-target.ts';
import { readAuthorities } from './upstreams/resolving.ts';
import { tlsOptions } from './upstreams/tls-options.ts';

/** What it ties together. */
export interface SigningInDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly closers: Closers;
  readonly openBrowser: ((url: string) => Promise<void>) | null;
  /** How the desktop starts the helper that carries token requests. */
  readonly courier: CourierCommand | undefined;
  secrets(): Promise<SecretStore>;
  resolve(text: string): Promise<string>;
  config(): GatehouseConfig;
  dispatch(event: AppEvent): void;
  /** Somebody has signed in. */
  wake(server: string): void;
}

/** Opens nothing before a server asks. */
export function openSigningIn(deps: SigningInDeps): SignIns {
  const { dataDir, clock, log, closers, openBrowser } = deps;
  const signIns = openSignIns({
    clock,
    log,
    openBrowser,
    store: createVault({
      ...{ directory: join(dataDir, 'sign-ins'), clock, courier: deps.courier },
      secrets: deps.secrets,
    }),
    target: (server) => targetOf(server, deps),
    changed: (name, signIn) => deps.dispatch({ kind: 'server-sign-in', name, signIn }),
    signedIn: deps.wake,
  });
  closers.add(signIns.close);
  return signIns;
}

async function targetOf(name: string, { config, resolve }: SigningInDeps): Promise<OAuthTarget | null> {
  const transport = config().servers.find((server) => server.name === name)?.transport;
  if (transport === undefined || transport.kind === 'stdio' || transport.oauth === null) return null;
  if (Object.keys(transport.headers).some((header) => header.toLowerCase() === 'authorization')) return null;
  const { verify, caFile } = transport.tls;
  const [url, settings, authorities] = await Promise.all([
    resolve(transport.url),
    settingsOf(transport.oauth, resolve),
    caFile === null ? null : resolve(caFile).then(readAuthorities),
  ]);
  return { url, settings, wayTo: waysFrom(url, { verify, authorities }, safeEnvironment(process.env)) };
}

async function settingsOf(
  config: OAuthConfig,
  resolve: (text: string) => Promise<string>,
): Promise<OAuthSettings> {
  const maybe = async (text: string | null): Promise<string | null> => (text === null ? null : resolve(text));
  const [clientId, clientSecret, privateKey, clientMetadataUrl, redirectUri, issuer] = await Promise.all([
    maybe(config.clientId),
    maybe(config.clientSecret),
    maybe(config.privateKey),
    maybe(config.clientMetadataUrl),
    maybe(config.redirectUri),
    maybe(config.issuer),
  ]);
  const extras = Object.entries(config.extraParams).map(
    async ([name, value]) => [name, await resolve(value)] as const,
  );
  return {
    grant: config.grant,
    clientId,
    clientSecret,
    privateKey,
    keyAlgorithm: await resolve(config.keyAlgorithm),
    clientMetadataUrl,
    scopes: config.scopes === null ? null : await Promise.all(config.scopes.map(resolve)),
    redirectUri,
    extraParams: Object.fromEntries(await Promise.all(extras)),
    issuer,
  };
}

/**
 * The ways of what belongs to the server at `url`: by the proxy of the environment, and with the authorities that are
 * trusted for the server. That any certificate will do counts for its own host alone.
 */
function waysFrom(url: string, trust: Trust, env: Readonly<Record<string, string>>): (address: URL) => Way {
  const own = new URL(url).host;
  return (address) => {
    const { ca, rejectUnauthorized } = tlsOptions({ ...trust, verify: trust.verify || address.host !== own });
    const authorities = ca === undefined ? null : [ca].flat().map(String);
    return { proxy: proxyFor(address, env), verify: rejectUnauthorized !== false, authorities };
  };
}
