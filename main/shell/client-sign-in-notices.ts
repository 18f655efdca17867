/**
 * Brings the window to the front when a client wants to sign in, since that is decided there, and shows a notice, whose
 * button denies; nothing can be allowed from a notice. A notice goes when its client has been decided about. `close` takes
 * all of them away.
 */
import type { CorePort } from '../../preload/contract.ts';
import type { WaitingSignInView } from '../../preload/views/client-sign-in.ts';
import { type NoticeContent, plain, type ShowNotice, shownNotices, watchRevision } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What the notices need. */
export interface ClientSignInNoticeDeps {
  readonly core: Pick<CorePort, 'execute' | 'onSnapshot' | 'snapshot'>;
  readonly words: ShellWords;
  readonly show: ShowNotice;
  /** Opens the window, which asks on any of its screens. */
  open(): void;
}

/** Notices at once; the window has them all. */
const MOST = 3;

/** Begins to watch who waits. */
export function openClientSignInNotices({ core, words, show, open }: ClientSignInNoticeDeps): {
  close(): void;
} {
  const shown = shownNotices();
  let waited = false;
  let closed = false;

  const look = async (): Promise<void> => {
    const answer = await core.execute('clientSignIn.waiting', {});
    if (closed || !answer.ok) return;
    const waiting = new Map(answer.value.map((one) => [one.id, one]));
    shown.keep(waiting);
    // Only the first of them: whoever begins one after the other must not have the window all the time.
    if (waiting.size > 0 && !waited) open();
    waited = waiting.size > 0;
    for (const one of waiting.values()) {
      if (shown.has(one.id) || shown.size >= MOST) continue;
      shown.set(one.id, show(contentOf(one)));
    }
  };
  const contentOf = ({ id, name }: WaitingSignInView): NoticeContent => ({
    title: words.wantsToSignIn(name === null ? null : plain(name)),
    body: words.wantsToSignInHelp(id),
    buttons: [
      {
        text: words.deny,
        run: () => void core.execute('clientSignIn.decide', { id, decision: { allow: false } }),
      },
    ],
    onClick: open,
  });
  const stop = watchRevision(core, ({ clientsRevision }) => clientsRevision, look);

  return {
    close() {
      if (closed) return;
      closed = true;
      stop();
      shown.clear();
    },
  };
}
