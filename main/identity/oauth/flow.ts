/**
 * One sign-in by a person: the authorization code flow with PKCE in a browser (RFC 6749 section 4.1, RFC 7636, RFC 8252).
 * The browser comes back to a listener on this computer, or its last address is pasted. Ends when the tokens are stored,
 * when it fails, after ten minutes, or with `cancel`.
 */
import { randomBytes } from 'node:crypto';
import { GatehouseError, problemOf } from '../../protocol/error.ts';
import { type Callback, openCallback } from './callback.ts';
import { widens } from './challenge.ts';
import { givenClient, proofOf, registerClient, scopesFor } from './client.ts';
import type { Discovered } from './discovery.ts';
import type { OAuthTarget, SignInDeps } from './ports.ts';
import { cancelled, denied, noClient, portBusy, timedOut, wrongCallback, wrongIssuer } from './problems.ts';
import type { KnownClient, SignInRecord } from './record.ts';
import { redeemCode } from './tokens.ts';
import { checkAddress, type Fetch, guardedFetch, isLoopback } from './web.ts';

/** Minutes for a person to sign in. */
const MINUTES = 10;
const PATH = '/oauth/callback';

/** What one sign-in is about. */
export interface FlowOptions {
  readonly server: string;
  readonly target: OAuthTarget;
  readonly discovered: Discovered;
  /** What was kept of earlier sign-ins: its client and port are used again where they fit. */
  readonly kept: SignInRecord | null;
  /** Scopes to ask for besides. */
  readonly more: string | null;
}

/** A sign-in under way. */
export interface Flow {
  /** The address for the browser. Rejects when there is none. */
  readonly url: Promise<string>;
  /** What is to be kept. Rejects with `signin.*`. */
  readonly done: Promise<SignInRecord>;
  /** Takes the address at which the browser has ended. Throws `signin.wrong_callback`. */
  paste(text: string): void;
  /** Tells the browser, if it waits, that the tokens are stored, or why not. */
  finish(error: GatehouseError | null): void;
  cancel(): void;
}

/** Where the browser is to come back to. */
interface Return {
  readonly callback: Callback | null;
  readonly redirectUri: string;
}

/** Begins. */
export function startFlow(deps: SignInDeps, options: FlowOptions): Flow {
  const { server, target, discovered, kept } = options;
  const state = randomBytes(24).toString('base64url');
  const ending = new AbortController();
  const fetchFn = guardedFetch(target, ending.signal);
  let callback: Callback | null = null;
  let shown: (url: string) => void = () => undefined;
  let unshown: (error: unknown) => void = () => undefined;
  const url = new Promise<string>((resolve, reject) => {
    shown = resolve;
    unshown = reject;
  });
  url.catch(() => undefined);
  let pasted: (answer: URLSearchParams) => void = () => undefined;
  const byHand = new Promise<URLSearchParams>((resolve) => {
    pasted = resolve;
  });
  let giveUp: (error: GatehouseError) => void = () => undefined;
  const over = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  over.catch(() => undefined);
  const cancelLimit = deps.clock.after(MINUTES * 60_000, () => giveUp(timedOut(server, MINUTES)));

  const run = async (): Promise<SignInRecord> => {
    const back = await openReturn(deps, options, state);
    callback = back.callback;
    const scope = scopesFor(target.settings, discovered, options.more);
    const client = await clientFor(options, scope, back.redirectUri, fetchFn);
    const { address, codeVerifier } = await authorizationAddress(
      options,
      client,
      back.redirectUri,
      scope,
      state,
    );
    shown(address);
    const arrivals = back.callback === null ? [byHand, over] : [back.callback.answer, byHand, over];
    const answer = await Promise.race(arrivals);
    const code = readAnswer(options, answer);
    const tokens = await redeemCode(
      {
        server,
        issuer: discovered.issuer,
        metadata: discovered.metadata,
        client,
        settings: target.settings,
        resource: resourceOf(options),
        fetchFn,
        now: deps.clock.now,
      },
      code,
      answer.get('iss'),
      codeVerifier,
      back.redirectUri,
    );
    return {
      version: 1,
      url: target.url,
      issuer: discovered.issuer,
      metadata: discovered.metadata as Record<string, unknown> | null,
      resource: resourceOf(options),
      client,
      machine: false,
      port: back.callback?.port ?? kept?.port ?? null,
      tokens: { ...tokens, scope: tokens.scope ?? scope },
      asked: scope,
      ended: null,
    };
  };
  const done = Promise.race([run(), over]).finally(cancelLimit);
  done.catch((error: unknown) => {
    unshown(error);
    ending.abort();
  });
  return {
    url,
    done,
    paste(text) {
      const answer = readPasted(text);
      if (answer === null) throw wrongCallback(server, 'it holds neither a code nor an error');
      if (answer.get('state') !== state) throw wrongCallback(server, 'it belongs to another sign-in');
      pasted(answer);
    },
    finish(error) {
      cancelLimit();
      callback?.finish(
        error === null
          ? { kind: 'done', server }
          : { kind: 'failed', text: `${error.message} ${error.remedy}` },
      );
    },
    cancel() {
      giveUp(cancelled(server));
      callback?.close();
    },
  };
}

