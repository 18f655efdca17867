/**
 * The requests of one session that an upstream answers: found by name, admitted, forwarded as bytes, answered with the
 * client's own id, recorded. Architecture: "One tool call".
 */
import { resultSaysError } from '../protocol/answer.ts';
import type { CallSink } from '../protocol/call.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { stringAt } from '../protocol/json.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { type Edit, errorAnswer, splice } from '../protocol/wire.ts';
import type { Caller, CallRecord, GatewayPorts, Route, Scope } from './ports.ts';
import { invalidParams, invalidRequest, unknownTarget } from './refusals.ts';
import type { Abandon, Reply } from './reply.ts';

/** The calls of one session. */
export interface Calls {
  readonly inFlight: number;
  /** Takes one of `tools/call`, `prompts/get` and `resources/read`; null when it was answered at once. */
  begin(message: Buffer, scan: MessageScan, id: string, reply: Reply): Abandon | null;
  /** Cancels by the client's id, as raw JSON. Unknown ids are ignored: the answer may have crossed. */
  cancel(id: string): void;
  /** Cancels everything. */
  close(): void;
}

/** Makes the empty set of calls of one session. */
export function createCalls(
  session: { readonly id: string; readonly caller: Caller; readonly scope: Scope },
  ports: GatewayPorts,
): Calls {
  const underWay = new Map<string, (reason: string) => void>();

  const begin = (message: Buffer, scan: MessageScan, id: string, reply: Reply): Abandon | null => {
    const at = ports.clock.now();
    const target = targetOf(message, scan);
    if (target === null) {
      reply.answer(errorAnswer(id, invalidParams(`"${scan.method}" needs a name or a URI in params.`)));
      return null;
    }
    if (underWay.has(id)) {
      reply.answer(errorAnswer(id, invalidRequest(`The id ${id.slice(0, 40)} is in use.`)));
      return null;
    }
    const route = routeFor(ports, session.scope, scan.method, target);
    const record = (outcome: CallRecord['outcome'], errorCode: string | null, responseBytes: number): void =>
      ports.record({
        at,
        client: session.caller.id,
        session: session.id,
        server: route?.server ?? '',
        method: scan.method,
        target: route?.name ?? target,
        outcome,
        errorCode,
        durationMs: ports.clock.now() - at,
        requestBytes: message.length,
        responseBytes,
      });
    const refused = refusalOf(ports, session.caller, route, scan.method, target);
    if (route === null || refused !== null) {
      const answer = errorAnswer(id, refused ?? unknownTarget(scan.method, target));
      reply.answer(answer);
      record('refused', refused?.code ?? null, answer.length);
      return null;
    }

    let finished = false;
    const finish = (answer: Buffer, outcome: CallRecord['outcome'], errorCode: string | null): void => {
      finished = true;
      underWay.delete(id);
      reply.answer(answer);
      record(outcome, errorCode, answer.length);
    };
    const sink: CallSink = {
      answer(bytes, idStart, idEnd, isError) {
        const answer = splice(bytes, [{ start: idStart, end: idEnd, text: Buffer.from(id) }]);
        const toolError = !isError && scan.method === 'tools/call' && resultSaysError(bytes);
        finish(answer, isError ? 'error' : toolError ? 'tool-error' : 'ok', null);
      },
      progress(bytes, tokenStart, tokenEnd) {
        if (scan.metaTokenStart < 0) return;
        const token = message.subarray(scan.metaTokenStart, scan.metaTokenEnd);
        reply.notify(splice(bytes, [{ start: tokenStart, end: tokenEnd, text: token }]));
      },
      fail: (error) => finish(errorAnswer(id, error), 'error', error.code),
    };
    const key = route.key === null ? null : keyEdit(scan, route.key);
    const handle = ports.forward(route.server, { bytes: message, scan, key, sink });
    // A server that is not ready fails the sink before `forward` returns.
    if (finished) return null;
    const cancel = (reason: string): void => {
      if (finished) return;
      finished = true;
      underWay.delete(id);
      handle.cancel(reason);
      reply.nothing();
      record('cancelled', null, 0);
    };
    underWay.set(id, cancel);
    return () => cancel('the client has hung up');
  };

  return {
    get inFlight() {
      return underWay.size;
    },
    begin,
    cancel: (id) => underWay.get(id)?.('cancelled by the client'),
    close() {
      for (const cancel of [...underWay.values()]) cancel('the session has ended');
    },
  };
}

function refusalOf(
  ports: GatewayPorts,
  caller: Caller,
  route: Route | null,
  method: string,
  target: string,
): GatehouseError | null {
  if (route === null) return unknownTarget(method, target);
  return method === 'tools/call' ? ports.admitTool(caller, route) : null;
}

function routeFor(ports: GatewayPorts, scope: Scope, method: string, target: string): Route | null {
  const view = ports.view(scope);
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

function keyEdit(scan: MessageScan, text: Buffer): Edit {
  return { ...keySpan(scan), text };
}
