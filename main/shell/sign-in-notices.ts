/**
 * A notice on the desktop for each server that wants somebody to sign in: its button begins that in the browser, a click
 * opens the server's page. One for each time that it becomes necessary; it goes when the sign-in begins or is not needed
 * any more. `close` takes all of them away.
 */
import type { CorePort, Snapshot } from '../../preload/contract.ts';
import { type Notice, plain } from './notice.ts';
import type { ShellWords } from './words.ts';

/** What it is made of. */
export interface SignInNoticeContent {
  readonly title: string;
  readonly body: string;
  readonly signIn: string;
  onSignIn(): void;
  onOpen(): void;
}

/** What the notices need. */
export interface SignInNoticeDeps {
  readonly core: Pick<CorePort, 'execute' | 'onSnapshot' | 'snapshot'>;
  readonly words: ShellWords;
  /** Null where the desktop shows none. */
  show(content: SignInNoticeContent): Notice | null;
  /** Opens the page of a server. */
  open(server: string): void;
}

/** Notices at once; the window and the tray have them all. */
const MOST = 3;

/** Begins to watch. */
export function openSignInNotices({ core, words, show, open }: SignInNoticeDeps): { close(): void } {
  /** By server, also where the notice has been taken away by the person. */
  const shown = new Map<string, Notice | null>();
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
    const names = new Set(needing.map(({ name }) => name));
    for (const [name, notice] of shown) {
      if (names.has(name)) continue;
      notice?.close();
      shown.delete(name);
    }
    for (const { name } of needing) {
      if (shown.has(name) || shown.size >= MOST) continue;
      const content: SignInNoticeContent = {
        title: words.wantsSignIn(plain(name)),
        body: words.wantsSignInHelp,
        signIn: words.signIn,
        onSignIn: () => void signIn(name),
        onOpen: () => open(name),
      };
      shown.set(name, show(content));
    }
  };
  const stop = core.onSnapshot(look);
  look(core.snapshot());
  return {
    close() {
      stop();
      for (const notice of shown.values()) notice?.close();
      shown.clear();
    },
  };
}
