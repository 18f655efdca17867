/**
 * What a server has asked for and not got yet: `sampling/createMessage`, `elicitation/create`, `roots/list` and the
 * like. Every one of them is answered once, with the server's own id. Ends with the call that caused it, with the
 * connection, or after its time.
 */
import type { Ask, AskHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { MessageScan } from '../protocol/scan.ts';
import { errorAnswer, rawErrorAnswer, resultAnswer } from '../protocol/wire.ts';
import { NO_CALL } from './entries.ts';
import { askEnded, nobodyToAsk, tooManyAsks } from './problems.ts';

/** What a person is given to answer. Milliseconds. */
export const ASK_MS = 10 * 60_000;
/** Open at once on one connection. */
const MAX_ASKS = 256;

interface OpenAsk {
  /** The server's id, raw JSON. */
  readonly id: string;
  /** Our id of the call that caused it. */
  readonly call: number;
  readonly deadline: number;
  handle: AskHandle | null;
}

/** The asks of one connection. */
export interface Asks {
  readonly size: number;
  /** Takes a request of the server that `call` caused, and gives it to `offer`; null from there means nobody. */
  receive(bytes: Buffer, scan: MessageScan, call: number, offer: (ask: Ask) => AskHandle | null): void;
  /** The server does not want to know any more. `id` is raw JSON. */
  cancelled(id: string): void;
  /** The call that caused them is over. */
  callEnded(call: number): void;
  /** Ends those whose time is over. */
  sweep(now: number): void;
  /** The connection is gone: nobody is told but those who were asked. */
  close(): void;
}

/**
 * Makes the empty set. `send` takes answers to the server; `waiting` is called with true when a call begins to wait for
 * a person, and with false when it does not any more.
 */
export function createAsks(
  send: (answer: Buffer) => void,
  clock: Clock,
  waiting: (call: number, waits: boolean) => void,
): Asks {
  const open = new Set<OpenAsk>();

  const ofCall = (call: number): OpenAsk[] => [...open].filter((ask) => ask.call === call);
  /** False when it was ended before. */
  const end = (ask: OpenAsk, answer: Buffer | null): boolean => {
    if (!open.delete(ask)) return false;
    if (answer !== null) send(answer);
    if (ask.call !== NO_CALL && ofCall(ask.call).length === 0) waiting(ask.call, false);
    return true;
  };
  const withdraw = (ask: OpenAsk, why: string, tellServer: boolean): void => {
    if (end(ask, tellServer ? errorAnswer(ask.id, askEnded(why)) : null)) ask.handle?.cancel(why);
  };

  return {
    get size() {
      return open.size;
    },
    receive(bytes, scan, call, offer) {
      const id = bytes.toString('utf8', scan.idStart, scan.idEnd);
      if (open.size >= MAX_ASKS) return send(errorAnswer(id, tooManyAsks()));
      const one: OpenAsk = { id, call, deadline: clock.now() + ASK_MS, handle: null };
      open.add(one);
      if (call !== NO_CALL) waiting(call, true);
      one.handle = offer({
        method: scan.method,
        params: scan.paramsStart < 0 ? null : bytes.subarray(scan.paramsStart, scan.paramsEnd),
        result: (json) => void end(one, resultAnswer(id, json)),
        error: (json) => void end(one, rawErrorAnswer(id, json)),
      });
      if (one.handle === null) end(one, errorAnswer(id, nobodyToAsk(scan.method, 'nobody')));
    },
    cancelled(id) {
      for (const ask of [...open]) if (ask.id === id) withdraw(ask, 'the server has cancelled it', false);
    },
    callEnded(call) {
      for (const ask of ofCall(call)) withdraw(ask, 'the call is over', true);
    },
    sweep(now) {
      for (const ask of [...open]) if (ask.deadline <= now) withdraw(ask, 'it took too long', true);
    },
    close() {
      const all = [...open];
      open.clear();
      for (const ask of all) ask.handle?.cancel('the server is gone');
    },
  };
}
