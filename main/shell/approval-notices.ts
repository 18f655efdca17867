/**
 * A notice on the desktop for what a server newly holds that nobody has approved: a server that is held back as a whole,
 * tools that are new or have changed. One for each server and time; when several come at once they share one. Review opens
 * the window; nothing can be approved from a notice. `close` takes all of them away.
 */
import type { CorePort, ServerView, Snapshot } from '../../preload/contract.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { type Notice, plain, type ShowNotice } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What the notices need. */
export interface ApprovalNoticeDeps {
  readonly core: Pick<CorePort, 'onSnapshot' | 'snapshot'>;
  readonly clock: Clock;
  readonly words: ShellWords;
  readonly show: ShowNotice;
  /** Opens the window where approvals are given. */
  review(): void;
}

/** Servers list one after the other after a start: what comes within this time is told together. */
const TOGETHER_MS = 1_500;
/** A server that lists something new all the time is told again only after so long. */
const AGAIN_MS = 5 * 60_000;

/** Begins to watch. What waits already at the start is told too: nobody may have seen it. */
export function openApprovalNotices({ core, clock, words, show, review }: ApprovalNoticeDeps): {
  close(): void;
} {
  /** How much of each server was told, and when. */
  const told = new Map<string, { readonly sign: string; readonly at: number }>();
  const shown = new Map<string, Notice | null>();
  let planned: { readonly at: number; readonly cancel: CancelTimer } | null = null;

  const forget = (name: string): void => {
    shown.get(name)?.close();
    shown.delete(name);
  };
  /** Milliseconds until a server may be told; null where there is nothing to tell. */
  const dueIn = (server: ServerView): number | null => {
    const before = told.get(server.name);
    if (!grew(before?.sign, server)) return null;
    return before === undefined ? 0 : Math.max(0, before.at + AGAIN_MS - clock.now());
  };
  const plan = (waiting: readonly ServerView[]): void => {
    const next = waiting.map(dueIn).filter((due) => due !== null);
    if (next.length === 0) return;
    const wait = Math.max(TOGETHER_MS, Math.min(...next));
    const at = clock.now() + wait;
    if (planned !== null && planned.at <= at) return;
    planned?.cancel();
    planned = { at, cancel: clock.after(wait, tell) };
  };
  const tell = (): void => {
    planned = null;
    const waiting = waitingServers(core.snapshot());
    const fresh = waiting.filter((server) => dueIn(server) === 0);
    for (const server of fresh) told.set(server.name, { sign: signOf(server), at: clock.now() });
    tellOf(fresh);
    plan(waiting);
  };
  const tellOf = (fresh: readonly ServerView[]): void => {
    const [only] = fresh;
    if (only === undefined) return;
    for (const { name } of fresh) forget(name);
    const notice = show({
      title:
        fresh.length > 1
          ? words.serversWait(fresh.length)
          : only.state === 'quarantined'
            ? words.newServer(plain(only.name))
            : words.changedServer(plain(only.name), only.waiting),
      body: words.waitsHelp,
      buttons: [{ text: words.review, run: review }],
      onClick: review,
    });
    // One that is shared goes when the first of its servers needs it no more: the window has the rest.
    for (const { name } of fresh) shown.set(name, notice);
  };
  let seen: Snapshot['servers'] | null = null;
  const look = ({ servers }: Snapshot): void => {
    if (servers === seen) return;
    seen = servers;
    const waiting = waitingServers({ servers });
    const names = new Set(waiting.map(({ name }) => name));
    const all = new Set(servers.map(({ name }) => name));
    for (const [name, { at }] of [...told]) {
      if (names.has(name)) continue;
      // When it was told is kept: one whose list comes and goes is not told each time.
      if (all.has(name)) told.set(name, { sign: '0', at });
      else told.delete(name);
      forget(name);
    }
    // What has become less is known.
    for (const server of waiting) {
      const before = told.get(server.name);
      if (before !== undefined && !grew(before.sign, server)) {
        told.set(server.name, { ...before, sign: signOf(server) });
      }
    }
    plan(waiting);
  };
  const stop = core.onSnapshot(look);
  look(core.snapshot());
  return {
    close() {
      stop();
      planned?.cancel();
      for (const notice of new Set(shown.values())) notice?.close();
      shown.clear();
    },
  };
}

function waitingServers({ servers }: Pick<Snapshot, 'servers'>): readonly ServerView[] {
  return servers.filter(({ enabled, state, waiting }) => state === 'quarantined' || (enabled && waiting > 0));
}

function signOf({ state, waiting }: ServerView): string {
  return state === 'quarantined' ? 'held' : String(waiting);
}

/** True when there is more to look at than was told. */
function grew(before: string | undefined, server: ServerView): boolean {
  const now = signOf(server);
  if (before === undefined || before === '0') return true;
  return before !== now && now !== 'held' && before !== 'held' && Number(now) > Number(before);
}
