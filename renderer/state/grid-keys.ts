/** Which row a key leads to, in a list that has one place in the tab order. Pure. */

/** @returns the place to go to, or null when the key is not for the list or there is nowhere to go */
export function rowFor(key: string, at: number, count: number, page = 8): number | null {
  const last = count - 1;
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: Math.min(at + page, last),
    PageUp: Math.max(at - page, 0),
    Home: 0,
    End: last,
  }[key];
  return to === undefined || to < 0 || to > last || to === at ? null : to;
}
