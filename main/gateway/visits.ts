/**
 * Who stateless requests come from. A client that sends the same facts again is recognized by their bytes, without
 * parsing them; it is forgotten when it has been quiet for long, and its own sessions with servers end then.
 */
import { createHash } from 'node:crypto';
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Peer } from '../protocol/peer.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { type Scope, scopeOf } from '../protocol/scope.ts';
import { type Calls, createCalls } from './calls.ts';
import { type EnvelopeRefusal, readMeta, type SoundMeta } from './envelope.ts';
import type { Caller, GatewayLimits, Here } from './ports.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession, RunningCall } from './running.ts';

const REAP_MS = 60_000;
/** Spellings of `_meta` that are remembered; a client that changes it with every request pushes others out. */
const SPELLINGS = 2_000;
/** A longer `_meta` is parsed every time. Bytes. */
const LONGEST = 4_096;

/** One client on one endpoint. */
export interface Visit {
  readonly session: CallSession;
  readonly calls: Calls;
  lastUsed: number;
  /** Streams that are open for it. */
  streams: number;
}

/** All clients of the stateless front. */
export interface Visits {
  /** Who sent this request, or why it is refused. `header` is its MCP-Protocol-Version; null is not looked at. */
  find(
    body: Buffer,
    scan: MessageScan,
    header: string | undefined | null,
    caller: Caller,
    scope: Scope,
  ): Visit | EnvelopeRefusal;
  /** Each client: whose it is, when it came last, and whether it has anything open. */
  here(): readonly Here[];
  /** Cancels what this caller has under way, and forgets it. */
  dropCaller(caller: string): void;
  /** Cancels all that is under way. Idempotent. */
  close(): void;
}

interface Known extends Visit {
  readonly key: string;
  gone: boolean;
}

/** `ask` takes what servers need from such a client. */
export function openVisits(
  rooms: CallRooms,
  limits: GatewayLimits,
  ask: (session: CallSession, ask: Ask, call: RunningCall) => AskHandle | null,
): Visits {
  const { ports } = rooms;
  const visits = new Map<string, Known>();
  const spelled = new Map<string, Known[]>();
  let closed = false;
  let cancelReap: () => void = () => undefined;

  const drop = (visit: Known): void => {
    if (visit.gone) return;
    visit.gone = true;
    visits.delete(visit.key);
    visit.calls.close();
    const { peer, caller } = visit.session;
    ports.clientUsed(caller, visit.lastUsed);
    for (const other of visits.values()) if (other.session.peer.key === peer.key) return;
    ports.peerGone(peer);
  };
  const idle = (visit: Known): boolean => visit.calls.inFlight === 0 && visit.streams === 0;
  const reap = (): void => {
    const oldest = ports.clock.now() - limits.sessionIdleMs;
    for (const visit of [...visits.values()]) {
      if (idle(visit) && visit.lastUsed < oldest) drop(visit);
      else ports.clientUsed(visit.session.caller, visit.lastUsed);
    }
    cancelReap = ports.clock.after(REAP_MS, reap);
  };
  cancelReap = ports.clock.after(REAP_MS, reap);

  const enter = (meta: SoundMeta, caller: Caller, scope: Scope): Known => {
    const facts = JSON.stringify([meta.version, meta.capabilities, meta.info]);
    const peerKey = `${caller.id}~${createHash('sha256').update(facts).digest('base64url')}`;
    const key = `${peerKey} ${meta.logLevel ?? ''} ${scope.key}`;
    const known = visits.get(key);
    if (known !== undefined) return known;
    if (visits.size >= limits.sessions) dropOne();
    const peer: Peer = {
      key: peerKey,
      client: `${caller.id}~${JSON.stringify(meta.info)}`,
      era: 'modern',
      revision: meta.version,
      info: meta.info,
      capabilities: meta.capabilities,
      logLevel: meta.logLevel,
    };
    const session: CallSession = {
      id: peerKey,
      caller,
      scope: scopeOf(scope, caller.id),
      peer,
      ask: (asked, call) => ask(session, asked, call),
    };
    const calls = createCalls(session, rooms);
    const visit: Known = { key, session, calls, lastUsed: 0, streams: 0, gone: false };
    visits.set(key, visit);
    ports.clientCame(caller, meta.info);
    return visit;
  };
  /** The one that came first and has nothing under way; if all have, there is one more than the bound says. */
  const dropOne = (): void => {
    for (const visit of visits.values()) if (idle(visit)) return drop(visit);
  };
  const remember = (spelling: string, visit: Known): void => {
    if (spelled.size >= SPELLINGS) spelled.clear();
    const same = spelled.get(spelling)?.filter((other) => !other.gone) ?? [];
    spelled.set(spelling, [...same, visit]);
  };

  return {
    find(body, scan, header, caller, scope) {
      const spelling = spellingOf(body, scan);
      const candidates = spelling === null ? undefined : spelled.get(spelling);
      if (candidates !== undefined) {
        for (const visit of candidates) {
          const { session } = visit;
          if (visit.gone || session.caller.id !== caller.id || session.scope.key !== scope.key) continue;
          visit.lastUsed = ports.clock.now();
          return visit;
        }
      }
      const meta = readMeta(body, scan, header);
      if ('status' in meta) return meta;
      const visit = enter(meta, caller, scope);
      visit.lastUsed = ports.clock.now();
      if (spelling !== null) remember(spelling, visit);
      return visit;
    },
    here: () =>
      [...visits.values()].map((visit) => ({
        caller: visit.session.caller.id,
        lastUsed: visit.lastUsed,
        open: !idle(visit),
      })),
    dropCaller(caller) {
      for (const visit of [...visits.values()]) if (visit.session.caller.id === caller) drop(visit);
    },
    close() {
      if (closed) return;
      closed = true;
      cancelReap();
      for (const visit of [...visits.values()]) drop(visit);
      spelled.clear();
    },
  };
}

/** The bytes of `_meta` as text, without the progress token, which differs with every request. */
function spellingOf(body: Buffer, scan: MessageScan): string | null {
  const { metaStart, metaEnd, metaTokenStart, metaTokenEnd } = scan;
  if (metaStart < 0 || metaEnd - metaStart > LONGEST) return null;
  return metaTokenStart < 0
    ? body.toString('latin1', metaStart, metaEnd)
    : body.toString('latin1', metaStart, metaTokenStart) + body.toString('latin1', metaTokenEnd, metaEnd);
}
