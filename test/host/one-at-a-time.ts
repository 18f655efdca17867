/** Makes an official client take what it hears in order. It has nothing to close: it lives as long as the transport. */

/**
 * Lets a client handle each message to its end before the next one. The official clients put a notification off to a
 * microtask but take an answer at once: when the last step of a call and its answer come in one read, they have
 * forgotten the call's progress token before they look at the step.
 */
export function oneAtATime(transport: { onmessage?: ((...heard: never[]) => void) | undefined }): void {
  const handle = transport.onmessage;
  let turn: Promise<void> = Promise.resolve();
  transport.onmessage = (...heard: never[]): void => {
    turn = turn.then(() => {
      handle?.(...heard);
      return new Promise((done) => setImmediate(done));
    });
  };
}
