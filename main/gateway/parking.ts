/**
 * What servers with sessions ask of modern clients: the running call is parked, its client is told `input_required`,
 * and the client's retry goes on with it (multi round-trip requests section). A parked call waits ten minutes, then it
 * is cancelled. `close` forgets all; the calls end with their owners.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import { GatehouseError } from '../protocol/error.ts';
import { memberSpans, stringAt, valueAt } from '../protocol/json.ts';
import { memberOf } from '../protocol/members.ts';
import { inputRequiredResult } from '../protocol/modern.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { resultAnswer } from '../protocol/wire.ts';
import { mayAsk } from './asks.ts';
import { invalidParams } from './refusals.ts';
import type { Reply } from './reply.ts';
import type { CallSession, RunningCall } from './running.ts';

/** Servers often ask for several things at once; so long they are collected. Milliseconds. */
const COLLECT_MS = 4;
/** A person may be asked. Milliseconds. */
const WAIT_MS = 10 * 60_000;
const MOST = 1_000;
const MOST_PER_CALLER = 100;
const MOST_PER_CALL = 100;

/** The parked calls. */
export interface Parking {
  /** Null when this client cannot be asked for this, or too many calls wait already. */
  ask(session: CallSession, ask: Ask, call: RunningCall): AskHandle | null;
  /**
   * Goes on with the parked call that a retry names. Null when the request names none of ours: it is a request like any
   * other then, whose state belongs to its server. An error when it names one that it must not have.
   */
  resume(
    session: CallSession,
    body: Buffer,
    scan: MessageScan,
    id: string,
    reply: Reply,
  ): RunningCall | GatehouseError | null;
  /** Idempotent. */
  close(): void;
}

/** A call whose client has something to answer. */
interface Waiting {
  readonly call: RunningCall;
  readonly caller: string;
  readonly scope: string;
  /** What the request was, so that no other request goes on with it. */
  readonly digest: string;
  readonly asks: Map<string, Ask>;
  asked: number;
  /** What the client was given; null while it has not been told yet. */
  state: string | null;
  cancelTimer: (() => void) | null;
}

export function openParking(clock: Clock): Parking {
  // Another Gatehouse may stand behind this one: its states must not look like ours.
  const prefix = `gatehouse-${randomBytes(12).toString('base64url')}.`;
  const byCall = new Map<RunningCall, Waiting>();
  const byState = new Map<string, Waiting>();

  const forget = (waiting: Waiting): void => {
    waiting.cancelTimer?.();
    waiting.cancelTimer = null;
    byCall.delete(waiting.call);
    if (waiting.state !== null) byState.delete(waiting.state);
  };
  const collect = (waiting: Waiting): void => {
    waiting.cancelTimer ??= clock.after(COLLECT_MS, () => park(waiting));
  };
  const park = (waiting: Waiting): void => {
    waiting.cancelTimer = null;
    const { call, asks } = waiting;
    if (asks.size === 0 || call.message === null) return forget(waiting);
    const state = prefix + randomBytes(18).toString('base64url');
    waiting.state = state;
    byState.set(state, waiting);
    waiting.cancelTimer = clock.after(WAIT_MS, () => {
      forget(waiting);
      call.abandon();
    });
    call.park(resultAnswer(call.id, inputRequiredResult(asks, state)));
  };
  const begin = (session: CallSession, call: RunningCall): Waiting | null => {
    const { message, scan } = call;
    const caller = session.caller.id;
    if (message === null || scan === null || !MAY_ASK.has(scan.method) || byCall.size >= MOST) return null;
    let mine = 0;
    for (const other of byCall.values()) if (other.caller === caller) mine++;
    if (mine >= MOST_PER_CALLER) return null;
    const waiting: Waiting = {
      call,
      caller,
      scope: session.scope.key,
      digest: digestOf(message, scan),
      asks: new Map(),
      asked: 0,
      state: null,
      cancelTimer: null,
    };
    byCall.set(call, waiting);
    return waiting;
  };

  return {
    ask(session, ask, call) {
      if (!ASKABLE.has(ask.method) || !mayAsk(session.peer, session.scope, ask)) return null;
      const waiting = byCall.get(call) ?? begin(session, call);
      if (waiting === null || waiting.asks.size >= MOST_PER_CALL) return null;
      const key = `${ask.method.split('/')[0]}-${++waiting.asked}`;
      waiting.asks.set(key, ask);
      // While the client has other questions before it, this one waits for its retry.
      if (waiting.state === null) collect(waiting);
      return {
        cancel() {
          // A parked call stays: its client will come with answers to the rest, or with none.
          if (waiting.asks.delete(key) && waiting.asks.size === 0 && waiting.state === null) forget(waiting);
        },
      };
    },
    resume(session, body, scan, id, reply) {
      const named = stateIn(body, scan, prefix);
      if (named === null) return null;
      const waiting = byState.get(named.state);
      if (
        waiting === undefined ||
        waiting.call.message === null ||
        waiting.caller !== session.caller.id ||
        waiting.scope !== session.scope.key
      ) {
        return unknownState();
      }
      if (digestOf(body, scan) !== waiting.digest) {
        return invalidParams('This requestState belongs to another request.');
      }
      const given = responsesIn(named.responses);
      if (given === null) return invalidParams('"inputResponses" must be an object of results.');
      byState.delete(named.state);
      waiting.state = null;
      waiting.cancelTimer?.();
      waiting.cancelTimer = null;
      const answered: [Ask, Buffer][] = [];
      for (const [key, ask] of waiting.asks) {
        const result = given.get(key);
        if (result !== undefined) answered.push([ask, result]);
        if (result !== undefined) waiting.asks.delete(key);
      }
      const token = scan.metaTokenStart < 0 ? null : body.subarray(scan.metaTokenStart, scan.metaTokenEnd);
      waiting.call.adopt(id, reply, token);
      for (const [ask, result] of answered) ask.result(result);
      // What the client left out, or could not know of yet, it is asked for again.
      if (waiting.asks.size > 0) collect(waiting);
      else if (byCall.get(waiting.call) === waiting) byCall.delete(waiting.call);
      return waiting.call;
    },
    close() {
      for (const waiting of [...byCall.values()]) forget(waiting);
    },
  };
}

