/**
 * Knows when a page is gone: its window was closed or reloaded, or its process has died. What belongs to a page, such as
 * a terminal, ends with it. Holds nothing but what the windows themselves hold.
 */
import type { WebContents } from 'electron';

/** What it needs of the contents of a window. */
export type PageSource = Pick<WebContents, 'on' | 'isDestroyed'>;

/** Gives, for the contents of a window, what aborts when the page that they show now is gone. */
export function createPages(): (contents: PageSource) => AbortSignal {
  const pages = new WeakMap<PageSource, AbortController>();
  return (contents) => {
    const known = pages.get(contents);
    if (known !== undefined && !known.signal.aborted) return known.signal;
    const page = new AbortController();
    pages.set(contents, page);
    if (known === undefined) {
      const gone = (): void => pages.get(contents)?.abort();
      contents.on('destroyed', gone);
      contents.on('render-process-gone', gone);
      contents.on('did-navigate', gone);
    }
    if (contents.isDestroyed()) page.abort();
    return page.signal;
  };
}
