/**
 * The tray, through the session bus: what a panel shows and what happens when its menu is clicked. Also closing to the
 * tray, since only a tray makes that possible.
 */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import {
  closeWindow,
  descendants,
  isAlive,
  pageAt,
  type RunningApp,
  shows,
  startApp,
  windowVisible,
} from './app.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';
import { waitFor } from './wait.ts';

const memory = nodeEntry(npmServer('memory'));
const broken = { command: '/nonexistent/server', args: [] };
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

const isOn = (entry: { checked: boolean | null }): boolean => entry.checked === true;
const isOff = (entry: { checked: boolean | null }): boolean => entry.checked === false;

describe('tray', () => {
  it('says what is, and a click on a server really switches it', async () => {
    running = await startApp(desktop, { servers: { memory }, window: false });
    await host.entry(['memory · Ready'], isOn);
    const menu = await host.menu();
    expect(menu[0]).toMatchObject({ label: 'Running, 1 server is ready', enabled: false });
    expect(await host.tooltip()).toBe('Gatehouse: running, 1 server is ready');
    expect(menu.filter((entry) => !entry.separator).map((entry) => entry.label)).toEqual([
      'Running, 1 server is ready',
      'memory · Ready',
      'Connect a client',
      'Pause all',
      'Copy endpoint',
      'Open Gatehouse',
      'Quit Gatehouse',
    ]);
    // The drawing from assets/tray; what stands in when it is missing has 16.
    expect(await host.iconSize()).toEqual([24, 24]);
    const { pid } = await running.ready();
    const server = () => descendants(pid).find((each) => each.command.includes('server-memory'));
    await waitFor('the server process', () => server() ?? null);

    await host.click('memory');
    await host.entry(['memory · Off'], isOff);
    await waitFor('the server process to end', () => server() === undefined);
    await host.click('memory');
    await host.entry(['memory · Ready'], isOn);
    await waitFor('the server process again', () => server() ?? null);
  });

  it('puts a failed server first, with its verbs, and leads to its page', async () => {
    running = await startApp(desktop, { servers: { broken, memory }, window: false });
    const attention = await host.entry(['Needs attention (1)', 'broken']);
    expect(attention.entries.map((entry) => entry.label)).toEqual(['Open', 'Try again']);
    expect((await host.menu())[0]?.label).toBe('Running, 1 thing waits for you');
    await host.click('Needs attention', 'broken', 'Open');
    const page = await pageAt(running.app, 'index.html');
    await page.getByRole('heading', { name: 'broken' }).waitFor();
    await waitFor('the window', () => windowVisible(running.app));
  });

  it('pauses, resumes, copies the endpoint', async () => {
    running = await startApp(desktop, { servers: { memory }, window: false });
    await host.entry(['memory · Ready']);
    const { endpoint } = await running.ready();
    await host.click('Copy endpoint');
    await waitFor('the address on the clipboard', async () => {
      const text = await running.app.evaluate(({ clipboard }) => clipboard.readText());
      return text === endpoint;
    });
    await host.click('Connect a client', 'Copy the command for Claude Code');
    await waitFor('the command on the clipboard', async () => {
      const text = await running.app.evaluate(({ clipboard }) => clipboard.readText());
      return text.startsWith('claude mcp add') && text.includes(endpoint);
    });
    await host.click('Pause all');
    await host.entry(['Pause all'], isOn);
    expect((await host.menu())[0]?.label).toBe('All servers are paused');
    await host.click('Pause all');
    await host.entry(['Pause all'], isOff);
  });

  it('keeps the gateway answering when the window is closed, and brings the window back', async () => {
    running = await startApp(desktop);
    await waitFor('the window', () => windowVisible(running.app));
    await host.entry(['Open Gatehouse']);
    await closeWindow(running.app);
    await waitFor('the window to hide', async () => !(await windowVisible(running.app)));
    const { endpoint } = await running.ready();
    const health = await fetch(new URL('/_healthz', endpoint));
    expect(health.status).toBe(200);
    await host.click('Open Gatehouse');
    await waitFor('the window to come back', () => windowVisible(running.app));
    await closeWindow(running.app);
    await waitFor('the window to hide again', async () => !(await windowVisible(running.app)));
    // A click on the icon itself is the popover's.
    await host.activate();
    await waitFor('the popover on a click on the icon', () => shows(running.app, 'popover.html'));
  });

  it('quits with 0 and leaves no process behind', async () => {
    const slow = nodeEntry(join(import.meta.dirname, 'slow-server.mjs'));
    running = await startApp(desktop, { servers: { slow } });
    await host.entry(['slow · Ready']);
    const { endpoint, pid } = await running.ready();
    const below = descendants(pid);
    const server = below.find((each) => each.command.includes('slow-server'));
    expect(server).toBeDefined();
    await host.click('Quit Gatehouse');
    expect(await running.exited()).toBe(0);
    expect(isAlive(server?.pid ?? 0)).toBe(false);
    await waitFor('every process to end', () => below.every((each) => !isAlive(each.pid)));
    await expect(fetch(endpoint)).rejects.toThrow();
  });
});

describe('without a tray', () => {
  it('never hides a window that nothing could bring back', async () => {
    const bare = await startDesktop();
    try {
      running = await startApp(bare);
      await waitFor('the window', () => windowVisible(running.app));
      // It asks the bus whether there is a tray, and then does one or the other.
      const done = await running.app.evaluate(
        ({ BrowserWindow }) =>
          new Promise((resolve) => {
            const [window] = BrowserWindow.getAllWindows();
            if (window !== undefined) {
              window.minimize = () => resolve('minimized');
              window.hide = () => resolve('hidden');
              window.once('closed', () => resolve('closed'));
              window.close();
            }
          }),
      );
      expect(done).toBe('minimized');
    } finally {
      await running?.close();
      await bare.close();
    }
  });
});
