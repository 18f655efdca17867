/**
 * Who is told when a list has changed: each client, for each scope it looks at, exactly when the bytes that it sees
 * there are others than before.
 */
import type { ListKind } from '../protocol/listing.ts';
import type { Scope } from '../protocol/scope.ts';
import { changedKinds, type View } from './view.ts';

type Listener = (kinds: readonly ListKind[]) => void;

/** All who watch. */
export interface Watchers {
  /** Returns the way to stop; twice does nothing. */
  add(scope: Scope, peerKey: string, listener: Listener): () => void;
  /** To be called when the views of these scopes may be others now. */
  changed(touches: (scope: Scope) => boolean): void;
  /** To be called when the views of one client may be others now. */
  changedFor(peerKey: string): void;
}

interface Watcher {
  readonly scope: Scope;
  readonly peerKey: string;
  readonly listeners: Set<Listener>;
  /** What the client was last told of. */
  seen: View;
}

/** Nobody yet; `view` gives the present one. */
export function createWatchers(view: (scope: Scope, peerKey: string) => View): Watchers {
  const byPeer = new Map<string, Map<string, Watcher>>();

  const tell = (watchers: Iterable<Watcher>): void => {
    const due: { watcher: Watcher; kinds: readonly ListKind[] }[] = [];
    // Most clients see the same, so most comparisons are the one before.
    let before: View | null = null;
    let after: View | null = null;
    let kinds: readonly ListKind[] = [];
    for (const watcher of watchers) {
      const now = view(watcher.scope, watcher.peerKey);
      if (now === watcher.seen) continue;
      if (watcher.seen !== before || now !== after) {
        before = watcher.seen;
        after = now;
        kinds = changedKinds(before, after);
      }
      watcher.seen = now;
      if (kinds.length > 0) due.push({ watcher, kinds });
    }
    // Only now, when all views are as they will be: a listener may look, come or go.
    for (const { watcher, kinds: changed } of due) {
      for (const listener of [...watcher.listeners]) listener(changed);
    }
  };

  return {
    add(scope, peerKey, listener) {
      const { key } = scope;
      const mine = byPeer.get(peerKey) ?? new Map<string, Watcher>();
      byPeer.set(peerKey, mine);
      let watcher = mine.get(key);
      if (watcher === undefined) {
        watcher = { scope, peerKey, listeners: new Set(), seen: view(scope, peerKey) };
        mine.set(key, watcher);
      }
      const { listeners } = watcher;
      // Of its own, so that one function may be added twice.
      const entry: Listener = (kinds) => listener(kinds);
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
        if (listeners.size > 0 || mine.get(key)?.listeners !== listeners) return;
        mine.delete(key);
        if (mine.size === 0 && byPeer.get(peerKey) === mine) byPeer.delete(peerKey);
      };
    },
    changed(touches) {
      const all: Watcher[] = [];
      for (const mine of byPeer.values()) {
        for (const watcher of mine.values()) if (touches(watcher.scope)) all.push(watcher);
      }
      tell(all);
    },
    changedFor: (peerKey) => tell([...(byPeer.get(peerKey)?.values() ?? [])]),
  };
}
