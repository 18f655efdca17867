/**
 * Everything that the desktop tells by itself: calls that wait, approvals that are needed, servers that want a sign-in; each
 * kind only while the user wants it. `close()` takes all of it away.
 */
import type * as Electron from 'electron';
import type { CorePort, Events } from '../../preload/contract.ts';
import type { Clock } from '../protocol/clock.ts';
import { openApprovalNotices } from './approval-notices.ts';
import { openCallNotices } from './call-notices.ts';
import { openClientSignInNotices } from './client-sign-in-notices.ts';
import type { Notice, NoticeContent, ShowNotice } from './notice.ts';
import type { PreferencesPort } from './preferences.ts';
import { openSignInNotices } from './sign-in-notices.ts';
import type { ShellWords } from './words.ts';

/** What the notices need. */
export interface NoticesDeps {
  readonly Notification: typeof Electron.Notification;
  readonly core: CorePort;
  readonly clock: Clock;
  readonly words: ShellWords;
  readonly preferences: Pick<PreferencesPort, 'get'>;
  openWindow(to: Events['navigate'] | null): void;
}

/** Begins to watch and to tell. */
export function openNotices(deps: NoticesDeps): { close(): void } {
  const { core, clock, words, openWindow } = deps;
  const showing =
    (kind: 'calls' | 'approvals' | 'signIn'): ShowNotice =>
    (content) =>
      deps.preferences.get().notifications[kind] ? show(deps.Notification, content) : null;
  const review = (): void => openWindow({ view: 'approvals', server: null });
  const open = [
    openCallNotices({ core, words, show: showing('calls'), review }),
    openApprovalNotices({ core, clock, words, show: showing('approvals'), review }),
    openSignInNotices({
      ...{ core, words },
      show: showing('signIn'),
      open: (server) => openWindow({ view: 'server', server }),
    }),
    openClientSignInNotices({
      ...{ core, words },
      show: showing('signIn'),
      open: () => openWindow(null),
    }),
  ];
  return {
    close() {
      for (const one of open) one.close();
    },
  };
}

/** A notice with buttons where the system has them; a click on it works everywhere. */
function show(Notification: typeof Electron.Notification, content: NoticeContent): Notice | null {
  if (!Notification.isSupported()) return null;
  const { title, body, buttons, onClick } = content;
  const notice = new Notification({
    title,
    body,
    actions: buttons.map(({ text }) => ({ type: 'button', text })),
  });
  notice.on('click', onClick);
  notice.on('action', (_event, index) => buttons[index]?.run());
  notice.show();
  return { close: () => notice.close() };
}
