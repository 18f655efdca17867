/**
 * The one address that our pages have: `app://gatehouse/…`. Everything that asks "is this our own page?" asks here.
 */

export const appScheme = 'app';
export const appHost = 'gatehouse';

/** Address of the main window. */
export const indexUrl = `${appScheme}://${appHost}/index.html`;

/** Address of the popover by the tray icon. */
export const popoverUrl = `${appScheme}://${appHost}/popover.html`;

/** True for an address of our own pages, and for nothing else. */
export function isAppUrl(url: string): boolean {
  try {
    const parsed = new URL(url);
    return (
      parsed.protocol === `${appScheme}:` &&
      parsed.host === appHost &&
      parsed.username === '' &&
      parsed.password === ''
    );
  } catch {
    return false;
  }
}
