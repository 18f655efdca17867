/**
 * What can go wrong with a remote server, in words. Nothing here shows a header value or a query string: `where` is
 * `Remote.where`, and excerpts come redacted.
 */
import { GatehouseError, type GatehouseErrorInit } from '../protocol/error.ts';
import { sizeText } from './sizes.ts';

/** What a refusal keeps for those who act on it. */
export interface HttpCause {
  readonly status: number;
  /** The challenge of a 401 or 403 (RFC 9110 section 11.6.1); null when there is none. */
  readonly wwwAuthenticate: string | null;
}

/** Every code that says that no connection came about. */
export const UNREACHABLE: readonly string[] = [
  'upstream.unreachable',
  'upstream.name_not_found',
  'upstream.refused',
  'upstream.connect_timeout',
  'upstream.tls_failed',
  'upstream.proxy_failed',
];

/** Nothing was reached, or the connection was lost. `error` is what Node gave. */
export function networkError(where: string, error: unknown): GatehouseError {
  if (error instanceof GatehouseError) return error;
  const code = codeOf(error);
  if (code.startsWith('HPE_') || NOT_HTTP.includes(code)) {
    return badAnswer(where, `with what is not HTTP (${code})`, { code });
  }
  if (isLost(code)) {
    return streamBroken(where, { code });
  }
  return new GatehouseError({ ...unreachable(where, code), cause: { code } });
}

/** undici's codes for heads that are too long, and for a body of another length than was said. */
const NOT_HTTP = ['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'];

/** The connection was there and is lost. */
export function isLost(code: string): boolean {
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'UND_ERR_SOCKET'
  );
}

/** Node's code of an error; `unknown` when it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code !== '' ? code.slice(0, 60) : 'unknown';
}

function unreachable(where: string, code: string): GatehouseErrorInit {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return {
        code: 'upstream.name_not_found',
        message: 'The name of the computer in {where} is not known ({code}).',
        values: { where, code },
        remedy: 'Check the name in "url", and the network.',
      };
    case 'ECONNREFUSED':
      return {
        code: 'upstream.refused',
        message: 'Nothing answers at {where} ({code}).',
        values: { where, code },
        remedy: 'Check that the server runs, and the port in "url"; it is tried again.',
      };
    case 'ETIMEDOUT':
      return {
        code: 'upstream.connect_timeout',
        message: 'No connection to {where} came about in time ({code}).',
        values: { where, code },
        remedy: 'Check the address, the network and what may stand between, such as a firewall or a proxy.',
      };
  }
  // What Node and OpenSSL call such faults: CERT_HAS_EXPIRED, SELF_SIGNED_CERT_IN_CHAIN, ERR_TLS_CERT_ALTNAME_INVALID ...
  if (/CERT|SSL|TLS|SIGN|ALTNAME|ISSUER|EPROTO|CRL/.test(code)) {
    return {
      code: 'upstream.tls_failed',
      message: 'The encrypted connection to {where} cannot be trusted, or did not come about ({code}).',
      values: { where, code },
      ...tlsRemedy(code),
    };
  }
  return {
    code: 'upstream.unreachable',
    message: 'The server at {where} cannot be reached ({code}).',
    values: { where, code },
    remedy: 'Check that it runs and that the address is right; the next request tries again.',
  };
}

function tlsRemedy(code: string): Pick<GatehouseErrorInit, 'form' | 'remedy'> {
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    const remedy = "Who runs the server must renew its certificate; check this computer's clock too.";
    return { form: 'expired', remedy };
  }
  if (code.includes('ALTNAME')) {
    return { form: 'name', remedy: 'Its certificate is for another name: correct the address in "url".' };
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    const remedy = 'Check whether the address begins with https:// where it should be http://, and the port.';
    return { form: 'plain', remedy };
  }
  return {
    remedy:
      'If you trust who issued its certificate, name that authority\'s file in "tls": { "caFile": "..." }.',
  };
}

/** An answer to the first question that is none: this is a server of another kind. */
export function notMcpAnswer(error: GatehouseError): GatehouseError {
  return new GatehouseError({
    code: 'upstream.not_mcp',
    form: 'address',
    message: 'This is no MCP server. {message}',
    remedy: 'Correct "url"; such addresses often end with /mcp or /sse.',
    values: { message: error.message },
    cause: error,
  });
}

