/**
 * One request that an upstream answers: admitted, given its turn, forwarded as bytes, answered with the client's own
 * id, recorded. Architecture: "One tool call". Ends by its answer, its failure or its cancellation.
 */
import { resultSaysError } from '../protocol/answer.ts';
import type { Ask, AskHandle, CallSink, ForwardHandle } from '../protocol/call.ts';
import { GatehouseError } from '../protocol/error.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { errorAnswer, splice } from '../protocol/wire.ts';
import { type Hold, holdCall } from './hold.ts';
import type { Load, Waiter } from './loads.ts';
import type { CallAllowance, CallRecord } from './ports.ts';
import { tooManyCalls, unknownTarget } from './refusals.ts';
import type { Reply } from './reply.ts';
import type { CallRooms } from './rooms.ts';
import type { CallSession, RunningCall } from './running.ts';
import { saidName } from './said-name.ts';
import { type Target, targetOf } from './targets.ts';
import { answerOfTask, askingTask, type Task } from './tasks.ts';

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
  private hold: Hold | null = null;
  private allowed: CallAllowance | null = null;
  private state: 'new' | 'held' | 'waiting' | 'running' | 'parked' | 'done' = 'new';
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

  /** Admits and forwards, or waits for a person or for its turn; false when it was answered at once. */
  start(): boolean {
    const { target, session, rooms } = this;
    if (target === null) return false;
    const refused = this.admit(target);
    if (refused !== null) return this.refuse(refused);
    if (this.method === 'tools/call' && rooms.ports.asksFirst(session.caller, target.route)) {
      return this.askFirst();
    }
    return this.enter();
  }

  /** A person is asked before it goes on. It holds no place meanwhile: others of its client go past it. */
  private askFirst(): boolean {
    const { message, scan, target, session, rooms } = this;
    if (message === null || scan === null || target === null) return false;
    const call = { session, route: target.route, message, scan, send: (word: Buffer) => this.send(word) };
    const hold = holdCall(rooms.ports, call, (refusal, allowed) => this.decided(refusal, allowed));
    if ('stands' in hold) {
      this.allowed = hold;
      return this.enter();
    }
    if (!('cancel' in hold)) return this.refuse(hold);
    this.hold = hold;
    this.state = 'held';
    this.index = this.underWay.push(this) - 1;
    return this.reply !== null;
  }

  private decided(refusal: GatehouseError | null, allowed: CallAllowance | null): void {
    if (this.state !== 'held' || this.target === null) return;
    this.hold = null;
    this.allowed = allowed;
    // The tool may have changed, or been switched off or held back meanwhile.
    const refused = refusal ?? this.readmit();
    if (refused === null) this.enter();
    else this.refuse(refused);
  }

  /** Takes a place among the calls of its client, or waits for one. */
  private enter(): boolean {
    const load = this.rooms.loads.of(this.session.caller.id);
    const place = load.enter(this);
    if (place === 'full') return this.refuse(tooManyCalls());
    this.load = load;
    if (this.index < 0) this.index = this.underWay.push(this) - 1;
    if (place === 'wait') this.state = 'waiting';
    else if (this.target !== null) this.carry(this.target);
    return this.reply !== null;
  }

  /** Its turn has come. */
  go(): void {
    const { target } = this;
    if (target === null) return;
    const refused = this.readmit();
    this.state = 'running';
    if (refused === null) this.carry(target);
    else this.fail(refused);
  }

  readmit(): GatehouseError | null {
    const { message, scan, target, session, rooms } = this;
    if (message === null || scan === null || target === null) return null;
    const now = targetOf(rooms, session, message, scan);
    if (now instanceof GatehouseError) return now;
    const same = now.route.server === target.route.server && now.route.name === target.route.name;
    // Its name leads to something else by now: the client has to look again.
    if (!same) return unknownTarget(this.method, target.route.name);
    // A person has allowed one version of the tool, however long the call has waited since.
    return this.admit(now) ?? this.allowed?.stands() ?? null;
  }

  private admit({ route, refused }: Target): GatehouseError | null {
    if (refused !== null) return refused;
    const { ports } = this.rooms;
    if (this.method === 'tools/call') return ports.admitTool(this.session.caller, route);
    return ports.admitServer(route.server);
  }

  private carry(target: Target): void {
    const { message, scan } = this;
    if (message === null || scan === null) return;
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
    const { reply, id } = this;
    if (reply === null) return;
    const toolError = !isError && this.method === 'tools/call' && resultSaysError(bytes);
    const out = isError ? this.failed(bytes) : this.shown(bytes);
    let start = idStart;
    let end = idEnd;
    if (out !== bytes) ({ idStart: start, idEnd: end } = scanMessage(out));
    const { message } = this;
    const load = this.release();
    reply.relay(out, start, end, id, isError);
    const size = out.length - (end - start) + id.length;
    this.record(isError ? 'error' : toolError ? 'tool-error' : 'ok', null, size, message, out);
    load?.leave();
  }

  progress(bytes: Buffer, tokenStart: number, tokenEnd: number): void {
    const token = this.token ?? this.ownToken();
    if (token !== null) this.send(splice(bytes, [{ start: tokenStart, end: tokenEnd, text: token }]));
  }

  notify(bytes: Buffer, method: string): void {
    const { hub } = this.rooms;
    switch (method) {
      case 'notifications/message':
        if (hub.hears(this.server, this.session.peer, bytes)) this.send(bytes);
        return;
      case 'notifications/resources/updated':
      case 'notifications/tasks/status':
      case 'notifications/elicitation/complete':
        // These have their own addressees, whatever stream they came on.
        return hub.notification(this.server, null, method, bytes);
      default:
        this.send(bytes);
    }
  }

  stream(pausedMs: number | null): void {
    this.reply?.follow(pausedMs);
  }

  ask(ask: Ask): AskHandle | null {
    if (this.done) return null;
    const { hub } = this.rooms;
    const task = askingTask(hub.tasks, this.server, ask.params);
    // A task of somebody else has outlived its call, and this one merely was under way.
    const foreign = task !== null && task.peer !== this.session.peer.key;
    return foreign ? hub.ask(this.server, null, ask) : this.session.ask(ask, this);
  }

  fail(error: GatehouseError): void {
    if (this.state === 'parked') this.held = { error };
    else {
      const outcome = error.code.startsWith('trust.') ? 'refused' : 'error';
      this.finish(errorAnswer(this.id, error), outcome, error.code);
    }
  }

  /** True while it waits for something of this task. */
  isAbout(task: Task): boolean {
    return this.target?.task === task;
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
    const { reply, handle, message } = this;
    const load = this.release();
    handle?.cancel(reason);
    reply?.nothing();
    this.record('cancelled', null, 0, message, null);
    load?.leave();
  }

  /** The answer with what the client must know under other names; mostly the same buffer. */
  private shown(bytes: Buffer): Buffer {
    const { session, rooms, server } = this;
    const task = this.target?.task ?? null;
    let out = bytes;
    if (session.scope.kind !== 'server') {
      out = rooms.ports.view(session.scope, session.peer).exposeLinks(server, out);
    }
    return task === null ? out : answerOfTask(rooms.hub.tasks, task, session, server, out);
  }

  private failed(bytes: Buffer): Buffer {
    this.rooms.hub.failed(this.server, this.session.peer, bytes);
    return bytes;
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
    const { reply, message } = this;
    if (reply === null) return;
    const load = this.release();
    reply.answer(answer);
    this.record(outcome, errorCode, answer.length, message, answer);
    load?.leave();
  }

  /** Lets go of everything. Returns the load in which it held a place. */
  private release(): Load | null {
    const { load, state } = this;
    this.hold?.cancel();
    this.hold = null;
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

  private record(
    outcome: CallRecord['outcome'],
    errorCode: string | null,
    responseBytes: number,
    message: Buffer | null,
    answer: Buffer | null,
  ): void {
    // Clients ask after their tasks every second or so.
    if (this.method === 'tasks/get') return;
    const { session } = this;
    const { ports } = this.rooms;
    const record: CallRecord = {
      at: this.at,
      client: session.caller.id,
      clientName: saidName(session.peer),
      session: session.id,
      server: this.server,
      method: this.method,
      tool: this.name,
      outcome,
      errorCode,
      durationMs: ports.clock.now() - this.at,
      requestBytes: this.requestBytes,
      responseBytes,
      approval: this.allowed?.by ?? null,
    };
    ports.record(record, message, answer);
  }
}