/** Listens at the configured place, or at the port of the last time, or at a free one. */
async function openReturn(deps: SignInDeps, options: FlowOptions, state: string): Promise<Return> {
  const { redirectUri } = options.target.settings;
  const { clock } = deps;
  if (redirectUri !== null) {
    const url = new URL(redirectUri);
    // Somewhere else: the person pastes the address at which the browser ends.
    if (url.protocol !== 'http:' || !isLoopback(url.hostname)) return { callback: null, redirectUri };
    const port = url.port === '' ? 80 : Number(url.port);
    try {
      return { callback: await openCallback({ clock, port, path: url.pathname, state }), redirectUri };
    } catch {
      throw portBusy(port);
    }
  }
  const last = options.kept?.port ?? 0;
  const callback = await openCallback({ clock, port: last, path: PATH, state }).catch(() =>
    openCallback({ clock, port: 0, path: PATH, state }),
  );
  return { callback, redirectUri: `http://127.0.0.1:${callback.port}${PATH}` };
}

/** A client that was registered for another port, or for less, is registered again: its server compares. */
async function clientFor(
  { server, target, discovered, kept }: FlowOptions,
  scope: string | null,
  redirectUri: string,
  fetchFn: Fetch,
): Promise<KnownClient> {
  const given = givenClient(target, discovered.metadata);
  if (given !== null) return given;
  const before = kept?.issuer === discovered.issuer ? kept.client : null;
  const fits =
    before?.from === 'registered' && before.redirectUri === redirectUri && !widens(scope, before.scope);
  if (fits) return before;
  return registerClient(server, discovered, scope, redirectUri, fetchFn);
}

async function authorizationAddress(
  options: FlowOptions,
  client: KnownClient,
  redirectUri: string,
  scope: string | null,
  state: string,
): Promise<{ address: string; codeVerifier: string }> {
  const { server, target, discovered } = options;
  const sdk = await import('@modelcontextprotocol/client');
  const resource = resourceOf(options);
  const { clientInformation } = await proofOf(client, target.settings);
  const begun = await sdk
    .startAuthorization(discovered.issuer, {
      ...(discovered.metadata === null ? {} : { metadata: discovered.metadata }),
      clientInformation,
      redirectUrl: redirectUri,
      ...(scope === null ? {} : { scope }),
      state,
      ...(resource === null ? {} : { resource }),
    })
    .catch((error: unknown) => {
      throw noClient(server, problemOf(error).message);
    });
  const url = begun.authorizationUrl;
  for (const [name, value] of Object.entries(target.settings.extraParams)) url.searchParams.set(name, value);
  checkAddress(url, isLoopback(new URL(target.url).hostname));
  return { address: url.href, codeVerifier: begun.codeVerifier };
}

function resourceOf({ target, discovered }: FlowOptions): string | null {
  return target.settings.extraParams.resource ?? discovered.resource;
}

/** The code. Who answers is looked at before anything of the answer is believed (RFC 9207 section 2.4). */
function readAnswer({ server, discovered }: FlowOptions, answer: URLSearchParams): string {
  const expected = discovered.metadata?.issuer;
  const iss = answer.get('iss');
  const says = (discovered.metadata as { authorization_response_iss_parameter_supported?: unknown } | null)
    ?.authorization_response_iss_parameter_supported;
  if (expected !== undefined && (iss === null ? says === true : iss !== expected)) throw wrongIssuer(server);
  const error = answer.get('error');
  if (error !== null) throw denied(server, error, answer.get('error_description'));
  const code = answer.get('code');
  if (code === null) throw wrongCallback(server, 'it holds neither a code nor an error');
  return code;
}

/** A whole address, or the part behind its question mark. */
function readPasted(text: string): URLSearchParams | null {
  const trimmed = text.trim();
  const query = trimmed.includes('?') ? trimmed.slice(trimmed.indexOf('?') + 1).split('#')[0] : trimmed;
  const answer = new URLSearchParams(query);
  return answer.has('code') || answer.has('error') ? answer : null;
}

/** Any thrown value as an error to show. */
export function asError(error: unknown): GatehouseError {
  return error instanceof GatehouseError ? error : new GatehouseError({ ...problemOf(error), cause: error });
}
