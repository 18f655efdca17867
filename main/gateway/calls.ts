/**
 * The requests of one client that upstreams answer, from the first to the last: begun, found by the client's id,
 * cancelled together when the client is gone.
 */
import { GatehouseError } from '../protocol/error.ts';
import { stringAt } from '../protocol/json.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { errorAnswer } from '../protocol/wire.ts';
import { Call } from './call.ts';
import type { CallRecord, GatewayPorts } from './ports.ts';
import type { Reply } from './reply.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession, RunningCall } from './running.ts';
import { targetOf } from './targets.ts';
import type { Task } from './tasks.ts';

/** The calls of one session or one stateless client. */
export interface Calls {
  readonly inFlight: number;
  /** Takes any request that a server answers; null when it was answered at once. */
  begin(message: Buffer, scan: MessageScan, id: string, reply: Reply): RunningCall | null;
  /** A call that waits for something of this task, such as its result. */
  waitingFor(task: Task): RunningCall | null;
  /** Cancels by the client's id, as raw JSON. Unknown ids are ignored: the answer may have crossed. */
  cancel(id: string): void;
  /** Cancels everything. */
  close(): void;
}

/** Makes the empty set of calls. */
export function createCalls(session: CallSession, rooms: CallRooms): Calls {
  // An array rather than a Map: see upstreams/pending. Looking for an id is rare and the array short.
  const underWay: Call[] = [];
  return {
    get inFlight() {
      return underWay.length;
    },
    begin(message, scan, id, reply) {
      const target = targetOf(rooms, session, message, scan);
      if (target instanceof GatehouseError) {
        recordRefused(session, rooms.ports, message, scan, target);
        reply.answer(errorAnswer(id, target));
        return null;
      }
      const call = new Call(session, rooms, underWay, message, scan, id, reply, target);
      return call.start() ? call : null;
    },
    waitingFor: (task) => underWay.find((call) => call.isAbout(task)) ?? null,
    cancel: (id) => underWay.find((call) => call.id === id)?.cancel('cancelled by the client'),
    close() {
      // The newest first: those that wait must not get their turn by it.
      for (const call of [...underWay].reverse()) call.cancel('the session has ended');
    },
  };
}

/** What leads nowhere is noted too, where it named something. */
function recordRefused(
  session: CallSession,
  ports: GatewayPorts,
  message: Buffer,
  scan: MessageScan,
  error: GatehouseError,
): void {
  if (!error.code.startsWith('gateway.unknown_')) return;
  const [start, end] =
    scan.method === 'resources/read' ? [scan.uriStart, scan.uriEnd] : [scan.nameStart, scan.nameEnd];
  const record: CallRecord = {
    at: ports.clock.now(),
    client: session.caller.id,
    session: session.id,
    server: '',
    method: scan.method,
    tool: stringAt(message, start, end),
    outcome: 'refused',
    errorCode: error.code,
    durationMs: 0,
    requestBytes: message.length,
    responseBytes: 0,
  };
  ports.record(record, message, null);
}
