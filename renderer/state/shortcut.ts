/** Which keys somebody has pressed, in the words of Electron's accelerators. Pure. */

/** What is read of a pressed key. */
export type Pressed = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>;

/**
 * The accelerator, for example `Control+Alt+G`; null while only keys are pressed that are held, and for keys that would be
 * taken from every program: at least one of Control, Alt and Command (or Super) is held with a letter, a digit, a function key
 * or the space bar.
 */
export function acceleratorOf(event: Pressed, mac: boolean): string | null {
  const held = [
    ...(event.ctrlKey ? ['Control'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.metaKey ? [mac ? 'Command' : 'Super'] : []),
  ];
  const key = /^(?:Key([A-Z])|Digit(\d)|(F(?:[1-9]|1\d|2[0-4]))|(Space))$/
    .exec(event.code)
    ?.slice(1)
    .find(Boolean);
  if (held.length === 0 || key === undefined) return null;
  return [...held, ...(event.shiftKey ? ['Shift'] : []), key].join('+');
}
