/**
 * The gateway's own errors, each with what happened and what to do.
 */
import { GatehouseError } from '../protocol/error.ts';
import { SESSION_VERSIONS } from '../protocol/versions.ts';

const READ_SPEC = 'This is a fault of the client; report it to its makers.';

/** The body is not JSON. */
export function parseError(at: number): GatehouseError {
  return new GatehouseError({
    code: 'gateway.parse_error',
    message: `The message is not valid JSON (byte ${at}).`,
    remedy: READ_SPEC,
  });
}

/** The body is JSON, but no JSON-RPC message, or one that does not fit here. */
export function invalidRequest(message: string): GatehouseError {
  return new GatehouseError({ code: 'gateway.invalid_request', message, remedy: READ_SPEC });
}

/** Two readers would read two requests: one was admitted, the other would be carried out. */
export function twinMembers(): GatehouseError {
  return invalidRequest(
    'A member of the message or its params differs from one of the protocol only in large and small letters, such as "Name".',
  );
}

/** A method that nothing here answers. JSON-RPC -32601. */
export function methodNotFound(method: string): GatehouseError {
  return new GatehouseError({
    code: 'gateway.method_not_found',
    message: `Method not found: ${method.slice(0, 100)}`,
    remedy: 'No server behind this endpoint offers it.',
  });
}

/** A request whose parameters are none; `message` says which. JSON-RPC -32602. */
export function invalidParams(message: string): GatehouseError {
  return new GatehouseError({ code: 'gateway.invalid_params', message, remedy: READ_SPEC });
}

/** A tool, prompt or resource that this client cannot reach. */
export function unknownTarget(method: string, target: string): GatehouseError {
  const [code, word] =
    method === 'tools/call'
      ? ['gateway.unknown_tool', 'tool']
      : method === 'prompts/get'
        ? ['gateway.unknown_prompt', 'prompt']
        : ['gateway.unknown_resource', 'resource'];
  return new GatehouseError({
    code,
    message: `Unknown ${word}: ${target.slice(0, 200)}`,
    remedy: 'List again; its server may have been switched off or renamed.',
  });
}

/** The client has as much under way and waiting as it may. */
export function tooManyCalls(): GatehouseError {
  return new GatehouseError({
    code: 'gateway.too_many_calls',
    message: 'Too many calls of this client are under way and waiting.',
    remedy: 'Try again when some of them are answered, or raise the limits in the configuration.',
  });
}

/** A refusal before any message was read. */
export interface HttpRefusal {
  readonly status: number;
  readonly error: GatehouseError;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal on the level of HTTP, with its status and further headers. */
export function httpRefusal(
  status: number,
  code: string,
  message: string,
  remedy: string,
  headers?: Readonly<Record<string, string>>,
): HttpRefusal {
  const error = new GatehouseError({ code, message, remedy });
  return headers === undefined ? { status, error } : { status, error, headers };
}

const POST_ONLY: Readonly<Record<string, string>> = { Allow: 'POST' };
const GET_ONLY: Readonly<Record<string, string>> = { Allow: 'GET' };

export const REFUSALS = {
  host: httpRefusal(
    403,
    'gateway.foreign_host',
    'The Host header does not name this computer.',
    'Use the endpoint address that Gatehouse shows.',
  ),
  origin: httpRefusal(
    403,
    'gateway.foreign_origin',
    'Requests from this page are not allowed.',
    'Only pages served from this computer may use the endpoint.',
  ),
  unauthorized: httpRefusal(
    401,
    'gateway.unauthorized',
    'The endpoint asks for a token, and the request has none that is valid.',
    'Copy the connection from Gatehouse again; it holds the token.',
    { 'WWW-Authenticate': 'Bearer realm="gatehouse"' },
  ),
  notAllowed: httpRefusal(
    403,
    'gateway.not_allowed',
    'This client may not use what is at this path.',
    'Its owner can change in Gatehouse which servers it may use.',
  ),
  internal: httpRefusal(
    500,
    'internal.unexpected',
    'Gatehouse failed on this message.',
    'Its log tells where; please report it.',
  ),
  notFound: httpRefusal(
    404,
    'gateway.not_found',
    'There is nothing at this path.',
    'The endpoint is /mcp; one server alone is /servers/NAME/mcp.',
  ),
  noServer: httpRefusal(
    404,
    'gateway.unknown_server',
    'There is no server of this name, or it is switched off.',
    'Look at the names and switches in the server list.',
  ),
  unknownSession: httpRefusal(
    404,
    'gateway.unknown_session',
    'This session does not exist any more.',
    'The client should begin a new one with initialize.',
  ),
  noSession: httpRefusal(
    400,
    'gateway.missing_session',
    'The Mcp-Session-Id header is missing.',
    'The client should begin with initialize and send the id it got.',
  ),
  noProfile: httpRefusal(
    404,
    'gateway.unknown_profile',
    'There is no profile of this name.',
    'Look at "profiles" in the configuration.',
  ),
  noSessionId: httpRefusal(
    400,
    'gateway.missing_session',
    'The address names no session.',
    'The client should open /sse and send to the address that its first event names.',
  ),
  slowReader: httpRefusal(
    404,
    'gateway.slow_reader',
    'The session was ended because the client left more than 8 MiB of its stream unread.',
    'Begin a new one with initialize, and read its streams without pause.',
  ),
  tooManySessions: httpRefusal(
    503,
    'gateway.too_many_sessions',
    'As many sessions are open as the limits allow.',
    'Try again later, close clients that are not needed, or raise "limits" in the configuration.',
    { 'Retry-After': '10' },
  ),
  closing: httpRefusal(
    503,
    'gateway.closing',
    'Gatehouse is closing.',
    'Try again when it has started anew.',
    { 'Retry-After': '2' },
  ),
  urlTooLong: httpRefusal(
    414,
    'gateway.url_too_long',
    'The address is longer than 8 KiB.',
    'Use the endpoint address that Gatehouse shows.',
  ),
  version: httpRefusal(
    400,
    'gateway.unsupported_version',
    `The MCP-Protocol-Version header names a revision that Gatehouse does not speak with sessions. It speaks ${SESSION_VERSIONS.join(', ')}.`,
    'Update the client, or Gatehouse.',
  ),
  mediaType: httpRefusal(
    415,
    'gateway.media_type',
    'The body must be application/json.',
    'Set the Content-Type header.',
  ),
  notAcceptable: httpRefusal(
    406,
    'gateway.not_acceptable',
    'The client must accept text/event-stream.',
    'Set the Accept header.',
  ),
  tooLarge: httpRefusal(
    413,
    'gateway.too_large',
    'The message is larger than the endpoint takes.',
    'Send less at once, or raise the limit in the configuration.',
  ),
  notUtf8: httpRefusal(400, 'gateway.not_utf8', 'The body is not UTF-8.', READ_SPEC),
  method: httpRefusal(405, 'gateway.http_method', 'This path takes POST, GET and DELETE.', READ_SPEC, {
    Allow: 'POST, GET, DELETE',
  }),
  onlyPost: httpRefusal(405, 'gateway.http_method', 'Only POST is taken here.', READ_SPEC, POST_ONLY),
  onlyGet: httpRefusal(405, 'gateway.http_method', 'Only GET is taken here.', READ_SPEC, GET_ONLY),
} as const satisfies Readonly<Record<string, HttpRefusal>>;
