/**
 * Puts the desktop together: protocol, preferences, theme, window, bridge, tray. Holds no logic of its own. `close()`
 * takes it apart in reverse order; the core stays, it belongs to the entry.
 */
import { existsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type * as Electron from 'electron';
import type { CorePort, Events } from '../../preload/contract.ts';
import type { Clock } from '../protocol/clock.ts';
import { createClosers } from '../protocol/closers.ts';
import { problemOf } from '../protocol/error.ts';
import { appMenuTemplate } from './app-menu.ts';
import { openAppProtocol } from './app-protocol.ts';
import { openBadge } from './badge.ts';
import { desktopCommands } from './desktop-commands.ts';
import { openIpc } from './ipc.ts';
import { type LoginStartDeps, openLoginStart } from './login-start.ts';
import { openNotices } from './notices.ts';
import { createPages } from './pages.ts';
import { openPopover } from './popover.ts';
import { placePopover } from './popover-place.ts';
import { openPreferences } from './preferences.ts';
import { openShortcut } from './shortcut.ts';
import { openSnapshotPush } from './snapshot-push.ts';
import { openSpeech, systemLanguages } from './speech.ts';
import { openStore } from './store.ts';
import { openTheme } from './theme.ts';
import { openTray } from './tray.ts';
import { runTrayAction } from './tray-actions.ts';
import { hasTrayHost } from './tray-host.ts';
import { loadTrayIcon, panelIsDark, trayIconFile } from './tray-icons.ts';
import { menuTemplate } from './tray-menu.ts';
import { openMainWindow } from './window.ts';
import type { Area } from './window-bounds.ts';

/**
 * Milliseconds after a start in the tray in which the window is made, hidden: by then the core has done the most of its
 * own start, and few people are quicker.
 */
const PREPARE_AFTER_MS = 2_000;
/** A hidden window takes some 140 MB of memory: too much of a computer that has less than so many bytes. */
const PREPARE_FROM_MEMORY = 4 * 1024 ** 3;

/** What the shell needs. */
export interface ShellDeps {
  readonly electron: typeof Electron;
  /** Settles when the core runs, or a stand-in for it. */
  readonly core: Promise<CorePort>;
  readonly dataDir: string;
  /** Start in the tray, without the window. */
  readonly hidden: boolean;
  readonly clock: Clock;
  /** True when this start makes the configuration: then the first steps are shown. */
  readonly isNew: boolean;
  /** What starts this app when its user logs in; null when that cannot be written down. */
  readonly loginCommand: LoginStartDeps['command'];
  quitting(): boolean;
  quit(): void;
  /** Quits, and starts again. */
  restart(): void;
  log(what: string): void;
}

/** The running desktop. */
export interface Shell {
  /** Shows the main window, and a place in it. */
  show(to?: Events['navigate'] | null): void;
  close(): Promise<void>;
}

/** Opens the desktop; call after `ready`. The window comes first, the core may still be starting. */
export function openShell(deps: ShellDeps): Shell {
  const { electron } = deps;
  const { app, nativeTheme, screen } = electron;
  const { platform } = process;
  const closers = createClosers();
  const appPath = app.getAppPath();

  if (platform === 'win32') {
    // The same as in electron-builder.yml: Windows shows notices only for an app that it knows.
    app.setAppUserModelId('app.gatehouse.Gatehouse');
  }
  const protocol = openAppProtocol(electron.protocol, join(appPath, 'out', 'renderer'));
  closers.add(protocol.close);
  const store = openStore(deps.dataDir, electron.ipcMain);
  const preferences = openPreferences(store);
  closers.add(preferences.close);
  if (deps.isNew && store.get('firstRun') === undefined) preferences.set({ firstRun: true });
  const theme = openTheme(nativeTheme, preferences);
  closers.add(theme.close);
  const speech = openSpeech(preferences, systemLanguages(app));
  closers.add(speech.close);
  let flush = (): void => {};
  const icon = join(appPath, 'assets', 'icons', '256.png');
  const window = openMainWindow({
    app,
    BrowserWindow: electron.BrowserWindow,
    platform,
    preload: join(appPath, 'out', 'preload.js'),
    icon: platform === 'linux' && existsSync(icon) ? icon : null,
    devTools: !app.isPackaged,
    theme,
    store,
    clock: deps.clock,
    workAreas: () =>
      [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea),
    quitting: deps.quitting,
    canHide: () => hasTrayHost(platform),
    place: () => `?lang=${speech.locale()}${preferences.get().firstRun ? '#/welcome' : ''}`,
    onShown: () => flush(),
    failed: deps.log,
  });
  closers.add(window.close);
  let trayIcon: Electron.Tray | null = null;
  const popover = openPopover({
    BrowserWindow: electron.BrowserWindow,
    platform,
    preload: join(appPath, 'out', 'preload.js'),
    devTools: !app.isPackaged,
    theme,
    clock: deps.clock,
    query: () => `?lang=${speech.locale()}`,
    place: () => placeByTray(screen, trayIcon),
    onShown: () => flushPopover(),
    failed: deps.log,
  });
  closers.add(popover.close);
  let flushPopover = (): void => {};
  const popoverPush = (core: CorePort): (() => void) => {
    const push = openSnapshotPush(core, popover);
    flushPopover = push.flush;
    push.flush();
    return push.close;
  };
  const shortcut = openShortcut(electron.globalShortcut, popover.toggle);
  closers.add(shortcut.close);
  const ipc = openIpc({
    ipcMain: electron.ipcMain,
    core: deps.core,
    desktop: desktopCommands({
      core: deps.core,
      preferences,
      dataDir: deps.dataDir,
      loginStart: openLoginStart({
        ...{ app, platform, command: deps.loginCommand },
        configHome: process.env.XDG_CONFIG_HOME || join(app.getPath('home'), '.config'),
      }),
      restart: deps.restart,
      hasTray: () => hasTrayHost(platform),
      shortcut,
      showWindow(to) {
        popover.hide();
        window.show(to);
      },
      writeClipboard: (text) => electron.clipboard.writeText(text),
      openPath: (file) => electron.shell.openPath(file),
      openLink: (url) => electron.shell.openExternal(url),
      async pickFile(near) {
        const choice = await electron.dialog.showOpenDialog({
          defaultPath: near,
          properties: ['openFile', 'showHiddenFiles', 'dontAddToRecent'],
        });
        return choice.filePaths[0] ?? null;
      },
    }),
    clock: deps.clock,
    owns: (contents) => window.owns(contents) || popover.owns(contents),
    page: createPages(),
    failed: deps.log,
  });
  closers.add(ipc.close);
  const setMenu = (): void => {
    const menu = appMenuTemplate(platform, speech.words, deps.quit);
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(menu));
  };
  setMenu();
  speech.onChange((locale) => {
    setMenu();
    window.send('language', locale);
    popover.send('language', locale);
  });
  const onActivate = (): void => window.show();
  app.on('activate', onActivate);
  closers.add(() => void app.off('activate', onActivate));

  if (!deps.hidden && !preferences.get().startHidden) {
    window.show();
  }

  const look = () => ({
    platform,
    dark: panelIsDark(platform, process.env.XDG_CURRENT_DESKTOP, {
      app: nativeTheme.shouldUseDarkColors,
      system: nativeTheme.shouldUseDarkColorsForSystemIntegratedUI,
    }),
    scale: screen.getPrimaryDisplay().scaleFactor,
  });
  const report = (problem: { readonly message: string; readonly remedy: string }): void => {
    if (electron.Notification.isSupported()) {
      new electron.Notification({ title: problem.message, body: problem.remedy }).show();
    } else {
      window.show();
    }
  };
  try {
    shortcut.use(preferences.get().shortcut);
  } catch (error) {
    report(problemOf(error));
  }
  deps.core.then(
    (core) => {
      if (deps.quitting()) {
        return;
      }
      const push = openSnapshotPush(core, window);
      flush = push.flush;
      closers.add(push.close);
      push.flush();
      if (totalmem() >= PREPARE_FROM_MEMORY) closers.add(deps.clock.after(PREPARE_AFTER_MS, window.prepare));
      closers.add(popoverPush(core));
      const notices = openNotices({
        ...{ core, clock: deps.clock, words: speech.words, preferences },
        Notification: electron.Notification,
        openWindow: window.show,
      });
      closers.add(notices.close);
      const badge = openBadge({ core, show: (count) => void app.setBadgeCount(count) });
      closers.add(badge.close);
      try {
        const tray = openTray({
          core,
          clock: deps.clock,
          words: speech.words,
          menuOnDemand: platform === 'darwin',
          clicked: popover.toggle,
          create: (image) => {
            trayIcon = new electron.Tray(image);
            return trayIcon;
          },
          image: (state) => {
            const file = trayIconFile(join(appPath, 'assets', 'tray'), state, look());
            return loadTrayIcon(electron.nativeImage, file, look());
          },
          menu: (items, run) => electron.Menu.buildFromTemplate(menuTemplate(items, run)),
          run: (action) =>
            runTrayAction(action, {
              command: ipc.command,
              openWindow: window.show,
              quit: deps.quit,
              report,
            }),
          onThemeChange: theme.onChange,
          onWordsChange: speech.onChange,
        });
        closers.add(tray.close);
      } catch (error) {
        deps.log(`no tray icon: ${String(error)}`);
        window.show();
      }
    },
    () => deps.log('the core did not start'),
  );

  return { show: window.show, close: closers.closeAll };
}

/** By the icon where the system tells its place, else by the pointer; on the screen of either. */
function placeByTray(screen: Electron.Screen, tray: Electron.Tray | null): Area {
  const icon = tray?.getBounds();
  const known = icon !== undefined && icon.width > 0 && icon.height > 0 && (icon.x !== 0 || icon.y !== 0);
  const anchor = known ? icon : { ...screen.getCursorScreenPoint(), width: 0, height: 0 };
  return placePopover(anchor, screen.getDisplayNearestPoint(anchor).workArea);
}
