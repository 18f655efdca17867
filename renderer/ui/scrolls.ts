/**
 * Lets what scrolls inside its own box be reached by keyboard, and only while there is something to scroll: a box that
 * shows everything is no stop on the way. For `{@attach scrolls}`; ends with its element.
 */

/** @returns takes the stop away again */
export function scrolls(box: HTMLElement): () => void {
  const look = (): void => {
    // Both may be a fraction of a pixel off at zoomed sizes.
    const needed = box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1;
    if (needed) {
      box.tabIndex = 0;
    } else if (box !== document.activeElement) {
      box.removeAttribute('tabindex');
    }
  };
  const resized = new ResizeObserver(look);
  resized.observe(box);
  const changed = new MutationObserver(look);
  changed.observe(box, { childList: true, subtree: true, characterData: true });
  look();
  return () => {
    resized.disconnect();
    changed.disconnect();
  };
}
