/**
 * The catalog: every server's listing, and the views built from them. A view is built when first asked for after a
 * change; whoever watches one hears only of changes that he can see. Holds nothing open.
 */
import type { ListKind, ServerListing } from '../protocol/listing.ts';
import type { Scope } from '../protocol/scope.ts';
import { createEntries } from './entries.ts';
import { createLearned } from './learned.ts';
import type { ViewPart } from './merge.ts';
import { shareEqual } from './same.ts';
import { buildView, type View } from './view.ts';
import { createWatchers } from './watchers.ts';

/** What the catalog asks of trust. */
export interface CatalogDeps {
  /** True when the tool is not to be seen in this scope. */
  hidden(scope: Scope, server: string, tool: string): boolean;
  /** Names who sees the scope otherwise than others do, and is empty when nobody does: the client of the scope. */
  variant?(scope: Scope): string;
}

/** A named choice of servers. */
export interface Profile {
  /** Names of servers, in any order; unknown ones count for nothing. */
  readonly servers: readonly string[];
  /** False shows bare names where they are unique within the profile. */
  readonly prefix: boolean;
}

/** All listings and their views. */
export interface Catalog {
  /** Sets the order of servers, which decides who keeps a contested URI. */
  setOrder(names: readonly string[]): void;
  setProfiles(profiles: ReadonlyMap<string, Profile>): void;
  /** Null forgets the server. `open` is false when nothing may be reached that is not listed. */
  setListing(server: string, listing: ServerListing | null, open?: boolean): void;
  listing(server: string): ServerListing | null;
  /** The view as of now; the same object until something changed. An unknown scope shows nothing. */
  view(scope: Scope, peerKey?: string): View;
  /** What one client's own session with a server lists; null when that session is gone. */
  setOwnListing(peerKey: string, server: string, listing: ServerListing | null, open?: boolean): void;
  /** To be called when what `hidden` says has changed. */
  filtersChanged(): void;
  /** Calls back with the kinds of list that changed for this client in this scope. Returns the way to stop. */
  watch(scope: Scope, peerKey: string, listener: (kinds: readonly ListKind[]) => void): () => void;
}

interface Built {
  readonly scope: Scope;
  readonly parts: readonly ViewPart[];
  readonly view: View;
}

/** A client for whom some server lists something of its own. */
interface Peer {
  readonly listings: Map<string, ServerListing>;
  /** Servers of which this client may reach nothing unlisted. */
  readonly closed: Set<string>;
  readonly views: Map<string, Built>;
}

/** Other clients that are looked at for something equal to share. */
const LOOKED_AT = 64;

