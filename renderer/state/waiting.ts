/**
 * What waits for a person, asked for whenever the sign of it changes. `close()` lets later answers fall.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type { DecidedView } from '../../preload/views/trust.ts';
import { startOfDay, type Waiting } from './approvals.ts';
import { share } from './share.ts';

/** What the screen shows. Replaced whole on each change. */
export interface WaitingState {
  /** Null until the first answer. */
  readonly waiting: Waiting | null;
  readonly decided: readonly DecidedView[];
  /** Why the last question had no answer; what is there stays. */
  readonly problem: Problem | null;
}

/** See above. */
export interface WaitingList {
  /** Tells the newest sign; asks again when it is another one. */
  sync(sign: string): void;
  /** Asks again whatever the sign. */
  reload(): Promise<void>;
  close(): void;
}

/** Before the first answer. */
export const nothingYet: WaitingState = { waiting: null, decided: [], problem: null };

/** @param changed called with the new state on every change */
export function openWaiting(
  api: Api,
  now: () => number,
  changed: (state: WaitingState) => void,
): WaitingList {
  let state = nothingYet;
  let seen: string | null = null;
  let question = 0;
  const put = (next: WaitingState): void => {
    state = next;
    changed(state);
  };
  const reload = async (): Promise<void> => {
    question += 1;
    const mine = question;
    const [calls, held, decided] = await Promise.all([
      api.command('calls.waiting', {}),
      api.command('approvals.list', {}),
      api.command('approvals.decided', { since: startOfDay(now()) }),
    ]);
    // An older answer than one on its way would only bring back what has changed since.
    if (mine !== question) {
      return;
    }
    if (!calls.ok || !held.ok || !decided.ok) {
      const failed = [calls, held, decided].find((answer) => !answer.ok);
      put({ ...state, problem: failed?.ok === false ? failed.error : null });
      return;
    }
    put({
      waiting: share(state.waiting, { calls: calls.value, held: held.value }),
      decided: decided.value,
      problem: null,
    });
  };
  return {
    sync(sign) {
      if (sign !== seen) {
        seen = sign;
        void reload();
      }
    },
    reload,
    close() {
      question += 1;
    },
  };
}
