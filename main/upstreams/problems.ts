/**
 * What can go wrong between us and a server, whatever the transport, in words.
 */
import type { ServerError } from '../protocol/call.ts';
import { GatehouseError, problemOf } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import type { UpstreamStatus } from './ports.ts';
import { sizeText } from './sizes.ts';

/** The server was stopped, or its configuration taken away, while it was asked. */
export function stopped(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stopped',
    message: 'The server was stopped.',
    remedy: 'Switch it on again, or wait until it has restarted.',
  });
}

/** The server is not there now; its status says why. */
export function notReady(name: string, status: UpstreamStatus): GatehouseError {
  const why = status.problem === null ? '' : `: ${status.problem.message}`;
  return new GatehouseError({
    code: 'upstream.not_ready',
    message: `The server "${name}" is not ready (${status.state})${why}`,
    remedy: status.problem?.remedy ?? 'Wait until it has started, or look at it in Gatehouse.',
  });
}

/** The server speaks none of the revisions that it is asked for. */
export function protocolMismatch(speaks: readonly string[]): GatehouseError {
  const which = speaks.length === 0 ? 'none of those that it was asked for' : speaks.join(', ').slice(0, 200);
  return new GatehouseError({
    code: 'upstream.protocol_mismatch',
    message: 'The server speaks other protocol revisions than Gatehouse may use with it ({which}).',
    remedy: 'Set "protocol" of this server to "auto"; if it is, update the server, or Gatehouse.',
    values: { which },
  });
}

/** No answer came within `ms` milliseconds. */
export function timedOut(ms: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.timeout',
    message: 'The server did not answer within {seconds} seconds.',
    remedy: 'Try again, or give the server more time in its configuration.',
    values: { seconds: Math.round(ms / 1000) },
  });
}

/** The server has said that a list changed, and does not give the new one. */
export function listUnread(ms: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.list_unread',
    message:
      'The server says that what it offers has changed, and has not listed it within {seconds} seconds.',
    remedy: 'Try again; if it stays like this, restart the server.',
    values: { seconds: Math.round(ms / 1000) },
  });
}

/** As many calls as may be are under way at this server. */
export function tooManyCalls(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_many_calls',
    message: 'Too many calls to this server are under way.',
    remedy: 'Wait until some of them are answered, then try again.',
  });
}

/** An answer that is larger than it may be. */
export function tooLargeAnswer(limit: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_large',
    message: "The server's answer is larger than {size}.",
    remedy: 'Ask for less at once, or raise "maxResultBytes" of this server.',
    values: { size: sizeText(limit) },
  });
}

/** The server's own error in answer to a request of ours; `cause` holds it untouched. */
export function answeredError(method: string, cause: ServerError): GatehouseError {
  const { code, message } = errorObject(cause);
  return new GatehouseError({
    code: 'upstream.answered_error',
    message: 'The server answered "{method}" with error {number}: {text}.',
    values: { method, number: String(code), text: String(message).slice(0, 300).replace(/\.$/, '') },
    remedy: 'Its log may tell more.',
    cause,
  });
}

/** An answer that has the id of a request of ours, and neither a result nor an error that can be read. */
export function badAnswer(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.bad_answer',
    message: "The server's answer is not JSON, is cut off, or is nested too deeply.",
    remedy: 'The trouble is at the server; update it. Its log may tell more.',
  });
}

/** The JSON-RPC error object, parsed. */
export function errorObject(error: ServerError): Readonly<Record<string, unknown>> {
  const value = valueAt(error.json, 0, error.json.length);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A server asked, and there is nobody whom it could mean. */
export function nobodyToAsk(method: string, why: 'nobody' | 'several'): GatehouseError {
  return new GatehouseError({
    code: 'gateway.nobody_to_ask',
    message:
      why === 'several'
        ? `Several clients have calls under way; it cannot be told which of them "${method}" is meant for.`
        : `No client can answer "${method}" now.`,
    remedy: 'Give each client a session of its own with this server: "session": "per-client".',
  });
}

/** What a server asked for is not needed any more, or nobody gave it in time. */
export function askEnded(why: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.ask_ended',
    message: `The client did not answer: ${why}.`,
    remedy: 'Call again, and answer when the client asks.',
  });
}

/** A server asks its client for more at once than it may. */
export function tooManyAsks(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_many_asks',
    message: 'Too many questions of this server are open.',
    remedy: 'The server waits until some of them are answered.',
  });
}

/** The server ended a stream of ours that was to stay open. */
export function listenEnded(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stream_ended',
    form: 'changes',
    message: 'The server ended the stream on which it tells of changes.',
    remedy: 'Nothing; it is opened again.',
  });
}

/** A remote server answers to none of the transports. */
export function noTransport(http: GatehouseError, sse: GatehouseError): GatehouseError {
  return new GatehouseError({
    code: 'upstream.no_transport',
    message: 'The server speaks neither streamable HTTP nor SSE at this address. HTTP: {http} SSE: {sse}',
    values: { http: http.message, sse: sse.message },
    remedy: 'Correct "url" in the configuration; such addresses often end with /mcp or /sse.',
    cause: http,
  });
}

/** A modern server asks on and on. */
export function tooManyRounds(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_many_rounds',
    message: 'The server asked for more input than one call may need.',
    remedy: 'The trouble is at the server; update it.',
  });
}

/** The session was gone before the request came: the server has not carried it out. */
export function notCarriedOut(error: GatehouseError): GatehouseError {
  return new GatehouseError({ ...problemOf(error), cause: NOT_CARRIED_OUT });
}

/** True for what `notCarriedOut` made. */
export function wasNotCarriedOut(error: GatehouseError): boolean {
  return error.cause === NOT_CARRIED_OUT;
}

const NOT_CARRIED_OUT = Symbol('not carried out');
