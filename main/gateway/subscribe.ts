/**
 * `resources/subscribe` and `resources/unsubscribe` of a session (resources section, "Subscriptions").
 */
import { ServerError } from '../protocol/call.ts';
import { problemOf } from '../protocol/error.ts';
import { stringAt } from '../protocol/json.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { errorAnswer, rawErrorAnswer, resultAnswer } from '../protocol/wire.ts';
import type { Hub, Member } from './hub.ts';
import { invalidParams } from './refusals.ts';
import type { Reply } from './reply.ts';

/** Answers once the server has; its error passes as it is. */
export function changeSubscription(
  hub: Hub,
  member: Member,
  message: Buffer,
  scan: MessageScan,
  id: string,
  reply: Reply,
): void {
  if (scan.uriStart < 0 || message[scan.uriStart] !== 0x22) {
    reply.answer(errorAnswer(id, invalidParams(`"${scan.method}" needs a URI in params.`)));
    return;
  }
  const uri = stringAt(message, scan.uriStart, scan.uriEnd);
  const subscribes = scan.method === 'resources/subscribe';
  const done = subscribes ? hub.subscribe(member, uri) : hub.unsubscribe(member, uri);
  done.then(
    () => reply.answer(resultAnswer(id, '{}')),
    (error: unknown) => reply.answer(refusedBy(id, error)),
  );
}

function refusedBy(id: string, error: unknown): Buffer {
  if (!(error instanceof ServerError)) return errorAnswer(id, problemOf(error));
  return rawErrorAnswer(id, error.json);
}
