/**
 * The catalog: every server's listing, and the views built from them. A view is built when first asked for after a
 * change; whoever watches one hears only of changes that he can see.
 */
import type { ListKind, ServerListing } from '../protocol/listing.ts';
import type { Scope } from '../protocol/scope.ts';
import { buildView, changedKinds, type View, type ViewPart } from './view.ts';

/** What the catalog asks of trust. */
export interface CatalogDeps {
  hidden(server: string, tool: string): boolean;
}

/** All listings and their views. */
export interface Catalog {
  /** Sets the order of servers, which decides who keeps a contested name. */
  setOrder(names: readonly string[]): void;
  /** Null forgets the server. */
  setListing(server: string, listing: ServerListing | null): void;
  listing(server: string): ServerListing | null;
  /** The view as of now; the same object until something changed. */
  view(scope: Scope, peerKey?: string): View;
  /** What one client's own session with a server lists; null when that session is gone. */
  setOwnListing(peerKey: string, server: string, listing: ServerListing | null): void;
  /** To be called when what `hidden` says has changed. */
  filtersChanged(): void;
  /** Calls back with the kinds of list that changed in this scope. Returns the way to stop. */
  watch(scope: Scope, peerKey: string, listener: (kinds: readonly ListKind[]) => void): () => void;
}

/** Makes an empty catalog. */
export function createCatalog(deps: CatalogDeps): Catalog {
  const listings = new Map<string, ServerListing>();
  const views = new Map<string, View>();
  const watchers = new Map<string, { scope: Scope; listeners: Set<(kinds: readonly ListKind[]) => void> }>();
  let order: readonly string[] = [];

  const build = (scope: Scope): View => {
    const names = scope.kind === 'server' ? [scope.server] : order;
    const parts: ViewPart[] = [];
    for (const server of names) {
      const listing = listings.get(server);
      if (listing !== undefined) parts.push({ server, listing });
    }
    return buildView(parts, { prefix: scope.kind !== 'server', hidden: deps.hidden });
  };
  const view = (scope: Scope): View => {
    const key = scope.key;
    let current = views.get(key);
    if (current === undefined) {
      current = build(scope);
      views.set(key, current);
    }
    return current;
  };
  const changed = (): void => {
    const before = new Map(views);
    views.clear();
    for (const [key, watcher] of watchers) {
      const was = before.get(key);
      if (was === undefined) continue;
      const kinds = changedKinds(was, view(watcher.scope));
      if (kinds.length > 0) for (const listener of [...watcher.listeners]) listener(kinds);
    }
  };

  return {
    setOrder(names) {
      if (names.length === order.length && names.every((name, index) => name === order[index])) return;
      order = [...names];
      changed();
    },
    setListing(server, listing) {
      if (listing === null) {
        if (!listings.delete(server)) return;
      } else listings.set(server, listing);
      changed();
    },
    listing: (server) => listings.get(server) ?? null,
    view,
    filtersChanged: changed,
    setOwnListing: () => undefined,
    watch(scope, _peerKey, listener) {
      // The view must exist, or there is nothing to compare the next one with.
      view(scope);
      const key = scope.key;
      let watcher = watchers.get(key);
      if (watcher === undefined) {
        watcher = { scope, listeners: new Set() };
        watchers.set(key, watcher);
      }
      watcher.listeners.add(listener);
      return () => {
        watcher.listeners.delete(listener);
        if (watcher.listeners.size === 0 && watchers.get(key) === watcher) watchers.delete(key);
      };
    },
  };
}
