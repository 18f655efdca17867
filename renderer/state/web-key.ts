/**
 * The half of a session that the page keeps: without it the cookie opens nothing, and without the cookie it does not
 * either. The store belongs to this origin alone, unlike the cookie, which browsers send to every port.
 */

/** The kept key. */
export interface WebKey {
  get(): string | null;
  /** Null forgets it. */
  set(key: string | null): void;
}

const NAME = 'gatehouse-admin';

/** @param store where the browser lets pages keep something; it may refuse, then the key lasts as long as the page */
export function createWebKey(store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): WebKey {
  let here: string | null = null;
  return {
    get() {
      try {
        return store.getItem(NAME) ?? here;
      } catch {
        return here;
      }
    },
    set(key) {
      here = key;
      try {
        if (key === null) store.removeItem(NAME);
        else store.setItem(NAME, key);
      } catch {
        // Private windows may refuse.
      }
    },
  };
}
