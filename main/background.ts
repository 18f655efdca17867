/**
 * What opens in the background while the endpoint already listens: the keychain, and the token that comes from it. None of them may delay the start, and each may fail without ending the app.
 */
import { homedir } from 'node:os';
import { defaultDataDir } from './commands/data-dir.ts';
import {
  type AuthMode,
  type Caller,
  type ClientLookup,
  type Identity,
  openIdentity,
} from './identity/tokens.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import { problemOf } from './protocol/error.ts';
import type { Scope } from './protocol/scope.ts';
import { secretNames } from './protocol/secret-patterns.ts';
import type { StartHelper } from './secrets/helper.ts';
import { resolveReferences } from './secrets/references.ts';
import { openSecrets, type SafeStoragePort, type SecretStore, type SecretsView } from './secrets/secrets.ts';

/** Tokens of the configuration, references unresolved. */
export interface AcceptedTokens {
  /** Of servers that have their own. */
  readonly servers: ReadonlyMap<string, readonly string[]>;
  /** As good as the own token. */
  readonly further: readonly string[];
}

/** What is needed to open them. */
export interface BackgroundDeps {
  readonly dataDir: string;
  readonly safeStorage: SafeStoragePort | null;
  readonly startKeychainHelper: StartHelper | undefined;
  readonly auth: AuthMode;
  /** The tokens that the configuration has. */
  tokens(): AcceptedTokens;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told each secret that a reference became. */
  secretUsed(value: string): void;
  readonly closers: Closers;
  secretsChanged(view: SecretsView): void;
  /** Tokens of single clients. */
  readonly clients: Promise<ClientLookup | null>;
}

/** What there is of it by now. */
export interface Background {
  /** Resolves references; waits for the keychain only where one needs it. */
  resolve(text: string): Promise<string>;
  readonly identity: Identity | null;
  /** Who shows these credentials; null when they are not good for the scope, or nothing is known yet. */
  authenticate(scope: Scope, authorization: string | undefined, apiKey: string | undefined): Caller | null;
  /** Settles, and never rejects, when `identity` is there or cannot be had. */
  readonly identified: Promise<void>;
  /** Rejects when there can be none. */
  readonly secrets: Promise<SecretStore>;
  /** Rejects when the token cannot be had. */
  readonly identityOpening: Promise<Identity>;
}

/** Begins to open everything and returns at once. */
export function openBackground(deps: BackgroundDeps): Background {
  const { clock, log, closers, dataDir } = deps;
  let identity: Identity | null = null;
  const isSecretName = secretNames([]);

  const secrets = openSecrets({
    dataDir,
    defaultDataDir: defaultDataDir(process.env, process.platform, homedir()),
    safeStorage: deps.safeStorage,
    startHelper: deps.startKeychainHelper,
    clock,
    onChange: deps.secretsChanged,
    keychain: process.env.GATEHOUSE_KEYCHAIN === 'off' ? 'off' : 'auto',
  });
  closers.add(async () => (await secrets.catch(() => null))?.close());
  secrets.then(
    (opened) => deps.secretsChanged(opened.view),
    (error: unknown) => log.error({ code: problemOf(error).code }, 'no secrets'),
  );
  const resolve = (text: string): Promise<string> =>
    resolveReferences(text, {
      env(name) {
        const value = process.env[name];
        if (value !== undefined && isSecretName(name)) deps.secretUsed(value);
        return value;
      },
      async secret(name) {
        const value = await (await secrets).get(name);
        if (value !== null) deps.secretUsed(value);
        return value;
      },
    });

  const identityOpening = deps.clients.then((clients) =>
    openIdentity(deps.auth, { store: () => secrets, resolve, clients }),
  );
  const identified = identityOpening
    .then(async (opened) => {
      // Before anybody is let in, or a server's own route would follow the common token for a moment.
      const { servers, further } = deps.tokens();
      await opened.setServerTokens(servers, further);
      identity = opened;
    })
    .catch((error: unknown) => log.error({ code: problemOf(error).code }, 'no token'));

  return {
    resolve,
    get identity() {
      return identity;
    },
    authenticate: (scope, authorization, apiKey) =>
      identity?.authenticate(scope.kind === 'server' ? scope.server : null, authorization, apiKey) ?? null,
    identified,
    secrets,
    identityOpening,
  };
}
