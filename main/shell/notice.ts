/** What notices on the desktop have in common. Pure. */

/** One notice on the screen. */
export interface Notice {
  close(): void;
}

/** Characters of a name in a notice. */
const LONGEST = 60;

/** A name from outside, on one line, without what cannot be seen and without markup, which some desktops read. */
export function plain(name: string, longest = LONGEST): string {
  const seen = name
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(/[<>&]/g, '')
    .trim();
  return seen.length <= longest ? seen : `${seen.slice(0, longest - 1)}…`;
}
