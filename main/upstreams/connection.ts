/**
 * One connection to one server: its own id space, the requests under way, their deadlines, progress and cancellation.
 * Carries requests of the gateway as bytes and requests of our own (handshake, lists) as values.
 */
import { scanAnswer } from '../protocol/answer.ts';
import type { CallSink, Forward, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { valueAt } from '../protocol/json.ts';
import { scanMessage } from '../protocol/scan.ts';
import { type Edit, errorAnswer, notification, resultAnswer, singleLine, splice } from '../protocol/wire.ts';
import type { Link, LinkEvents } from './link.ts';
import { createPending } from './pending.ts';

/** How often deadlines are looked at; a call may outlast its time by as much. */
const SWEEP_MS = 250;

/** A request under way. Lets go of its sink when it is done: see gateway/calls. */
class Entry {
  sink: CallSink | null;
  deadline: number;
  readonly timeoutMs: number;

  constructor(sink: CallSink, deadline: number, timeoutMs: number) {
    this.sink = sink;
    this.deadline = deadline;
    this.timeoutMs = timeoutMs;
  }

  take(): CallSink | null {
    const { sink } = this;
    this.sink = null;
    return sink;
  }
}

/** What a connection tells its upstream. */
export interface ConnectionEvents {
  notification(method: string, bytes: Buffer): void;
  closed(cause: GatehouseError | null): void;
}

/** A raw answer to a request of our own. */
export interface RawResult {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** An open connection. */
export interface Connection {
  /** Sends a request of our own; rejects with `upstream.answered_error`, `upstream.timeout` or what closed the link. */
  request(method: string, params: unknown, timeoutMs: number): Promise<RawResult>;
  notify(method: string, params?: unknown): void;
  /** Carries a request of the gateway. Never throws; failures reach the sink. */
  forward(request: Forward, timeoutMs: number): ForwardHandle;
  readonly inFlight: number;
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

  const onMessage = (bytes: Buffer): void => {
    const answer = scanAnswer(bytes);
    if (answer !== null) {
      // An unknown id is late, doubled or made up; nobody waits for it.
      pending.take(answer.id)?.take()?.answer(bytes, answer.idStart, answer.idEnd, answer.isError);
      return;
    }
    onOther(bytes);
  };
  const onOther = (bytes: Buffer): void => {
    const scan = scanMessage(bytes);
    if (scan.kind === 'request') {
      const id = bytes.toString('utf8', scan.idStart, scan.idEnd);
      if (scan.method === 'ping') link.send(resultAnswer(id, '{}'), -1, null);
      else {
        link.send(
          errorAnswer(id, {
            code: 'gateway.method_not_found',
            message: `Gatehouse does not answer "${scan.method}" for a shared server.`,
            remedy: 'The server should use only what was declared in initialize.',
          }),
          -1,
          null,
        );
      }
      return;
    }
    if (scan.kind !== 'notification') return;
    if (scan.method === 'notifications/progress' && scan.tokenStart >= 0) {
      const token = valueAt(bytes, scan.tokenStart, scan.tokenEnd);
      const call = typeof token === 'number' ? pending.get(token) : null;
      if (call === null) return;
      call.deadline = clock.now() + call.timeoutMs;
      call.sink?.progress(bytes, scan.tokenStart, scan.tokenEnd);
      return;
    }
    events.notification(scan.method, bytes);
  };
  const failAll = (error: GatehouseError): void => {
    pending.each((_entry, id) => pending.take(id)?.take()?.fail(error));
  };
  const link = await open({
    message: onMessage,
    failed: (id, error) => pending.take(id)?.take()?.fail(error),
    closed(cause) {
      if (closedBy !== undefined) return;
      closedBy = cause;
      cancelSweep?.();
      failAll(cause ?? stoppedError());
      events.closed(cause);
    },
  });

  const sweep = (): void => {
    cancelSweep = null;
    const now = clock.now();
    pending.each((call, id) => {
      if (call.deadline > now) return;
      pending.take(id);
      link.send(notification('notifications/cancelled', { requestId: id, reason: 'timeout' }), -1, null);
      call.take()?.fail(timeoutError(call.timeoutMs));
    });
    if (pending.size > 0) cancelSweep = clock.after(SWEEP_MS, sweep);
  };
  const enter = (sink: CallSink, timeoutMs: number): number | null => {
    const id = pending.add(new Entry(sink, clock.now() + timeoutMs, timeoutMs));
    cancelSweep ??= clock.after(SWEEP_MS, sweep);
    return id;
  };

  return {
    get inFlight() {
      return pending.size;
    },
    request(method, params, timeoutMs) {
      return new Promise((resolve, reject) => {
        if (closedBy !== undefined) return reject(closedBy ?? stoppedError());
        const id = enter(
          {
            answer(bytes) {
              const scan = scanMessage(bytes);
              if (scan.errorStart >= 0)
                reject(answeredError(method, valueAt(bytes, scan.errorStart, scan.errorEnd)));
              else resolve({ bytes, start: scan.resultStart, end: scan.resultEnd });
            },
            progress: () => undefined,
            notify: () => undefined,
            ask: () => null,
            fail: reject,
          },
          timeoutMs,
        );
        if (id === null) reject(tooMany());
        else link.send(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params })), id, null);
      });
    },
    notify(method, params) {
      if (closedBy === undefined) link.send(notification(method, params), -1, null);
    },
    forward(request, timeoutMs) {
      const id = closedBy === undefined ? enter(request.sink, timeoutMs) : null;
      if (id === null) {
        request.sink.fail(closedBy === undefined ? tooMany() : (closedBy ?? stoppedError()));
        return { cancel: () => undefined };
      }
      link.send(singleLine(splice(request.bytes, editsFor(request, id))), id, null);
      return {
        cancel(reason) {
          if (pending.take(id)?.take() == null) return;
          link.send(notification('notifications/cancelled', { requestId: id, reason }), -1, null);
        },
      };
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
  if (scan.metaTokenStart >= 0) edits.push({ start: scan.metaTokenStart, end: scan.metaTokenEnd, text });
  return edits;
}

function answeredError(method: string, error: unknown): GatehouseError {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return new GatehouseError({
    code: 'upstream.answered_error',
    message: `The server answered "${method}" with error ${String(code)}: ${String(message).slice(0, 300)}`,
    remedy: 'Its log may tell more.',
    cause: error,
  });
}

function timeoutError(ms: number): GatehouseError {
  return new GatehouseError({
    code: 'upstream.timeout',
    message: `The server did not answer within ${Math.round(ms / 1000)} seconds.`,
    remedy: 'Try again, or give the server more time in its configuration.',
  });
}

function stoppedError(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.stopped',
    message: 'The server was stopped.',
    remedy: 'Switch it on again, or wait until it has restarted.',
  });
}

function tooMany(): GatehouseError {
  return new GatehouseError({
    code: 'upstream.too_many_calls',
    message: 'Too many calls to this server are under way.',
    remedy: 'Wait until some of them are answered, then try again.',
  });
}
