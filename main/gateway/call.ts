/**
 * One request that an upstream answers: admitted, given its turn, forwarded as bytes, answered with the client's own
 * id, recorded. Architecture: "One tool call". Ends by its answer, its failure or its cancellation.
 */
import { resultSaysError } from '../protocol/answer.ts';
import type { Ask, AskHandle, CallSink, ForwardHandle } from '../protocol/call.ts';
import type { GatehouseError } from '../protocol/error.ts';
import type { Peer } from '../protocol/peer.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { errorAnswer, splice } from '../protocol/wire.ts';
import type { Hub } from './hub.ts';
import type { Load, Loads, Waiter } from './loads.ts';
import type { Caller, CallRecord, GatewayPorts } from './ports.ts';
import { tooManyCalls } from './refusals.ts';
import type { Abandonable, Reply } from './reply.ts';
import type { Target } from './targets.ts';

/** Whose calls they are: a session, or one stateless client. */
export interface CallSession {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  readonly peer: Peer;
  /** A server needs something from the client before it can answer this call. Null when the client cannot be asked. */
  ask(ask: Ask, call: RunningCall): AskHandle | null;
}

/** A request under way. */
export interface RunningCall extends Abandonable {
  /** The client's id, raw JSON. */
  readonly id: string;
  readonly server: string;
  /** The request as it began, and its scan; null when the call is done. */
  readonly message: Buffer | null;
  readonly scan: MessageScan | null;
  /** Sends on the call's own stream, before its answer; false when it has none. */
  send(message: Buffer): boolean;
  /** Gives this whole answer to the present reply and goes on without one; what comes meanwhile is kept or dropped. */
  park(answer: Buffer): void;
  /** Goes on under another request. `token` is that request's progress token, raw JSON. */
  adopt(id: string, reply: Reply, token: Buffer | null): void;
}

/** What every call needs. */
export interface CallRooms {
  readonly ports: GatewayPorts;
  readonly hub: Hub;
  readonly loads: Loads;
}

/** An answer that came while nobody listened. */
type Held =
  | { readonly bytes: Buffer; readonly idStart: number; readonly idEnd: number; readonly isError: boolean }
  | { readonly error: GatehouseError };

/**
 * A class that lets go of everything when it is done: the engine moves such objects to the old generation early, and
 * whatever a dead one still holds there outlives every young collection (measured: all of each request).
 */
export class Call implements CallSink, RunningCall, Waiter {
  id: string;
  readonly server: string;
  private readonly session: CallSession;
  private readonly rooms: CallRooms;
  private readonly underWay: Call[];
  private readonly at: number;
  private readonly method: string;
  private readonly name: string;
  private readonly requestBytes: number;
  message: Buffer | null;
  scan: MessageScan | null;
  private reply: Reply | null;
  private target: Target | null;
  private token: Buffer | null = null;
  private handle: ForwardHandle | null = null;
  private load: Load | null = null;
  private held: Held | null = null;
  private state: 'new' | 'waiting' | 'running' | 'parked' | 'done' = 'new';
  private index = -1;

  constructor(
    session: CallSession,
    rooms: CallRooms,
    underWay: Call[],
    message: Buffer,
    scan: MessageScan,
    id: string,
    reply: Reply,
    target: Target,
  ) {
    this.session = session;
    this.rooms = rooms;
    this.underWay = underWay;
    this.message = message;
    this.scan = scan;
    this.id = id;
    this.reply = reply;
    this.target = target;
    this.at = rooms.ports.clock.now();
    this.method = scan.method;
    this.server = target.route.server;
    this.name = target.route.name;
    this.requestBytes = message.length;
  }

  /** Admits and forwards, or waits for its turn; false when it was answered at once. */
  start(): boolean {
    const { target, session, rooms } = this;
    if (target === null) return false;
    const refused = this.method === 'tools/call' ? rooms.ports.admitTool(session.caller, target.route) : null;
    if (refused !== null) return this.refuse(refused);
    const load = rooms.loads.of(session.caller.id);
    const place = load.enter(this);
    if (place === 'full') return this.refuse(tooManyCalls());
    this.load = load;
    this.index = this.underWay.push(this) - 1;
    if (place === 'wait') this.state = 'waiting';
    else this.go();
    return this.reply !== null;
  }

