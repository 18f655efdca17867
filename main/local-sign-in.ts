/**
 * Ties signing in at our own endpoint to the rest: the paths of the gateway, the clients with tokens of their own, the
 * activity log, and what the screens decide. Ends with the app, which denies what waits.
 */
import { join } from 'node:path';
import type { SignInDecisionView, WaitingSignInView } from '../preload/views/client-sign-in.ts';
import type { Actor } from '../preload/views/trust.ts';
import { type ClientSignInDeps, clientSignInCommands } from './api/client-sign-in.ts';
import type { ClientAccess } from './client-access.ts';
import type { GatehouseConfig } from './config/schema.ts';
import type { PathRules } from './gateway/routes.ts';
import { routeOf } from './gateway/routes.ts';
import type { SignInPort } from './gateway/sign-in-port.ts';
import { fetchDocument, systemWays } from './identity/local/fetch-document.ts';
import type { Consent } from './identity/local/ports.ts';
import { redirectKind } from './identity/local/redirects.ts';
import { levelOf } from './identity/local/requests.ts';
import { openLocalSignIn } from './identity/local/server.ts';
import type { SignInTokens } from './identity/sign-in-tokens.ts';
import type { Logger } from './logger.ts';
import type { Clock } from './protocol/clock.ts';
import type { Closers } from './protocol/closers.ts';
import { GatehouseError } from './protocol/error.ts';
import { ALL, type Scope } from './protocol/scope.ts';
import type { Recording } from './recording.ts';
import { safeEnvironment } from './upstreams/environment.ts';
import { proxyFor } from './upstreams/http-proxy.ts';

/** What is needed. */
export interface LocalSignInRooms {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly closers: Closers;
  readonly basePath: string;
  /** Whether there is a window of the app's own. */
  readonly mode: 'desktop' | 'headless';
  /** Whether the endpoint asks for a token at all. */
  readonly needed: boolean;
  readonly paths: PathRules | undefined;
  readonly clients: ClientAccess;
  config(): GatehouseConfig;
  readonly note: Recording['note'];
  /** What waits, or who has signed in, is another one; told with how many wait. */
  changed(waiting: number): void;
}

/** What the app makes of it. */
export interface LocalSignIns {
  /** Undefined where nobody has to sign in. */
  readonly door: SignInPort | undefined;
  readonly commands: ReturnType<typeof clientSignInCommands>;
}

export function openLocalSignIns(rooms: LocalSignInRooms): LocalSignIns {
  const { dataDir, clock, log, clients, basePath, note } = rooms;
  const scopeAt = (path: string): Scope | null => {
    if (path === '' || path === '/' || path === basePath) return ALL;
    const route = routeOf(path, basePath, false, rooms.paths);
    return (route.kind === 'mcp' || route.kind === 'sse') && route.token === null ? route.scope : null;
  };
  const tokens = async (): Promise<SignInTokens> => {
    // Says why, where the file of clients cannot be read.
    await clients.open();
    const opened = await clients.tokens;
    if (opened === null) throw new Error('no client tokens');
    return opened.signIns;
  };
  const ways = systemWays(clock);
  const signIn = openLocalSignIn({
    ...{ clock, basePath, log, tokens, scopeAt },
    changed: () => rooms.changed(signIn.waiting().length),
    file: join(dataDir, 'sign-in-clients.json'),
    // Through a proxy nobody could see where a name leads.
    readDocument: isDirect() ? (url, signal) => fetchDocument(url, signal, ways) : null,
    check: async (choice) => clients.check(choice),
    noted: ({ action, client, errorCode, detail }) =>
      note({
        ...{ kind: 'connection', action, client, errorCode },
        outcome: errorCode === null ? 'ok' : 'refused',
        ...(detail === '' ? {} : { detail }),
      }),
  });
  rooms.closers.add(signIn.close);
  /** Known as soon as the file is read, which is long before anybody decides. */
  let known: SignInTokens | null = null;
  void clients.tokens.then((opened) => {
    known = opened?.signIns ?? null;
  });
  const commands: ClientSignInDeps = {
    profiles: () => rooms.config().profiles.map(({ name }) => name),
    waiting: () =>
      signIn
        .waiting()
        .map((consent) =>
          viewOf(consent, rooms.config(), known?.choiceOf(consent.client.clientId, consent.resource) ?? null),
        ),
    async decide(id, decision, by) {
      if (!mayDecide(rooms.mode, by, decision)) throw atTheWindow();
      await signIn.decide(id, decision);
    },
  };
  return { door: rooms.needed ? signIn : undefined, commands: clientSignInCommands(commands) };
}

function viewOf(
  { id, client, redirect, scope, asks, since, until }: Consent,
  config: GatehouseConfig,
  before: WaitingSignInView['before'],
): WaitingSignInView {
  const all = scope.kind === 'all';
  return {
    ...{ id, name: client.name, redirect, asks, since, until },
    vouchedBy: client.isDocument ? new URL(client.clientId).host : null,
    redirectKind: redirectKind(redirect) ?? 'loopback',
    server: scope.kind === 'server' ? scope.server : null,
    profile: scope.kind === 'profile' ? scope.profile : null,
    profiles: all ? config.profiles.map(({ name }) => name) : [],
    before:
      before === null
        ? null
        : { ...before, permission: levelOf(before.permission) <= levelOf(asks) ? before.permission : asks },
  };
}

/**
 * Whether a client may be let in from there. What lets one in outlives the session of a browser, and belongs before the eyes
 * of whoever sits at the computer; the web admin stands in for that only where there is no window. Everybody may deny.
 */
export function mayDecide(mode: 'desktop' | 'headless', by: Actor, decision: SignInDecisionView): boolean {
  return by !== 'web' || mode === 'headless' || !decision.allow;
}

function atTheWindow(): GatehouseError {
  return new GatehouseError({
    code: 'admin.at_the_window',
    message: 'This computer has a window of Gatehouse; clients are let in there, not from a browser.',
    remedy: 'Allow it in the window of Gatehouse, or deny it here.',
  });
}

function isDirect(): boolean {
  try {
    return proxyFor(new URL('https://client.example/'), safeEnvironment(process.env)) === null;
  } catch {
    return false;
  }
}