/** The connection broke before the answer was whole. */
export function streamBroken(where: string, cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stream_broken',
    message: 'The server at {where} broke off before it had answered.',
    remedy: 'Try again; whether it has carried out the request is not known.',
    values: { where },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** An answer that is none of the protocol; `how` goes on "answered". */
export function badAnswer(where: string, how: string, cause?: unknown): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_answer',
    form: 'address',
    message: 'The server at {where} answered {how}.',
    remedy: 'Check that the address is that of an MCP server.',
    values: { where, how },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** More than `limit` bytes came. */
export function tooLarge(where: string, limit: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_large',
    form: 'address',
    message: 'The server at {where} sent more than {size} in one answer.',
    remedy: 'Ask for less at once, or raise "maxResultBytes" of this server.',
    values: { where, size: sizeText(limit) },
  });
}

/** A status that says no; `excerpt` is the beginning of what it wrote, redacted. */
export function httpStatus(where: string, excerpt: string, cause: HttpCause): GatehouseError {
  return new GatehouseError({
    code: 'upstream.http_status',
    form: `${cause.status >= 500 ? 'later' : 'now'}${excerpt === '' ? '' : '_said'}`,
    message: `The server at {where} answered with status {status}${excerpt === '' ? '.' : ': {excerpt}.'}`,
    remedy:
      cause.status >= 500
        ? 'The trouble is at the server; try again later.'
        : 'Check the address and what the server wants.',
    values: { where, status: cause.status, excerpt: withoutStop(excerpt) },
    cause,
  });
}

/** 401: the cause holds the challenge, for a sign-in. */
export function unauthorized(where: string, cause: HttpCause): GatehouseError {
  return new GatehouseError({
    code: 'upstream.unauthorized',
    message: 'The server at {where} wants proof of who asks, and has not accepted what it was shown.',
    remedy: 'Sign in to it, or correct its key in "headers".',
    values: { where },
    cause,
  });
}

/** 403: the cause holds the challenge, which may ask for more scopes. */
export function forbidden(where: string, excerpt: string, cause: HttpCause): GatehouseError {
  return new GatehouseError({
    code: 'upstream.forbidden',
    ...(excerpt === ''
      ? { message: 'The server at {where} does not allow this.', values: { where } }
      : {
          form: 'said',
          message: 'The server at {where} does not allow this: {excerpt}.',
          values: { where, excerpt: withoutStop(excerpt) },
        }),
    remedy: 'Use an account or a key that may, or ask who runs the server.',
    cause,
  });
}

/** A redirect to another origin, which is not followed: it would carry the headers there. */
export function redirected(where: string, origin: string | null): GatehouseError {
  const to = origin === null ? 'elsewhere' : `to ${origin}`;
  return new GatehouseError({
    code: 'upstream.redirected',
    message: 'The server at {where} sent us {to}; keys and sessions are not carried along.',
    remedy: 'If you trust that address, put it into "url".',
    values: { where, to },
  });
}

/** 404 within a session: the server has forgotten it (transports section, "Session Management"). */
export function sessionLost(where: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.session_lost',
    message: 'The server at {where} has ended the session.',
    remedy: 'Nothing; a new one is begun.',
    values: { where },
  });
}

/** The stream names an address of another origin for messages (transports section of 2024-11-05). */
export function foreignEndpoint(where: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.foreign_endpoint',
    message: 'The server at {where} wants its messages sent to another place.',
    remedy: 'Only the same origin is accepted; correct "url", or the server.',
    values: { where },
  });
}

/** Where a stream was expected there is none. */
export function notSse(where: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.not_sse',
    message: 'The server at {where} does not speak the SSE transport: {why}.',
    remedy: 'Set its transport to "http", or correct "url"; SSE addresses often end with /sse.',
    values: { where, why },
  });
}

/** The standing stream of an HTTP+SSE server has ended, and its session with it. */
export function streamEnded(where: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stream_ended',
    message: 'The server at {where} ended the stream on which it answers.',
    remedy: 'Nothing; it is connected again.',
    values: { where },
  });
}

/** The connection was closed by us. */
export function linkClosed(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stopped',
    message: 'The server was stopped.',
    remedy: 'Switch it on again, or wait until it has restarted.',
  });
}

function withoutStop(excerpt: string): string {
  return excerpt.replace(/\.$/, '');
}
