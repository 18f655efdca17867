/**
 * The popover by the tray icon: made at the first click, hidden by Escape, by losing the focus, by a second click, and
 * forgotten when it has not been wanted for a minute. Hidden it gets nothing and does nothing. `close()` destroys it.
 */
import type { BrowserWindow, WebContents } from 'electron';
import type { EventName, Events } from '../../preload/contract.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { popoverUrl } from './app-url.ts';
import { popoverSize } from './popover-place.ts';
import type { Theme } from './theme.ts';
import type { Area } from './window-bounds.ts';

/** What the popover needs. */
export interface PopoverDeps {
  readonly BrowserWindow: typeof BrowserWindow;
  readonly platform: NodeJS.Platform;
  readonly preload: string;
  readonly devTools: boolean;
  readonly theme: Theme;
  readonly clock: Clock;
  /** What the page's address says beside, such as the language. */
  query(): string;
  /** Where it opens now. */
  place(): Area;
  /** Called when it became visible, with its page loaded. */
  onShown(): void;
  failed(what: string): void;
}

/** The popover, made or not. */
export interface Popover {
  /** Shows it, or hides it when it is there. */
  toggle(): void;
  hide(): void;
  isVisible(): boolean;
  owns(contents: WebContents): boolean;
  send<N extends EventName>(name: N, payload: Events[N]): void;
  close(): void;
}

/** A click on the icon first takes the focus away, which hides it; the click itself comes within this time. */
const SAME_CLICK_MS = 350;
/** Its page is forgotten after so long. */
const FORGET_MS = 60_000;

export function openPopover(deps: PopoverDeps): Popover {
  let window: BrowserWindow | null = null;
  let loaded = false;
  let wanted = false;
  let hiddenAt = Number.NEGATIVE_INFINITY;
  let cancelForget: CancelTimer | null = null;

  const alive = (): BrowserWindow | null => (window === null || window.isDestroyed() ? null : window);
  const isVisible = (): boolean => alive()?.isVisible() ?? false;
  const hide = (): void => {
    wanted = false;
    const made = alive();
    if (made === null || !made.isVisible()) return;
    hiddenAt = deps.clock.now();
    made.hide();
    cancelForget?.();
    cancelForget = deps.clock.after(FORGET_MS, () => {
      if (!isVisible()) alive()?.destroy();
    });
  };
  const reveal = (): void => {
    const made = alive();
    if (made === null || !loaded || !wanted) return;
    made.setBounds(deps.place());
    made.show();
    made.focus();
    deps.onShown();
  };
  const make = (): BrowserWindow => {
    const made = new deps.BrowserWindow({
      ...{ ...popoverSize, show: false, frame: false, resizable: false, movable: false },
      ...{ minimizable: false, maximizable: false, fullscreenable: false, skipTaskbar: true },
      ...{ alwaysOnTop: true, title: 'Gatehouse', backgroundColor: deps.theme.colors.canvas },
      ...(deps.platform === 'darwin' ? { type: 'panel' } : {}),
      webPreferences: {
        preload: deps.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: deps.devTools,
      },
    });
    made.on('blur', hide);
    made.on('close', (event) => {
      event.preventDefault();
      hide();
    });
    made.on('closed', () => {
      window = null;
      loaded = false;
    });
    made.on('page-title-updated', (event) => event.preventDefault());
    made.webContents.on('before-input-event', (event, input) => {
      if (input.type !== 'keyDown' || input.key !== 'Escape') return;
      event.preventDefault();
      hide();
    });
    made.webContents.on('did-finish-load', () => {
      loaded = true;
      reveal();
    });
    made.webContents.on('render-process-gone', (_event, details) => {
      deps.failed(`the popover died: ${details.reason}`);
      made.destroy();
    });
    made.loadURL(`${popoverUrl}${deps.query()}`).catch(() => {
      deps.failed('the popover could not be loaded');
      // The next click tries again.
      if (!made.isDestroyed()) made.destroy();
    });
    return made;
  };
  const stopTheme = deps.theme.onChange(() => alive()?.setBackgroundColor(deps.theme.colors.canvas));

  return {
    toggle() {
      if (isVisible()) return hide();
      if (deps.clock.now() - hiddenAt < SAME_CLICK_MS) return;
      cancelForget?.();
      cancelForget = null;
      wanted = true;
      if (alive() === null) window = make();
      else reveal();
    },
    hide,
    isVisible,
    owns: (contents) => alive()?.webContents === contents,
    send(name, payload) {
      if (loaded) alive()?.webContents.send(`gatehouse:${name}`, payload);
    },
    close() {
      stopTheme();
      cancelForget?.();
      alive()?.destroy();
      window = null;
    },
  };
}
