/**
 * Long work in short turns: whoever looks at thousands of definitions must not hold up the calls that pass meanwhile.
 * Ends with its last item.
 */
import { setImmediate } from 'node:timers/promises';

/** Milliseconds after which others get a turn. */
const TURN_MS = 8;

/** The result of `work` for each item, in order. Rejects with what `work` throws. */
export async function gradually<T, R>(items: Iterable<T>, work: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  let began = performance.now();
  for (const item of items) {
    results.push(work(item));
    if (performance.now() - began < TURN_MS) continue;
    await setImmediate();
    began = performance.now();
  }
  return results;
}
