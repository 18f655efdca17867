/**
 * The requests of one session that an upstream answers: found by name, admitted, forwarded as bytes, answered with the
 * client's own id, recorded. Architecture: "One tool call".
 */
import { resultSaysError } from '../protocol/answer.ts';
import type { CallSink, ForwardHandle } from '../protocol/call.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { stringAt } from '../protocol/json.ts';
import type { Peer } from '../protocol/peer.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { errorAnswer, splice } from '../protocol/wire.ts';
import type { Caller, CallRecord, GatewayPorts, Route } from './ports.ts';
import { invalidParams, unknownTarget } from './refusals.ts';
import type { Abandonable, Reply } from './reply.ts';

/** The calls of one session. */
export interface Calls {
  readonly inFlight: number;
  /** Takes one of `tools/call`, `prompts/get` and `resources/read`; null when it was answered at once. */
  begin(message: Buffer, scan: MessageScan, id: string, reply: Reply): Abandonable | null;
  /** Cancels by the client's id, as raw JSON. Unknown ids are ignored: the answer may have crossed. */
  cancel(id: string): void;
  /** Cancels everything. */
  close(): void;
}

/** Makes the empty set of calls of one session. */
export function createCalls(session: CallSession, ports: GatewayPorts): Calls {
  // An array rather than a Map: see upstreams/pending. Looking for an id is rare and the array short.
  const underWay: Call[] = [];
  return {
    get inFlight() {
      return underWay.length;
    },
    begin(message, scan, id, reply) {
      const target = targetOf(message, scan);
      if (target === null) {
        reply.answer(errorAnswer(id, invalidParams(`"${scan.method}" needs a name or a URI in params.`)));
        return null;
      }
      const route = routeFor(ports, session, scan.method, target);
      const call = new Call(session, ports, underWay, message, scan, id, reply, route, target);
      return call.start() ? call : null;
    },
    cancel: (id) => underWay.find((call) => call.id === id)?.cancel('cancelled by the client'),
    close() {
      for (const call of [...underWay]) call.cancel('the session has ended');
    },
  };
}

/** Whose calls they are. */
export interface CallSession {
  readonly id: string;
  readonly caller: Caller;
  readonly scope: Scope;
  readonly peer: Peer;
}

/**
 * One call. A class that lets go of everything when it is done: the engine moves such objects to the old generation
 * early, and whatever a dead one still holds there outlives every young collection (measured: all of each request).
 */
class Call implements CallSink, Abandonable {
  readonly id: string;
  private readonly session: CallSession;
  private readonly ports: GatewayPorts;
  private readonly underWay: Call[];
  private readonly at: number;
  private readonly method: string;
  private readonly server: string;
  private readonly target: string;
  private readonly requestBytes: number;
  private message: Buffer | null;
  private scan: MessageScan | null;
  private reply: Reply | null;
  private route: Route | null;
  private handle: ForwardHandle | null = null;
  private index = -1;

  constructor(
    session: CallSession,
    ports: GatewayPorts,
    underWay: Call[],
    message: Buffer,
    scan: MessageScan,
    id: string,
    reply: Reply,
    route: Route | null,
    target: string,
  ) {
    this.session = session;
    this.ports = ports;
    this.underWay = underWay;
    this.message = message;
    this.scan = scan;
    this.id = id;
    this.reply = reply;
    this.route = route;
    this.at = ports.clock.now();
    this.method = scan.method;
    this.server = route?.server ?? '';
    this.target = route?.name ?? target;
    this.requestBytes = message.length;
  }

  /** Admits and forwards; false when it was answered at once. */
  start(): boolean {
    const { message, scan, route } = this;
    if (message === null || scan === null) return false;
    const refused = this.refusal();
    if (route === null || refused !== null) {
      const error = refused ?? unknownTarget(this.method, this.target);
      this.finish(errorAnswer(this.id, error), 'refused', error.code);
      return false;
    }
    const key = route.key === null ? null : { ...keySpan(scan), text: route.key };
    const handle = this.ports.forward(route.server, {
      bytes: message,
      scan,
      key,
      target: route.name,
      peer: this.session.peer,
      sink: this,
    });
    // A server that is not ready fails the sink before `forward` returns.
    if (this.reply === null) return false;
    this.handle = handle;
    this.index = this.underWay.push(this) - 1;
    return true;
  }

  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void {
    const toolError = !isError && this.method === 'tools/call' && resultSaysError(bytes);
    this.finish(
      splice(bytes, [{ start: idStart, end: idEnd, text: Buffer.from(this.id) }]),
      isError ? 'error' : toolError ? 'tool-error' : 'ok',
      null,
    );
  }

  progress(bytes: Buffer, tokenStart: number, tokenEnd: number): void {
    const { message, scan } = this;
    if (message === null || scan === null || scan.metaTokenStart < 0) return;
    const token = message.subarray(scan.metaTokenStart, scan.metaTokenEnd);
    this.reply?.notify(splice(bytes, [{ start: tokenStart, end: tokenEnd, text: token }]));
  }

  notify(bytes: Buffer): void {
    this.reply?.notify(bytes);
  }

  ask(): null {
    return null;
  }

  fail(error: GatehouseError): void {
    this.finish(errorAnswer(this.id, error), 'error', error.code);
  }

  abandon(): void {
    this.cancel('the client has hung up');
  }

  cancel(reason: string): void {
    const { reply, handle } = this;
    if (reply === null) return;
    this.release();
    handle?.cancel(reason);
    reply.nothing();
    this.record('cancelled', null, 0);
  }

  private refusal(): GatehouseError | null {
    if (this.route === null) return unknownTarget(this.method, this.target);
    return this.method === 'tools/call' ? this.ports.admitTool(this.session.caller, this.route) : null;
  }

  private finish(answer: Buffer, outcome: CallRecord['outcome'], errorCode: string | null): void {
    const { reply } = this;
    if (reply === null) return;
    this.release();
    reply.answer(answer);
    this.record(outcome, errorCode, answer.length);
  }

  private release(): void {
    this.message = null;
    this.scan = null;
    this.reply = null;
    this.route = null;
    this.handle = null;
    if (this.index < 0) return;
    const last = this.underWay.pop();
    if (last !== undefined && last !== this) {
      this.underWay[this.index] = last;
      last.index = this.index;
    }
    this.index = -1;
  }

  private record(outcome: CallRecord['outcome'], errorCode: string | null, responseBytes: number): void {
    const { ports, session } = this;
    ports.record({
      at: this.at,
      client: session.caller.id,
      session: session.id,
      server: this.server,
      method: this.method,
      target: this.target,
      outcome,
      errorCode,
      durationMs: ports.clock.now() - this.at,
      requestBytes: this.requestBytes,
      responseBytes,
    });
  }
}

function routeFor(ports: GatewayPorts, session: CallSession, method: string, target: string): Route | null {
  const view = ports.view(session.scope, session.peer);
  if (method === 'tools/call') return view.tool(target);
  return method === 'prompts/get' ? view.prompt(target) : view.resource(target);
}

function targetOf(message: Buffer, scan: MessageScan): string | null {
  const { start, end } = keySpan(scan);
  return start >= 0 && message[start] === 0x22 ? stringAt(message, start, end) : null;
}

function keySpan(scan: MessageScan): { start: number; end: number } {
  return scan.method === 'resources/read'
    ? { start: scan.uriStart, end: scan.uriEnd }
    : { start: scan.nameStart, end: scan.nameEnd };
}
