/**
 * What web contents may never do, for every one that is ever created: leave our pages, open windows, embed a webview,
 * ask for a permission. `close()` takes the listeners off; it is for tests, since a running app keeps them to the end.
 */
import type { App, Event, Session, WebContents } from 'electron';
import { isAppUrl } from './app-url.ts';

/** What hardening needs from Electron. */
export interface WebSecurityDeps {
  readonly app: Pick<App, 'on' | 'off'>;
  /** Opens an address in the user's browser. */
  openExternal(url: string): Promise<void>;
  /** Tells the log what was refused; addresses are cut to their origin. */
  refused(what: string, where: string): void;
}

/** Guards all sessions and web contents, present and future. Call before `ready`. */
export function openWebSecurity(deps: WebSecurityDeps): { close(): void } {
  const onContents = (_event: Event, contents: WebContents): void => guardContents(contents, deps);
  const onSession = (session: Session): void => guardSession(session);
  deps.app.on('web-contents-created', onContents);
  deps.app.on('session-created', onSession);
  return {
    close() {
      deps.app.off('web-contents-created', onContents);
      deps.app.off('session-created', onSession);
    },
  };
}

/** True for links that may leave the app: plain https, without a name or password in it. */
export function mayOpenOutside(url: string): boolean {
  try {
    const parsed = new URL(url);
    return parsed.protocol === 'https:' && parsed.username === '' && parsed.password === '';
  } catch {
    return false;
  }
}

function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, done) => done(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

function guardContents(contents: WebContents, deps: WebSecurityDeps): void {
  const stay = (event: Event, url: string): void => {
    if (!isAppUrl(url)) {
      event.preventDefault();
      deps.refused('navigation', originOf(url));
    }
  };
  // The address comes in the event since Electron 25 and as an argument before and beside it: read both.
  contents.on('will-navigate', (event, url) => stay(event, event.url ?? url));
  contents.on('will-redirect', (event, url) => stay(event, event.url ?? url));
  contents.on('will-frame-navigate', (event) => stay(event, event.url));
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
    deps.refused('webview', '');
  });
  contents.setWindowOpenHandler(({ url }) => {
    if (isAppUrl(contents.getURL()) && mayOpenOutside(url)) {
      deps.openExternal(url).catch(() => deps.refused('external link', originOf(url)));
    } else {
      deps.refused('window', originOf(url));
    }
    return { action: 'deny' };
  });
}

function originOf(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.protocol}//${parsed.host}`;
  } catch {
    return 'an unreadable address';
  }
}
