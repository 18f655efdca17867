/**
 * The standing stream on which a modern server tells of changes (subscriptions section): one for each server, with
 * everything that anybody wants to hear. When that changes, the new stream is open before the old one is closed; after
 * a break it is opened again with growing pauses. Ends with `close`.
 */
import { type CallSink, type ForwardHandle, ServerError } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { GatehouseError } from '../protocol/error.ts';
import { scanMessage } from '../protocol/scan.ts';
import { answeredError, errorObject, stopped } from './problems.ts';
import { END_ONLY } from './sinks.ts';
import type { Speech } from './speech.ts';

/** First pause before a broken stream is opened again; doubled each time up to the last. Milliseconds. */
const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 60_000;
/** A stream that lasted so long counts as sound: the next pause is the first again. Milliseconds. */
const SOUND_MS = 60_000;
/** A stream that is not acknowledged in this time is taken for open. Milliseconds. */
const ACKNOWLEDGE_MS = 10_000;
const METHOD = 'subscriptions/listen';

/** See above. */
export interface ListenStream {
  /**
   * Hears of updates of these resources from now on. Settles when the server has agreed; rejects with a GatehouseError
   * when it has not, and goes on as before then.
   */
  resources(uris: ReadonlySet<string>): Promise<void>;
  close(): void;
}

interface One {
  readonly uris: ReadonlySet<string>;
  handle: ForwardHandle | null;
  acknowledged: boolean;
  readonly since: number;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: GatehouseError) => void;
}

/** `kinds` are the filter's members for changed lists. `gap` is called when changes may have been missed. */
export function openListenStream(
  speech: Speech,
  kinds: Readonly<Record<string, true>>,
  clock: Clock,
  gap: () => void,
  note: (text: string) => void,
): ListenStream {
  let wanted: ReadonlySet<string> = new Set();
  let current: One | null = null;
  let opening: One | null = null;
  let waiting: Waiting[] = [];
  let pauseMs = FIRST_PAUSE_MS;
  let cancelPause: (() => void) | null = null;
  let cancelAcknowledge: () => void = () => undefined;
  let closed = false;

  const pointless = (): boolean => wanted.size === 0 && Object.keys(kinds).length === 0;
  const settle = (error: GatehouseError | null): void => {
    const all = waiting;
    waiting = [];
    for (const { resolve, reject } of all) error === null ? resolve() : reject(error);
  };

  const open = (): void => {
    cancelPause?.();
    cancelPause = null;
    if (closed) return;
    if (pointless()) {
      current?.handle?.cancel('nothing is to be heard');
      current = null;
      return settle(null);
    }
    const one: One = { uris: wanted, handle: null, acknowledged: false, since: clock.now() };
    opening = one;
    const filter = { ...kinds, ...(one.uris.size === 0 ? {} : { resourceSubscriptions: [...one.uris] }) };
    cancelAcknowledge = clock.after(ACKNOWLEDGE_MS, () => isOpen(one));
    const handle = speech.open(METHOD, { notifications: filter }, sinkOf(one));
    one.handle = handle;
  };
  const isOpen = (one: One): void => {
    if (opening !== one) return;
    opening = null;
    cancelAcknowledge();
    one.acknowledged = true;
    const before = current;
    current = one;
    before?.handle?.cancel('another stream has taken its place');
    if (one.uris === wanted) settle(null);
    else open();
  };
  const ended = (one: One, error: GatehouseError): void => {
    if (opening === one) {
      opening = null;
      cancelAcknowledge();
      // Who asked for more hears that he does not get it; the others keep what they have.
      settle(error);
      if (current !== null) {
        wanted = current.uris;
        return;
      }
    } else if (current === one) current = null;
    else return;
    if (closed || opening !== null) return;
    if (error.cause instanceof ServerError && refusesForGood(error.cause)) {
      return note(`the server does not tell of changes: ${error.message}`);
    }
    if (clock.now() - one.since > SOUND_MS) pauseMs = FIRST_PAUSE_MS;
    cancelPause?.();
    cancelPause = clock.after(pauseMs, () => {
      open();
      gap();
    });
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  };
  const sinkOf = (one: One): CallSink => ({
    ...END_ONLY,
    answer(bytes, _idStart, _idEnd, isError) {
      const scan = scanMessage(bytes);
      const json = bytes.subarray(scan.errorStart, scan.errorEnd);
      ended(one, isError ? answeredError(METHOD, new ServerError(json)) : stopped());
    },
    notify: () => isOpen(one),
    fail: (error) => ended(one, error),
  });

  open();
  return {
    resources(uris) {
      wanted = new Set(uris);
      if (closed) return Promise.reject(stopped());
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        if (opening === null) open();
      });
    },
    close() {
      closed = true;
      cancelPause?.();
      cancelAcknowledge();
      current?.handle?.cancel('nobody listens any more');
      opening?.handle?.cancel('nobody listens any more');
      current = null;
      opening = null;
      settle(stopped());
    },
  };
}

/** Invalid parameters and unknown methods do not get better with time. */
function refusesForGood(error: ServerError): boolean {
  const { code } = errorObject(error);
  return code === -32601 || code === -32602 || code === -32600;
}
