/**
 * What a screen with rows of the activity log keeps: what is chosen, whether new rows wait, which row is open. Made while a
 * component begins, ends with it.
 */
import { onDestroy } from 'svelte';
import type { Api } from '../../preload/contract.ts';
import type { ActivityRow } from '../../preload/views/activity.ts';
import { filterOf, sinceOf, type Wish } from './activity.ts';
import { type ActivityListState, noRows, openActivityList } from './activity-list.ts';

/** Milliseconds after the last letter before the words are looked for. */
const TYPING_MS = 200;
/** Pixels from the top from which on new rows wait, so that nothing moves under the reader. */
const AWAY = 200;
/** Pixels from the end at which older rows are asked for. */
const NEAR = 400;

/** See above. */
export interface ActivityPage {
  readonly known: ActivityListState;
  readonly rows: readonly ActivityRow[];
  readonly wish: Wish;
  readonly paused: boolean;
  /** Id of the row that is open at the side. */
  open: number | null;
  choose(part: Partial<Wish>): void;
  setPaused(paused: boolean): void;
  /** Hears the scrolling of the page. */
  scrolled(event: Event): void;
  /** Shows what waits; the page is to be at its top again. */
  showNew(): void;
  older(): void;
  /** The row after (1) or before (-1) the open one. */
  step(by: 1 | -1): void;
}

/**
 * @param first what is chosen at the beginning
 * @param shown false while nothing of it is on the screen: then nothing is asked for
 */
export function openActivityPage(api: Api, first: Wish, shown: () => boolean = () => true): ActivityPage {
  let known = $state.raw<ActivityListState>(noRows);
  let wish = $state.raw<Wish>(first);
  let paused = $state(false);
  let away = $state(false);
  let open = $state<number | null>(null);
  const rows = $derived(known.rows ?? []);

  const list = openActivityList(
    api,
    (next) => {
      known = next;
    },
    (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  );
  onDestroy(list.close);
  $effect(() => {
    const asked = wish;
    if (!shown()) {
      list.rest();
      return;
    }
    const begin = (): void => {
      const now = Date.now();
      const since = sinceOf(asked.span, now);
      // Without a bound, the figures are of the last 30 days.
      list.ask({ filter: filterOf(asked, now), since: since ?? sinceOf('month', now) ?? 0, until: now });
    };
    const timer = setTimeout(begin, asked.text === '' ? 0 : TYPING_MS);
    return () => clearTimeout(timer);
  });
  $effect(() => {
    list.hold(paused || away);
    if (!paused && !away) {
      list.showNew();
    }
  });

  return {
    get known() {
      return known;
    },
    get rows() {
      return rows;
    },
    get wish() {
      return wish;
    },
    get paused() {
      return paused;
    },
    get open() {
      return open;
    },
    set open(id) {
      open = id;
    },
    choose(part) {
      wish = { ...wish, ...part };
    },
    setPaused(next) {
      paused = next;
    },
    scrolled(event) {
      const body = event.target as HTMLElement;
      away = body.scrollTop > AWAY;
      if (body.scrollHeight - body.scrollTop - body.clientHeight < NEAR) {
        void list.older();
      }
    },
    showNew() {
      paused = false;
      away = false;
      list.showNew();
    },
    older: () => void list.older(),
    step(by) {
      const next = rows[rows.findIndex(({ id }) => id === open) + by];
      if (next !== undefined) {
        open = next.id;
      }
    },
  };
}
