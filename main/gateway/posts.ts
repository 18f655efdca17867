/**
 * What every front that takes messages by POST does first: the media type, the body within its bound, its encoding.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.ts';
import { REFUSALS } from './refusals.ts';
import { refuseAndClose, sendRefusal } from './respond.ts';

/** Calls back with the body; what cannot be taken is refused here. Not called when the client has gone. */
export function takePost(
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
  then: (body: Buffer) => void,
): void {
  if (!isJson(request.headers['content-type'])) return sendRefusal(response, REFUSALS.mediaType);
  readBody(request, maxBytes, (body) => {
    if (body === 'too-large') return refuseAndClose(request, response, REFUSALS.tooLarge);
    if (body === 'not-utf8') return sendRefusal(response, REFUSALS.notUtf8);
    try {
      then(body);
    } catch (error) {
      // A fault of ours ends this request and nothing else.
      if (response.headersSent) response.destroy();
      else sendRefusal(response, REFUSALS.internal);
      throw error;
    }
  });
}

function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\s*(;|$)/i.test(type);
}
