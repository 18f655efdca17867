/**
 * The tray icon's picture for a state, by platform: black template images on macOS, .ico by taskbar theme on Windows,
 * PNG by panel theme and size on Linux. When the files are missing a plain square keeps the tray usable.
 */
import { join } from 'node:path';
import type { NativeImage } from 'electron';
import type { TrayIcon } from './tray-model.ts';

/** What decides which file it is. */
export interface TrayLook {
  readonly platform: NodeJS.Platform;
  /** True when the bar that holds the icon is dark. */
  readonly dark: boolean;
  /** Device pixels per pixel of the primary screen. */
  readonly scale: number;
}

/** The file for a state, inside the tray folder. */
export function trayIconFile(folder: string, icon: TrayIcon, look: TrayLook): string {
  const theme = look.dark ? 'dark' : 'light';
  switch (look.platform) {
    case 'darwin':
      return join(folder, `${icon}Template.png`);
    case 'win32':
      return join(folder, `tray-${icon}-${theme}.ico`);
    default:
      return join(folder, `tray-${icon}-${theme}-${look.scale > 1 ? 32 : 24}.png`);
  }
}

/** Panels on GNOME, Unity and Cinnamon are dark whatever the app theme; elsewhere the theme is the best sign. */
export function panelIsDark(
  platform: NodeJS.Platform,
  desktop: string | undefined,
  dark: { readonly app: boolean; readonly system: boolean | undefined },
): boolean {
  if (platform === 'win32') {
    return dark.system ?? dark.app;
  }
  return dark.app || /gnome|unity|cinnamon/i.test(desktop ?? '');
}

/** The picture for a state; never an empty one, since some systems then show nothing at all. */
export function loadTrayIcon(
  nativeImage: Pick<typeof Electron.nativeImage, 'createFromPath' | 'createFromBitmap'>,
  file: string,
  look: TrayLook,
): NativeImage {
  const image = nativeImage.createFromPath(file);
  const usable = image.isEmpty() ? square(nativeImage, look.dark) : image;
  if (look.platform === 'darwin') {
    usable.setTemplateImage(true);
  }
  return usable;
}

/** A 16 x 16 outline, light or dark. */
function square(
  nativeImage: Pick<typeof Electron.nativeImage, 'createFromBitmap'>,
  dark: boolean,
): NativeImage {
  const size = 16;
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 2; y < size - 2; y += 1) {
    for (let x = 2; x < size - 2; x += 1) {
      const edge = x < 4 || y < 4 || x >= size - 4 || y >= size - 4;
      pixels.fill(dark ? 0xff : 0x20, (y * size + x) * 4, (y * size + x) * 4 + 3);
      pixels[(y * size + x) * 4 + 3] = edge ? 0xff : 0;
    }
  }
  return nativeImage.createFromBitmap(pixels, { width: size, height: size });
}
