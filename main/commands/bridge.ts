/**
 * The bridge: a stdio client of any revision on one side, the running app's private socket on the other. Messages pass
 * as bytes; nothing but JSON-RPC goes out, whatever happens to the app. Ends when its input ends.
 */
import { Agent } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { parseError } from '../gateway/refusals.ts';
import { isModern } from '../gateway/stateless.ts';
import { privateSocket } from '../local-door.ts';
import { systemClock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { errorAnswer, notification, singleLine, withId } from '../protocol/wire.ts';
import { cutOff, lineSplitter } from '../upstreams/lines.ts';
import { type Exchange, exchange, type Outcome, type Way } from './bridge-exchange.ts';
import { createBridgeSession } from './bridge-session.ts';
import { keepPresence } from './presence.ts';

const NEWLINE = Buffer.from('\n');

/** Where the bridge stands. */
export interface BridgeOptions {
  readonly dataDir: string;
  /** For which client it stands; null when nobody said. */
  readonly client: string | null;
  readonly input: Readable;
  readonly output: Writable;
  /** Starts the app again when it has ended; called once at a time. */
  revive?(): Promise<void>;
}

/** A request of the client that is not answered yet. */
interface Asked {
  /** Raw JSON. */
  readonly id: string;
  readonly method: string;
  exchange: Exchange | null;
  /** Something of its own stream has come. */
  heard: boolean;
  answered: boolean;
  cancelled: boolean;
}

/** Carries messages until the input ends and every answer has left. */
export async function openBridge(options: BridgeOptions): Promise<void> {
  const { output } = options;
  const way: Way = {
    agent: new Agent({ keepAlive: true }),
    socketPath: privateSocket(options.dataDir),
    client: options.client,
    output,
    ...(options.revive === undefined ? {} : { revive: oneAtATime(options.revive) }),
  };
  const underWay = new Set<Promise<void>>();
  /** Stateless requests by id: they are cancelled by closing their exchange. */
  const stateless = new Map<string, Asked>();
  const asked = new Set<Asked>();
  let presence: { close(): void } | null = null;

  const write = (message: Buffer): void => {
    output.write(Buffer.concat([singleLine(message), NEWLINE]));
  };
  const session = createBridgeSession(way, systemClock, write);

  /** Passes on what belongs to a request, as long as the client waits for it. */
  const listenerOf =
    (own: Asked): ((message: Buffer) => void) =>
    (message) => {
      if (own.cancelled) return;
      own.heard = true;
      const scan = scanMessage(message);
      if (scan.kind === 'response' && idOf(message, scan) === own.id) own.answered = true;
      write(message);
    };
  const finish = (own: Asked, outcome: Outcome | Error): void => {
    if (own.answered || own.cancelled) return;
    // 202: the session was ended under it.
    if (outcome instanceof Error || !outcome.whole || outcome.body === null || outcome.status === 202) {
      // A stream that was heard is not unanswered but over (cancellation section).
      if (own.method === 'subscriptions/listen' && own.heard) {
        write(notification('notifications/cancelled', { requestId: JSON.parse(own.id) as unknown }));
      } else write(errorAnswer(own.id, lost(outcome instanceof Error ? outcome : undefined)));
    } else write(answerIn(outcome.body, own.id) ?? errorAnswer(own.id, badAnswer(outcome.status)));
  };
  /** Carries one request to its answer, whatever comes. */
  const carry = async (
    line: Buffer,
    scan: MessageScan,
    post: (own: Asked) => Promise<Outcome>,
  ): Promise<void> => {
    const own: Asked = {
      id: idOf(line, scan),
      method: scan.method,
      exchange: null,
      heard: false,
      answered: false,
      cancelled: false,
    };
    asked.add(own);
    try {
      finish(own, await post(own));
    } catch (cause) {
      finish(own, cause instanceof Error ? cause : new Error(String(cause)));
    } finally {
      asked.delete(own);
      if (stateless.get(own.id) === own) stateless.delete(own.id);
    }
  };
  const request = (line: Buffer, scan: MessageScan): Promise<void> => {
    if (isModern(session.id === null ? {} : { 'mcp-session-id': session.id }, line, scan)) {
      presence ??= keepPresence(way, systemClock);
      return carry(line, scan, (own) => {
        stateless.set(own.id, own);
        own.exchange = exchange(way, 'POST', line, listenerOf(own), {
          repeatable: scan.method !== 'tools/call',
          wanted: true,
        });
        return own.exchange.done;
      });
    }
    if (scan.method === 'initialize') return carry(line, scan, (own) => session.open(line, listenerOf(own)));
    return carry(line, scan, (own) =>
      session.post(line, scan, listenerOf(own), (running) => {
        own.exchange = running;
      }),
    );
  };
  const tell = async (line: Buffer, scan: MessageScan): Promise<void> => {
    if (scan.method === 'notifications/cancelled' && scan.requestIdStart >= 0) {
      const id = line.toString('utf8', scan.requestIdStart, scan.requestIdEnd);
      for (const own of asked) if (own.id === id) own.cancelled = true;
      const own = stateless.get(id);
      if (own !== undefined) return stop(own);
    }
    // A stateless client has nothing to tell besides.
    if (session.id === null && presence !== null) return;
    // What is asked of the client may come on the answer to a batch.
    const outcome = await session.post(line, scan, write, () => undefined).catch(() => null);
    if (scan.kind === 'invalid' && outcome?.body != null) {
      const answer = answerIn(outcome.body, null);
      if (answer !== null) write(answer);
    }
    if (scan.method === 'notifications/initialized') session.listen();
  };
  const take = (line: Buffer): Promise<void> | null => {
    const scan = scanMessage(line);
    if (scan.failedAt >= 0) {
      write(errorAnswer('null', parseError(scan.failedAt)));
      return null;
    }
    return scan.kind === 'request' ? request(line, scan) : tell(line, scan);
  };

  await new Promise<void>((resolve) => {
    const split = lineSplitter((line) => {
      const done = take(line)?.finally(() => underWay.delete(done as Promise<void>));
      if (done !== undefined) underWay.add(done);
    }, cutOff(resolve));
    options.input.on('data', split);
    options.input.on('end', resolve).on('close', resolve).on('error', resolve);
    output.on('error', () => {
      // Nobody reads any more: nothing is worth waiting for.
      for (const own of asked) stop(own);
      resolve();
    });
  });
  for (const own of asked) if (own.method === 'subscriptions/listen') stop(own);
  await Promise.allSettled(underWay);
  // Assigned in the callbacks above, which the compiler does not follow.
  (presence as { close(): void } | null)?.close();
  await session.close();
  way.agent.destroy();
}

/** Everybody who asks meanwhile waits for the same. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}

function stop(own: Asked): void {
  own.cancelled = true;
  own.exchange?.abort();
}

function idOf(message: Buffer, scan: MessageScan): string {
  return message.toString('utf8', scan.idStart, scan.idEnd);
}

/** The JSON-RPC answer in a body, under the id that the client waits for; null when it is none. */
function answerIn(body: Buffer, id: string | null): Buffer | null {
  if (body.length === 0) return null;
  const scan = scanMessage(body);
  if (scan.failedAt >= 0) return null;
  if (scan.kind !== 'response') return Array.isArray(valueAt(body, 0, body.length)) ? body : null;
  // What is refused before it is read is answered without an id.
  if (id === null || scan.idStart < 0 || idOf(body, scan) !== 'null') return body;
  return withId(body, scan.idStart, scan.idEnd, id);
}

function lost(cause: unknown): GatehouseError {
  // It could not be started again, and why.
  if (cause instanceof GatehouseError) return cause;
  return new GatehouseError({
    code: 'bridge.lost',
    message: 'Gatehouse does not answer any more.',
    remedy: 'Start it again; this connection then goes on.',
    cause,
  });
}

function badAnswer(status: number): GatehouseError {
  return new GatehouseError({
    code: 'bridge.bad_answer',
    message: `Gatehouse answered with HTTP ${status} and nothing that could be passed on.`,
    remedy: 'Check that the app and this command are of one version.',
  });
}
