/**
 * Two listings of one server are usually equal or nearly so: its sessions for two clients, or before and after a
 * reconnect. What is equal is kept once.
 */
import { isDeepStrictEqual } from 'node:util';
import { LIST_KINDS, type ListedItem, type ServerListing } from '../protocol/listing.ts';

/**
 * The listing with each list that a known one has byte by byte replaced by that one's; a known listing itself when all
 * of it is equal.
 */
export function shareEqual(listing: ServerListing, known: Iterable<ServerListing>): ServerListing {
  let shared = listing;
  for (const other of known) {
    for (const kind of LIST_KINDS) {
      if (shared[kind] !== other[kind] && sameItems(shared[kind], other[kind])) {
        shared = { ...shared, [kind]: other[kind] };
      }
    }
    if (LIST_KINDS.every((kind) => shared[kind] === other[kind]) && sameRest(shared, other)) return other;
  }
  return shared;
}

function sameItems(one: readonly ListedItem[], other: readonly ListedItem[]): boolean {
  return (
    one.length === other.length &&
    one.every((item, index) => {
      const twin = other[index];
      return twin !== undefined && item.alias === twin.alias && item.bytes.equals(twin.bytes);
    })
  );
}

function sameRest(one: ServerListing, other: ServerListing): boolean {
  return (
    one.instructions === other.instructions &&
    one.protocolVersion === other.protocolVersion &&
    one.era === other.era &&
    isDeepStrictEqual(one.capabilities, other.capabilities) &&
    isDeepStrictEqual(one.serverInfo, other.serverInfo) &&
    isDeepStrictEqual(one.caching, other.caching)
  );
}
