/**
 * A call to a remote server that may have forgotten our session: when it was refused for that alone, and so was not
 * carried out, it is made once more in the session that takes the place of the old one (transports section of
 * 2025-11-25, "Session Management"). Ends as every call does.
 */
import type { CallSink, Forward, ForwardHandle } from '../protocol/call.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { wasNotCarriedOut } from './problems.ts';
import type { ServerSession } from './server-session.ts';
import { Relay } from './sinks.ts';

/**
 * Gives the session that follows the one that the server has forgotten, and why; null for whichever comes next. Rejects
 * with a GatehouseError.
 */
export type NextSession = (
  forgotten: { readonly session: ServerSession; readonly cause: GatehouseError } | null,
) => Promise<ServerSession>;

/** See above. */
export class SecondChance extends Relay implements ForwardHandle {
  private request: Forward | null;
  private readonly next: NextSession;
  private tried: ServerSession | null = null;
  private handle: ForwardHandle | null = null;

  constructor(request: Forward, next: NextSession) {
    super(request.sink);
    this.request = request;
    this.next = next;
  }

  /** Makes the call in this session. */
  first(session: ServerSession): this {
    const { request } = this;
    if (request === null) return this;
    this.tried = session;
    const handle = session.forward({ ...request, sink: this });
    if (this.sink !== null) this.handle ??= handle;
    return this;
  }

  /** Makes the call in the next session, for the last time. */
  async last(cause: GatehouseError | null = null): Promise<void> {
    const { request, tried } = this;
    this.request = null;
    this.tried = null;
    try {
      const session = await this.next(tried === null || cause === null ? null : { session: tried, cause });
      if (request === null || this.sink === null) return;
      // Another session may list other things under the same names.
      const refused = this.readmit();
      if (refused !== null) this.finish()?.fail(refused);
      else this.handle = session.forward({ ...request, sink: this });
    } catch (error) {
      this.finish()?.fail(error as GatehouseError);
    }
  }

  answer(bytes: Buffer, idStart: number, idEnd: number, isError: boolean): void {
    this.finish()?.answer(bytes, idStart, idEnd, isError);
  }

  fail(error: GatehouseError): void {
    this.handle = null;
    if (this.request !== null && wasNotCarriedOut(error)) void this.last(error);
    else this.finish()?.fail(error);
  }

  cancel(reason: string): void {
    const { handle } = this;
    if (this.finish() !== null) handle?.cancel(reason);
  }

  private finish(): CallSink | null {
    this.request = null;
    this.tried = null;
    this.handle = null;
    return this.release();
  }
}
