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
import type { SecretStore } from './secrets/secrets.ts';
import { createVault } from './secrets/vault.ts';
import type { AppEvent } from './state/state.ts';

/** What it ties together. */
export interface SigningInDeps {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly closers: Closers;
  readonly openBrowser: ((url: string) => Promise<void>) | null;
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
    store: createVault({ directory: join(dataDir, 'sign-ins'), clock, secrets: deps.secrets }),
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
  const [url, settings] = await Promise.all([resolve(transport.url), settingsOf(transport.oauth, resolve)]);
  return { url, settings };
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
