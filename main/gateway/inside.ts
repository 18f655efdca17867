/**
 * A way in from inside the house: somebody calls a tool by hand, from a screen or the command line. The call goes
 * through the same rooms as a client's (look-up, gates, a person's word, record), on the server's own route. A caller is
 * known again for a while, so that what was allowed for its session holds. `close` cancels what is under way.
 */
import type { Peer } from '../protocol/peer.ts';
import { scanMessage } from '../protocol/scan.ts';
import { scopeOf, serverScope } from '../protocol/scope.ts';
import { LATEST_SESSION_VERSION } from '../protocol/versions.ts';
import { withoutDuplicates } from '../protocol/wire.ts';
import { type Calls, createCalls } from './calls.ts';
import type { Reply } from './reply.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession } from './running.ts';

/** Milliseconds after its last call at which a caller's session ends. */
const IDLE_MS = 10 * 60_000;

/** One call by hand. */
export interface InsideCall {
  /** Who calls; noted as the client. */
  readonly caller: string;
  readonly server: string;
  /** The tool's name on the server's own route. */
  readonly name: string;
  /** The JSON of an object. */
  readonly args: string;
}

/** Calls by hand. */
export interface Inside {
  /**
   * Begins one. `done` is called once: with the whole JSON-RPC answer, or with null when it was cancelled. Returns what
   * cancels.
   */
  call(call: InsideCall, done: (answer: Buffer | null) => void): { cancel(): void };
  /** Cancels all. Idempotent. */
  close(): void;
}

interface Session {
  readonly session: CallSession;
  readonly calls: Calls;
  stopIdle(): void;
}

/** `info` is what servers with sessions of their own are told about the client. */
export function openInside(rooms: CallRooms, info: Readonly<Record<string, unknown>>): Inside {
  const { ports } = rooms;
  const sessions = new Map<string, Session>();
  let next = 0;
  let closed = false;

  const end = (key: string): void => {
    const known = sessions.get(key);
    if (known === undefined) return;
    sessions.delete(key);
    known.stopIdle();
    known.calls.close();
    ports.peerGone(known.session.peer);
  };
  const sessionOf = (caller: string, server: string): Session => {
    const key = `inside~${caller}~${server}`;
    const known = sessions.get(key);
    known?.stopIdle();
    const current = known ?? begin(key, caller, server);
    const idle = (): void => {
      if (current.calls.inFlight === 0) end(key);
      else current.stopIdle = ports.clock.after(IDLE_MS, idle);
    };
    current.stopIdle = ports.clock.after(IDLE_MS, idle);
    return current;
  };
  const begin = (key: string, caller: string, server: string): Session => {
    // It says of itself that it can be asked nothing: servers then do without.
    const peer: Peer = {
      key,
      client: key,
      era: 'legacy',
      revision: LATEST_SESSION_VERSION,
      info,
      capabilities: {},
      logLevel: null,
    };
    const session: CallSession = {
      id: key,
      caller: { id: caller },
      scope: scopeOf(serverScope(server), caller),
      peer,
      ask: () => null,
    };
    const begun: Session = { session, calls: createCalls(session, rooms), stopIdle: () => undefined };
    sessions.set(key, begun);
    return begun;
  };

  return {
    call({ caller, server, name, args }, done) {
      if (closed) {
        done(null);
        return { cancel: () => undefined };
      }
      next += 1;
      const id = String(next);
      // Whoever reports progress gets more time.
      const params = `{"name":${JSON.stringify(name)},"arguments":${args},"_meta":{"progressToken":${id}}}`;
      let message: Buffer = Buffer.from(
        `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":${params}}`,
      );
      let scan = scanMessage(message);
      if (scan.duplicate) ({ bytes: message, scan } = withoutDuplicates(message));
      const { calls } = sessionOf(caller, server);
      const begun = calls.begin(message, scan, id, replyTo(done));
      return { cancel: () => begun?.abandon() };
    },
    close() {
      if (closed) return;
      closed = true;
      for (const key of [...sessions.keys()]) end(key);
    },
  };
}

/** Takes the answer and nothing that comes before it. */
function replyTo(done: (answer: Buffer | null) => void): Reply {
  return {
    notify: () => false,
    follow: () => undefined,
    answer: done,
    relay: (bytes) => done(bytes),
    accepted: () => done(null),
    nothing: () => done(null),
  };
}
