/**
 * The tray icon: draws the model and nothing else, and only when the model has changed. Every act is in the menu,
 * since many Linux panels deliver no clicks. `close()` removes the icon.
 */
import type { NativeImage, Tray } from 'electron';
import type { CorePort, Snapshot } from '../../preload/contract.ts';
import type { CancelTimer, Clock } from '../protocol/clock.ts';
import { type MenuItemModel, type TrayAction, type TrayIcon, trayModel } from './tray-model.ts';
import type { ShellWords } from './words.ts';

/** The part of Electron's Tray that is used. */
export type TrayPort = Pick<
  Tray,
  'setImage' | 'setToolTip' | 'setContextMenu' | 'popUpContextMenu' | 'on' | 'destroy'
>;

/** What the tray needs. */
export interface TrayDeps {
  readonly core: CorePort;
  readonly clock: Clock;
  readonly words: ShellWords;
  /** True where a left click would open the menu unless it is kept from the icon: then the menu comes by the other button. */
  readonly menuOnDemand: boolean;
  /** The icon was clicked, where the system delivers that. */
  clicked(): void;
  create(image: NativeImage): TrayPort;
  /** The picture for a state, for the current theme of the panel. */
  image(icon: TrayIcon): NativeImage;
  menu(items: readonly MenuItemModel[], run: (action: TrayAction) => void): Electron.Menu;
  /** Does what was clicked; settles when it is done, and never rejects. */
  run(action: TrayAction): Promise<void>;
  /** Calls back when the panel's theme may have changed; returns the way to stop. */
  onThemeChange(listener: () => void): () => void;
  /** Calls back when the words have become other ones; returns the way to stop. */
  onWordsChange(listener: () => void): () => void;
}

/** The icon in the tray. */
export interface TrayHandle {
  close(): void;
}

/** The dot in the doorway stays at least this long, so that it can be seen. */
const busyHoldMs = 400;

/** Puts the icon into the tray. Throws when the system refuses it; the app then lives on without. */
export function openTray(deps: TrayDeps): TrayHandle {
  let icon: TrayIcon = trayModel(deps.core.snapshot(), deps.words).icon;
  let busySince = icon === 'busy' ? deps.clock.now() : 0;
  let cancelHold: CancelTimer | null = null;
  let drawnMenu = '';
  let drawnTooltip = '';
  let menu: Electron.Menu | null = null;
  let closed = false;
  const tray = deps.create(deps.image(icon));

  const run = (action: TrayAction): void => {
    deps.run(action).then(() => {
      // Electron has already flipped the clicked mark; whatever came of the act, the menu shows the truth again.
      drawnMenu = '';
      draw(deps.core.snapshot());
    }, ignore);
  };

  const setIcon = (next: TrayIcon): void => {
    cancelHold?.();
    cancelHold = null;
    if (next === icon) {
      return;
    }
    const left = busySince + busyHoldMs - deps.clock.now();
    if (icon === 'busy' && left > 0) {
      cancelHold = deps.clock.after(left, () => draw(deps.core.snapshot()));
      return;
    }
    icon = next;
    busySince = next === 'busy' ? deps.clock.now() : 0;
    tray.setImage(deps.image(icon));
  };

  const draw = (snapshot: Snapshot): void => {
    if (closed) {
      return;
    }
    const model = trayModel(snapshot, deps.words);
    setIcon(model.icon);
    if (model.tooltip !== drawnTooltip) {
      drawnTooltip = model.tooltip;
      tray.setToolTip(model.tooltip);
    }
    const drawn = JSON.stringify(model.items);
    if (drawn !== drawnMenu) {
      drawnMenu = drawn;
      menu = deps.menu(model.items, run);
      if (!deps.menuOnDemand) tray.setContextMenu(menu);
    }
  };

  tray.on('click', () => deps.clicked());
  if (deps.menuOnDemand) {
    tray.on('right-click', () => {
      if (menu !== null) tray.popUpContextMenu(menu);
    });
  }
  draw(deps.core.snapshot());
  const stopSnapshots = deps.core.onSnapshot(draw);
  const stopWords = deps.onWordsChange(() => draw(deps.core.snapshot()));
  const stopTheme = deps.onThemeChange(() => {
    if (!closed) {
      tray.setImage(deps.image(icon));
    }
  });
  return {
    close() {
      if (!closed) {
        closed = true;
        cancelHold?.();
        stopTheme();
        stopWords();
        stopSnapshots();
        tray.destroy();
      }
    },
  };
}

function ignore(): void {}
