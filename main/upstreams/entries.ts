/**
 * The requests under way on one connection, each with who waits for it; and the question which of them caused what a
 * server says out of turn.
 */
import type { CallSink } from '../protocol/call.ts';
import type { Peer } from '../protocol/peer.ts';
import type { Pending } from './pending.ts';

/** For requests that stay open until one side ends them. */
export const NO_TIMEOUT = Number.POSITIVE_INFINITY;

/** No call can have caused it; ids of calls are greater. */
export const NO_CALL = 0;
/** Several calls can have caused it. */
export const SEVERAL = -1;

/** A request under way. Lets go of everything when it is done: see gateway/call. */
export class Entry {
  sink: CallSink | null;
  /** Whose call it is; null for requests of our own. */
  peer: Peer | null;
  /** Epoch milliseconds. */
  deadline: number;
  readonly timeoutMs: number;

  constructor(sink: CallSink, peer: Peer | null, deadline: number, timeoutMs: number) {
    this.sink = sink;
    this.peer = peer;
    this.deadline = deadline;
    this.timeoutMs = timeoutMs;
  }

  /** Gives the sink, for the one thing that is still to be told. */
  take(): CallSink | null {
    const { sink } = this;
    this.sink = null;
    this.peer = null;
    return sink;
  }
}

/**
 * The id of the call that caused what came: the one on whose stream it came (`about`), else the newest when all under
 * way are of one client; `NO_CALL` or `SEVERAL` otherwise. Looks at all of them, so only for what is rare.
 */
export function causeOf(pending: Pending<Entry>, about: number | null): number {
  if (about !== null) return pending.get(about)?.peer == null ? NO_CALL : about;
  let newest = NO_CALL;
  let client: string | null = null;
  let several = false;
  pending.each(({ peer }, id) => {
    if (peer === null) return;
    several ||= client !== null && client !== peer.client;
    client = peer.client;
    newest = Math.max(newest, id);
  });
  return several ? SEVERAL : newest;
}
