/**
 * Whether a window can be shown here.
 */
import { connect } from 'node:net';
import { join } from 'node:path';

const answerMs = 1500;

/**
 * Why no window can be shown; null when one can.
 * @returns {Promise<string | null>}
 */
export async function whyNoWindow() {
  if (process.platform !== 'linux') return null;
  const { DISPLAY: display, WAYLAND_DISPLAY: wayland, XDG_RUNTIME_DIR: runtime } = process.env;
  if (wayland) {
    const path = wayland.startsWith('/') ? wayland : join(runtime ?? '/nowhere', wayland);
    if (await answers({ path })) return null;
  }
  if (!display)
    return wayland ? `nothing answers at WAYLAND_DISPLAY=${wayland}` : 'this terminal has no display';
  const places = displayPlaces(display);
  for (const place of places) if (await answers(place)) return null;
  return `nothing answers at DISPLAY=${display}`;
}

/** What Chromium needs said on its command line to use the display. */
export function displaySwitches() {
  const { DISPLAY: display, WAYLAND_DISPLAY: wayland } = process.env;
  return process.platform === 'linux' && wayland && !display ? ['--ozone-platform=wayland'] : [];
}

/**
 * Where an X server with that name may listen: `:1`, `unix:1`, `host:1.0`.
 * @param {string} display
 * @returns {Array<import('node:net').NetConnectOpts>}
 */
function displayPlaces(display) {
  const match = /^(.*):(\d+)(\.\d+)?$/.exec(display);
  if (match === null) return [];
  const [, host = '', number = '0'] = match;
  if (host.startsWith('/')) return [{ path: display }];
  if (host !== '' && host !== 'unix') return [{ host, port: 6000 + Number(number) }];
  const path = `/tmp/.X11-unix/X${number}`;
  return [{ path }, { path: `\0${path}` }];
}

/**
 * @param {import('node:net').NetConnectOpts} place
 * @returns {Promise<boolean>}
 */
function answers(place) {
  return new Promise((resolve) => {
    const socket = connect(place);
    /** @param {boolean} there */
    const end = (there) => {
      socket.destroy();
      resolve(there);
    };
    socket.setTimeout(answerMs, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
