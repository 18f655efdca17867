/**
 * Where the answer to one message goes, whatever the front: streamable HTTP, legacy SSE, stdio.
 */

/** Takes what belongs to one incoming message. Exactly one of `answer`, `accepted` and `nothing` is called. */
export interface Reply {
  /**
   * A notification, or a request of a server, that belongs to this message, before its answer. False when this reply
   * cannot carry it.
   */
  notify(message: Buffer): boolean;
  /**
   * The server answers by a stream that is open now (null), or closed, to be asked for again after so many milliseconds.
   * A front whose revision knows both does the same towards its client; others go on as they do.
   */
  follow(pausedMs: number | null): void;
  /** The answer. */
  answer(message: Buffer): void;
  /**
   * The answer of a server, where the client's own id (raw JSON) is to stand in `[idStart, idEnd)`. Large ones are not
   * copied for it.
   */
  relay(bytes: Buffer, idStart: number, idEnd: number, id: string, isError: boolean): void;
  /** The message asks for no answer and was taken. */
  accepted(): void;
  /** The request was cancelled: there will be no answer (cancellation section). */
  nothing(): void;
}

/** A request whose answer is still to come. */
export interface Abandonable {
  /** Nobody waits for the answer any more; without effect once it was given. */
  abandon(): void;
}
