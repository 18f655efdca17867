/**
 * A notice on the desktop for each server that wants somebody to sign in: its button begins that in the browser, a click
 * opens the server's page. One for each time that it becomes necessary; it goes when the sign-in begins or is not needed
 * any more. `close` takes all of them away.
 */
import type { CorePort, Snapshot } from '../../preload/contract.ts';
import { plain, type ShowNotice, shownNotices } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What the notices need. */
export interface SignInNoticeDeps {
  readonly core: Pick<CorePort, 'execute' | 'onSnapshot' | 'snapshot'>;
  readonly words: ShellWords;
  readonly show: ShowNotice;
  /** Opens the page of a server. */
  open(server: string): void;
}

/** Notices at once; the window and the tray have them all. */
const MOST = 3;

/** Begins to watch. */
export function openSignInNotices({ core, words, show, open }: SignInNoticeDeps): { close(): void } {
  /** By server. */
  const shown = shownNotices();
  let seen: Snapshot['servers'] | null = null;
  const signIn = async (server: string): Promise<void> => {
    const result = await core.execute('server.signIn', { server });
    // What went wrong, and what to do, stands on its page.
    if (!result.ok) open(server);
  };
  const look = ({ servers }: Snapshot): void => {
    if (servers === seen) return;
    seen = servers;
    const needing = servers.filter(({ enabled, signIn }) => enabled && signIn?.state === 'needed');
    shown.keep(new Set(needing.map(({ name }) => name)));
    for (const { name } of needing) {
      if (shown.has(name) || shown.size >= MOST) continue;
      const notice = show({
        title: words.wantsSignIn(plain(name)),
        body: words.wantsSignInHelp,
        buttons: [{ text: words.signIn, run: () => void signIn(name) }],
        onClick: () => open(name),
      });
      shown.set(name, notice);
    }
  };
  const stop = core.onSnapshot(look);
  look(core.snapshot());
  return {
    close() {
      stop();
      shown.clear();
    },
  };
}
