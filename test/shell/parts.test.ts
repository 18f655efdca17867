/** The small parts of the shell that need no Electron. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createClosers } from '../../main/protocol/closers.ts';
import { readArgv } from '../../main/shell/argv.ts';
import { hasGraphicsCard } from '../../main/shell/gpu.ts';
import { defaultPreferences, openPreferences } from '../../main/shell/preferences.ts';
import { openQuit } from '../../main/shell/quit.ts';
import { safeStoragePort } from '../../main/shell/safe-storage.ts';
import { openSingleInstance } from '../../main/shell/single-instance.ts';
import { openSnapshotPush } from '../../main/shell/snapshot-push.ts';
import { runTrayAction } from '../../main/shell/tray-actions.ts';
import { panelIsDark, trayIconFile } from '../../main/shell/tray-icons.ts';
import { mayOpenOutside } from '../../main/shell/web-security.ts';
import { placeWindow, windowSize } from '../../main/shell/window-bounds.ts';
import type { ActivityAppended } from '../../preload/views/activity.ts';
import { fakeClock, fakeCore } from './fake-core.ts';

describe('command line', () => {
  it('leaves what Chromium, Electron and Playwright add to them', () => {
    const args = ['--no-sandbox', '--inspect=0', '--remote-debugging-port=0', '--disable-gpu', '-psn_0_1'];
    const ours = ['--data-dir', '/d', '--listen', '127.0.0.1:0', '--log-level', 'debug', '--no-auth'];
    expect(readArgv(['/electron', ...args, ...ours, '--hidden', 'gatehouse://v1/open'], false)).toEqual({
      core: ours,
      hidden: true,
      links: ['gatehouse://v1/open'],
    });
  });

  it('skips the path of the app where Electron is given one', () => {
    expect(readArgv(['/electron', '.', '--no-auth'], true).core).toEqual(['--no-auth']);
  });
});

describe('single instance', () => {
  const fakeApp = (held: boolean) =>
    Object.assign(new EventEmitter(), {
      requestSingleInstanceLock: vi.fn(() => held),
      releaseSingleInstanceLock: vi.fn(),
    });

  it('gives way to the one that is there, and hands over its arguments', () => {
    const app = fakeApp(false);
    const args = { core: ['--token', 's3cret'], hidden: true, links: ['gatehouse://v1/x'] };
    expect(openSingleInstance(app as never, args)).toBeNull();
    expect(app.requestSingleInstanceLock).toHaveBeenCalledWith({ argv: ['--hidden', 'gatehouse://v1/x'] });
  });

  it('hears of a second start, also of one that came before anybody listened', () => {
    const app = fakeApp(true);
    const heard: unknown[] = [];
    const instance = openSingleInstance(app as never, { core: [], hidden: false, links: [] });
    app.emit('second-instance', {}, [], '/', { argv: ['--hidden', 3] });
    instance?.onSecond((args) => heard.push(args));
    app.emit('second-instance', {}, [], '/', 'nonsense');
    expect(heard).toEqual([
      { core: [], hidden: true, links: [] },
      { core: [], hidden: false, links: [] },
    ]);
    instance?.close();
    app.emit('second-instance', {}, [], '/', null);
    expect(heard).toHaveLength(2);
  });
});

describe('window place', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 };
  it('begins in the middle, at its first size', () => {
    expect(placeWindow(undefined, [screen])).toEqual({ width: 1080, height: 720, maximized: false });
  });
  it('comes back where it was', () => {
    const saved = { x: 40, y: 50, width: 1200, height: 800, maximized: true };
    expect(placeWindow(saved, [screen])).toEqual(saved);
  });
  it.each([
    ['a screen that is gone', { x: 2500, y: 50, width: 1200, height: 800, maximized: false }],
    ['above the top edge', { x: 40, y: -300, width: 1200, height: 800, maximized: false }],
    ['a sliver', { x: 1900, y: 50, width: 1200, height: 800, maximized: false }],
  ])('does not open on %s', (_name, saved) => {
    expect(placeWindow(saved, [screen])).toEqual({ width: 1200, height: 800, maximized: false });
  });
  it('fits a smaller screen, but not below its minimum', () => {
    const saved = { x: 0, y: 0, width: 1900, height: 1000, maximized: false };
    expect(placeWindow(saved, [{ x: 0, y: 0, width: 1000, height: 500 }])).toMatchObject({
      width: 1000,
      height: windowSize.minHeight,
    });
  });
  it.each([null, 'x', { x: 'a' }, { x: 1, y: 1, width: -5, height: 1, maximized: false }])(
    'ignores %j',
    (saved) => {
      expect(placeWindow(saved, [screen])).toMatchObject({ width: 1080, height: 720 });
    },
  );
});

describe('preferences', () => {
  it('falls back field by field', () => {
    const kept: Record<string, unknown> = { theme: 'dark', startHidden: 'yes', language: 5 };
    const preferences = openPreferences({ get: (key) => kept[key], set: () => {} });
    expect(preferences.get()).toEqual({ ...defaultPreferences, theme: 'dark' });
  });
  it('takes which notices are shown, and keys that no single letter is', () => {
    const kept: Record<string, unknown> = {};
    const preferences = openPreferences({
      get: (key) => kept[key],
      set: (values) => void Object.assign(kept, values),
    });
    const notifications = { calls: true, approvals: false, signIn: false };
    expect(preferences.set({ notifications, shortcut: 'CommandOrControl+Shift+G' })).toMatchObject({
      notifications,
      shortcut: 'CommandOrControl+Shift+G',
    });
    expect(preferences.set({ shortcut: null }).shortcut).toBeNull();
    for (const bad of [{ shortcut: 'G' }, { shortcut: 'Control+' }, { notifications: { calls: true } }]) {
      expect(() => preferences.set(bad)).toThrow(expect.objectContaining({ code: 'preferences.invalid' }));
    }
    // What another version or a hand has written there is no reason to lose the rest.
    Object.assign(kept, { notifications: { calls: 'no' }, shortcut: 'G' });
    expect(preferences.get()).toEqual(defaultPreferences);
  });
  it('tells who listens, and says when the disk refuses', () => {
    let full = false;
    const heard: unknown[] = [];
    const preferences = openPreferences({
      get: () => undefined,
      set: () => {
        if (full) throw new Error('ENOSPC');
      },
    });
    const stop = preferences.onChange((now) => heard.push(now));
    preferences.set({ startHidden: true });
    stop();
    preferences.set({});
    expect(heard).toHaveLength(1);
    full = true;
    expect(() => preferences.set({})).toThrow(expect.objectContaining({ code: 'preferences.not_saved' }));
  });
});

describe('quit', () => {
  function setup(shutdown: () => Promise<void>) {
    const clock = fakeClock();
    const app = Object.assign(new EventEmitter(), { exit: vi.fn() });
    const process = new EventEmitter();
    const failed = vi.fn();
    const quit = openQuit({
      app: app as never,
      process: process as never,
      clock,
      budgetMs: 1000,
      shutdown,
      failed,
    });
    return { clock, app, process, failed, quit };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('closes in good order on %s, once', async (signal) => {
    const shutdown = vi.fn(async () => {});
    const { app, process, quit, clock } = setup(shutdown);
    process.emit(signal);
    process.emit(signal);
    expect(quit.quitting).toBe(true);
    await settled();
    expect(shutdown).toHaveBeenCalledTimes(1);
    expect(app.exit.mock.calls).toEqual([[0]]);
    expect(clock.waiting).toBe(0);
  });

  it('holds Electron back until everything is closed', async () => {
    let release = (): void => {};
    const { app } = setup(() => new Promise((resolve) => (release = resolve)));
    const event = { preventDefault: vi.fn() };
    app.emit('before-quit', event);
    await settled();
    expect(event.preventDefault).toHaveBeenCalled();
    expect(app.exit).not.toHaveBeenCalled();
    release();
    await settled();
    expect(app.exit.mock.calls).toEqual([[0]]);
  });

  it('leaves with 1 when closing fails or takes too long', async () => {
    const broken = setup(async () => {
      throw new Error('x');
    });
    broken.quit.request();
    await settled();
    expect(broken.app.exit.mock.calls).toEqual([[1]]);
    const stuck = setup(() => new Promise(() => {}));
    stuck.quit.request();
    stuck.clock.advance(1000);
    expect(stuck.app.exit.mock.calls).toEqual([[1]]);
    expect(stuck.failed).toHaveBeenCalled();
  });
});

describe('closers', () => {
  it('closes in reverse order, and goes on after a failure', async () => {
    const order: string[] = [];
    const closers = createClosers();
    closers.add(() => void order.push('a'));
    closers.add(async () => {
      throw new Error('b');
    });
    closers.add(() => void order.push('c'));
    await expect(closers.closeAll()).rejects.toThrow('b');
    expect(order).toEqual(['c', 'a']);
    await closers.closeAll();
    expect(order).toHaveLength(2);
  });
});

describe('snapshot push', () => {
  it('sends to a visible window only, and the newest only', () => {
    const core = fakeCore();
    const sent: number[] = [];
    let visible = false;
    const push = openSnapshotPush(core, {
      isVisible: () => visible,
      send: (_name, payload) => void sent.push((payload as { revision: number }).revision),
    });
    core.set({ paused: true });
    core.set({ paused: false });
    expect(sent).toEqual([]);
    visible = true;
    push.flush();
    core.set({ paused: true });
    expect(sent).toEqual([3, 4]);
    push.close();
    core.set({ paused: false });
    expect(sent).toHaveLength(2);
  });

  it('asks for what is recorded only while somebody looks', () => {
    const listening = new Set<() => void>();
    const core = {
      ...fakeCore(),
      onActivity(listener: (appended: ActivityAppended) => void) {
        const one = (): void => listener({ rows: [], missed: 0 });
        listening.add(one);
        return () => void listening.delete(one);
      },
    };
    const sent: string[] = [];
    let visible = false;
    const push = openSnapshotPush(core, { isVisible: () => visible, send: (name) => void sent.push(name) });
    expect(listening.size).toBe(0);
    visible = true;
    push.flush();
    for (const one of listening) one();
    expect(sent).toEqual(['snapshot', 'activity']);
    visible = false;
    for (const one of listening) one();
    expect([listening.size, sent.length]).toEqual([0, 2]);
    visible = true;
    push.flush();
    expect(listening.size).toBe(1);
    push.close();
    expect(listening.size).toBe(0);
  });
});

describe('tray acts', () => {
  it('shows an error that a menu cannot show', async () => {
    const report = vi.fn();
    const error = { code: 'a.b', message: 'm', remedy: 'r' };
    const deps = {
      command: async () => ({ ok: false as const, error }),
      openWindow: vi.fn(),
      quit: vi.fn(),
      report,
    };
    await runTrayAction({ kind: 'command', name: 'gateway.setPaused', args: { paused: true } }, deps);
    expect(report).toHaveBeenCalledWith(error);
    await runTrayAction({ kind: 'open', to: null }, deps);
    await runTrayAction({ kind: 'quit' }, deps);
    expect([deps.openWindow.mock.calls.length, deps.quit.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('tray icons', () => {
  it('chooses the file by platform, theme and size', () => {
    const file = (platform: NodeJS.Platform, dark: boolean, scale: number) =>
      trayIconFile('t', 'busy', { platform, dark, scale });
    expect(file('darwin', true, 2)).toBe(join('t', 'busyTemplate.png'));
    expect(file('win32', true, 1)).toBe(join('t', 'tray-busy-dark.ico'));
    expect(file('linux', false, 1)).toBe(join('t', 'tray-busy-light-24.png'));
    expect(file('linux', true, 2)).toBe(join('t', 'tray-busy-dark-32.png'));
  });
  it('knows the dark panel of GNOME and the taskbar of Windows', () => {
    expect(panelIsDark('linux', 'ubuntu:GNOME', { app: false, system: undefined })).toBe(true);
    expect(panelIsDark('linux', 'KDE', { app: false, system: undefined })).toBe(false);
    expect(panelIsDark('win32', undefined, { app: false, system: true })).toBe(true);
  });
});

describe('links', () => {
  it.each([
    ['https://example.com/x', true],
    ['http://example.com/', false],
    ['https://user:pw@example.com/', false],
    ['file:///etc/passwd', false],
    ['javascript:alert(1)', false],
    ['smb://host/share', false],
    ['ms-msdt:/id', false],
    ['', false],
  ])('%s may leave the app: %s', (url, may) => {
    expect(mayOpenOutside(url)).toBe(may);
  });
});

describe('safe storage', () => {
  const storage = (backend: string | null) =>
    ({
      isEncryptionAvailable: () => true,
      ...(backend === null ? {} : { getSelectedStorageBackend: () => backend }),
      encryptString: (text: string) => Buffer.from(text),
      decryptString: (data: Buffer) => data.toString(),
    }) as never;
  it.each([
    ['linux', 'gnome_libsecret', true],
    ['linux', 'basic_text', false],
    ['linux', 'unknown', false],
    ['linux', null, false],
    ['darwin', null, true],
  ] as const)('on %s with %s: %s', (platform, backend, available) => {
    expect(safeStoragePort(storage(backend), platform).isAvailable()).toBe(available);
  });
});

describe('graphics card', () => {
  it('is looked for on Linux and taken for granted elsewhere', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-dri-'));
    try {
      writeFileSync(join(folder, 'card0'), '');
      expect(hasGraphicsCard('linux', folder)).toBe(false);
      writeFileSync(join(folder, 'renderD128'), '');
      expect(hasGraphicsCard('linux', folder)).toBe(true);
      expect(hasGraphicsCard('linux', join(folder, 'none'))).toBe(false);
      expect(hasGraphicsCard('darwin', join(folder, 'none'))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
