/**
 * A notice on the desktop for each call that waits for a person: Review opens it in the window, Deny denies it; nothing
 * can be allowed from a notice, since it shows the arguments only as far as there is room, and without secrets, as it
 * may lie on a locked screen. Several that come at once share one. A notice goes when its call has ended. `close` takes
 * all of them away.
 */
import type { CorePort, Snapshot } from '../../preload/contract.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import { createRedactor } from '../protocol/redact.ts';
import { type Notice, plain } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What it is made of. */
export interface NoticeContent {
  readonly title: string;
  readonly body: string;
  readonly review: string;
  readonly deny: string;
  onReview(): void;
  /** Null where the notice is about several. */
  readonly onDeny: (() => void) | null;
}

/** What the notices need. */
export interface CallNoticeDeps {
  readonly core: Pick<CorePort, 'execute' | 'onSnapshot' | 'snapshot'>;
  readonly words: ShellWords;
  /** Null where the desktop shows none. */
  show(content: NoticeContent): Notice | null;
  /** Opens the window where calls are decided. */
  review(): void;
}

/** Calls with a notice of their own; more, and several at once, share one. */
const MOST = 3;

/** Characters of the arguments in a notice. */
const LONGEST_ARGS = 180;

/** Begins to watch what waits. */
export function openCallNotices({ core, words, show, review }: CallNoticeDeps): { close(): void } {
  const shown = new Map<string, Notice | null>();
  let revision = core.snapshot().callsWaiting.revision;
  let closed = false;

  const look = async (): Promise<void> => {
    const answer = await core.execute('calls.waiting', {});
    if (closed || !answer.ok) return;
    const waiting = new Map(answer.value.map((call) => [call.id, call]));
    for (const [id, notice] of shown) {
      if (waiting.has(id)) continue;
      shown.delete(id);
      // One that several share stays for the others.
      if (![...shown.values()].includes(notice)) notice?.close();
    }
    const fresh = [...waiting.values()].filter(({ id }) => !shown.has(id));
    const [only] = fresh;
    if (only === undefined) return;
    if (fresh.length === 1 && shown.size < MOST) {
      shown.set(only.id, show(contentOf(only)));
      return;
    }
    // One for all of them, in place of those that are there.
    for (const notice of new Set(shown.values())) notice?.close();
    const shared = show(contentOfAll(waiting.size));
    for (const id of waiting.keys()) shown.set(id, shared);
  };
  const redact = createRedactor();
  const bodyOf = ({ server, args, complete, findings }: WaitingCall): string => {
    const said = plain(redact(args, !complete).text, LONGEST_ARGS);
    const warning = findings.find(({ serious }) => serious)?.sentence;
    return [words.onServer(plain(server)), ...(warning === undefined ? [] : [warning]), said]
      .filter((line) => line !== '')
      .join('\n');
  };
  const contentOf = (call: WaitingCall): NoticeContent => ({
    title: words.wantsToRun(plain(call.clientName ?? call.client), plain(call.tool)),
    body: bodyOf(call),
    review: words.review,
    deny: words.deny,
    onReview: review,
    onDeny: () => void core.execute('call.decide', { id: call.id, hash: call.hash, decision: 'deny' }),
  });
  const contentOfAll = (count: number): NoticeContent => ({
    title: words.callsWaiting(count),
    body: words.callsWaitingHelp,
    ...{ review: words.review, deny: words.deny, onReview: review, onDeny: null },
  });
  const stop = core.onSnapshot((snapshot: Snapshot) => {
    if (snapshot.callsWaiting.revision === revision) return;
    revision = snapshot.callsWaiting.revision;
    void look();
  });
  void look();

  return {
    close() {
      if (closed) return;
      closed = true;
      stop();
      for (const notice of new Set(shown.values())) notice?.close();
      shown.clear();
    },
  };
}
