/**
 * Texts that come back in every row (clients, servers, methods, outcomes, error codes) are stored once and then by
 * number: that makes a row three times smaller and cheaper. Such names are few by their nature, so none is ever removed.
 */

/** The names of one log, in memory. */
export interface Names {
  /** The number of a name; gives out a new one when it is not known. */
  idOf(text: string): number;
  /** The number of a name that is known, or null. */
  find(text: string): number | null;
  textOf(id: number): string;
  all(): Iterable<readonly [number, string]>;
  /** Names that are not in the file yet, oldest first. */
  unsaved(): readonly (readonly [number, string])[];
  /** Tells that every name with a number up to `id` is in the file. */
  saved(id: number): void;
}

/** Begins with the names that are in the file. Numbers may have gaps. */
export function createNames(stored: readonly (readonly [number, string])[]): Names {
  const ids = new Map<string, number>();
  const texts = new Map<number, string>();
  let last = 0;
  for (const [id, text] of stored) {
    ids.set(text, id);
    texts.set(id, text);
    last = Math.max(last, id);
  }
  let inFile = last;
  return {
    idOf(text) {
      const known = ids.get(text);
      if (known !== undefined) return known;
      last += 1;
      ids.set(text, last);
      texts.set(last, text);
      return last;
    },
    find: (text) => ids.get(text) ?? null,
    textOf: (id) => texts.get(id) ?? '',
    all: () => texts,
    unsaved() {
      const list: [number, string][] = [];
      for (let id = inFile + 1; id <= last; id += 1) list.push([id, texts.get(id) ?? '']);
      return list;
    },
    saved(id) {
      inFile = Math.max(inFile, id);
    },
  };
}
