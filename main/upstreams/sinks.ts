/**
 * What sinks between a server and a client have in common. Each lives as long as its call and ends with it.
 */
import type { Ask, AskHandle, CallSink, ForwardHandle } from '../protocol/call.ts';
import type { GatehouseError } from '../protocol/error.ts';

/** Of a call that never got under way. */
export const NO_HANDLE: ForwardHandle = { cancel: () => undefined };

/** For those who wait for nothing but the end of a call. */
export const END_ONLY: Omit<CallSink, 'answer' | 'fail'> = {
  progress: () => undefined,
  notify: () => undefined,
  stream: () => undefined,
  ask: () => null,
  readmit: () => null,
};

/** Passes on what comes before the end of a call, for as long as it has somebody to pass it to. */
export abstract class Relay implements CallSink {
  /** The client's end; null when the call is over. */
  protected sink: CallSink | null;

  constructor(sink: CallSink) {
    this.sink = sink;
  }

  abstract answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void;

  abstract fail(error: GatehouseError): void;

  progress(bytes: Buffer, tokenStart: number, tokenEnd: number): void {
    this.sink?.progress(bytes, tokenStart, tokenEnd);
  }

  notify(bytes: Buffer, method: string): void {
    this.sink?.notify(bytes, method);
  }

  stream(pausedMs: number | null): void {
    this.sink?.stream(pausedMs);
  }

  ask(ask: Ask): AskHandle | null {
    return this.sink?.ask(ask) ?? null;
  }

  readmit(): GatehouseError | null {
    return this.sink?.readmit() ?? null;
  }

  /** Gives the client's end, for the one thing that is still to be told. */
  release(): CallSink | null {
    const { sink } = this;
    this.sink = null;
    return sink;
  }
}
