/**
 * Switches that act at once: what was wanted is shown while the core works, taken over when it agrees, and taken back
 * with the reason when it does not. One per kind of switch; keys name the thing. Holds no timer, so there is nothing
 * to stop.
 */
import type { Problem, Result } from '../../preload/contract.ts';

/** One switch on its way. */
export interface Pending {
  readonly wanted: boolean;
  /** The core has agreed; its own word is on its way. */
  readonly settled: boolean;
}

/** What is underway and what failed, by key. Replaced whole on each change. */
export interface SwitchState {
  readonly pending: ReadonlyMap<string, Pending>;
  readonly failed: ReadonlyMap<string, Problem>;
}

/** A set of switches. */
export interface Switches {
  /**
   * Shows `wanted` and asks the core, which is asked one thing at a time: a wish that comes while another is underway is
   * shown at once and asked for when that has been answered; of several the last.
   * @param ask never rejects
   * @returns the problem, or null when the core agreed or another wish took this one's place
   */
  set(key: string, wanted: boolean, ask: () => Promise<Result<unknown>>): Promise<Problem | null>;
  /** Takes the core's own values over: agreed wishes end here, since this word is newer. */
  heard(): void;
  /** Forgets a failure, when it has been seen. */
  forget(key: string): void;
}

/** What the core has been asked, and what it is to be asked next. */
interface Flight {
  readonly wanted: boolean;
  readonly answer: Promise<Result<unknown>>;
  next: { readonly wanted: boolean } | null;
}

/** Nothing underway. */
export const noSwitches: SwitchState = { pending: new Map(), failed: new Map() };

/** @param changed called with the new state, at once and after each answer */
export function createSwitches(
  changed: (state: SwitchState) => void,
  actual: (key: string) => boolean | undefined,
): Switches {
  let state = noSwitches;
  const flights = new Map<string, Flight>();
  const put = (key: string, pending: Pending | null, problem: Problem | null): void => {
    state = { pending: placed(state.pending, key, pending), failed: placed(state.failed, key, problem) };
    changed(state);
  };
  return {
    async set(key, wanted, ask) {
      put(key, { wanted, settled: false }, null);
      const before = flights.get(key);
      if (before !== undefined) {
        const wish = { wanted };
        before.next = wish;
        await before.answer;
        if (before.next !== wish || wanted === before.wanted) return null;
      }
      const flight: Flight = { wanted, answer: ask(), next: null };
      flights.set(key, flight);
      const answer = await flight.answer;
      flights.delete(key);
      if (flight.next !== null && flight.next.wanted !== wanted) return null;
      if (!answer.ok) {
        put(key, null, answer.error);
        return answer.error;
      }
      // The new value may have come before the answer; otherwise the next one brings it.
      put(key, actual(key) === wanted ? null : { wanted, settled: true }, null);
      return null;
    },
    heard() {
      const open = [...state.pending].filter(([, pending]) => !pending.settled);
      if (open.length !== state.pending.size) {
        state = { ...state, pending: new Map(open) };
        changed(state);
      }
    },
    forget(key) {
      if (state.failed.has(key)) {
        put(key, state.pending.get(key) ?? null, null);
      }
    },
  };
}

/** What a switch shows: the wish while there is one, the truth otherwise. */
export function shown(state: SwitchState, key: string, actual: boolean): boolean {
  return state.pending.get(key)?.wanted ?? actual;
}

/** True while the core has not answered. */
export function isBusy(state: SwitchState, key: string): boolean {
  return state.pending.get(key)?.settled === false;
}

function placed<V>(map: ReadonlyMap<string, V>, key: string, value: V | null): ReadonlyMap<string, V> {
  if (value === null && !map.has(key)) {
    return map;
  }
  const copy = new Map(map);
  if (value === null) {
    copy.delete(key);
  } else {
    copy.set(key, value);
  }
  return copy;
}
