/**
 * What can go wrong with signing in, in words. What an authorization server says is quoted shortened and without line
 * breaks; no text holds a token, a code or a secret.
 */
import { GatehouseError } from '../../protocol/error.ts';

/** The provider's words, fit for one line. */
export function quoted(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  return [...line].slice(0, 200).join('');
}

/** Somebody has to sign in. `why` is a sentence, or empty. */
export function signInNeeded(server: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.needed',
    ...(why === ''
      ? { message: 'The server "{server}" wants you to sign in.' }
      : { form: 'again', message: `The server "{server}" wants you to sign in. ${why}` }),
    remedy: 'Sign in from its page in Gatehouse, or run: gatehouse auth login {server}',
    values: { server },
  });
}

/** A request needs more than the sign-in gave; `scopes` as the server wrote them. */
export function moreScopes(server: string, scopes: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.more_scopes',
    message: 'The server "{server}" wants further permissions for this: {scopes}.',
    remedy: 'Sign in again and grant them: gatehouse auth login {server}',
    values: { server, scopes: quoted(scopes) },
  });
}

/** A token that was issued a moment ago is not accepted. */
export function notAccepted(server: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.not_accepted',
    message: 'The server "{server}" does not accept the token that its authorization server has just issued.',
    remedy:
      'Check that "url" is the address that the server calls itself, and the scopes; or ask who runs the server.',
    values: { server },
  });
}

/** Where to sign in is not known; `why` goes on "could not be found out:". */
export function discoveryFailed(server: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.discovery_failed',
    message: 'How to sign in to "{server}" could not be found out: {why}.',
    remedy:
      'Check "url" and the network; where the server names no authorization server, set "issuer" in its "oauth".',
    values: { server, why: quoted(why) },
  });
}

/** No way to become a client of the authorization server. */
export function noClient(server: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.no_client',
    message: 'Gatehouse could not be registered with the authorization server of "{server}": {why}.',
    remedy:
      'Register an application there yourself and set "clientId" (and "clientSecret") in the server\'s "oauth".',
    values: { server, why: quoted(why) },
  });
}

/** The port that the registration names is taken. */
export function portBusy(port: number): GatehouseError {
  return new GatehouseError({
    code: 'signin.port_busy',
    message: 'The browser is to be sent back to port {port} of this computer, and another program uses it.',
    remedy: 'End that program, or register another "redirectUri" for this client.',
    values: { port },
  });
}

/** The authorization server sent the browser back with an error (RFC 6749 section 4.1.2.1). */
export function denied(server: string, error: string, description: string | null): GatehouseError {
  const words = description === null ? error : `${error}: ${description}`;
  return new GatehouseError({
    code: 'signin.denied',
    message: 'Signing in to "{server}" was refused ({words}).',
    ...(error === 'access_denied'
      ? { form: 'by_user', remedy: 'Sign in again and agree, or use another account.' }
      : {
          remedy:
            'Check "clientId", "scopes" and "redirectUri" in the server\'s "oauth", then sign in again.',
        }),
    values: { server, words: quoted(words) },
  });
}

/** The answer comes from somebody else (RFC 9207). */
export function wrongIssuer(server: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.wrong_issuer',
    message:
      'The answer to the sign-in to "{server}" does not come from the authorization server that was asked.',
    remedy:
      'Nothing was sent to either. Sign in again; if it stays, do not use this server and ask who runs it.',
    values: { server },
  });
}

/** An address that was pasted is not that of this sign-in. */
export function wrongCallback(server: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.wrong_callback',
    message: 'This is not the address to which the sign-in to "{server}" leads: {why}.',
    remedy: 'Paste the whole address that the browser shows at the end of the sign-in that was started last.',
    values: { server, why },
  });
}

/** Something was done about a sign-in that is not under way. */
export function notWaiting(server: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.not_waiting',
    message: 'No sign-in to "{server}" is under way.',
    remedy: 'Begin one: gatehouse auth login {server}',
    values: { server },
  });
}

/** The browser never came back. */
export function timedOut(server: string, minutes: number): GatehouseError {
  return new GatehouseError({
    code: 'signin.timeout',
    message: 'Nobody completed the sign-in to "{server}" within {minutes} minutes.',
    remedy: 'Sign in again.',
    values: { server, minutes },
  });
}

/** The user gave it up. */
export function cancelled(server: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.cancelled',
    message: 'The sign-in to "{server}" was given up.',
    remedy: 'Sign in again.',
    values: { server },
  });
}

/** The authorization server refused a token request. */
export function tokenRefused(server: string, words: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.token_refused',
    message: 'The authorization server of "{server}" refused: {words}.',
    remedy: 'Check "clientId", "clientSecret" and "scopes" in the server\'s "oauth", then sign in again.',
    values: { server, words: quoted(words) },
  });
}

/** It could not be reached, or is in trouble itself. Nothing is lost. */
export function providerDown(server: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.provider_down',
    message: 'The authorization server of "{server}" cannot be asked now: {why}.',
    remedy: 'Check the network; you stay signed in, and it is tried again.',
    values: { server, why: quoted(why) },
  });
}

/** There is nothing to sign in to. */
export function noSignIn(server: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.not_possible',
    message: '"{server}" is not a remote server that one signs in to.',
    remedy:
      'Only servers with "url", without an "Authorization" header of their own and without "enabled": false in its "oauth", are.',
    values: { server },
  });
}

/** An address that a server names and that is not asked, such as one in this network. */
export function forbiddenAddress(why: string): GatehouseError {
  return new GatehouseError({
    code: 'signin.forbidden_address',
    message: 'The server names an address that is not asked: {why}.',
    remedy: 'Authorization servers have https:// addresses; ask who runs the server.',
    values: { why },
  });
}
