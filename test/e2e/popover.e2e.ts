/**
 * The popover by the tray icon in the real app: made at the first click, drawn from real state, closed by a second click, Escape
 * and losing the focus, and guarded as the main window is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import type { JSHandle, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandName } from '../../preload/contract.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer, root } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';
import { pageAt, type RunningApp, shows, startApp, windowVisible } from './app.ts';
import { clientOf } from './client.ts';
import { picture } from './looking.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let host: TrayHost;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  host = await startTrayHost(desktop.env.DBUS_SESSION_BUS_ADDRESS ?? '');
}, 60_000);

afterEach(() => running?.close());

afterAll(async () => {
  host?.close();
  await desktop?.close();
});

/** How many pages there are, but for that of the window, which is made ahead. */
const popovers = (): Promise<number> =>
  running.app.evaluate(
    ({ webContents }) =>
      webContents.getAllWebContents().filter((each) => !each.getURL().includes('/index.html')).length,
  );

const visible = (): Promise<boolean> => shows(running.app, 'popover.html');

/** The popover's window, in the app. */
const itsWindow = (): Promise<JSHandle<BrowserWindow>> =>
  running.app.evaluateHandle(({ BrowserWindow }) => {
    const made = BrowserWindow.getAllWindows();
    const found = made.find((each) => each.webContents.getURL().includes('/popover.html'));
    if (found === undefined) throw new Error('there is no popover');
    return found;
  });

function invoke(page: Page, name: CommandName, args: object): Promise<unknown> {
  return page.evaluate(([one, given]) => window.gatehouse?.invoke(one, given), [name, args] as const);
}

async function openPopover(): Promise<Page> {
  await host.activate();
  const page = await pageAt(running.app, 'popover.html');
  await waitFor('the popover', visible);
  await page.getByRole('button', { name: 'Open Gatehouse' }).waitFor();
  return page;
}

/**
 * A click that closes the popover takes its focus first: for a moment after closing, a click does not open it again.
 * Nothing shows when that moment is over, so this waits longer than it lasts.
 */
const pastTheClosingClick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 400));

