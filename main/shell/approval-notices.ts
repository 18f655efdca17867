/**
 * A notice on the desktop for what a server newly holds that nobody has approved: a server that is held back as a whole,
 * tools that are new or have changed. One for each server and time; when several come at once they share one. Review opens
 * the window; nothing can be approved from a notice. `close` takes all of them away.
 */
import type { CorePort, ServerView, Snapshot } from '../../preload/contract.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { type Notice, plain } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What it is made of. */
export interface ApprovalNoticeContent {
  readonly title: string;
  readonly body: string;
  readonly review: string;
  onReview(): void;
}

/** What the notices need. */
export interface ApprovalNoticeDeps {
  readonly core: Pick<CorePort, 'onSnapshot' | 'snapshot'>;
  readonly clock: Clock;
  readonly words: ShellWords;
  /** Null where the desktop shows none, or the user wants none. */
  show(content: ApprovalNoticeContent): Notice | null;
  /** Opens the window where approvals are given. */
  review(): void;
}

/** Servers list one after the other after a start: what comes within this time is told together. */
const TOGETHER_MS = 1_500;

/** Begins to watch. What waits already at the start is told too: nobody may have seen it. */
export function openApprovalNotices({ core, clock, words, show, review }: ApprovalNoticeDeps): {
  close(): void;
} {
  /** How much of each server was told. */
  const told = new Map<string, string>();
  const shown = new Map<string, Notice | null>();
  let cancel: CancelTimer | null = null;

  const forget = (name: string): void => {
    shown.get(name)?.close();
    shown.delete(name);
  };
  const tell = (): void => {
    cancel = null;
    const fresh = waitingServers(core.snapshot()).filter(
      (server) => told.get(server.name) !== signOf(server),
    );
    for (const server of fresh) told.set(server.name, signOf(server));
    const [only] = fresh;
    if (only === undefined) return;
    const content: ApprovalNoticeContent = {
      title:
        fresh.length > 1
          ? words.serversWait(fresh.length)
          : only.state === 'quarantined'
            ? words.newServer(plain(only.name))
            : words.changedServer(plain(only.name), only.waiting),
      body: words.waitsHelp,
      review: words.review,
      onReview: review,
    };
    for (const { name } of fresh) forget(name);
    const notice = show(content);
    // One that is shared goes when the first of its servers needs it no more: the window has the rest.
    for (const { name } of fresh) shown.set(name, notice);
  };
  let seen: Snapshot['servers'] | null = null;
  const look = ({ servers }: Snapshot): void => {
    if (servers === seen) return;
    seen = servers;
    const waiting = waitingServers({ servers });
    const names = new Set(waiting.map(({ name }) => name));
    for (const name of [...told.keys()]) {
      if (names.has(name)) continue;
      told.delete(name);
      forget(name);
    }
    const news = waiting.some((server) => grew(told.get(server.name), server));
    // What has become less is known.
    for (const server of waiting)
      if (!grew(told.get(server.name), server)) told.set(server.name, signOf(server));
    if (news) cancel ??= clock.after(TOGETHER_MS, tell);
  };
  const stop = core.onSnapshot(look);
  look(core.snapshot());
  return {
    close() {
      stop();
      cancel?.();
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
  if (before === undefined) return true;
  return before !== now && now !== 'held' && before !== 'held' && Number(now) > Number(before);
}
