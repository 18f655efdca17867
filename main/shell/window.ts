/**
 * The main window: made when it is first wanted or ahead of that, shown when it can paint, hidden instead of closed,
 * remembered in size and place. `close()` destroys it.
 */
import type { App, BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import type { EventName, Events } from '../../preload/contract.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { indexUrl } from './app-url.ts';
import type { PreferenceStore } from './preferences.ts';
import type { Theme } from './theme.ts';
import { type Area, placeWindow, type SavedWindow, windowSize } from './window-bounds.ts';

/** What the window needs. */
export interface WindowDeps {
  readonly app: Pick<App, 'dock'>;
  readonly BrowserWindow: typeof BrowserWindow;
  readonly platform: NodeJS.Platform;
  readonly preload: string;
  /** PNG for the title bar and task list; null where the system takes it from the app. */
  readonly icon: string | null;
  readonly devTools: boolean;
  readonly theme: Theme;
  readonly store: PreferenceStore;
  readonly clock: Clock;
  /** Work areas of the screens, primary first. */
  workAreas(): readonly Area[];
  /** True once the app is on its way out: then closing really closes. */
  quitting(): boolean;
  /** Whether a tray icon can bring a hidden window back. */
  canHide(): Promise<boolean>;
  /** Where a new page begins, as the part of its address after the file; empty for its own beginning. */
  place(): string;
  /** Called when the window became visible, with its page loaded. */
  onShown(): void;
  failed(what: string): void;
}

/** The main window, made or not. */
export interface MainWindow {
  /** Makes it without showing it, so that the first `show()` need not wait for its page. */
  prepare(): void;
  /** Makes it when needed, shows it and brings it to the front; with `to`, its page goes there. */
  show(to?: Events['navigate'] | null): void;
  /** True while it is on screen and answering. */
  isVisible(): boolean;
  /** True for the web contents of this window. */
  owns(contents: WebContents): boolean;
  /** Sends an event to the page, if there is one. */
  send<N extends EventName>(name: N, payload: Events[N]): void;
  close(): void;
}

/** A page that does not paint is shown all the same after this time: an empty window can at least be closed. */
const paintWithinMs = 4000;
const saveAfterMs = 500;
/** A page that dies again within this time is not loaded once more. */
const reloadAfterMs = 10_000;

/** Prepares the window; nothing is made before the first `show()`. */
export function openMainWindow(deps: WindowDeps): MainWindow {
  let window: BrowserWindow | null = null;
  let loaded = false;
  /** Or is taken for it, since it was waited for long enough. */
  let painted = false;
  let maximizeAtFirst = false;
  let responsive = true;
  let next: Events['navigate'] | null = null;
  let cancelSave: CancelTimer | null = null;
  let cancelPaint: CancelTimer | null = null;
  let lastDeath = Number.NEGATIVE_INFINITY;

  const save = (): void => {
    cancelSave?.();
    cancelSave = null;
    if (window === null || window.isDestroyed()) {
      return;
    }
    const place: SavedWindow = {
      ...window.getNormalBounds(),
      maximized: maximizeAtFirst || window.isMaximized(),
    };
    try {
      deps.store.set({ window: place });
    } catch {
      deps.failed('the place of the window could not be saved');
    }
  };
  const saveSoon = (): void => {
    cancelSave?.();
    cancelSave = deps.clock.after(saveAfterMs, save);
  };

  const reveal = (made: BrowserWindow): void => {
    cancelPaint?.();
    cancelPaint = null;
    if (!made.isDestroyed()) {
      if (made.isMinimized()) {
        made.restore();
      }
      // Not before: it would show the window.
      if (maximizeAtFirst) made.maximize();
      maximizeAtFirst = false;
      made.show();
      made.focus();
      showInDock(deps, true);
    }
  };
  const sendNext = (): void => {
    if (next !== null) {
      send('navigate', next);
      next = null;
    }
  };
  const send = <N extends EventName>(name: N, payload: Events[N]): void => {
    if (window !== null && !window.isDestroyed() && loaded) {
      window.webContents.send(`gatehouse:${name}`, payload);
    }
  };
  const make = (): BrowserWindow => {
    const place = placeWindow(deps.store.get('window'), deps.workAreas());
    const { maximized, ...bounds } = place;
    const made = new deps.BrowserWindow({ ...windowOptions(deps), ...bounds });
    maximizeAtFirst = maximized;
    wire(made);
    made.once('ready-to-show', () => {
      if (cancelPaint !== null) reveal(made);
      // Until it was shown or hidden once, its page takes itself for seen, and goes on drawing. One that was waited for
      // in vain is on the screen by now.
      else if (!painted) made.hide();
      painted = true;
    });
    made.loadURL(indexUrl + deps.place()).catch(() => deps.failed('the page could not be loaded'));
    return made;
  };
  const wire = (made: BrowserWindow): void => {
    made.on('close', (event) => {
      save();
      if (!deps.quitting()) {
        event.preventDefault();
        hideOrMinimize(made, deps);
      }
    });
    made.on('closed', () => {
      cancelPaint?.();
      cancelPaint = null;
      window = null;
      loaded = false;
      painted = false;
    });
    made.on('resize', saveSoon);
    made.on('move', saveSoon);
    made.on('show', () => deps.onShown());
    made.on('restore', () => deps.onShown());
    made.on('unresponsive', () => {
      responsive = false;
    });
    made.on('responsive', () => {
      responsive = true;
      deps.onShown();
    });
    made.on('page-title-updated', (event) => event.preventDefault());
    // Another document; moving within the page (its address after #) also "loads", but keeps its listeners.
    made.webContents.on('did-navigate', () => {
      loaded = false;
    });
    made.webContents.on('did-finish-load', () => {
      loaded = true;
      sendNext();
      deps.onShown();
    });
    made.webContents.on('render-process-gone', (_event, details) => {
      deps.failed(`the page died: ${details.reason}`);
      const now = deps.clock.now();
      if (now - lastDeath > reloadAfterMs && !deps.quitting()) {
        lastDeath = now;
        made.webContents.reload();
      }
    });
  };

  const stopTheme = deps.theme.onChange(() => {
    if (window !== null && !window.isDestroyed()) {
      window.setBackgroundColor(deps.theme.colors.canvas);
      if (deps.platform === 'win32') {
        window.setTitleBarOverlay(overlay(deps));
      }
    }
  });

  return {
    prepare() {
      window ??= make();
    },
    show(to = null) {
      next = to;
      window ??= make();
      const made = window;
      if (painted) {
        reveal(made);
        if (loaded) {
          sendNext();
        }
      } else {
        cancelPaint ??= deps.clock.after(paintWithinMs, () => {
          painted = true;
          reveal(made);
        });
      }
    },
    isVisible: () =>
      window !== null && !window.isDestroyed() && responsive && window.isVisible() && !window.isMinimized(),
    owns: (contents) => window !== null && !window.isDestroyed() && window.webContents === contents,
    send,
    close() {
      stopTheme();
      cancelPaint?.();
      save();
      if (window !== null && !window.isDestroyed()) {
        window.destroy();
      }
      window = null;
    },
  };
}

/** Hides to the tray; where nothing shows a tray, minimizes, so that the window can be found again. */
function hideOrMinimize(window: BrowserWindow, deps: WindowDeps): void {
  const act = (canHide: boolean): void => {
    if (window.isDestroyed()) {
      return;
    }
    if (canHide) {
      window.hide();
      showInDock(deps, false);
    } else {
      window.minimize();
    }
  };
  deps.canHide().then(act, () => act(false));
}

function showInDock(deps: WindowDeps, shown: boolean): void {
  if (deps.platform === 'darwin') {
    if (shown) {
      deps.app.dock?.show().catch(() => deps.failed('the Dock icon could not be shown'));
    } else {
      deps.app.dock?.hide();
    }
  }
}

/** Windows draws its buttons over our header, in the header's colours. */
function overlay(deps: WindowDeps): { color: string; symbolColor: string; height: number } {
  return { color: deps.theme.colors.canvas, symbolColor: deps.theme.colors.text, height: 48 };
}

function windowOptions(deps: WindowDeps): BrowserWindowConstructorOptions {
  return {
    show: false,
    minWidth: windowSize.minWidth,
    minHeight: windowSize.minHeight,
    title: 'Gatehouse',
    backgroundColor: deps.theme.colors.canvas,
    autoHideMenuBar: true,
    ...(deps.icon === null ? {} : { icon: deps.icon }),
    ...(deps.platform === 'darwin'
      ? { titleBarStyle: 'hiddenInset' as const, trafficLightPosition: { x: 18, y: 21 } }
      : {}),
    ...(deps.platform === 'win32'
      ? { titleBarStyle: 'hidden' as const, titleBarOverlay: overlay(deps) }
      : {}),
    webPreferences: {
      preload: deps.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      // It would fetch dictionaries from the network.
      spellcheck: false,
      devTools: deps.devTools,
    },
  };
}
