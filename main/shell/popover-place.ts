/** Where the popover opens: by the tray icon where the system tells its place, else by the pointer. Pure. */
import type { Area } from './window-bounds.ts';

/** CSS pixels. */
export const popoverSize = { width: 360, height: 520 } as const;

/** Between the popover and the edges of the screen. */
const GAP = 8;

/**
 * The popover's rectangle: inside the work area, centred on the icon as far as it fits, above an icon in the lower half
 * of the screen and below one in the upper.
 *
 * @param icon the tray icon; without a size it counts as a point
 * @param work the screen's area without panels
 */
export function placePopover(icon: Area, work: Area): Area {
  const width = Math.min(popoverSize.width, work.width - 2 * GAP);
  const height = Math.min(popoverSize.height, work.height - 2 * GAP);
  const middle = { x: icon.x + icon.width / 2, y: icon.y + icon.height / 2 };
  const above = middle.y > work.y + work.height / 2;
  const wanted = {
    x: middle.x - width / 2,
    y: above ? icon.y - GAP - height : icon.y + icon.height + GAP,
  };
  return {
    x: Math.round(within(wanted.x, work.x + GAP, work.x + work.width - GAP - width)),
    y: Math.round(within(wanted.y, work.y + GAP, work.y + work.height - GAP - height)),
    width,
    height,
  };
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
