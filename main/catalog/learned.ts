/**
 * URIs that servers mentioned in answers and that no list has: whose they are, so that a client that reads one reaches
 * the server that named it. Bounded; the server that holds the most is the first to lose its oldest, so that none can
 * push out what the others said.
 */

/** What was learned. */
export interface Learned {
  /**
   * Notes that this server mentioned the URI. False when it cannot be noted: it is another server's already, or too
   * long.
   */
  claim(uri: string, server: string): boolean;
  ownerOf(uri: string): string | null;
  /** Forgets everything about one server. */
  forget(server: string): void;
  readonly size: number;
}

/** URIs over all servers. */
const MAX_LEARNED = 10_000;
/** Characters; longer URIs are not kept. */
const MAX_LENGTH = 2_048;

/** Nothing learned yet. */
export function createLearned(limit = MAX_LEARNED): Learned {
  const owners = new Map<string, string>();
  /** Each server's URIs, the least recently used first. */
  const used = new Map<string, Set<string>>();

  const touch = (server: string, uri: string): void => {
    let uris = used.get(server);
    if (uris === undefined) {
      uris = new Set();
      used.set(server, uris);
    }
    uris.delete(uri);
    uris.add(uri);
  };
  const makeRoom = (): void => {
    let largest: Set<string> | null = null;
    for (const uris of used.values()) if (largest === null || uris.size > largest.size) largest = uris;
    const [oldest] = largest ?? [];
    if (largest === null || oldest === undefined) return;
    largest.delete(oldest);
    owners.delete(oldest);
  };

  return {
    claim(uri, server) {
      const owner = owners.get(uri);
      if (owner !== undefined && owner !== server) return false;
      if (owner === undefined) {
        if (uri.length > MAX_LENGTH) return false;
        if (owners.size >= limit) makeRoom();
        owners.set(uri, server);
      }
      touch(server, uri);
      return true;
    },
    ownerOf(uri) {
      const owner = owners.get(uri);
      if (owner === undefined) return null;
      touch(owner, uri);
      return owner;
    },
    forget(server) {
      for (const uri of used.get(server) ?? []) owners.delete(uri);
      used.delete(server);
    },
    get size() {
      return owners.size;
    },
  };
}
