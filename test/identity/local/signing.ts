/** Clients that sign in, and browsers that wait: official SDK clients with their own OAuth code, and raw requests. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OAuthClientInformationFull, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js';
import { runCommand } from '../../../main/commands/local-client.ts';
import type { SignInDecisionView, WaitingSignInView } from '../../../preload/views/client-sign-in.ts';
import { until } from '../../host/gateway.ts';

/** What an SDK keeps for a client, with a listener for the browser's way back. */
export type Keeper = Awaited<ReturnType<typeof openKeeper>>;

/** @param name what the client calls itself */
export async function openKeeper(name = 'Test Client', scope?: string) {
  let came: (params: URLSearchParams) => void = () => undefined;
  const back = new Promise<URLSearchParams>((resolve) => {
    came = resolve;
  });
  const server = createServer((request, response) => {
    came(new URL(request.url ?? '/', 'http://localhost').searchParams);
    response.end('<title>Back</title>back in the client');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  let verifier = '';
  let discovered: unknown;
  const keeper = {
    opened: null as URL | null,
    information: undefined as OAuthClientInformationFull | undefined,
    kept: undefined as OAuthTokens | undefined,
    back,
    redirect,
    // As both SDKs want it.
    redirectUrl: redirect,
    clientMetadata: {
      client_name: name,
      redirect_uris: [redirect],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      ...(scope === undefined ? {} : { scope }),
    },
    state: () => 'the-state',
    clientInformation: () => keeper.information,
    saveClientInformation(information: object) {
      keeper.information = information as OAuthClientInformationFull;
    },
    tokens: () => keeper.kept,
    saveTokens(tokens: OAuthTokens) {
      keeper.kept = tokens;
    },
    redirectToAuthorization(url: URL) {
      keeper.opened = url;
    },
    saveCodeVerifier(made: string) {
      verifier = made;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState(state: unknown) {
      discovered = state;
    },
    discoveryState: () => discovered as undefined,
    invalidateCredentials(what: string) {
      if (what !== 'tokens') keeper.information = undefined;
      keeper.kept = undefined;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return keeper;
}

/** The page that a browser shows while somebody decides. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** The letters on it; empty when it does not wait. */
  readonly code: string;
  /** Where it goes on. */
  readonly done: string;
  readonly wait: string;
}

export async function openPage(url: string | URL, headers: Record<string, string> = {}): Promise<Shown> {
  const response = await fetch(url, { headers, redirect: 'manual' });
  const html = await response.text();
  const found = (pattern: RegExp): string => pattern.exec(html)?.[1] ?? '';
  const { origin } = new URL(url);
  return {
    status: response.status,
    headers: response.headers,
    html,
    code: found(/<code>(\w+)<\/code>/),
    done: origin + found(/data-done="([^"]+)"/),
    wait: origin + found(/data-wait="([^"]+)"/),
  };
}

/** What waits under these letters. */
export async function waitingAs(dataDir: string, code: string): Promise<WaitingSignInView> {
  let one: WaitingSignInView | undefined;
  await until(async () => {
    one = (await runCommand(dataDir, 'clientSignIn.waiting', {})).find(({ id }) => id === code);
    return one !== undefined;
  }, `a sign-in ${code}`);
  if (one === undefined) throw new Error('nothing waits');
  return one;
}

export const ALLOW: SignInDecisionView = { allow: true, profile: null, permission: 'destructive' };

/** A browser and its person: opens the page, decides in Gatehouse, goes on; gives where it was sent. */
export async function signInBy(
  dataDir: string,
  url: string | URL,
  decision: SignInDecisionView = ALLOW,
): Promise<URL> {
  const page = await openPage(url);
  if (page.code === '') throw new Error(`no page that waits: ${page.status} ${page.html}`);
  await runCommand(dataDir, 'clientSignIn.decide', { id: page.code, decision });
  const waited = await fetch(page.wait);
  if (waited.status !== 200) throw new Error(`it still waits: ${waited.status}`);
  const response = await fetch(page.done, { redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`sent nowhere: ${response.status} ${await response.text()}`);
  return new URL(location);
}

/** A client without an SDK, for requests that no SDK would make. */
export async function rawClient(base: string, metadata: object = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const redirect = 'http://127.0.0.1:1/cb';
  const registered = await fetch(`${base}/oauth/register`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ client_name: 'Raw', redirect_uris: [redirect], ...metadata }),
  });
  const information = (await registered.json()) as { client_id: string; redirect_uris: string[] };
  const origin = new URL(base).origin;
  const authorizeUrl = (change: Record<string, string | null> = {}): string => {
    const params = new URLSearchParams();
    const all: Record<string, string | null> = {
      ...{ response_type: 'code', client_id: information.client_id, redirect_uri: redirect },
      ...{ code_challenge: challenge, code_challenge_method: 'S256', state: randomBytes(6).toString('hex') },
      ...{ resource: `${origin}/mcp`, ...change },
    };
    for (const [name, value] of Object.entries(all)) if (value !== null) params.set(name, value);
    return `${base}/oauth/authorize?${params.toString()}`;
  };
  const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${base}/oauth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(form).toString(),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string>,
    };
  };
  const exchange = (code: string, change: Record<string, string> = {}) =>
    post('token', {
      ...{ grant_type: 'authorization_code', code, client_id: information.client_id },
      ...{ redirect_uri: redirect, code_verifier: verifier, ...change },
    });
  const renew = (token: string, change: Record<string, string> = {}) =>
    post('token', {
      ...{ grant_type: 'refresh_token', refresh_token: token, client_id: information.client_id, ...change },
    });
  return {
    ...{ status: registered.status, information, redirect, verifier, authorizeUrl, post, exchange, renew },
  };
}
