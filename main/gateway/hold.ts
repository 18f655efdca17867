/**
 * A call that waits for a person. Its client is told that it goes on, if it wants to hear of progress, so that it does
 * not give up. Ends by the person's word, by `cancel`, or by the time that the person has.
 */
import type { GatehouseError } from '../protocol/error.ts';
import { memberOf } from '../protocol/members.ts';
import type { MessageScan } from '../protocol/scan.ts';
import type { CallAllowance, GatewayPorts, Route } from './ports.ts';
import type { CallSession } from './running.ts';
import { saidName } from './said-name.ts';

/** Milliseconds between two words of progress. Clients give up after a minute, some after ten seconds. */
const WORD_MS = 5_000;

/** A wait. */
export interface Hold {
  /** Nobody is asked any more, and `decided` is not called. Idempotent. */
  cancel(): void;
}

/** What waits. */
export interface HeldCall {
  readonly session: CallSession;
  readonly route: Route;
  readonly message: Buffer;
  readonly scan: MessageScan;
  /** Sends on the call's own stream. */
  send(message: Buffer): boolean;
}

/**
 * Asks. What allowed the call where that was before, an error when it cannot wait.
 *
 * @param decided called once, later, with what lets the call go or with the refusal
 */
export function holdCall(
  ports: GatewayPorts,
  call: HeldCall,
  decided: (refusal: GatehouseError | null, allowed: CallAllowance | null) => void,
): Hold | GatehouseError | CallAllowance {
  const { session, route, message, scan } = call;
  let stopWords: () => void = () => undefined;
  const asked = ports.askPerson(
    {
      client: session.caller.id,
      clientName: saidName(session.peer),
      session: session.peer.key,
      server: route.server,
      tool: route.name,
      args: memberOf(message, scan.paramsStart, scan.paramsEnd, 'arguments'),
    },
    (refusal, allowed) => {
      stopWords();
      decided(refusal, allowed);
    },
  );
  if (!('cancel' in asked)) return asked;
  if (scan.metaTokenStart >= 0) stopWords = keepTelling(ports, call);
  return {
    cancel() {
      stopWords();
      asked.cancel();
    },
  };
}

/** Says now and then that the call still waits. Returns what ends it. */
function keepTelling(ports: GatewayPorts, { message, scan, send }: HeldCall): () => void {
  const token = message.toString('utf8', scan.metaTokenStart, scan.metaTokenEnd);
  let said = 0;
  let cancel: () => void = () => undefined;
  const word = (): void => {
    said += 1;
    // Progress must grow (progress section), and what the server says later begins at nought or above.
    send(
      Buffer.from(
        `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${-1 / said},"message":"Waiting for the user to allow this call in Gatehouse"}}`,
      ),
    );
    cancel = ports.clock.after(WORD_MS, word);
  };
  word();
  return () => cancel();
}
