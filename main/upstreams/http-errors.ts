/**
 * What can go wrong with a remote server, in words. Nothing here shows a header value or a query string: `where` is
 * `Remote.where`, and excerpts come redacted.
 */
import { GatehouseError } from '../protocol/error.ts';

/** What a refusal keeps for those who act on it. */
export interface HttpCause {
  readonly status: number;
  /** The challenge of a 401 or 403 (RFC 9110 section 11.6.1); null when there is none. */
  readonly wwwAuthenticate: string | null;
}

/** Nothing was reached, or the connection was lost. `error` is what Node gave. */
export function networkError(where: string, error: unknown): GatehouseError {
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return badAnswer(where, `with what is not HTTP (${code})`, { code });
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return streamBroken(where, { code });
  }
  return new GatehouseError({
    code: 'upstream.unreachable',
    message: `The server at ${where} cannot be reached (${code}).`,
    remedy: unreachableRemedy(code),
    cause: { code },
  });
}

/** Node's code of an error; `unknown` when it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code !== '' ? code.slice(0, 60) : 'unknown';
}

function unreachableRemedy(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'Check the name of the computer in "url", and the network.';
  if (/CERT|SSL|TLS|SIGNED|ALTNAME|ISSUER/.test(code)) {
    return 'Its certificate is not accepted: check the address, or the certificate authorities of this computer.';
  }
  return 'Check that it runs and that the address is right; the next request tries again.';
}

export function streamBroken(where: string, cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stream_broken',
    message: `The server at ${where} broke off before it had answered.`,
    remedy: 'Try again; whether it has carried out the request is not known.',
    ...(cause === undefined ? {} : { cause }),
  });
}

export function badAnswer(where: string, how: string, cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_answer',
    message: `The server at ${where} answered ${how}.`,
    remedy: 'Check that the address is that of an MCP server.',
    ...(cause === undefined ? {} : { cause }),
  });
}

export function tooLarge(where: string, limit: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_large',
    message: `The server at ${where} sent more than ${Math.round(limit / 1024 / 1024)} MiB in one answer.`,
    remedy: 'Ask for less at once.',
  });
}

export function httpStatus(where: string, excerpt: string, cause: HttpCause): GatehouseError {
  return new GatehouseError({
    code: 'upstream.http_status',
    message: `The server at ${where} answered with status ${cause.status}${says(excerpt)}`,
    remedy:
      cause.status >= 500
        ? 'The trouble is at the server; try again later.'
        : 'Check the address and what the server wants.',
    cause,
  });
}

export function unauthorized(where: string, cause: HttpCause): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unauthorized',
    message: `The server at ${where} wants proof of who asks, and has not accepted what it was shown.`,
    remedy: 'Sign in to it, or correct its key in "headers".',
    cause,
  });
}

export function forbidden(where: string, excerpt: string, cause: HttpCause): GatehouseError {
  return new GatehouseError({
    code: 'upstream.forbidden',
    message: `The server at ${where} does not allow this${says(excerpt)}`,
    remedy: 'Use an account or a key that may, or ask who runs the server.',
    cause,
  });
}

export function redirected(where: string, origin: string | null): GatehouseError {
  const to = origin === null ? 'elsewhere' : `to ${origin}`;
  return new GatehouseError({
    code: 'upstream.redirected',
    message: `The server at ${where} sent us ${to}; keys and sessions are not carried along.`,
    remedy: 'If you trust that address, put it into "url".',
  });
}

export function sessionLost(where: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.session_lost',
    message: `The server at ${where} has ended the session.`,
    remedy: 'Nothing; a new one is begun.',
  });
}

export function foreignEndpoint(where: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.foreign_endpoint',
    message: `The server at ${where} wants its messages sent to another place.`,
    remedy: 'Only the same origin is accepted; correct "url", or the server.',
  });
}

export function notSse(where: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.not_sse',
    message: `The server at ${where} does not speak the SSE transport: ${why}.`,
    remedy: 'Set its transport to "http", or correct "url"; SSE addresses often end with /sse.',
  });
}

export function streamEnded(where: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stream_ended',
    message: `The server at ${where} ended the stream on which it answers.`,
    remedy: 'Nothing; it is connected again.',
  });
}

export function linkClosed(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stopped',
    message: 'The server was stopped.',
    remedy: 'Switch it on again, or wait until it has restarted.',
  });
}

function says(excerpt: string): string {
  return excerpt === '' ? '.' : `: ${excerpt}`;
}
