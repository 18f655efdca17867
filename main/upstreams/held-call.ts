/**
 * A call that waits until a list is read which its server has said to have changed: what it leads to may be another thing
 * by now, or may not be let through any more. Ends by being sent, by failing, or by its cancellation.
 */
import type { Forward, ForwardHandle } from '../protocol/call.ts';
import type { Clock } from '../protocol/clock.ts';
import type { ListKind } from '../protocol/listing.ts';
import { listUnread } from './problems.ts';
import type { Refresh } from './refresh.ts';

/** Milliseconds that a call waits for the list at most. */
const HELD_MS = 10_000;

/** The list that says what a request leads to; null when none does. */
export function listFor(method: string): ListKind | null {
  return method === 'tools/call' ? 'tools' : method === 'prompts/get' ? 'prompts' : null;
}

/** Sends the request with `carry` when `kind` is read and it is still let through. */
export function holdCall(
  request: Forward,
  kind: ListKind,
  refresh: Refresh,
  clock: Clock,
  carry: (request: Forward) => ForwardHandle,
): ForwardHandle {
  let handle: ForwardHandle | null = null;
  let over = false;
  const { sink } = request;
  const settle = (good: boolean): void => {
    if (over) return;
    over = true;
    cancelTimer();
    // A session that has ended says so itself.
    const refused = good || refresh.closed ? sink.readmit() : listUnread(HELD_MS);
    if (refused === null) handle = carry(request);
    else sink.fail(refused);
  };
  const cancelTimer = clock.after(HELD_MS, () => settle(false));
  void refresh.catchUp(kind).then(settle);
  return {
    cancel(reason) {
      if (!over) cancelTimer();
      over = true;
      handle?.cancel(reason);
    },
  };
}