describe('popover', () => {
  it('opens at a click on the icon, shows what is, switches, and goes', async () => {
    const memory = nodeEntry(npmServer('memory'));
    const broken = { command: '/nonexistent/server', args: [] };
    running = await startApp(desktop, { servers: { memory, broken }, window: false });
    await host.entry(['Needs attention (1)']);
    // Nothing of it is there before somebody wants it.
    expect(await popovers()).toBe(0);
    const page = await openPopover();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('1 thing waits for you');
    await page.getByText('broken does not run').waitFor();
    // A server that is not ready says how it is.
    await page.getByRole('listitem').filter({ hasText: 'broken' }).getByText('Failed').waitFor();
    const popover = await itsWindow();
    expect(await popover.evaluate((window) => window.getSize())).toEqual([360, 520]);
    expect(await axeProblems(page)).toEqual([]);

    const own = page.getByRole('switch', { name: 'memory' });
    await own.click();
    await host.entry(['memory · Off']);
    await own.click();
    await host.entry(['memory · Ready']);

    // A second click, Escape, losing the focus: each closes it.
    await host.activate();
    await waitFor('a second click to close it', async () => !(await visible()));
    await pastTheClosingClick();
    await host.activate();
    await waitFor('the popover again', visible);
    // As the window system gives it: what a debugger types passes the app by.
    await popover.evaluate((window) => {
      window.webContents.sendInputEvent({ type: 'keyDown', keyCode: 'Escape' });
    });
    await waitFor('Escape to close it', async () => !(await visible()));
    await pastTheClosingClick();
    await host.activate();
    await waitFor('the popover once more', visible);
    await popover.evaluate((window) => void window.emit('blur'));
    await waitFor('losing the focus to close it', async () => !(await visible()));

    await pastTheClosingClick();
    await host.activate();
    await waitFor('the popover at last', visible);
    await page.getByRole('button', { name: 'Show: broken' }).click();
    const window = await pageAt(running.app, 'index.html');
    await waitFor('the window', () => windowVisible(running.app));
    await window.getByRole('heading', { name: 'broken' }).waitFor();
    await waitFor('the popover to make room', async () => !(await visible()));
  });

  it('allows a call only when all of it is shown, and after a moment', async () => {
    const travel = nodeEntry(join(root, 'test/servers/travel.mjs'));
    running = await startApp(desktop, {
      servers: {
        travel,
        memory: nodeEntry(npmServer('memory')),
        files: nodeEntry(npmServer('filesystem'), desktop.env.TMPDIR ?? '/tmp'),
        'quick-notes': { ...travel, quarantined: true },
      },
      window: false,
    });
    await host.entry(['memory · Ready']);
    await host.entry(['files · Ready']);
    const page = await openPopover();
    for (const tool of ['plan_trip', 'find_hotel']) {
      await invoke(page, 'calls.setRule', { server: 'travel', tool, client: null, rule: 'ask' });
    }
    const client = await clientOf(running, 'memory__read_graph', 'travel__book_trip');
    await client.call('memory__read_graph', {});
    await client.call('travel__book_trip', { plan: '41' });
    await client.call('files__list_allowed_directories', {});
    const answer = client.call('travel__plan_trip', { from: 'Bern', to: 'Lugano' });
    const allow = page.getByRole('button', { name: 'Allow once' });
    await allow.waitFor();
    // What its server claims of the tool stands beside its server.
    await page.locator('.call').getByText('Reads only').waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await running.app.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source;
      }, theme);
      await waitFor('the theme', () =>
        page.evaluate(
          (dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark,
          theme === 'dark',
        ),
      );
      await picture(page, `popover-${theme}`);
    }
    // A script's click is none.
    await page.evaluate(() => document.querySelector<HTMLElement>('.call .primary')?.click());
    expect(await allow.count()).toBe(1);
    // The button takes no press in its first 600 ms, so that nobody allows what appears under the pointer.
    await new Promise((resolve) => setTimeout(resolve, 700));
    await allow.click();
    expect(await answer).not.toMatchObject({ isError: true });

    // What does not fit is reviewed in the window.
    const refused = expect(client.call('travel__find_hotel', { near: 'x'.repeat(400) })).rejects.toThrow();
    await page.getByRole('button', { name: 'Review', exact: true }).waitFor();
    expect(await allow.count()).toBe(0);
    await page.getByRole('button', { name: 'Deny' }).click();
    await refused;
    await client.close();
  });

  it('is guarded as the main window is', async () => {
    running = await startApp(desktop, { window: false });
    await host.entry(['Open Gatehouse']);
    const page = await openPopover();
    const policy = await running.app.evaluate(async ({ net }) => {
      const response = await net.fetch('app://gatehouse/popover.html');
      return response.headers.get('content-security-policy');
    });
    expect(policy).toContain("default-src 'none'");
    const before = page.url();
    await page.evaluate(() => {
      window.open('file:///etc/passwd');
      location.href = 'https://example.org/';
    });
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = 'app://gatehouse/index.html';
      document.body.append(frame);
    });
    expect(page.url()).toBe(before);
    expect(await popovers()).toBe(1);
    const popover = await itsWindow();
    const preferences = await popover.evaluate((window) => {
      const contents = window.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      return contents.getLastWebPreferences();
    });
    expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    // While it shows another page its bridge is dead.
    const answer = await popover.evaluate(async (window) => {
      await window.loadURL('data:text/html,<p>foreign');
      return window.webContents.executeJavaScript("gatehouse.invoke('snapshot.get', {})");
    });
    expect(answer).toMatchObject({ ok: false, error: { code: 'ipc.foreign_sender' } });
  });
});

describe('the keys that open it', () => {
  it('are none until they are chosen, and those that are taken are refused', async () => {
    running = await startApp(desktop, { window: true });
    const registered = (keys: string): Promise<boolean> =>
      running.app.evaluate(({ globalShortcut }, one) => globalShortcut.isRegistered(one), keys);
    const set = (shortcut: string | null): Promise<unknown> =>
      invoke(running.page, 'preferences.set', { shortcut });
    expect(await registered('Control+Alt+G')).toBe(false);
    expect(await set('Control+Alt+G')).toMatchObject({ ok: true, value: { shortcut: 'Control+Alt+G' } });
    expect(await registered('Control+Alt+G')).toBe(true);
    // Somebody else has these.
    await running.app.evaluate(({ globalShortcut }) => {
      globalShortcut.register('Control+Alt+H', () => undefined);
    });
    expect(await set('Control+Alt+H')).toMatchObject({
      ok: false,
      error: { code: 'preferences.shortcut_taken' },
    });
    expect(await registered('Control+Alt+G')).toBe(true);
    const kept = JSON.parse(readFileSync(`${running.dataDir}/preferences.json`, 'utf8'));
    expect(kept.shortcut).toBe('Control+Alt+G');
    expect(await set(null)).toMatchObject({ ok: true });
    expect(await registered('Control+Alt+G')).toBe(false);
  });
});
