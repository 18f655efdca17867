/**
 * An entry of a server with its keys replaced by references to secrets, which are to be stored first. Pure.
 */
import type { ConfigPath } from './error.ts';
import { type FoundKey, findEntryKeys, withReferences } from './keys.ts';

/** A secret to be stored. */
export type KeyToKeep = readonly [name: string, value: string];

/** A copy of it without keys; they are added to `secrets`, under names that are neither in there nor `taken`. */
export function withoutKeys<T>(name: string, entry: T, secrets: KeyToKeep[], taken: ReadonlySet<string>): T {
  const places = new Map<string, FoundKey[]>();
  for (const key of findEntryKeys(name, entry)) {
    const id = JSON.stringify(key.path);
    places.set(id, [...(places.get(id) ?? []), key]);
  }
  const copy = structuredClone(entry);
  for (const keys of places.values()) {
    const names = keys.map(({ suggested, value }) => {
      const own = freeName(suggested, value, secrets, taken);
      secrets.push([own, value]);
      return own;
    });
    put(copy, keys[0]?.path ?? [], withReferences(keys, names));
  }
  return copy;
}

/** Two keys may want the same name. */
function freeName(
  name: string,
  value: string,
  ours: readonly (readonly [string, string])[],
  taken: ReadonlySet<string>,
): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}-${number}`;
    const free = !taken.has(tried) && !ours.some(([other, there]) => other === tried && there !== value);
    if (free) return tried;
  }
}

function put(root: unknown, path: ConfigPath, text: string): void {
  let at = root as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
  const last = path.at(-1);
  if (last !== undefined) at[last] = text;
}
