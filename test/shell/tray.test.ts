import type { NativeImage } from 'electron';
import { describe, expect, it } from 'vitest';
import { openTray } from '../../main/shell/tray.ts';
import { menuTemplate } from '../../main/shell/tray-menu.ts';
import type { TrayAction } from '../../main/shell/tray-model.ts';
import { englishWords, type ShellWords } from '../../main/shell/words.ts';
import { germanWords } from '../../main/shell/words-de.ts';
import type { Snapshot } from '../../preload/contract.ts';
import { fakeClock, fakeCore, serverView } from './fake-core.ts';

function setup(change: Partial<Snapshot> = {}) {
  const core = fakeCore(change);
  const clock = fakeClock();
  const ran: TrayAction[] = [];
  const seen = {
    images: [] as string[],
    tooltips: [] as string[],
    menus: 0,
    listeners: 0,
    destroyed: 0,
    clicks: 0,
  };
  let themeChanged = (): void => {};
  let wordsChanged = (): void => {};
  let words: ShellWords = englishWords;
  let template: ReturnType<typeof menuTemplate> = [];
  let click = (): void => {};
  const tray = {
    setImage: (image: unknown) => void seen.images.push(String(image)),
    setToolTip: (text: string) => void seen.tooltips.push(text),
    setContextMenu: () => {
      seen.menus += 1;
    },
    on: (_name: string, listener: () => void) => {
      seen.listeners += 1;
      click = listener;
      return tray;
    },
    destroy: () => {
      seen.destroyed += 1;
    },
  };
  const handle = openTray({
    core,
    clock,
    words: new Proxy(englishWords, { get: (_english, key) => Reflect.get(words, key) }),
    menuOnDemand: false,
    clicked: () => {
      seen.clicks += 1;
    },
    create: () => tray as never,
    image: (icon) => icon as unknown as NativeImage,
    menu: (items, run) => {
      template = menuTemplate(items, run);
      return {} as Electron.Menu;
    },
    run: async (action) => void ran.push(action),
    onThemeChange: (listener) => {
      themeChanged = listener;
      return () => {
        themeChanged = () => {};
      };
    },
    onWordsChange: (listener) => {
      wordsChanged = listener;
      return () => {
        wordsChanged = () => {};
      };
    },
  });
  const speak = (language: ShellWords): void => {
    words = language;
    wordsChanged();
  };
  const entry = (id: string) => {
    const found = template.find((item) => item.id === id);
    if (found?.click === undefined) {
      throw new Error(`no ${id}`);
    }
    return found.click as () => void;
  };
  return { core, clock, ran, seen, handle, entry, click: () => click(), theme: () => themeChanged(), speak };
}

describe('tray', () => {
  it('rebuilds the menu only when the model has changed', () => {
    const { core, seen } = setup({ servers: [serverView('a')] });
    expect(seen.menus).toBe(1);
    core.set({ servers: [serverView('a', { callsToday: 7 })] });
    core.set({ endpoint: { ...core.snapshot().endpoint, sessions: 4 } });
    expect(seen.menus).toBe(1);
    core.set({ servers: [serverView('a', { state: 'failed' })] });
    expect(seen.menus).toBe(2);
  });

  it('listens to the icon once, however often it is redrawn', () => {
    const { core, seen } = setup();
    for (let i = 0; i < 20; i += 1) {
      core.set({ servers: [serverView(`s${i}`)] });
    }
    expect(seen.listeners).toBe(1);
    expect(core.listeners).toBe(1);
  });

  it('tells of a click where one is delivered', () => {
    const { click, seen } = setup();
    click();
    expect(seen.clicks).toBe(1);
  });

  it('shows the truth again after an act, for Electron flips the mark by itself', async () => {
    const { entry, ran, seen } = setup({ servers: [serverView('a')] });
    entry('server:a')();
    await Promise.resolve();
    await Promise.resolve();
    expect(ran).toEqual([
      { kind: 'command', name: 'server.setEnabled', args: { server: 'a', enabled: false } },
    ]);
    expect(seen.menus).toBe(2);
  });

  it('holds the busy icon for 400 ms', () => {
    const { core, clock, seen } = setup();
    core.set({ servers: [serverView('a', { state: 'starting' })] });
    expect(seen.images).toEqual(['busy']);
    clock.advance(100);
    core.set({ servers: [serverView('a')] });
    expect(seen.images).toEqual(['busy']);
    clock.advance(299);
    expect(seen.images).toEqual(['busy']);
    clock.advance(1);
    expect(seen.images).toEqual(['busy', 'idle']);
  });

  it('follows the theme of the panel', () => {
    const { seen, theme } = setup();
    theme();
    expect(seen.images).toEqual(['idle']);
  });

  it('speaks another language at once', () => {
    const { seen, speak, entry, handle } = setup({ servers: [serverView('a')] });
    speak(germanWords);
    expect(seen.menus).toBe(2);
    expect(seen.tooltips.at(-1)).toBe('Gatehouse: Läuft, 1 Server ist bereit');
    expect(entry('quit')).toBeDefined();
    handle.close();
    speak(englishWords);
    expect(seen.menus).toBe(2);
  });

  it('closes once, and is silent afterwards', () => {
    const { core, seen, handle, clock } = setup();
    core.set({ servers: [serverView('a', { state: 'starting' })] });
    core.set({ servers: [serverView('a')] });
    handle.close();
    handle.close();
    expect(seen.destroyed).toBe(1);
    expect(core.listeners).toBe(0);
    expect(clock.waiting).toBe(0);
  });
});

describe('menu template', () => {
  it('keeps an ampersand and drops line breaks', () => {
    const [item] = menuTemplate([{ type: 'note', id: 'x', label: 'a&b\n\u2028c' }], () => {});
    expect(item).toMatchObject({ label: 'a&&b c', enabled: false });
  });
});
