/**
 * The way in for clients that sign in: what they and the browser of their user ask of the authorization server behind it,
 * and where a refused client learns of it. For this computer alone. Holds nothing.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv4 } from 'node:net';
import { readBody } from './body.ts';
import { isLoopbackHost } from './guards.ts';
import { type HttpRefusal, REFUSALS } from './refusals.ts';
import { refuseAndClose, sendRefusal } from './respond.ts';
import type { SignInPort } from './sign-in-port.ts';

/** Larger requests of sign-in are refused. Bytes. */
const MAX_BODY = 64 * 1024;

/** Answers what is sign-in's; false when it is not. */
export function answerSignIn(
  port: SignInPort | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { url = '/', method = 'GET', headers } = request;
  if (port === undefined || !port.has(url) || !isFromHere(request)) return false;
  readBody(request, MAX_BODY, (body) => {
    if (body === 'too-large') return refuseAndClose(request, response, REFUSALS.tooLarge);
    if (body === 'not-utf8') return sendRefusal(response, REFUSALS.notUtf8);
    if (typeof body === 'string') return;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const asked = { method, target: url, host: headers.host ?? '', headers, body: body.toString('utf8') };
    void port.answer({ ...asked, gone: gone.signal }).then((answer) => {
      if (response.destroyed) return;
      response.writeHead(answer.status, {
        ...answer.headers,
        ...(answer.status === 204 ? {} : { 'Content-Length': Buffer.byteLength(answer.body) }),
      });
      response.end(method === 'HEAD' ? undefined : answer.body);
    });
  });
  return true;
}

/** The refusal of a client without a good token, with where it may sign in (RFC 9728 section 5.1). */
export function unauthorized(
  port: SignInPort | undefined,
  request: IncomingMessage,
  mayHoldToken: boolean,
): HttpRefusal {
  const { headers, url = '/' } = request;
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  // A path with a token in it is not repeated anywhere, and one in another spelling leads nowhere.
  const plain = !mayHoldToken && /^[\w./~%:@!$&'()*+,;=-]+$/.test(path);
  if (port === undefined || !plain || !isFromHere(request)) return REFUSALS.unauthorized;
  const address = port.metadataAddress(headers.host ?? '', path.replace(/(?<=.)\/+$/, ''));
  if (address === null) return REFUSALS.unauthorized;
  const shown = headers.authorization === undefined ? '' : ', error="invalid_token"';
  return {
    ...REFUSALS.unauthorized,
    headers: { 'WWW-Authenticate': `Bearer realm="gatehouse"${shown}, resource_metadata="${address}"` },
  };
}

/** What proxies add to what they pass on: it may come from anywhere, whatever the socket says. */
const PASSED_ON = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** From this computer, by a name of it. */
function isFromHere({ socket, headers }: IncomingMessage): boolean {
  if (PASSED_ON.some((name) => headers[name] !== undefined)) return false;
  const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const near = from === '::1' || (isIPv4(from) && from.startsWith('127.'));
  return near && isLoopbackHost((headers.host ?? '').toLowerCase().replace(/:\d+$/, ''));
}
