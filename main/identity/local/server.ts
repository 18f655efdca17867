/**
 * The authorization server of our own endpoint: metadata, registration, sign-ins that a person decides about in Gatehouse,
 * tokens. It serves this computer alone, and is made for whatever name of it the client uses. `close` denies what waits.
 */
import type { Scope } from '../../protocol/scope.ts';
import { pageWordsFor } from '../page-language.ts';
import type { SignInChoice } from '../sign-in-tokens.ts';
import { answerAuthorize } from './authorize.ts';
import { createBucket } from './bucket.ts';
import { createCodes } from './codes.ts';
import { isDocumentAddress, readDocument, readRegistration } from './documents.ts';
import { Fault, faultAnswer, json } from './fault.ts';
import {
  resourceMetadata,
  resourceMetadataAddress,
  type SignInPath,
  serverMetadata,
  signInPath,
} from './metadata.ts';
import { endPage } from './pages.ts';
import type { Consent, KnownClient, LocalSignInDeps, Permission, WebAnswer, WebRequest } from './ports.ts';
import { isLoopbackName } from './redirects.ts';
import { openRegistrations, type Registrations } from './registrations.ts';
import { levelOf, pathAt } from './requests.ts';
import { answerRevoke, answerToken } from './token-endpoint.ts';
import { createWaitingRoom, notWaiting, type Outcome, type Pending } from './waiting.ts';

/** How long one question of a page stays open. Milliseconds. */
const POLL_MS = 20_000;
/** How many sign-ins may begin a minute, in the long run and at once. */
const SIGN_INS = 60;
/** How many documents are fetched a minute, in the same way. */
const DOCUMENTS = 20;
/** How long a document is taken as read. Milliseconds. */
const READ_MS = 5 * 60_000;
/** Documents that are remembered. */
const MOST_READ = 50;

/** What somebody decides. */
export type Decision =
  | { readonly allow: false }
  | { readonly allow: true; readonly profile: string | null; readonly permission: Permission };

/** Signing in at our own endpoint. */
export interface LocalSignIn {
  /** True when the path is one of these. */
  has(target: string): boolean;
  answer(request: WebRequest): Promise<WebAnswer>;
  /** Where a client learns how to sign in for this path; null where that is not offered. */
  metadataAddress(host: string, path: string): string | null;
  /** What waits for a person, the oldest first. */
  waiting(): readonly Consent[];
  /** Rejects with `identity.*`; then it still waits. */
  decide(id: string, decision: Decision): Promise<void>;
  close(): Promise<void>;
}

