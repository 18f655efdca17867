/**
 * What servers ask one client: each request gets an id of this client's own space, travels on the stream of the call
 * that caused it, and its answer is found by that id. Asks end by an answer, by being cancelled, or with the session.
 */
import type { Ask, AskHandle } from '../protocol/call.ts';
import { GatehouseError } from '../protocol/error.ts';
import { memberSpans, stringAt, valueAt } from '../protocol/json.ts';
import type { Peer } from '../protocol/peer.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { Scope } from '../protocol/scope.ts';
import { notification, wireCode } from '../protocol/wire.ts';
import type { RunningCall } from './running.ts';

/** So many questions may stand open with one client. */
const OPEN_ASKS = 100;

/** The client that is asked. */
export interface Asked {
  readonly peer: Peer;
  readonly scope: Scope;
  /** Sends on the standing stream; kept for it within a bound while there is none. */
  push(message: Buffer): void;
  /** True when what is pushed is known to reach the client. */
  standing(): boolean;
}

interface OpenAsk {
  readonly ask: Ask;
  /** Null outside of any call. */
  readonly call: RunningCall | null;
  readonly server: string;
}

/**
 * True when this client declared that it answers such requests (client features of each revision). What we do not know
 * passes to clients of the server's own route only.
 */
export function mayAsk(peer: Peer, scope: Scope, { method, params }: Ask): boolean {
  const { capabilities } = peer;
  const members = params === null ? null : memberSpans(params, 0, params.length);
  // The client would give us a task of its own, whose id only this server could ask after.
  if (members?.has('task') === true && scope.kind !== 'server') return false;
  switch (method) {
    case 'sampling/createMessage': {
      const { sampling } = capabilities;
      if (!isObject(sampling)) return false;
      const withTools = members?.has('tools') === true || members?.has('toolChoice') === true;
      return !withTools || isObject(sampling.tools);
    }
    case 'elicitation/create': {
      const { elicitation } = capabilities;
      if (!isObject(elicitation)) return false;
      const mode = members?.get('mode');
      if (params !== null && mode !== undefined && valueAt(params, mode.start, mode.end) === 'url') {
        return isObject(elicitation.url);
      }
      // An empty object means forms (elicitation section of 2025-11-25, "Capabilities").
      return isObject(elicitation.form) || !isObject(elicitation.url);
    }
    case 'roots/list':
      return isObject(capabilities.roots);
    default:
      return scope.kind === 'server';
  }
}

/** The open questions of one client. */
export class Asks {
  private readonly asked: Asked;
  private readonly open = new Map<string, OpenAsk>();
  private count = 0;
  private ready: boolean;

  /** `ready` tells that the client has sent `notifications/initialized`. */
  constructor(asked: Asked, ready: boolean) {
    this.asked = asked;
    this.ready = ready;
  }

  /** Sends the request. Null when the client did not declare it, cannot be reached, or has too much to answer already. */
  ask(ask: Ask, server: string, call: RunningCall | null): AskHandle | null {
    const { asked, open } = this;
    if (open.size >= OPEN_ASKS || !mayAsk(asked.peer, asked.scope, ask)) return null;
    const id = `gh-${++this.count}`;
    open.set(id, { ask, call, server });
    if (!this.send(call, request(id, ask))) {
      open.delete(id);
      return null;
    }
    return {
      cancel: (reason) => {
        if (!open.delete(id)) return;
        this.send(call, notification('notifications/cancelled', { requestId: id, reason }));
      },
    };
  }

  /** The client has said that it is ready: what it was asked before goes out now. */
  begin(): void {
    if (this.ready) return;
    this.ready = true;
    for (const [id, { ask, call }] of this.open) if (call === null) this.asked.push(request(id, ask));
  }

  /** Takes a response of the client. One that answers nothing open is late or made up, and is dropped. */
  answered(message: Buffer, scan: MessageScan): void {
    if (scan.idStart < 0 || message[scan.idStart] !== 0x22) return;
    const id = stringAt(message, scan.idStart, scan.idEnd);
    const found = this.open.get(id);
    if (found === undefined) return;
    this.open.delete(id);
    if (scan.errorStart >= 0) found.ask.error(message.subarray(scan.errorStart, scan.errorEnd));
    else found.ask.result(message.subarray(scan.resultStart, scan.resultEnd));
  }

  /** The server whose question gave out this progress token (raw JSON); null when there is none, or more than one. */
  serverOfToken(token: Buffer): string | null {
    let server: string | null = null;
    for (const { ask, server: asking } of this.open.values()) {
      const given = progressTokenOf(ask.params);
      if (given?.equals(token) !== true) continue;
      if (server !== null) return null;
      server = asking;
    }
    return server;
  }

  /** Nobody will answer any more. */
  close(): void {
    const left = [...this.open.values()];
    this.open.clear();
    for (const { ask } of left) ask.error(CLIENT_GONE);
  }

  private send(call: RunningCall | null, message: Buffer): boolean {
    if (call !== null) {
      if (call.send(message)) return true;
      // It takes no events with its answers, so only an open stream will do.
      if (!this.asked.standing()) return false;
    }
    // No request but a ping before the client is ready (lifecycle section, "Initialization").
    if (this.ready || call !== null) this.asked.push(message);
    return true;
  }
}

function request(id: string, { method, params }: Ask): Buffer {
  const head = `{"jsonrpc":"2.0","id":"${id}","method":${JSON.stringify(method)}`;
  if (params === null) return Buffer.from(`${head}}`);
  return Buffer.concat([Buffer.from(`${head},"params":`), params, Buffer.from('}')]);
}

/** The error object, raw JSON, under which a server hears of an error of ours. */
function errorJson({ code, message, remedy }: GatehouseError): Buffer {
  return Buffer.from(JSON.stringify({ code: wireCode(code), message, data: { code, remedy } }));
}

const CLIENT_GONE = errorJson(
  new GatehouseError({
    code: 'gateway.client_gone',
    message: 'The client ended its session before it answered.',
    remedy: 'Call again from a client that is connected.',
  }),
);

function progressTokenOf(params: Buffer | null): Buffer | null {
  if (params === null || params.indexOf('"progressToken"', 0, 'latin1') === -1) return null;
  const meta = memberSpans(params, 0, params.length)?.get('_meta');
  const token =
    meta === undefined ? undefined : memberSpans(params, meta.start, meta.end)?.get('progressToken');
  return token === undefined ? null : params.subarray(token.start, token.end);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
