/**
 * Holds the state, takes events, and shows snapshots: at most one every 50 ms, always the newest, and none while
 * nobody looks.
 */
import type { Snapshot } from '../../preload/contract.ts';
import type { Clock } from '../protocol/clock.ts';
import { type AppEvent, type AppState, reduce, waitingIn } from './state.ts';

/** Milliseconds between two snapshots at least. */
const SNAPSHOT_MS = 50;

/** What never changes while the app runs. */
export interface AppFacts {
  readonly version: string;
  readonly mode: 'desktop' | 'headless';
  readonly platform: string;
  readonly dataDir: string;
}

/** The state and those who look at it. */
export interface StateStore {
  readonly state: AppState;
  dispatch(event: AppEvent): void;
  snapshot(): Snapshot;
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Told every event, also those that change nothing, before any snapshot shows it. */
  onEvent(listener: (event: AppEvent) => void): void;
  /** No listener is called any more. Idempotent. */
  close(): void;
}

/** Begins with `initial`; `facts` do not change while the app lives. */
export function createStore(initial: AppState, facts: AppFacts, clock: Clock): StateStore {
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let state = initial;
  let revision = 1;
  let made: Snapshot | null = null;
  let heard: (event: AppEvent) => void = () => undefined;
  let cancel: (() => void) | null = null;

  const snapshot = (): Snapshot => {
    if (made === null) {
      const { signInsWaiting: _counted, ...shown } = state;
      made = { revision, ...facts, ...shown, waiting: waitingIn(state) };
    }
    return made;
  };
  const show = (): void => {
    cancel = null;
    const current = snapshot();
    for (const listener of [...listeners]) listener(current);
  };
  return {
    get state() {
      return state;
    },
    dispatch(event) {
      heard(event);
      const next = reduce(state, event);
      if (next === state) return;
      state = next;
      revision++;
      made = null;
      if (listeners.size > 0) cancel ??= clock.after(SNAPSHOT_MS, show);
    },
    snapshot,
    onEvent(listener) {
      heard = listener;
    },
    onSnapshot(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      cancel?.();
      cancel = null;
      listeners.clear();
    },
  };
}
