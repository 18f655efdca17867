/**
 * Links from outside: those of the first start, those of a later start, those that macOS hands over. What comes before the
 * window can be shown waits for it; of several only the newest counts. `close()` stops listening.
 */
import type { App, Event } from 'electron';
import type { Events } from '../../preload/contract.ts';
import { linkScheme, placeOfLink } from './deep-link.ts';

/** The links of an app. */
export interface Links {
  /** A later start brought these. True when there was one among them. */
  follow(links: readonly string[]): boolean;
  /** From now on links open the window; one that has come before does so at once. */
  open(show: (to: Events['navigate'] | null) => void): void;
  close(): void;
}

/** Begins to listen; call before `ready`. `first` are the links of this start. */
export function openLinks(
  app: Pick<App, 'on' | 'off' | 'isPackaged' | 'setAsDefaultProtocolClient'>,
  platform: NodeJS.Platform,
  first: readonly string[],
): Links {
  let show: ((to: Events['navigate'] | null) => void) | null = null;
  let early: string | null = null;
  const follow = (links: readonly string[]): boolean => {
    const link = links.at(-1);
    if (link === undefined) return false;
    if (show === null) early = link;
    else show(placeOfLink(link));
    return true;
  };
  const heard = (event: Event, url: string): void => {
    event.preventDefault();
    follow([url]);
  };
  app.on('open-url', heard);
  // On Linux the package's desktop file says it; a checkout must not take the scheme from an installed app.
  if (app.isPackaged && platform !== 'linux') app.setAsDefaultProtocolClient(linkScheme);
  follow(first);
  return {
    follow,
    open(next) {
      show = next;
      if (early !== null) next(placeOfLink(early));
      early = null;
    },
    close: () => void app.off('open-url', heard),
  };
}
