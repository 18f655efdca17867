/**
 * What opens in the background while the endpoint already listens: the keychain, the activity log, and the token that
 * comes from the keychain. None of them may delay the start, and each may fail without ending the app.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ActivityEntry, type ActivityLog, openActivity } from './activity/activity.ts';
import type { CallCounter } from './call-counter.ts';
import { defaultDataDir } from './commands/data-dir.ts';
import { type AuthMode, type Identity, openIdentity } from './identity/tokens.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import { problemOf } from './protocol/error.ts';
import type { StartHelper } from './secrets/helper.ts';
import { resolveReferences } from './secrets/references.ts';
import { openSecrets, type SafeStoragePort, type SecretStore, type SecretsView } from './secrets/secrets.ts';

/** Calls that may wait for the activity log. */
const EARLY_CALLS = 1_000;

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
  readonly counter: CallCounter;
  readonly closers: Closers;
  secretsChanged(view: SecretsView): void;
}

/** What there is of it by now. */
export interface Background {
  /** Resolves references; waits for the keychain only where one needs it. */
  resolve(text: string): Promise<string>;
  readonly activity: ActivityLog | null;
  /** Notes a finished call; what comes before the log is open waits for it. */
  record(entry: ActivityEntry): void;
  readonly identity: Identity | null;
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
  let activity: ActivityLog | null = null;
  /** Null once the log is open, or cannot be. */
  let early: ActivityEntry[] | null = [];
  let identity: Identity | null = null;

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
      env: (name) => process.env[name],
      secret: async (name) => (await secrets).get(name),
    });

  const activityOpening = openActivity({
    file: join(dataDir, 'activity.db'),
    clock,
    onError: (problem) => log.warn({ code: problem.code }, 'activity'),
  });
  closers.add(async () => (await activityOpening.catch(() => null))?.close());
  activityOpening.then(
    (opened) => {
      activity = opened;
      // Counted already, so the day's count is asked for before they are in.
      deps.counter.load(opened);
      for (const entry of early ?? []) opened.record(entry);
      early = null;
    },
    (error: unknown) => {
      early = null;
      log.error({ code: problemOf(error).code }, 'no activity log');
    },
  );

  const identityOpening = openIdentity(deps.auth, { store: () => secrets, resolve });
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
    get activity() {
      return activity;
    },
    record(entry) {
      if (activity !== null) activity.record(entry);
      else if (early !== null && early.length < EARLY_CALLS) early.push(entry);
    },
    get identity() {
      return identity;
    },
    identified,
    secrets,
    identityOpening,
  };
}