/** The only requests that may be answered with `input_required`, and the only ones that may stand in it. */
const MAY_ASK = new Set(['tools/call', 'prompts/get', 'resources/read']);
const ASKABLE = new Set(['elicitation/create', 'sampling/createMessage', 'roots/list']);

/** Our state in a request's params, and its responses. */
function stateIn(
  body: Buffer,
  scan: MessageScan,
  prefix: string,
): { readonly state: string; readonly responses: Buffer | null } | null {
  if (scan.paramsStart < 0 || body.indexOf(prefix, scan.paramsStart, 'latin1') === -1) return null;
  const members = memberSpans(body, scan.paramsStart, scan.paramsEnd);
  const span = members?.get('requestState');
  if (span === undefined || body[span.start] !== 0x22) return null;
  const state = stringAt(body, span.start, span.end);
  if (!state.startsWith(prefix)) return null;
  const responses = members?.get('inputResponses');
  return { state, responses: responses === undefined ? null : body.subarray(responses.start, responses.end) };
}

/** The results by key, as copies: the request they came in goes. Null when they are no object of objects. */
function responsesIn(responses: Buffer | null): ReadonlyMap<string, Buffer> | null {
  const given = new Map<string, Buffer>();
  if (responses === null) return given;
  const members = memberSpans(responses, 0, responses.length);
  if (members === null) return null;
  for (const [key, { start, end }] of members) {
    if (responses[start] !== 0x7b) return null;
    given.set(key, Buffer.from(responses.subarray(start, end)));
  }
  return given;
}

/** Method, target and arguments; the order of keys and white space do not count. */
function digestOf(body: Buffer, scan: MessageScan): string {
  const part = (key: string): unknown => {
    const member = memberOf(body, scan.paramsStart, scan.paramsEnd, key);
    return member === null ? null : ordered(valueAt(member, 0, member.length));
  };
  const text = JSON.stringify([scan.method, part('name'), part('uri'), part('arguments')]);
  return createHash('sha256').update(text).digest('base64');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, below]): [string, unknown] => [key, ordered(below)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unknownState(): GatehouseError {
  return new GatehouseError({
    code: 'gateway.unknown_state',
    message: 'This requestState was used already, has expired, or was given to another client.',
    remedy: 'The client should begin the request again, without requestState and inputResponses.',
  });
}
