/**
 * A call of a legacy client at a modern server: whenever the server needs input first, the client is asked, and the
 * call is made again with what it said (multi round-trip requests section). Ends by an answer, by a failure, by the
 * client's refusal, or after a bounded number of rounds.
 */
import { randomUUID } from 'node:crypto';
import type { AskHandle, CallSink, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { memberOf, rawJson, setMembers } from '../protocol/members.ts';
import { type InputRequired, readInputRequired, retryWith, toLegacyResult } from '../protocol/modern.ts';
import { type MessageScan, scanMessage } from '../protocol/scan.ts';
import { rawErrorAnswer, resultAnswer } from '../protocol/wire.ts';
import { ASK_MS } from './asks.ts';
import { NO_ID } from './hop-parts.ts';
import { askEnded, badAnswer, nobodyToAsk, tooManyRounds } from './problems.ts';
import { Relay } from './sinks.ts';

const MAX_ROUNDS = 16;
/** Questions of one round. */
const MAX_QUESTIONS = 64;
/** Milliseconds before a call is made again that needs nothing but to be made again. */
const PAUSE_MS = 200;

/** Sends the request; what comes back goes to the sink. */
export type SendRound = (bytes: Buffer, scan: MessageScan, sink: CallSink) => ForwardHandle;

/** See above. `bytes` is the request in the server's terms. */
export class Rounds extends Relay implements ForwardHandle {
  private readonly bytes: Buffer;
  private readonly scan: MessageScan;
  private readonly sendRound: SendRound;
  private readonly clock: Clock;
  private handle: ForwardHandle | null = null;
  /** Questions that the client has not answered yet. */
  private readonly asked = new Set<AskHandle>();
  private cancelTimer: () => void = () => undefined;
  private round = 0;

  constructor(bytes: Buffer, scan: MessageScan, sink: CallSink, sendRound: SendRound, clock: Clock) {
    super(sink);
    this.bytes = bytes;
    this.scan = scan;
    this.sendRound = sendRound;
    this.clock = clock;
  }

  start(): void {
    this.send(this.bytes, this.scan);
  }

  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void {
    this.handle = null;
    if (isError) return this.finish()?.answer(bytes, idStart, idEnd, true);
    const { resultStart, resultEnd } = scanMessage(bytes);
    if (resultStart < 0) return this.finish()?.fail(badAnswer());
    const result = bytes.subarray(resultStart, resultEnd);
    const needs = readInputRequired(result);
    if (needs !== null) return this.gather(needs);
    const out = resultAnswer(NO_ID.text, toLegacyResult(result));
    this.finish()?.answer(out, NO_ID.start, NO_ID.end, false);
  }

  /** Streams of the other era work otherwise. */
  override stream(): void {}

  fail(error: GatehouseError): void {
    this.handle = null;
    this.finish()?.fail(error);
  }

  cancel(reason: string): void {
    const { handle } = this;
    if (this.finish(reason) !== null) handle?.cancel(reason);
  }

  private send(bytes: Buffer, scan: MessageScan): void {
    const handle = this.sendRound(bytes, scan, this);
    // A server that is gone fails the call before it is sent.
    if (this.sink !== null) this.handle = handle;
  }

  private gather({ requests, state }: InputRequired): void {
    const { sink } = this;
    if (sink === null) return;
    this.round++;
    if (this.round > MAX_ROUNDS || requests.size > MAX_QUESTIONS) return this.fail(tooManyRounds());
    const { round } = this;
    const responses = new Map<string, Buffer>();
    const again = (): void => {
      if (this.sink === null || this.round !== round) return;
      this.cancelTimer();
      const { bytes, scan } = retryWith(this.bytes, this.scan, responses, state);
      this.send(bytes, scan);
    };
    if (requests.size === 0) {
      this.cancelTimer = this.clock.after(PAUSE_MS, again);
      return;
    }
    this.cancelTimer = this.clock.after(ASK_MS, () => this.fail(askEnded('it took too long')));
    for (const [key, { method, params }] of requests) {
      let handle: AskHandle | null = null;
      let open = true;
      /** False when it has been answered before. */
      const answered = (): boolean => {
        const first = open && this.sink !== null;
        open = false;
        if (handle !== null) this.asked.delete(handle);
        return first;
      };
      handle = sink.ask({
        method,
        params: method === 'elicitation/create' ? withElicitationId(params) : params,
        result: (json) => {
          if (!answered()) return;
          responses.set(key, json);
          if (responses.size === requests.size) again();
        },
        error: (json) => {
          if (!answered()) return;
          this.finish()?.answer(rawErrorAnswer(NO_ID.text, json), NO_ID.start, NO_ID.end, true);
        },
      });
      if (handle === null) return this.fail(nobodyToAsk(method, 'nobody'));
      if (open) this.asked.add(handle);
      if (this.sink === null) return this.quiet();
    }
  }

  /** What the client was asked is not needed any more. */
  private quiet(reason = 'the call is over'): void {
    this.cancelTimer();
    for (const handle of [...this.asked]) handle.cancel(reason);
    this.asked.clear();
  }

  /** Gives the client's end, once. */
  private finish(reason?: string): CallSink | null {
    const sink = this.release();
    this.handle = null;
    this.quiet(reason);
    return sink;
  }
}

/** The legacy revisions want an id with every elicitation by URL, which the modern ones do not have. */
function withElicitationId(params: Buffer | null): Buffer | null {
  if (params === null || memberOf(params, 0, params.length, 'mode')?.toString('latin1') !== '"url"')
    return params;
  if (memberOf(params, 0, params.length, 'elicitationId') !== null) return params;
  return setMembers(params, 0, params.length, { elicitationId: rawJson(randomUUID()) });
}
