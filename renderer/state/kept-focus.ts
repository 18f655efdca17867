/**
 * Keeps whoever works by keyboard where he was: when what had the focus goes from the page (a row that was removed, a
 * button that became another), the browser begins anew at the top of the window, and a screen reader says nothing. Then the
 * focus goes to the list that it was in, or to the nearest heading. `keepFocus` gives what ends it.
 */

/** Milliseconds in which whoever took it away may put the focus where it is best. */
const PATIENCE_MS = 60;

/** @param frame the whole of the window's content */
export function keepFocus(frame: HTMLElement): () => void {
  /** What had the focus last, and all around it, from the inside out. */
  let path: readonly HTMLElement[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const noticed = (event: FocusEvent): void => {
    path = event.composedPath().filter((each): each is HTMLElement => each instanceof HTMLElement);
  };
  const isLost = (): boolean =>
    document.activeElement === document.body && path[0] !== undefined && !path[0].isConnected;
  const look = (): void => {
    if (!isLost()) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!isLost()) return;
      const place = placeNear(
        path.filter((each) => each.isConnected && frame.contains(each)),
        frame,
      );
      path = [];
      arriveAt(place);
    }, PATIENCE_MS);
  };
  const changed = new MutationObserver(look);
  changed.observe(frame, { childList: true, subtree: true });
  frame.addEventListener('focusin', noticed);
  return () => {
    changed.disconnect();
    clearTimeout(timer);
    frame.removeEventListener('focusin', noticed);
  };
}

/** Puts the focus on something that need not be a place in the tab order. */
export function arriveAt(place: HTMLElement | null): void {
  if (place === null) return;
  if (!place.matches('a, button, input, select, textarea, [tabindex]')) place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: 'nearest' });
}

/** The heading of the screen. */
export function headingOf(frame: HTMLElement): HTMLElement | null {
  return frame.querySelector<HTMLElement>('main h1, h1');
}

/** The current entry of the list that it was in, or the heading of the part that is left. */
function placeNear(left: readonly HTMLElement[], frame: HTMLElement): HTMLElement | null {
  for (const each of left) {
    if (each.matches('main, .frame')) break;
    const entry = each.matches('[role="grid"], [role="rowgroup"], [role="listbox"]') ? entryOf(each) : null;
    const found = entry ?? each.querySelector<HTMLElement>('h1, h2');
    if (found?.checkVisibility()) return found;
  }
  return headingOf(frame);
}

/** The entry of a list that is in the tab order, or its first one. */
function entryOf(list: HTMLElement): HTMLElement | null {
  const entry = ':is([role="row"], [role="option"])';
  return (
    list.querySelector<HTMLElement>(`${entry}[tabindex="0"]`) ??
    list.querySelector<HTMLElement>(`${entry}[tabindex]`)
  );
}
