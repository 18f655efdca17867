/**
 * A notice on the desktop for each call that waits for a person: Review opens it in the window, Deny denies it; nothing
 * can be allowed from a notice, since it shows the arguments only as far as there is room, and without secrets, as it
 * may lie on a locked screen. Several that come at once share one. A notice goes when its call has ended. `close` takes
 * all of them away.
 */
import type { CorePort } from '../../preload/contract.ts';
import type { WaitingCall } from '../../preload/views/calls.ts';
import type { FindingView } from '../../preload/views/trust.ts';
import { filled } from '../protocol/filled.ts';
import { createRedactor } from '../protocol/redact.ts';
import { type NoticeContent, plain, type ShowNotice, shownNotices, watchRevision } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What the notices need. */
export interface CallNoticeDeps {
  readonly core: Pick<CorePort, 'execute' | 'onSnapshot' | 'snapshot'>;
  readonly words: ShellWords;
  readonly show: ShowNotice;
  /** Opens the window where calls are decided. */
  review(): void;
}

/** Calls with a notice of their own; more, and several at once, share one. */
const MOST = 3;

/** Characters of the arguments in a notice. */
const LONGEST_ARGS = 180;

/** Begins to watch what waits. */
export function openCallNotices({ core, words, show, review }: CallNoticeDeps): { close(): void } {
  const shown = shownNotices();
  let closed = false;

  const look = async (): Promise<void> => {
    const answer = await core.execute('calls.waiting', {});
    if (closed || !answer.ok) return;
    const waiting = new Map(answer.value.map((call) => [call.id, call]));
    shown.keep(waiting);
    const fresh = [...waiting.values()].filter(({ id }) => !shown.has(id));
    const [only] = fresh;
    if (only === undefined) return;
    if (fresh.length === 1 && shown.size < MOST) {
      shown.set(only.id, show(contentOf(only)));
      return;
    }
    // One for all of them, in place of those that are there.
    shown.clear();
    const shared = show(contentOfAll(waiting.size));
    for (const id of waiting.keys()) shown.set(id, shared);
  };
  const redact = createRedactor();
  const bodyOf = ({ server, args, complete, findings }: WaitingCall): string => {
    const said = plain(redact(args, !complete).text, LONGEST_ARGS);
    const warning = findings.find(({ serious }) => serious);
    return [
      words.onServer(plain(server)),
      ...(warning === undefined ? [] : [plain(findingWords(words, warning), LONGEST_ARGS)]),
      said,
    ]
      .filter((line) => line !== '')
      .join('\n');
  };
  const contentOf = (call: WaitingCall): NoticeContent => ({
    title: words.wantsToRun(whoOf(words, call), plain(call.tool)),
    body: bodyOf(call),
    buttons: [
      { text: words.review, run: review },
      {
        text: words.deny,
        run: () => void core.execute('call.decide', { id: call.id, hash: call.hash, decision: 'deny' }),
      },
    ],
    onClick: review,
  });
  const contentOfAll = (count: number): NoticeContent => ({
    title: words.callsWaiting(count),
    body: words.callsWaitingHelp,
    buttons: [{ text: words.review, run: review }],
    onClick: review,
  });
  const stop = watchRevision(core, ({ callsWaiting }) => callsWaiting.revision, look);

  return {
    close() {
      if (closed) return;
      closed = true;
      stop();
      shown.clear();
    },
  };
}

/** What a client calls itself is shown for one only that has no name here, and in quotes. */
function whoOf(words: ShellWords, { client, clientName }: WaitingCall): string {
  const nameless = client === 'local' || client.startsWith('token-');
  return nameless && clientName !== null ? words.calledSo(plain(clientName)) : plain(client);
}

/** In the language of the notices; in English where that has no such sentence. */
function findingWords({ findings }: ShellWords, { rule, sentence, names }: FindingView): string {
  const said = Object.hasOwn(findings, rule) ? filled(findings[rule] ?? '', names ?? {}) : sentence;
  return /\{\w+\}/.test(findings[rule] ?? '') && names === undefined ? sentence : said;
}