  /** Its turn has come. */
  go(): void {
    const { message, scan, target } = this;
    if (message === null || scan === null || target === null) return;
    this.state = 'running';
    const handle = this.rooms.ports.forward(target.route.server, {
      bytes: message,
      scan,
      key: target.key,
      target: target.route.name,
      peer: this.session.peer,
      sink: this,
    });
    // A server that is not ready fails the sink before `forward` returns.
    if (!this.done) this.handle = handle;
  }

  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void {
    if (this.state === 'parked') {
      this.held = { bytes, idStart, idEnd, isError };
      return;
    }
    if (this.reply === null) return;
    const toolError = !isError && this.method === 'tools/call' && resultSaysError(bytes);
    let out = bytes;
    let start = idStart;
    let end = idEnd;
    if (this.session.scope.kind !== 'server' && !isError) {
      const view = this.rooms.ports.view(this.session.scope, this.session.peer);
      out = view.exposeLinks(this.server, bytes);
      if (out !== bytes) ({ idStart: start, idEnd: end } = scanMessage(out));
    }
    this.finish(
      splice(out, [{ start, end, text: Buffer.from(this.id) }]),
      isError ? 'error' : toolError ? 'tool-error' : 'ok',
      null,
    );
  }

  progress(bytes: Buffer, tokenStart: number, tokenEnd: number): void {
    const token = this.token ?? this.ownToken();
    if (token !== null) this.send(splice(bytes, [{ start: tokenStart, end: tokenEnd, text: token }]));
  }

  notify(bytes: Buffer): void {
    this.send(bytes);
  }

  ask(ask: Ask): AskHandle | null {
    return this.done ? null : this.session.ask(ask, this);
  }

  fail(error: GatehouseError): void {
    if (this.state === 'parked') this.held = { error };
    else this.finish(errorAnswer(this.id, error), 'error', error.code);
  }

  send(message: Buffer): boolean {
    return this.reply?.notify(message) ?? false;
  }

  park(answer: Buffer): void {
    const { reply } = this;
    if (reply === null || this.state !== 'running') return;
    this.state = 'parked';
    this.reply = null;
    reply.answer(answer);
  }

  adopt(id: string, reply: Reply, token: Buffer | null): void {
    if (this.state !== 'parked') return;
    const { held } = this;
    this.state = 'running';
    this.id = id;
    this.reply = reply;
    this.token = token;
    this.held = null;
    if (held === null) return;
    if ('error' in held) this.fail(held.error);
    else this.answer(held.bytes, held.idStart, held.idEnd, held.isError);
  }

  abandon(): void {
    this.cancel('the client has hung up');
  }

  cancel(reason: string): void {
    if (this.done) return;
    const { reply, handle } = this;
    const load = this.release();
    handle?.cancel(reason);
    reply?.nothing();
    this.record('cancelled', null, 0);
    load?.leave();
  }

  private get done(): boolean {
    return this.state === 'done';
  }

  private ownToken(): Buffer | null {
    const { message, scan } = this;
    if (message === null || scan === null || scan.metaTokenStart < 0) return null;
    return message.subarray(scan.metaTokenStart, scan.metaTokenEnd);
  }

  private refuse(error: GatehouseError): false {
    this.finish(errorAnswer(this.id, error), 'refused', error.code);
    return false;
  }

  private finish(answer: Buffer, outcome: CallRecord['outcome'], errorCode: string | null): void {
    const { reply } = this;
    if (reply === null) return;
    const load = this.release();
    reply.answer(answer);
    this.record(outcome, errorCode, answer.length);
    load?.leave();
  }

  /** Lets go of everything. Returns the load in which it held a place. */
  private release(): Load | null {
    const { load, state } = this;
    this.message = null;
    this.scan = null;
    this.reply = null;
    this.target = null;
    this.token = null;
    this.handle = null;
    this.load = null;
    this.held = null;
    this.state = 'done';
    if (this.index >= 0) {
      const last = this.underWay.pop();
      if (last !== undefined && last !== this) {
        this.underWay[this.index] = last;
        last.index = this.index;
      }
      this.index = -1;
    }
    if (state !== 'waiting') return load;
    load?.quit(this);
    return null;
  }

  private record(outcome: CallRecord['outcome'], errorCode: string | null, responseBytes: number): void {
    const { session } = this;
    const { ports } = this.rooms;
    ports.record({
      at: this.at,
      client: session.caller.id,
      session: session.id,
      server: this.server,
      method: this.method,
      target: this.name,
      outcome,
      errorCode,
      durationMs: ports.clock.now() - this.at,
      requestBytes: this.requestBytes,
      responseBytes,
    });
  }
}
