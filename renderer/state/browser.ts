/** What the browser tells about the computer. Pure. */

/** The first of the user's languages that is of the catalog's language, with its region: it decides dates and numbers. */
export function localeFor(language: string, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

/** `darwin`, `win32` or `linux`, for the frame's first paint, before the snapshot says it. */
export function platformOf(userAgent: string): string {
  if (userAgent.includes('Macintosh')) {
    return 'darwin';
  }
  return userAgent.includes('Windows') ? 'win32' : 'linux';
}