export function openLocalSignIn(deps: LocalSignInDeps): LocalSignIn {
  const { clock, basePath, noted } = deps;
  const codes = createCodes(clock);
  const mayBegin = createBucket(clock, SIGN_INS, SIGN_INS);
  const mayFetch = createBucket(clock, DOCUMENTS, DOCUMENTS);
  const read = new Map<string, { readonly client: KnownClient; readonly until: number }>();
  const ended = ({ consent }: Pending, outcome: Outcome): void => {
    if (outcome.kind === 'allowed') return;
    noted({
      action: 'client.sign_in_refused',
      client: consent.client.name ?? '',
      errorCode: DENIED[outcome.by],
      detail: JSON.stringify({ clientId: consent.client.clientId, redirect: consent.redirect }),
    });
  };
  const waiting = createWaitingRoom(clock, deps.changed, ended);
  let registrations: Promise<Registrations> | null = null;
  const registered = (): Promise<Registrations> => {
    registrations ??= openRegistrations(deps.file, clock, () =>
      deps.log.warn({ code: 'identity.registrations_damaged' }, 'registrations of clients'),
    );
    return registrations;
  };
  const inUse = async (): Promise<ReadonlySet<string>> =>
    new Set([...waiting.clientIds(), ...(await deps.tokens()).clientIds()]);

  /** The client of this id. @throws Fault `invalid_client` */
  const clientOf = async (clientId: string, signal: AbortSignal): Promise<KnownClient> => {
    const known = (await registered()).find(clientId);
    if (known !== null) return known;
    const { readDocument: fetchDocument } = deps;
    if (fetchDocument === null || !isDocumentAddress(clientId))
      throw new Fault('invalid_client', 'This client is not registered here.');
    const before = read.get(clientId);
    if (before !== undefined && before.until > clock.now()) return before.client;
    if (!mayFetch())
      throw new Fault('temporarily_unavailable', 'Too many clients are looked up. Wait a minute.', 429, {
        'Retry-After': '30',
      });
    const client = readDocument(clientId, await fetchDocument(clientId, signal));
    if (read.size >= MOST_READ) read.clear();
    read.set(clientId, { client, until: clock.now() + READ_MS });
    return client;
  };
  const resourceAt = (host: string) => (resource: string) => {
    const path = pathAt(resource, portOf(host));
    const scope = path === null ? null : deps.scopeAt(path);
    return path === null || scope === null ? null : { path, scope };
  };
  const answerRegister = async (request: WebRequest): Promise<WebAnswer> => {
    const type = request.headers['content-type'];
    if (typeof type !== 'string' || !/^application\/json\b/i.test(type))
      throw new Fault('invalid_client_metadata', 'The body must be application/json.');
    const registration = readRegistration(request.body);
    const { id, at } = await (await registered()).register(registration, await inUse());
    return json(201, {
      client_id: id,
      client_id_issued_at: Math.floor(at / 1_000),
      ...(registration.name === null ? {} : { client_name: registration.name }),
      redirect_uris: registration.redirects,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
    });
  };
  const authorizing = { basePath, waiting, codes, mayBegin, clientOf, pollMs: POLL_MS };
  const answerAt = async (path: SignInPath, request: WebRequest): Promise<WebAnswer> => {
    const origin = `http://${request.host.toLowerCase()}`;
    const method = METHODS[path.kind];
    if (request.method !== method && !(request.method === 'HEAD' && method === 'GET')) {
      return json(
        405,
        { error: 'invalid_request', error_description: `Only ${method} is taken here.` },
        { Allow: method },
      );
    }
    switch (path.kind) {
      case 'resource':
        return deps.scopeAt(path.path) === null
          ? json(404, { error: 'not_found' })
          : json(200, resourceMetadata(origin, basePath, path.path));
      case 'server':
        return json(200, serverMetadata(origin, basePath, deps.readDocument !== null));
      case 'register':
        return answerRegister(request);
      case 'token':
        return answerToken(request, {
          ...{ codes, noted, tokens: deps.tokens },
          pathAt: (resource) => resourceAt(request.host)(resource)?.path ?? null,
          used: (clientId) => void registered().then((all) => all.used(clientId)),
        });
      case 'revoke':
        return answerRevoke(request, { tokens: deps.tokens, noted });
      case 'authorize':
      case 'wait':
      case 'done':
        return answerAuthorize(path.kind, request, {
          ...authorizing,
          issuer: `${origin}${basePath}`,
          resourceAt: resourceAt(request.host),
        });
    }
  };

  return {
    has: (target) => signInPath(pathOf(target), basePath) !== null,
    async answer(request) {
      const path = signInPath(pathOf(request.target), basePath);
      if (path === null || !isLoopbackName(nameOf(request.host))) return json(404, { error: 'not_found' });
      const isPage = path.kind === 'authorize' || path.kind === 'done';
      try {
        return await answerAt(path, request);
      } catch (error) {
        const words = pageWordsFor(request.headers['accept-language']);
        if (error instanceof Fault) {
          return isPage
            ? endPage(error.status, words, words.cannotBegin, words.badlyAsked, error.message)
            : faultAnswer(error);
        }
        deps.log.warn({ error: String(error) }, 'sign-in of a client failed');
        const failed = new Fault('server_error', 'Gatehouse failed on this request.', 500);
        return isPage ? endPage(500, words, words.failed, words.failedHelp) : faultAnswer(failed);
      }
    },
    metadataAddress(host, path) {
      if (!isLoopbackName(nameOf(host)) || deps.scopeAt(path) === null) return null;
      return resourceMetadataAddress(`http://${host.toLowerCase()}`, path);
    },
    waiting: waiting.list,
    async decide(id, decision) {
      const consent = waiting.find(id);
      if (consent === null) throw notWaiting(id);
      if (!decision.allow) return waiting.decide(id, { kind: 'denied', by: 'person' });
      const choice = choiceOf(consent, decision);
      await deps.check(choice);
      waiting.decide(id, { kind: 'allowed', choice });
    },
    async close() {
      waiting.close();
      await (await registrations)?.close();
    },
  };
}

const DENIED = {
  person: 'identity.sign_in_denied',
  time: 'identity.sign_in_timed_out',
  newer: 'identity.sign_in_replaced',
} as const;

const METHODS: Readonly<Record<SignInPath['kind'], 'GET' | 'POST'>> = {
  resource: 'GET',
  server: 'GET',
  authorize: 'GET',
  wait: 'GET',
  done: 'GET',
  register: 'POST',
  token: 'POST',
  revoke: 'POST',
};

/** What a client may do: at most what it asks for, and where it asks for it. */
function choiceOf(
  { scope, asks }: Consent,
  { profile, permission }: Extract<Decision, { allow: true }>,
): SignInChoice {
  const held = levelOf(permission) <= levelOf(asks) ? permission : asks;
  const where = placeOf(scope, profile);
  return { ...where, permission: held, expiresAt: null };
}

function placeOf(scope: Scope, profile: string | null): Pick<SignInChoice, 'servers' | 'profile'> {
  switch (scope.kind) {
    case 'all':
      return { servers: null, profile };
    case 'server':
      return { servers: [scope.server], profile: null };
    case 'profile':
      return { servers: null, profile: scope.profile };
  }
}

function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
}

/** `127.0.0.1:4180` -> `127.0.0.1`; `[::1]:4180` -> `[::1]`. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function portOf(host: string): string {
  return /:(\d+)$/.exec(host)?.[1] ?? '80';
}
