/**
 * All sessions over HTTP, whatever the front: found by id and owner, bounded in number, reaped when nobody uses them.
 * `close` ends every session.
 */
import type { Scope } from '../protocol/scope.ts';
import type { Caller, GatewayLimits, GatewayPorts, Here } from './ports.ts';
import { type HttpRefusal, REFUSALS } from './refusals.ts';

const REAP_MS = 60_000;
/** Where there is no room, a session that nobody used for so long makes some. Milliseconds. */
const YIELD_MS = 60_000;
/** So many cut-off readers are remembered, so that they can be told why. */
const SLOW_KEPT = 1_000;

/** A session's place. */
export interface Seat {
  readonly id: string;
  readonly caller: Caller;
  /** What the client calls itself; null when it has not said. */
  readonly clientName: string | null;
  readonly scope: Scope;
  /** Epoch milliseconds. */
  lastUsed: number;
  /** True while a stream of it is open or a call under way. */
  readonly busy: boolean;
  /** To be called now and then. */
  sweep(): void;
  /** Ends the session and its streams. Idempotent. */
  end(): void;
}

/** The sessions. `S` is what the fronts keep in it. */
export interface Registry<S extends Seat> {
  /**
   * Null when there is room for one more session of this caller, made if need be: by one that nobody uses, or by one of
   * another caller who holds more than half of all. Nobody keeps the others out by opening sessions without end.
   */
  room(caller: Caller): HttpRefusal | null;
  add(seat: S): void;
  /** The caller's own session on this route, or why there is none. Marks it as used. */
  find(id: string, caller: Caller, scope: Scope): S | HttpRefusal;
  /** Ends and forgets it. Idempotent. */
  drop(id: string): void;
  /** The same, because its client reads too slowly. */
  dropSlow(id: string): void;
  /** Ends every session of this caller. */
  dropCaller(caller: string): void;
  readonly size: number;
  /** Each session: whose it is and when it was last used. */
  here(): readonly Here[];
  /** Idempotent. */
  close(): void;
}

export function openRegistry<S extends Seat>(ports: GatewayPorts, limits: GatewayLimits): Registry<S> {
  const { clock } = ports;
  const seats = new Map<string, S>();
  const slow = new Map<string, Pick<Seat, 'caller' | 'scope'>>();
  let cancelReap: () => void = () => undefined;
  let closed = false;

  const note = ({ id, caller, clientName, scope }: Seat, action: 'session.opened' | 'session.closed'): void =>
    ports.noted?.({
      kind: 'connection',
      action,
      client: caller.id,
      clientName,
      session: id,
      server: scope.kind === 'server' ? scope.server : '',
      outcome: 'ok',
      errorCode: null,
    });
  const drop = (id: string): void => {
    const seat = seats.get(id);
    if (seat === undefined) return;
    seats.delete(id);
    seat.end();
    ports.clientUsed(seat.caller, seat.lastUsed);
    note(seat, 'session.closed');
    ports.sessionsChanged(seats.size);
  };
  const reap = (): void => {
    const oldest = clock.now() - limits.sessionIdleMs;
    for (const [id, seat] of seats) {
      if (!seat.busy && seat.lastUsed < oldest) drop(id);
      else {
        seat.sweep();
        ports.clientUsed(seat.caller, seat.lastUsed);
      }
    }
    cancelReap = clock.after(REAP_MS, reap);
  };
  const idlest = (): S | null => {
    let found: S | null = null;
    const before = clock.now() - YIELD_MS;
    for (const seat of seats.values()) {
      if (!seat.busy && seat.lastUsed < (found?.lastUsed ?? before)) found = seat;
    }
    return found;
  };
  /** Of a caller with more than half of all sessions, the one that was used longest ago; null when that is the one who asks. */
  const spare = (asking: Caller): S | null => {
    const held = new Map<string, number>();
    for (const { caller } of seats.values()) held.set(caller.id, (held.get(caller.id) ?? 0) + 1);
    let found: S | null = null;
    for (const seat of seats.values()) {
      if (seat.caller.id === asking.id || (held.get(seat.caller.id) ?? 0) * 2 <= seats.size) continue;
      if (found === null || seat.lastUsed < found.lastUsed) found = seat;
    }
    return found;
  };
  cancelReap = clock.after(REAP_MS, reap);

  return {
    room(caller) {
      if (closed) return REFUSALS.closing;
      if (seats.size < limits.sessions) return null;
      const idle = idlest();
      const leaves = idle ?? spare(caller);
      if (leaves === null) return REFUSALS.tooManySessions;
      if (idle !== null) ports.log.debug({ session: idle.id }, 'an idle session makes room');
      else ports.log.warn({ client: leaves.caller.id }, 'a client with most of the sessions makes room');
      drop(leaves.id);
      return null;
    },
    add(seat) {
      seats.set(seat.id, seat);
      note(seat, 'session.opened');
      ports.sessionsChanged(seats.size);
    },
    find(id, caller, scope) {
      const seat = seats.get(id);
      if (seat !== undefined && owns(seat, caller, scope)) {
        seat.lastUsed = clock.now();
        return seat;
      }
      const cut = slow.get(id);
      return cut !== undefined && owns(cut, caller, scope) ? REFUSALS.slowReader : REFUSALS.unknownSession;
    },
    drop,
    dropSlow(id) {
      const seat = seats.get(id);
      if (seat === undefined) return;
      ports.log.warn({ session: id, reason: REFUSALS.slowReader.error.code }, 'a client reads too slowly');
      const [oldest] = slow.keys();
      if (slow.size >= SLOW_KEPT && oldest !== undefined) slow.delete(oldest);
      slow.set(id, { caller: seat.caller, scope: seat.scope });
      drop(id);
    },
    dropCaller(caller) {
      for (const seat of [...seats.values()]) if (seat.caller.id === caller) drop(seat.id);
    },
    get size() {
      return seats.size;
    },
    here: () =>
      [...seats.values()].map(({ caller, lastUsed }) => ({ caller: caller.id, lastUsed, open: true })),
    close() {
      if (closed) return;
      closed = true;
      cancelReap();
      for (const id of [...seats.keys()]) drop(id);
    },
  };
}

function owns(seat: Pick<Seat, 'caller' | 'scope'>, caller: Caller, scope: Scope): boolean {
  return seat.caller.id === caller.id && seat.scope.key === scope.key;
}
