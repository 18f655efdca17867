/** What the browser tells about the computer, and the address of the page. Pure. */

/** The address of the same page, with the language that it begins with. */
export function addressIn(address: string, locale: string): string {
  const url = new URL(address);
  url.searchParams.set('lang', locale);
  return url.href;
}

/** `darwin`, `win32` or `linux`, for the frame's first paint, before the snapshot says it. */
export function platformOf(userAgent: string): string {
  if (userAgent.includes('Macintosh')) {
    return 'darwin';
  }
  return userAgent.includes('Windows') ? 'win32' : 'linux';
}
