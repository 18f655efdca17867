/**
 * The rows of the activity log that are shown: the newest, older ones as they are asked for, and new ones as they come.
 * Asks again only when the core says that something was recorded. `close()` lets later answers fall.
 */
import type { Api, Problem } from '../../preload/contract.ts';
import type { ActivityFilter, ActivityRow, ActivityStats } from '../../preload/views/activity.ts';
import { withNewest } from './activity.ts';

/** What the screen shows. Replaced whole on each change. */
export interface ActivityListState {
  /** Newest first; null until the first answer. */
  readonly rows: readonly ActivityRow[] | null;
  /** New rows that are not shown yet, because the list is paused or scrolled. */
  readonly behind: readonly ActivityRow[];
  /** True when there are no older ones. */
  readonly complete: boolean;
  /** Older ones are on their way. */
  readonly loading: boolean;
  readonly stats: ActivityStats | null;
  readonly problem: Problem | null;
}

/** What is asked for. */
export interface Question {
  readonly filter: ActivityFilter;
  /** Of the figures, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
}

/** See above. */
export interface ActivityList {
  /** Begins anew with another question. */
  ask(question: Question): void;
  /** Asks nothing more until it is asked for something again. */
  rest(): void;
  older(): Promise<void>;
  /** While held, new rows wait behind. */
  hold(held: boolean): void;
  /** Shows what waits behind. */
  showNew(): void;
  close(): void;
}

/** Rows of one page. */
export const PAGE = 100;
const BUCKETS = 24;
/** Milliseconds between questions about new rows. */
const PAUSE_MS = 1_000;

/** Before the first answer. */
export const noRows: ActivityListState = {
  ...{ rows: null, behind: [], complete: false, loading: false, stats: null, problem: null },
};

/**
 * @param changed called with the new state on every change
 * @param after runs something later, and gives what cancels it
 */
export function openActivityList(
  api: Api,
  changed: (state: ActivityListState) => void,
  after: (ms: number, run: () => void) => () => void,
): ActivityList {
  let state = noRows;
  let question: Question | null = null;
  let turn = 0;
  let held = false;
  let cancel: (() => void) | null = null;
  const put = (part: Partial<ActivityListState>): void => {
    state = { ...state, ...part };
    changed(state);
  };

  const newest = async (first: boolean): Promise<void> => {
    if (question === null) {
      return;
    }
    const mine = turn;
    const { filter, since } = question;
    const until = first ? question.until : Date.now();
    const { text: _text, ...figures } = filter;
    const [page, stats] = await Promise.all([
      api.command('activity.query', { filter, limit: PAGE }),
      api.command('activity.stats', { filter: figures, since, until, buckets: BUCKETS }),
    ]);
    if (mine !== turn) {
      return;
    }
    if (!page.ok) {
      put({ problem: page.error });
      return;
    }
    const known = [...state.behind, ...(state.rows ?? [])];
    const all = first ? page.value : withNewest(known, page.value, PAGE);
    const figured = stats.ok ? stats.value : state.stats;
    if (all === null) {
      put({ rows: page.value, behind: [], complete: false, stats: figured, problem: null });
    } else if (first) {
      put({ rows: all, behind: [], complete: all.length < PAGE, stats: figured, problem: null });
    } else if (held) {
      put({ behind: all.slice(0, all.length - (state.rows?.length ?? 0)), stats: figured, problem: null });
    } else {
      put({ rows: all, behind: [], stats: figured, problem: null });
    }
  };
  const stop = api.on('activity', () => {
    cancel ??= after(PAUSE_MS, () => {
      cancel = null;
      void newest(false);
    });
  });

  return {
    ask(next) {
      question = next;
      turn += 1;
      put({ behind: [], loading: false });
      void newest(true);
    },
    rest() {
      question = null;
      turn += 1;
    },
    async older() {
      const last = state.rows?.at(-1);
      if (question === null || last === undefined || state.complete || state.loading) {
        return;
      }
      const mine = turn;
      put({ loading: true });
      const { filter } = question;
      const page = await api.command('activity.query', { filter, limit: PAGE, before: last.id });
      if (mine !== turn) {
        return;
      }
      if (page.ok) {
        const rows = [...(state.rows ?? []), ...page.value];
        put({ rows, complete: page.value.length < PAGE, loading: false });
      } else {
        put({ loading: false, problem: page.error });
      }
    },
    hold(next) {
      held = next;
    },
    showNew() {
      if (state.behind.length > 0) {
        put({ rows: [...state.behind, ...(state.rows ?? [])], behind: [] });
      }
    },
    close() {
      turn += 1;
      stop();
      cancel?.();
      cancel = null;
    },
  };
}
