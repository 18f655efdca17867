/**
 * One connection to one server: its own id space, the requests under way in both directions, their deadlines, progress
 * and cancellation. Carries requests of the gateway as bytes and requests of our own (handshake, lists) as values. Ends
 * with its link.
 */
import { scanAnswer } from '../protocol/answer.ts';
import {
  type Ask,
  type AskHandle,
  type CallSink,
  type Forward,
  type ForwardHandle,
  ServerError,
} from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { arraySpans, valueAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import { isModernVersion, META } from '../protocol/modern.ts';
import type { Peer } from '../protocol/peer.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { type Edit, errorAnswer, notification, resultAnswer, singleLine, splice } from '../protocol/wire.ts';
import { ASK_MS, createAsks } from './asks.ts';
import { notMcp } from './diagnosis.ts';
import { causeOf, Entry, NO_CALL, NO_TIMEOUT, SEVERAL } from './entries.ts';
import { UNREACHABLE } from './http-errors.ts';
import type { Link, LinkEvents, RequestHead } from './link.ts';
import { createPending } from './pending.ts';
import {
  answeredError,
  badAnswer,
  listenEnded,
  nobodyToAsk,
  notCarriedOut,
  stopped,
  timedOut,
  tooManyCalls,
} from './problems.ts';
import { END_ONLY, NO_HANDLE } from './sinks.ts';

/** How often deadlines are looked at; a call may outlast its time by as much. */
const SWEEP_MS = 250;
const OPENING_BRACKET = 0x5b;

/** What a connection tells its upstream. */
export interface ConnectionEvents {
  /** A notification that belongs to no call. */
  notification(method: string, bytes: Buffer): void;
  /** A request of the server that no call under way can have caused; null when nobody can be asked. */
  ask(ask: Ask): AskHandle | null;
  /** A request did not reach the server: it may be gone, where the transport has no connection that would tell. */
  unreached(error: GatehouseError): void;
  closed(cause: GatehouseError | null): void;
}

/** An answer to a request of our own. */
export interface RawResult {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** An open connection. */
export interface Connection {
  /** True when requests of the modern era need a `RequestHead`. */
  readonly heads: boolean;
  /** True while calls are under way that somebody waits for; a stream that stands open is none. */
  readonly busy: boolean;
  /** Messages of the server so far. */
  readonly received: number;
  /** True when some answer has come as an event stream. */
  readonly streams: boolean;
  /** The revision is agreed; calls may come. */
  agreed(revision: string): void;
  /** Sends a request of our own; rejects with `upstream.answered_error`, `upstream.timeout` or what closed the link. */
  request(method: string, params: unknown, timeoutMs: number, head: RequestHead | null): Promise<RawResult>;
  /**
   * Sends a request of our own that stays open; what comes for it goes to the sink. A
   * `notifications/subscriptions/acknowledged` for it is the only notification that does.
   */
  open(method: string, params: unknown, head: RequestHead | null, sink: CallSink): ForwardHandle;
  /** Sends a notification, one line. */
  notify(message: Buffer): void;
  /** Carries a request of the gateway. Never throws; failures reach the sink. */
  forward(request: Forward, timeoutMs: number, head: RequestHead | null): ForwardHandle;
  close(): Promise<void>;
}

/** Opens a connection over the link that `open` gives. Rejects as `open` does. */
export async function openConnection(
  open: (events: LinkEvents) => Promise<Link>,
  clock: Clock,
  events: ConnectionEvents,
): Promise<Connection> {
  const pending = createPending<Entry>();
  let closedBy: GatehouseError | null | undefined;
  let cancelSweep: (() => void) | null = null;
  let revision: string | null = null;
  let streams = false;
  let received = 0;
  /** Requests under way that have no deadline. */
  let standing = 0;

  const reply = (answer: Buffer): void => {
    if (closedBy === undefined) link.send(singleLine(answer), -1, null);
  };
  const asks = createAsks(reply, clock, (call, waits) => {
    const entry = pending.get(call);
    if (entry === null) return;
    // The ask ends by its own time first; the call goes on with what the server makes of that.
    entry.deadline = clock.now() + entry.timeoutMs + (waits ? ASK_MS : 0);
  });
  /** Removes a request and gives its sink, for the one thing that is still to be told. */
  const settle = (id: number): CallSink | null => {
    const entry = pending.take(id);
    if (entry === null) return null;
    if (entry.timeoutMs === NO_TIMEOUT) standing--;
    if (asks.size > 0) asks.callEnded(id);
    return entry.take();
  };
  const onMessage = (bytes: Buffer, about: number | null): void => {
    received++;
    // Servers of 2025-03-26 may say several things at once.
    if (bytes[0] === OPENING_BRACKET) {
      for (const { start, end } of arraySpans(bytes, 0, bytes.length) ?? []) {
        if (bytes[start] !== OPENING_BRACKET) onMessage(Buffer.from(bytes.subarray(start, end)), about);
      }
      return;
    }
    const answer = scanAnswer(bytes);
    if (answer !== null) {
      // An unknown id is late, doubled or made up; nobody waits for it.
      settle(answer.id)?.answer(bytes, answer.idStart, answer.idEnd, answer.isError);
      return;
    }
    const scan = scanMessage(bytes);
    if (scan.kind === 'request') onRequest(bytes, scan, about);
    else if (scan.kind === 'notification') onNotification(bytes, scan, about);
    else if (scan.failedAt >= 0 && scan.idStart >= 0) {
      settle(Number(bytes.toString('latin1', scan.idStart, scan.idEnd)))?.fail(badAnswer());
    }
  };
  const onRequest = (bytes: Buffer, scan: MessageScan, about: number | null): void => {
    const id = (): string => bytes.toString('utf8', scan.idStart, scan.idEnd);
    if (scan.method === 'ping') return reply(resultAnswer(id(), '{}'));
    // No server asks that: something at the other end sends back what it is sent.
    if (revision === null && (scan.method === 'initialize' || scan.method === 'server/discover')) {
      return pending.each((_entry, own) => settle(own)?.fail(notMcp(scan.method, 'echo')));
    }
    const cause = causeOf(pending, about);
    const unclear = cause === SEVERAL;
    // The gateway knows whose task it is.
    if (unclear && !bytes.includes('related-task', 0, 'latin1')) {
      return reply(errorAnswer(id(), nobodyToAsk(scan.method, 'several')));
    }
    asks.receive(bytes, scan, unclear ? NO_CALL : cause, (ask) => {
      if (unclear) return events.ask({ ...ask, unclear });
      return cause === NO_CALL ? events.ask(ask) : (pending.get(cause)?.sink?.ask(ask) ?? null);
    });
    watch();
  };
  const onNotification = (bytes: Buffer, scan: MessageScan, about: number | null): void => {
    switch (scan.method) {
      case 'notifications/progress':
        return onProgress(bytes, scan);
      case 'notifications/cancelled':
        return onCancelled(bytes, scan);
      case 'notifications/subscriptions/acknowledged':
        pending.get(about ?? subscriptionOf(bytes, scan))?.sink?.notify(bytes, scan.method);
        return;
      case 'notifications/resources/updated':
        // Everyone who has subscribed hears of it, whatever made it known.
        return events.notification(scan.method, bytes);
    }
    const cause =
      about !== null || scan.method === 'notifications/message' ? causeOf(pending, about) : NO_CALL;
    const sink = cause > NO_CALL && !isListChange(scan.method) ? pending.get(cause)?.sink : null;
    if (sink != null) sink.notify(bytes, scan.method);
    else events.notification(scan.method, bytes);
  };
  const onProgress = (bytes: Buffer, scan: MessageScan): void => {
    if (scan.tokenStart < 0) return;
    const token = valueAt(bytes, scan.tokenStart, scan.tokenEnd);
    const entry = typeof token === 'number' ? pending.get(token) : null;
    if (entry === null) return;
    // Never shortened: a person may be answering meanwhile.
    entry.deadline = Math.max(entry.deadline, clock.now() + entry.timeoutMs);
    entry.sink?.progress(bytes, scan.tokenStart, scan.tokenEnd);
  };
  const onCancelled = (bytes: Buffer, scan: MessageScan): void => {
    if (scan.requestIdStart < 0) return;
    const id = bytes.toString('utf8', scan.requestIdStart, scan.requestIdEnd);
    asks.cancelled(id);
    // A modern server ends a stream of ours by it (subscriptions section); in other requests it has no say.
    const entry = pending.get(Number(id));
    if (entry?.timeoutMs === NO_TIMEOUT) settle(Number(id))?.fail(listenEnded());
  };

  // A server may speak in the same breath in which its link opens.
  const early: [Buffer, number | null][] = [];
  let deliver = (bytes: Buffer, about: number | null): void => void early.push([bytes, about]);
  const link = await open({
    message(bytes, about) {
      try {
        deliver(bytes, about);
      } catch (error) {
        // A fault of ours with one message must not swallow those behind it.
        queueMicrotask(() => {
          throw error;
        });
      }
    },
    stream(id, pausedMs) {
      streams = true;
      pending.get(id)?.sink?.stream(pausedMs);
    },
    failed(id, error) {
      settle(id)?.fail(error.code === 'upstream.session_lost' ? notCarriedOut(error) : error);
      if (id === -1 || UNREACHABLE.includes(error.code)) events.unreached(error);
    },
    closed(cause) {
      if (closedBy !== undefined) return;
      closedBy = cause;
      cancelSweep?.();
      asks.close();
      pending.each((_entry, id) => settle(id)?.fail(cause ?? stopped()));
      events.closed(cause);
    },
  });

  deliver = onMessage;

  /** Nobody waits for it any more. What is not greeted yet must not be told (cancellation section). */
  const abandon = (id: number, reason: string): void => {
    if (closedBy !== undefined) return;
    if (revision !== null && !(link.heads && isModernVersion(revision))) {
      link.send(notification('notifications/cancelled', { requestId: id, reason }), -1, null);
    }
    link.abandon(id);
  };
  const sweep = (): void => {
    cancelSweep = null;
    const now = clock.now();
    pending.each((entry, id) => {
      if (entry.deadline > now) return;
      const { timeoutMs } = entry;
      const sink = settle(id);
      abandon(id, 'timeout');
      sink?.fail(timedOut(timeoutMs));
    });
    if (asks.size > 0) asks.sweep(now);
    watch();
  };
  const watch = (): void => {
    if (pending.size > standing || asks.size > 0) cancelSweep ??= clock.after(SWEEP_MS, sweep);
  };
  /** Null when there is no room, or no connection; the sink has heard of it. */
  const enter = (sink: CallSink, peer: Peer | null, timeoutMs: number): number | null => {
    const id =
      closedBy === undefined ? pending.add(new Entry(sink, peer, clock.now() + timeoutMs, timeoutMs)) : null;
    if (id === null) sink.fail(closedBy === undefined ? tooManyCalls() : (closedBy ?? stopped()));
    else if (timeoutMs === NO_TIMEOUT) standing++;
    else cancelSweep ??= clock.after(SWEEP_MS, sweep);
    return id;
  };
  const handle = (id: number): ForwardHandle => ({
    cancel(reason) {
      if (settle(id) !== null) abandon(id, reason);
    },
  });
  const ownRequest = (
    method: string,
    params: unknown,
    timeoutMs: number,
    head: RequestHead | null,
    sink: CallSink,
  ): ForwardHandle => {
    const id = enter(sink, null, timeoutMs);
    if (id === null) return NO_HANDLE;
    link.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params })), id, head);
    return handle(id);
  };

  for (const [bytes, about] of early) onMessage(bytes, about);
  return {
    heads: link.heads,
    get busy() {
      return pending.size > standing;
    },
    get received() {
      return received;
    },
    get streams() {
      return streams;
    },
    agreed(next) {
      revision = next;
      link.agreed(next);
    },
    request: (method, params, timeoutMs, head) =>
      new Promise((resolve, reject) => {
        ownRequest(method, params, timeoutMs, head, {
          ...END_ONLY,
          answer(bytes) {
            const scan = scanMessage(bytes);
            if (scan.resultStart >= 0) resolve({ bytes, start: scan.resultStart, end: scan.resultEnd });
            else if (scan.errorStart < 0) reject(badAnswer());
            else {
              const error = new ServerError(bytes.subarray(scan.errorStart, scan.errorEnd));
              reject(answeredError(method, error));
            }
          },
          fail: reject,
        });
      }),
    open: (method, params, head, sink) => ownRequest(method, params, NO_TIMEOUT, head, sink),
    notify(message) {
      if (closedBy === undefined) link.send(singleLine(message), -1, null);
    },
    forward(request, timeoutMs, head) {
      const id = enter(request.sink, request.peer, timeoutMs);
      if (id === null) return NO_HANDLE;
      link.send(singleLine(splice(request.bytes, editsFor(request, id))), id, head);
      return handle(id);
    },
    close: () => link.close(),
  };
}

/** Our id, the upstream's own name for the thing, and, when progress is wanted, our id again as its token. */
function editsFor(request: Forward, id: number): Edit[] {
  const { scan } = request;
  const text = String(id);
  const edits: Edit[] = [{ start: scan.idStart, end: scan.idEnd, text }];
  if (request.key !== null) edits.push(request.key);
  if (request.meta !== undefined) edits.push(request.meta);
  else if (scan.metaTokenStart >= 0) edits.push({ start: scan.metaTokenStart, end: scan.metaTokenEnd, text });
  return edits;
}

function isListChange(method: string): boolean {
  return method.startsWith('notifications/') && method.endsWith('/list_changed');
}

/** The subscription that a notification names; 0 when none. */
function subscriptionOf(bytes: Buffer, scan: MessageScan): number {
  const id = memberOf(bytes, scan.metaStart, scan.metaEnd, META.subscriptionId);
  return id === null ? 0 : Number(id.toString('latin1'));
}
