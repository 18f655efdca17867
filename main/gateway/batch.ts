/**
 * Several messages in one POST, which only revision 2025-03-26 knows (its streamable HTTP section, "Sending Messages to
 * the Server"). Each is handled on its own; the answers leave together, or one by one when a stream has begun.
 */
import { GatehouseError } from '../protocol/error.ts';
import { arraySpans, skipSpace } from '../protocol/json.ts';
import { scanMessage } from '../protocol/scan.ts';
import { withId } from '../protocol/wire.ts';
import { invalidRequest, parseError } from './refusals.ts';
import type { Abandonable, Reply } from './reply.ts';
import type { Session } from './session.ts';

const MAX_BATCH = 100;
const BATCHES = '2025-03-26';

/** True when the body is an array. */
export function isArray(body: Buffer): boolean {
  return body[skipSpace(body, 0, body.length)] === 0x5b;
}

/**
 * Takes one body of a client: a message, or an array of them where the session's revision knows batches. Returns what
 * can be abandoned while answers are still to come, else null; or why the whole array is refused.
 */
export function receiveBody(
  session: Session,
  body: Buffer,
  reply: Reply,
): Abandonable | GatehouseError | null {
  if (session.version !== BATCHES || !isArray(body)) return session.receive(body, reply);
  const messages = readBatch(body);
  return messages instanceof GatehouseError ? messages : receiveBatch(session, messages, reply);
}

/** The messages in an array, or why they are refused all together. */
function readBatch(body: Buffer): readonly Buffer[] | GatehouseError {
  const { failedAt } = scanMessage(body);
  const spans = arraySpans(body, 0, body.length);
  if (failedAt >= 0 || spans === null) return parseError(Math.max(failedAt, 0));
  if (spans.length === 0) return invalidRequest('A batch must hold at least one message.');
  if (spans.length > MAX_BATCH) return invalidRequest(`A batch may hold at most ${MAX_BATCH} messages.`);
  const messages = spans.map(({ start, end }) => body.subarray(start, end));
  if (messages.some((message) => scanMessage(message).method === 'initialize')) {
    return invalidRequest('"initialize" must not be part of a batch.');
  }
  return messages;
}

function receiveBatch(session: Session, messages: readonly Buffer[], reply: Reply): Abandonable | null {
  const batch = new Batch(reply, messages.length);
  const waiting: Abandonable[] = [];
  for (const message of messages) {
    const one = session.receive(message, batch);
    if (one !== null) waiting.push(one);
  }
  if (waiting.length === 0) return null;
  return {
    abandon() {
      for (const one of waiting) one.abandon();
    },
  };
}

/** The reply of every message of a batch. */
class Batch implements Reply {
  private readonly reply: Reply;
  private left: number;
  private streaming = false;
  private answers: Buffer[] = [];
  private silent: 'accepted' | 'nothing' = 'accepted';

  constructor(reply: Reply, messages: number) {
    this.reply = reply;
    this.left = messages;
  }

  follow(): void {}

  notify(message: Buffer): boolean {
    if (!this.reply.notify(message)) return false;
    this.streaming = true;
    for (const answer of this.answers) this.reply.notify(answer);
    this.answers = [];
    return true;
  }

  answer(message: Buffer): void {
    this.left--;
    if (this.streaming) this.reply.notify(message);
    else this.answers.push(message);
    this.settle();
  }

  relay(bytes: Buffer, idStart: number, idEnd: number, id: string): void {
    this.answer(withId(bytes, idStart, idEnd, id));
  }

  accepted(): void {
    this.left--;
    this.settle();
  }

  nothing(): void {
    this.left--;
    this.silent = 'nothing';
    this.settle();
  }

  private settle(): void {
    if (this.left > 0) return;
    const { answers, reply, silent } = this;
    this.answers = [];
    if (answers.length === 0) reply[this.streaming ? 'nothing' : silent]();
    else reply.answer(array(answers));
  }
}

function array(messages: readonly Buffer[]): Buffer {
  const parts = messages.flatMap((message, index) => [index === 0 ? OPEN : COMMA, message]);
  return Buffer.concat([...parts, CLOSE]);
}

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');
