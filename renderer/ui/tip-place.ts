/** Where a tooltip goes: under its target, centred, over it where there is no room, and never out of the window. Pure. */

/** What a rectangle needs to say here. */
interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

const gap = 6;
const edge = 8;

/** Top and left in CSS pixels of the window. */
export function tipPlace(
  target: Box,
  tip: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): { readonly top: number; readonly left: number } {
  const under = target.bottom + gap;
  const over = target.top - gap - tip.height;
  const top = under + tip.height > room.height - edge && over >= edge ? over : under;
  const middle = target.left + target.width / 2 - tip.width / 2;
  return { top, left: Math.max(edge, Math.min(middle, room.width - edge - tip.width)) };
}
