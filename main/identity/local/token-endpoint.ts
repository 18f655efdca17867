/**
 * Giving out tokens, and taking them back (RFC 6749 sections 4.1.3 and 6, RFC 7009). Clients are public: what they prove is
 * that they began the sign-in (PKCE), or have the last refresh token.
 */
import type { SignInTokens, TokenPair } from '../sign-in-tokens.ts';
import { ACCESS_MS } from '../sign-in-tokens.ts';
import { type Codes, isVerifier } from './codes.ts';
import { Fault, json, paramsOf } from './fault.ts';
import type { SignInNote, WebAnswer, WebRequest } from './ports.ts';
import { levelOf, permissionIn, scopeText } from './requests.ts';

/** What the endpoint works on. */
export interface TokenEndpointDeps {
  readonly codes: Codes;
  tokens(): Promise<SignInTokens>;
  /** The path that a `resource` means; null when it is not ours. */
  pathAt(resource: string): string | null;
  noted(note: SignInNote): void;
  /** A client was given tokens. */
  used(clientId: string): void;
}

/** Answers a client (OAuth 2.1 section 3.2). Rejects with `Fault` for what it may not have. */
export async function answerToken(request: WebRequest, deps: TokenEndpointDeps): Promise<WebAnswer> {
  const params = formOf(request);
  const clientId = clientIn(params);
  const named = params.get('resource');
  const resource = named === undefined ? null : deps.pathAt(named);
  if (named !== undefined && resource === null)
    throw new Fault('invalid_target', 'resource is not at this endpoint.');
  switch (params.get('grant_type')) {
    case 'authorization_code':
      return tokenAnswer(await redeem(params, clientId, resource, deps));
    case 'refresh_token':
      return tokenAnswer(await renew(params, clientId, resource, deps));
    case undefined:
      throw new Fault('invalid_request', 'grant_type is missing.');
    default:
      throw new Fault('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token.');
  }
}

async function redeem(
  params: ReadonlyMap<string, string>,
  clientId: string,
  resource: string | null,
  { codes, tokens, noted, used }: TokenEndpointDeps,
): Promise<TokenPair> {
  const code = params.get('code');
  if (code === undefined) throw new Fault('invalid_request', 'code is missing.');
  const taken = codes.take(code);
  if (taken === null) throw new Fault('invalid_grant', 'The code is not good.');
  if ('spent' in taken) {
    // Two have it, and one of them is not who it was made for.
    const opened = await taken.spent;
    if (opened !== null) {
      await (await tokens()).end(opened);
      noted(refused('', 'identity.code_reused', 'A code was shown twice; what it had opened was ended.'));
    }
    throw new Fault('invalid_grant', 'The code was used before.');
  }
  const { client, choice, challenge } = taken.grant;
  if (client.clientId !== clientId) throw new Fault('invalid_grant', 'The code is of another client.');
  if (params.get('redirect_uri') !== client.redirect)
    throw new Fault('invalid_grant', 'redirect_uri is another one than before.');
  if (!isVerifier(params.get('code_verifier') ?? '', challenge))
    throw new Fault('invalid_grant', 'code_verifier does not fit.');
  if (resource !== null && resource !== client.resource)
    throw new Fault('invalid_target', 'resource is another one than before.');
  const beginning = (await tokens()).begin(client, choice);
  codes.opened(
    code,
    beginning.then(({ signIn }) => signIn).catch(() => null),
  );
  const pair = await beginning;
  used(clientId);
  noted({
    action: 'client.signed_in',
    client: pair.name,
    errorCode: null,
    detail: JSON.stringify({ clientId, redirect: client.redirect, resource: client.resource, ...choice }),
  });
  return pair;
}

async function renew(
  params: ReadonlyMap<string, string>,
  clientId: string,
  resource: string | null,
  { tokens, noted }: TokenEndpointDeps,
): Promise<TokenPair> {
  const shown = params.get('refresh_token');
  if (shown === undefined) throw new Fault('invalid_request', 'refresh_token is missing.');
  const outcome = await (await tokens()).renew(shown, clientId, resource, (permission) => {
    const wanted = params.get('scope');
    return wanted === undefined || levelOf(permissionIn(wanted)) <= levelOf(permission);
  });
  if (!('why' in outcome)) return outcome;
  switch (outcome.why) {
    case 'other-resource':
      throw new Fault('invalid_target', 'resource is another one than before.');
    case 'too-much':
      throw new Fault('invalid_scope', 'scope is more than was granted.');
    case 'reused':
      noted(
        refused(
          outcome.name ?? '',
          'identity.token_reused',
          'A spent refresh token was shown; the sign-in was ended.',
        ),
      );
      throw new Fault('invalid_grant', 'The refresh token was used before.');
    case 'other-client':
    case 'unknown':
      throw new Fault('invalid_grant', 'The refresh token is not good.');
  }
}

/** Ends the sign-in of a token. A token that is good for nothing is no error (RFC 7009 section 2.2). */
export async function answerRevoke(
  request: WebRequest,
  { tokens, noted }: Pick<TokenEndpointDeps, 'tokens' | 'noted'>,
): Promise<WebAnswer> {
  const params = formOf(request);
  const clientId = clientIn(params);
  const token = params.get('token');
  if (token === undefined) throw new Fault('invalid_request', 'token is missing.');
  const all = await tokens();
  const owner = all.ownerOf(token);
  if (owner !== null && owner.clientId !== clientId)
    throw new Fault('invalid_grant', 'The token is of another client.');
  if (owner !== null && (await all.end(owner.signIn))) {
    noted({ action: 'client.signed_out', client: owner.name, errorCode: null, detail: '' });
  }
  return json(200, {});
}

function tokenAnswer({ access, refresh, permission }: TokenPair): WebAnswer {
  return json(200, {
    access_token: access,
    token_type: 'Bearer',
    expires_in: ACCESS_MS / 1_000,
    refresh_token: refresh,
    scope: scopeText(permission),
  });
}

function formOf({ headers, body }: WebRequest): ReadonlyMap<string, string> {
  const type = headers['content-type'];
  if (typeof type !== 'string' || !/^application\/x-www-form-urlencoded\b/i.test(type))
    throw new Fault('invalid_request', 'The body must be a form (application/x-www-form-urlencoded).');
  if (headers.authorization !== undefined)
    throw new Fault('invalid_client', 'Clients are public here and show no secret.', 401, {
      'WWW-Authenticate': 'Basic realm="gatehouse"',
    });
  return paramsOf(body);
}

function clientIn(params: ReadonlyMap<string, string>): string {
  const clientId = params.get('client_id');
  if (clientId === undefined) throw new Fault('invalid_request', 'client_id is missing.');
  return clientId;
}

function refused(client: string, errorCode: string, detail: string): SignInNote {
  return { action: 'client.sign_in_refused', client, errorCode, detail };
}
