/**
 * The application menu: on macOS the system's own, elsewhere hidden, since there it only carries the keys (copy, paste,
 * zoom, close, quit).
 */
import type { MenuItemConstructorOptions } from 'electron';
import type { ShellWords } from './words.ts';

/** The template for `Menu.setApplicationMenu`. */
export function appMenuTemplate(
  platform: NodeJS.Platform,
  words: Pick<ShellWords, 'quit'>,
  quit: () => void,
): MenuItemConstructorOptions[] {
  const quitItem: MenuItemConstructorOptions = { label: words.quit, accelerator: 'CmdOrCtrl+Q', click: quit };
  const view: MenuItemConstructorOptions = {
    role: 'viewMenu',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      // The key on layouts where plus needs Shift.
      { role: 'zoomIn', accelerator: 'CmdOrCtrl+=', visible: false },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
    ],
  };
  if (platform !== 'darwin') {
    return [{ role: 'fileMenu', submenu: [{ role: 'close' }, quitItem] }, { role: 'editMenu' }, view];
  }
  const app: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quitItem,
    ],
  };
  return [app, { role: 'editMenu' }, view, { role: 'windowMenu' }];
}
