/**
 * Calls that wait, as the screen needs them: how long there is still time, and how long after it appeared one may be let
 * through. Pure.
 */

/** Milliseconds after something appeared or moved in which a click cannot have been meant for it. */
export const SETTLE_MS = 600;

/** Time that is left, as `0:48`; never below nought. Both in epoch milliseconds. */
export function timeLeft(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Whether a click that lets something through counts: a person made it, and saw what it is for. */
export function mayLetThrough(trusted: boolean, appearedAt: number, now: number): boolean {
  return trusted && now - appearedAt >= SETTLE_MS;
}
