/** When the main window is made, and when it is shown. What it looks like, and what it guards, real Electron shows. */
import { EventEmitter } from 'node:events';
import type { App, BrowserWindow } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { openMainWindow } from '../../main/shell/window.ts';
import { manualClock } from '../fakes/manual-clock.ts';

/** What the system was asked for, of the windows that were made. */
let asked: string[];
let made: FakeWindow[];
let stored: Record<string, unknown>;

class FakeWindow extends EventEmitter {
  readonly webContents = Object.assign(new EventEmitter(), {
    send: (name: string) => void asked.push(`send ${name}`),
  });
  constructor() {
    super();
    made.push(this);
    asked.push('make');
  }
  loadURL = (): Promise<void> => Promise.resolve();
  isDestroyed = (): boolean => false;
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => asked.includes('maximize');
  isVisible = (): boolean => asked.includes('show');
  getNormalBounds = () => ({ x: 10, y: 20, width: 1080, height: 720 });
  maximize = (): void => void asked.push('maximize');
  show = (): void => void asked.push('show');
  hide = (): void => void asked.push('hide');
  focus = (): void => undefined;
  destroy = (): void => void this.emit('closed');
}

const clock = manualClock();

function openWindow() {
  return openMainWindow({
    app: {} as App,
    BrowserWindow: FakeWindow as unknown as typeof BrowserWindow,
    ...{ platform: 'linux', preload: '/preload.js', icon: null, devTools: false, clock },
    theme: {
      colors: { canvas: '#fff', window: '#fff', text: '#000' } as never,
      onChange: () => () => undefined,
      close: () => undefined,
    },
    store: { get: (key) => stored[key], set: (values) => void Object.assign(stored, values) },
    workAreas: () => [{ x: 0, y: 0, width: 1920, height: 1040 }],
    quitting: () => false,
    canHide: () => Promise.resolve(true),
    place: () => '',
    onShown: () => undefined,
    failed: (what) => void asked.push(what),
  });
}

beforeEach(() => {
  asked = [];
  made = [];
  stored = {};
});

describe('the main window', () => {
  test('is shown when its page has painted, however often it was asked for', () => {
    const window = openWindow();
    window.show();
    window.show();
    expect(asked).toEqual(['make']);
    made[0]?.emit('ready-to-show');
    expect(asked).toEqual(['make', 'show']);
  });

  test('that was made ahead is shown at once, and not before it is wanted', () => {
    const window = openWindow();
    window.prepare();
    made[0]?.emit('ready-to-show');
    clock.advance(60_000);
    expect(asked).toEqual(['make', 'hide']);
    window.prepare();
    window.show();
    expect(asked).toEqual(['make', 'hide', 'show']);
  });

  test('that was made ahead and has not painted yet is waited for', () => {
    const window = openWindow();
    window.prepare();
    window.show();
    expect(asked).toEqual(['make']);
    made[0]?.emit('ready-to-show');
    expect(asked).toEqual(['make', 'show']);
  });

  test('whose page does not paint is shown after a while, at once from then on, and stays when it paints late', () => {
    const window = openWindow();
    window.show();
    clock.advance(3_999);
    expect(asked).toEqual(['make']);
    clock.advance(1);
    expect(asked).toEqual(['make', 'show']);
    window.show();
    expect(asked).toEqual(['make', 'show', 'show']);
    expect(clock.pending()).toEqual([]);
    // It paints in the end: nobody may lose sight of it then.
    made[0]?.emit('ready-to-show');
    expect(asked).toEqual(['make', 'show', 'show']);
  });

  test('goes where it was asked to last, once its page can hear so', () => {
    const window = openWindow();
    window.prepare();
    window.show({ view: 'servers' } as never);
    made[0]?.emit('ready-to-show');
    expect(asked).toEqual(['make', 'show']);
    made[0]?.webContents.emit('did-finish-load');
    expect(asked).toEqual(['make', 'show', 'send gatehouse:navigate']);
  });

  test('is maximized again when it is shown, and stays so in memory when it never was', () => {
    stored = { window: { x: 10, y: 20, width: 1080, height: 720, maximized: true } };
    const unseen = openWindow();
    unseen.prepare();
    unseen.close();
    expect(asked).toEqual(['make']);
    expect(stored).toMatchObject({ window: { maximized: true } });
    const window = openWindow();
    window.prepare();
    made[1]?.emit('ready-to-show');
    window.show();
    expect(asked).toEqual(['make', 'make', 'hide', 'maximize', 'show']);
  });

  test('is made anew after it is gone', () => {
    const window = openWindow();
    window.prepare();
    made[0]?.emit('ready-to-show');
    made[0]?.emit('closed');
    window.show();
    expect(asked).toEqual(['make', 'hide', 'make']);
    made[1]?.emit('ready-to-show');
    expect(asked).toEqual(['make', 'hide', 'make', 'show']);
  });

  test('that is gone before it has painted is waited for no longer: the next one waits for its own page', () => {
    const window = openWindow();
    window.show();
    made[0]?.emit('closed');
    clock.advance(3_000);
    window.show();
    clock.advance(1_000);
    expect(asked).toEqual(['make', 'make']);
    clock.advance(3_000);
    expect(asked).toEqual(['make', 'make', 'show']);
  });
});
