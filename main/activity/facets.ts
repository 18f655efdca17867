/**
 * The facts that rows share (who, where, what, how it ended), numbered. They are few, so that any choice of rows by
 * them is a short list of numbers, found in memory; an index finds the rows of each number.
 */
import type { Facet } from './entry.ts';

/** Facets at most; what comes then shares those without a tool, and each row has its own. */
const MOST = 20_000;

/** The facets of one log, in memory. */
export interface Facets {
  /** The number of a facet, 1 to 65535; gives out a new one when it is not known. Null when there are too many. */
  idOf(facet: Facet): number | null;
  get(id: number): Facet;
  all(): Iterable<readonly [number, Facet]>;
  /** Facets that are not in the file yet, oldest first. */
  unsaved(): readonly (readonly [number, Facet])[];
  /** Tells that so many of those, the oldest, are in the file. */
  saved(count: number): void;
}

/** Begins with those in the file. Numbers may have gaps. */
export function createFacets(stored: readonly (readonly [number, Facet])[]): Facets {
  const ids = new Map<string, number>();
  const facets = new Map<number, Facet>();
  let next = 1;
  let added: (readonly [number, Facet])[] = [];
  for (const [id, facet] of stored) {
    ids.set(facetKey(facet), id);
    facets.set(id, facet);
  }
  return {
    idOf(facet) {
      const key = facetKey(facet);
      const known = ids.get(key);
      if (known !== undefined) return known;
      if (facets.size >= (facet.tool === '' ? 2 * MOST : MOST)) return null;
      while (facets.has(next)) next += 1;
      ids.set(key, next);
      facets.set(next, facet);
      added.push([next, facet]);
      return next;
    },
    get: (id) => facets.get(id) ?? NOBODY,
    all: () => facets,
    unsaved: () => added,
    saved(count) {
      added = added.slice(count);
    },
  };
}

/**
 * The number of a facet, or of one with fewer facts where there are too many; then the row must say its tool itself.
 */
export function roughIdOf(facets: Facets, facet: Facet): { readonly id: number; readonly whole: boolean } {
  const id = facets.idOf(facet);
  if (id !== null) return { id, whole: true };
  const rough =
    facets.idOf({ ...facet, tool: '' }) ??
    facets.idOf({ ...NOBODY, kind: facet.kind, outcome: facet.outcome });
  return { id: rough ?? 1, whole: facet.tool === '' };
}

/** One text for a facet; names cannot hold the separator, as they are cleaned before. */
export function facetKey({ kind, client, server, tool, action, outcome, error, approval }: Facet): string {
  return `${kind}\0${client}\0${server}\0${tool}\0${action}\0${outcome}\0${error}\0${approval}`;
}

const NOBODY: Facet = {
  kind: 'call',
  client: '',
  server: '',
  tool: '',
  action: '',
  outcome: 'error',
  error: '',
  approval: '',
};
