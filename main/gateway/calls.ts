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
import type { Abandonable, Reply } from './reply.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession, RunningCall } from './running.ts';
import { saidName } from './said-name.ts';
import { type Target, targetOf } from './targets.ts';
import type { Task } from './tasks.ts';

/** The calls of one session or one stateless client. */
export interface Calls {
  readonly inFlight: number;
  /**
   * Takes any request that a server answers; null when it was answered at once. What names nothing that is known waits a
   * little for servers that still start: a client that was here before them knows their names.
   */
  begin(message: Buffer, scan: MessageScan, id: string, reply: Reply): Abandonable | null;
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
  /** Those that wait for servers to start. */
  const early = new Set<Early>();
  const run = (target: Target, message: Buffer, scan: MessageScan, id: string, reply: Reply): Call | null => {
    const call = new Call(session, rooms, underWay, message, scan, id, reply, target);
    return call.start() ? call : null;
  };
  const refuse = (
    error: GatehouseError,
    message: Buffer,
    scan: MessageScan,
    id: string,
    reply: Reply,
  ): null => {
    recordRefused(session, rooms.ports, message, scan, error);
    reply.answer(errorAnswer(id, error));
    return null;
  };
  return {
    get inFlight() {
      return underWay.length + early.size;
    },
    begin(message, scan, id, reply) {
      const target = targetOf(rooms, session, message, scan);
      if (!(target instanceof GatehouseError)) return run(target, message, scan, id, reply);
      const mayWait = isUnknown(target) && early.size < MOST_EARLY;
      const starting = mayWait ? rooms.ports.settled(session.scope, session.peer) : null;
      if (starting === null) return refuse(target, message, scan, id, reply);
      const own: Early = {
        id,
        call: null,
        over: false,
        abandon() {
          own.over = true;
          own.call?.abandon();
        },
      };
      early.add(own);
      void starting.then(() => {
        early.delete(own);
        if (own.over) return reply.nothing();
        const now = targetOf(rooms, session, message, scan);
        if (now instanceof GatehouseError) refuse(now, message, scan, id, reply);
        else own.call = run(now, message, scan, id, reply);
      });
      return own;
    },
    waitingFor: (task) => underWay.find((call) => call.isAbout(task)) ?? null,
    cancel(id) {
      for (const own of early) if (own.id === id) own.over = true;
      underWay.find((call) => call.id === id)?.cancel('cancelled by the client');
    },
    close() {
      for (const own of early) own.over = true;
      // The newest first: those that wait must not get their turn by it.
      for (const call of [...underWay].reverse()) call.cancel('the session has ended');
    },
  };
}

/** Requests of one client that wait for servers to start, at most. */
const MOST_EARLY = 64;

/** A request that waits for servers to start, and the call that it then becomes. */
interface Early extends Abandonable {
  readonly id: string;
  call: Call | null;
  over: boolean;
}

function isUnknown({ code }: GatehouseError): boolean {
  return code.startsWith('gateway.unknown_');
}

/** What leads nowhere is noted too, where it named something. */
function recordRefused(
  session: CallSession,
  ports: GatewayPorts,
  message: Buffer,
  scan: MessageScan,
  error: GatehouseError,
): void {
  if (!isUnknown(error)) return;
  const [start, end] =
    scan.method === 'resources/read' ? [scan.uriStart, scan.uriEnd] : [scan.nameStart, scan.nameEnd];
  const record: CallRecord = {
    at: ports.clock.now(),
    client: session.caller.id,
    clientName: saidName(session.peer),
    session: session.id,
    server: '',
    method: scan.method,
    tool: stringAt(message, start, end),
    outcome: 'refused',
    errorCode: error.code,
    durationMs: 0,
    requestBytes: message.length,
    responseBytes: 0,
    approval: null,
  };
  ports.record(record, message, null);
}
