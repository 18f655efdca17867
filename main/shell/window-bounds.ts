/**
 * Where the main window opens: the remembered place when it can still be seen, otherwise the middle. Pure.
 */
import { z } from 'zod';

/** Smallest and first size, in CSS pixels. */
export const windowSize = { width: 1080, height: 720, minWidth: 860, minHeight: 560 } as const;

/** A rectangle on the desktop. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is remembered between runs. */
export interface SavedWindow extends Area {
  readonly maximized: boolean;
}

/** How to create the window; without `x` and `y` the system centres it. */
export interface Placement {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

const savedSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  maximized: z.boolean(),
});

/** At least this much of the window's top edge must be on a screen, so that it can be dragged back. */
const grip = { width: 120, height: 32 };

/**
 * Fits a remembered place (any JSON value) into the work areas of today's screens.
 * @param workAreas the screens' areas without panels, primary first; at least one
 */
export function placeWindow(saved: unknown, workAreas: readonly Area[]): Placement {
  const parsed = savedSchema.safeParse(saved);
  const primary = workAreas[0];
  const home = parsed.success ? workAreas.find((area) => holdsGrip(parsed.data, area)) : undefined;
  const room = home ?? primary ?? { width: windowSize.width, height: windowSize.height };
  const wanted = parsed.success ? parsed.data : { ...windowSize, maximized: false };
  const size = {
    width: Math.max(windowSize.minWidth, Math.min(wanted.width, room.width)),
    height: Math.max(windowSize.minHeight, Math.min(wanted.height, room.height)),
    maximized: wanted.maximized,
  };
  return parsed.success && home !== undefined ? { ...size, x: parsed.data.x, y: parsed.data.y } : size;
}

function holdsGrip(window: Area, area: Area): boolean {
  const overlap = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return overlap >= grip.width && window.y >= area.y && window.y + grip.height <= area.y + area.height;
}