/** Makes an empty catalog. */
export function createCatalog(deps: CatalogDeps): Catalog {
  const listings = new Map<string, ServerListing>();
  /** Servers of which nothing unlisted may be reached. */
  const closed = new Set<string>();
  const variant = deps.variant ?? (() => '');
  const views = new Map<string, Built>();
  const peers = new Map<string, Peer>();
  const entriesOf = createEntries();
  const learned = createLearned();
  let order: readonly string[] = [];
  let profiles: ReadonlyMap<string, Profile> = new Map();

  const namesIn = (scope: Scope): readonly string[] => {
    switch (scope.kind) {
      case 'all':
        return order;
      case 'server':
        return [scope.server];
      case 'profile': {
        const chosen = new Set(profiles.get(scope.profile)?.servers);
        return order.filter((name) => chosen.has(name));
      }
    }
  };
  /** The last key of two parts: to put one together for every call would cost more than to look it up. */
  let put = { of: '', whose: '', key: '' };
  const keyOf = (scope: Scope): string => {
    const whose = variant(scope);
    if (whose === '') return scope.key;
    if (put.of !== scope.key || put.whose !== whose) {
      put = { of: scope.key, whose, key: `${scope.key}\0${whose}` };
    }
    return put.key;
  };
  const partsOf = (scope: Scope, peer: Peer | null): ViewPart[] => {
    const parts: ViewPart[] = [];
    for (const server of namesIn(scope)) {
      const shared = listings.get(server);
      const mine = peer?.listings.get(server);
      const listing = mine ?? shared;
      if (listing === undefined) continue;
      const open = !(mine === undefined ? closed : (peer?.closed ?? closed)).has(server);
      parts.push({ server, listing, own: listing !== shared, open });
    }
    return parts;
  };
  const build = (scope: Scope, parts: readonly ViewPart[], like: View | null): Built => {
    const bare = scope.kind === 'profile' && profiles.get(scope.profile)?.prefix === false;
    const view = buildView(parts, {
      alone: scope.kind === 'server' ? scope.server : null,
      naming: bare ? 'bare-where-unique' : 'prefixed',
      entriesOf,
      learned,
      like,
      hidden: (server, tool) => deps.hidden(scope, server, tool),
    });
    return { scope, parts, view };
  };
  const sharedView = (scope: Scope): Built => {
    const key = keyOf(scope);
    let built = views.get(key);
    if (built === undefined) {
      const like = key === scope.key ? null : (views.get(scope.key)?.view ?? null);
      built = build(scope, partsOf(scope, null), like);
      views.set(key, built);
    }
    return built;
  };
  const ownView = (scope: Scope, peer: Peer): Built => {
    const key = keyOf(scope);
    let built = peer.views.get(key);
    if (built === undefined) {
      const parts = partsOf(scope, peer);
      if (parts.every((part) => !part.own)) built = sharedView(scope);
      else {
        const like = views.get(key)?.view ?? null;
        built = builtForAnother(key, parts) ?? build(scope, parts, like);
      }
      peer.views.set(key, built);
    }
    return built;
  };
  const builtForAnother = (key: string, parts: readonly ViewPart[]): Built | null => {
    let looked = 0;
    for (const { views: built } of peers.values()) {
      const found = built.get(key);
      if (found !== undefined && sameParts(found.parts, parts)) return found;
      if (++looked === LOOKED_AT) break;
    }
    return null;
  };
  const view = (scope: Scope, peerKey?: string): View => {
    const peer = peers.size === 0 || peerKey === undefined ? undefined : peers.get(peerKey);
    return (peer === undefined ? sharedView(scope) : ownView(scope, peer)).view;
  };
  const watchers = createWatchers(view);

  /** Forgets the views of the scopes, and tells those who watch them what changed. */
  const changed = (touches: (scope: Scope) => boolean): void => {
    const forget = (built: Map<string, Built>): void => {
      for (const [key, { scope }] of built) if (touches(scope)) built.delete(key);
    };
    forget(views);
    for (const peer of peers.values()) forget(peer.views);
    watchers.changed(touches);
  };
  const has = (scope: Scope, server: string): boolean => {
    if (scope.kind === 'all') return true;
    return scope.kind === 'server'
      ? scope.server === server
      : profiles.get(scope.profile)?.servers.includes(server) === true;
  };

  return {
    view,
    listing: (server) => listings.get(server) ?? null,
    setOrder(names) {
      if (names.length === order.length && names.every((name, index) => name === order[index])) return;
      order = [...new Set(names)];
      changed((scope) => scope.kind !== 'server');
    },
    setProfiles(next) {
      profiles = new Map(next);
      changed((scope) => scope.kind === 'profile');
    },
    setListing(server, listing, open = true) {
      const before = listings.get(server);
      if (listing === null) {
        if (!listings.delete(server)) return;
        learned.forget(server);
      } else {
        const next = shareEqual(listing, before === undefined ? [] : [before]);
        if (next === before && open === !closed.has(server)) return;
        listings.set(server, next);
      }
      mark(closed, server, listing === null || open);
      changed((scope) => has(scope, server));
    },
    setOwnListing(peerKey, server, listing, open = true) {
      let peer = peers.get(peerKey);
      if (listing === null) {
        if (peer?.listings.delete(server) !== true) return;
        peer.closed.delete(server);
        if (peer.listings.size === 0) peers.delete(peerKey);
      } else {
        const next = shareEqual(listing, similar(server));
        if (peer === undefined) {
          peer = { listings: new Map(), closed: new Set(), views: new Map() };
          peers.set(peerKey, peer);
        } else if (peer.listings.get(server) === next && open === !peer.closed.has(server)) return;
        peer.listings.set(server, next);
        mark(peer.closed, server, open);
      }
      peer.views.clear();
      watchers.changedFor(peerKey);
    },
    filtersChanged: () => changed(() => true),
    watch: watchers.add,
  };

  /** Listings of the server that another may be equal to. */
  function* similar(server: string): Iterable<ServerListing> {
    const shared = listings.get(server);
    if (shared !== undefined) yield shared;
    let looked = 0;
    for (const peer of peers.values()) {
      const own = peer.listings.get(server);
      if (own !== undefined) yield own;
      if (++looked === LOOKED_AT) return;
    }
  }
}

function mark(closed: Set<string>, server: string, open: boolean): void {
  if (open) closed.delete(server);
  else closed.add(server);
}

function sameParts(one: readonly ViewPart[], other: readonly ViewPart[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ listing, open }, index) => listing === other[index]?.listing && open === other[index]?.open)
  );
}
