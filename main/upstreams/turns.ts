/**
 * The bound of calls to one server at once: further ones wait for their turn in the order in which they came, as many as
 * may wait and as long as a call may take. Each call frees its place however it ends.
 */
import type { CallSink, Forward, ForwardHandle } from '../protocol/call.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import type { Carry } from './hops.ts';
import type { UpstreamSpec } from './ports.ts';
import { Relay } from './sinks.ts';

/** What makes a server work. Everything else (about tasks, say) must get through, or a busy server could not be eased. */
const WORK = new Set(['tools/call', 'prompts/get', 'resources/read', 'completion/complete']);

/** Carries requests as `carry` does, so many at once. The spec has a `concurrency`. */
export function createTurns(spec: UpstreamSpec, clock: Clock, carry: Carry): Carry {
  const turns = new Turns(spec, clock, carry);
  return (request) => (WORK.has(request.scan.method) ? turns.enter(request) : carry(request));
}

class Turns {
  readonly carry: Carry;
  private readonly spec: UpstreamSpec;
  private readonly clock: Clock;
  private readonly most: number;
  private readonly queue: number;
  private running = 0;
  private readonly waiting = new Set<Turn>();

  constructor(spec: UpstreamSpec, clock: Clock, carry: Carry) {
    this.spec = spec;
    this.clock = clock;
    this.carry = carry;
    this.most = spec.concurrency?.calls ?? Number.POSITIVE_INFINITY;
    this.queue = spec.concurrency?.queue ?? 0;
  }

  enter(request: Forward): ForwardHandle {
    const turn = new Turn(this, request);
    if (this.running < this.most) {
      this.running++;
      turn.start();
    } else if (this.waiting.size < this.queue) {
      this.waiting.add(turn);
      turn.wait(this.clock, this.spec.callTimeoutMs, () => turn.fail(busy(this.spec, 'time')));
    } else request.sink.fail(busy(this.spec, 'room'));
    return turn;
  }

  /** A turn is over; the next one begins. */
  leave(turn: Turn): void {
    if (this.waiting.delete(turn)) return;
    this.running--;
    const [next] = this.waiting;
    if (next === undefined) return;
    this.waiting.delete(next);
    this.running++;
    next.start();
  }
}

/** One call with its place. */
class Turn extends Relay implements ForwardHandle {
  private readonly turns: Turns;
  private request: Forward | null;
  private handle: ForwardHandle | null = null;
  private cancelWait: CancelTimer | null = null;

  constructor(turns: Turns, request: Forward) {
    super(request.sink);
    this.turns = turns;
    this.request = request;
  }

  wait(clock: Clock, ms: number, late: () => void): void {
    this.cancelWait = clock.after(ms, late);
  }

  start(): void {
    const { request } = this;
    const refused = this.cancelWait === null ? null : this.readmit();
    this.cancelWait?.();
    this.request = null;
    if (request === null) return;
    // The server may have listed other things while it waited.
    if (refused !== null) return this.fail(refused);
    const handle = this.turns.carry({ ...request, sink: this });
    // It may have ended before it began.
    if (this.sink !== null) this.handle = handle;
  }

  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void {
    this.finish()?.answer(bytes, idStart, idEnd, isError);
  }

  fail(error: GatehouseError): void {
    this.finish()?.fail(error);
  }

  cancel(reason: string): void {
    const { handle } = this;
    if (this.finish() !== null) handle?.cancel(reason);
  }

  private finish(): CallSink | null {
    const sink = this.release();
    if (sink === null) return null;
    this.cancelWait?.();
    this.request = null;
    this.handle = null;
    this.turns.leave(this);
    return sink;
  }
}

function busy({ name, concurrency, callTimeoutMs }: UpstreamSpec, lacks: 'room' | 'time'): GatehouseError {
  const { calls, queue } = concurrency ?? { calls: 0, queue: 0 };
  const why =
    lacks === 'room'
      ? `${queue} more are waiting, as many as may`
      : `this one waited ${Math.round(callTimeoutMs / 1000)} seconds for its turn`;
  return new GatehouseError({
    code: 'upstream.busy',
    message: `The server "${name}" works on ${calls} calls at once, and ${why}.`,
    remedy: 'Try again later, or raise "maxConcurrentCalls" or "maxQueuedCalls" of this server.',
  });
}
