/**
 * Patterns of names: `*` stands for any text, also none, and `?` for one character; everything else for itself, upper and
 * lower case counting. Pure, and linear in practice however a pattern is written, which a regular expression is not.
 */

/** True when the whole name fits the pattern. */
export function fits(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  /** Where to go on when what follows the last star does not fit. */
  let star = -1;
  let from = 0;
  while (n < name.length) {
    const c = pattern[p];
    if (c === '*') {
      star = p++;
      from = n;
    } else if (c === '?' || (c !== undefined && c === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++from;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Which names pass: all, or those that a pattern of `allow` fits; and of these none that one of `block` fits. */
export interface NameFilter {
  /** Null allows all, an empty list none. */
  readonly allow: readonly string[] | null;
  readonly block: readonly string[];
}

/** True when the filter lets the name pass. */
export function passes({ allow, block }: NameFilter, name: string): boolean {
  if (allow !== null && !allow.some((pattern) => fits(pattern, name))) return false;
  return !block.some((pattern) => fits(pattern, name));
}
