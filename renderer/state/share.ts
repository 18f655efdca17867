/**
 * Keeps what did not change: of two plain values, the newer one, with every part that is deep-equal taken from the
 * older. A row whose server did not change then gets the very same object and has nothing to do. Pure.
 */

/**
 * Plain data only (what came over the bridge). Items of arrays are matched by their `name`, `id` or place.
 */
export function share<T>(previous: unknown, next: T): T {
  return reuse(previous, next) as T;
}

function reuse(previous: unknown, next: unknown): unknown {
  if (Object.is(previous, next)) {
    return previous;
  }
  if (Array.isArray(previous) && Array.isArray(next)) {
    return reuseList(previous, next);
  }
  if (isRecord(previous) && isRecord(next)) {
    return reuseRecord(previous, next);
  }
  return next;
}

function reuseList(previous: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const byKey = new Map(previous.map((item, index) => [keyOf(item, index), item]));
  const items = next.map((item, index) => reuse(byKey.get(keyOf(item, index)), item));
  const same =
    items.length === previous.length && items.every((item, index) => Object.is(item, previous[index]));
  return same ? previous : items;
}

function reuseRecord(
  previous: Record<string, unknown>,
  next: Record<string, unknown>,
): Record<string, unknown> {
  const keys = Object.keys(next);
  const items = keys.map((key) => [key, reuse(previous[key], next[key])] as const);
  const same =
    keys.length === Object.keys(previous).length &&
    items.every(([key, value]) => key in previous && Object.is(value, previous[key]));
  return same ? previous : Object.fromEntries(items);
}

function keyOf(item: unknown, index: number): unknown {
  if (isRecord(item)) {
    return item.name ?? item.id ?? index;
  }
  return index;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
