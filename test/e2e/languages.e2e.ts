/**
 * The language in the real app: it follows the system, then the user's wish, in the window and in the tray, without a
 * restart; a page that is loaded again begins with it.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';
import { waitFor } from './wait.ts';

const memory = nodeEntry(npmServer('memory'));
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

it('changes while the app runs, in the window and in the tray, and stays when the page is loaded again', async () => {
  running = await startApp(desktop, { servers: { memory } });
  const { page } = running;
  await page.getByRole('link', { name: 'Approvals' }).waitFor();
  await host.entry(['memory · Ready']);
  const wish = (language: string) =>
    page.evaluate((tag) => window.gatehouse?.invoke('preferences.set', { language: tag }), language);

  await page.getByRole('link', { name: 'memory', exact: true }).click();
  await page.getByRole('tab', { name: 'Isolation' }).waitFor();
  await wish('de');
  await page.getByRole('link', { name: 'Freigaben' }).waitFor();
  // The screen that is open says everything anew, and stays where it was.
  await page.getByRole('tab', { name: 'Protokoll' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('de');
  await host.entry(['memory · Bereit']);
  await waitFor('the tooltip', async () =>
    (await host.tooltip()) === 'Gatehouse: Läuft, 1 Server ist bereit' ? true : null,
  );

  await page.reload();
  await page.getByRole('link', { name: 'Freigaben' }).waitFor();
  await wish('zh-Hans');
  await page.getByRole('link', { name: '批准' }).waitFor();
  await host.entry(['退出 Gatehouse']);
  await wish('system');
  await page.getByRole('link', { name: 'Approvals' }).waitFor();
  await host.entry(['Quit Gatehouse']);
});

it('is the system’s when the user has not said another', async () => {
  running = await startApp(desktop, { servers: { memory }, env: { LANG: 'ja_JP.UTF-8', LANGUAGE: 'ja' } });
  const { page } = running;
  await page.getByRole('link', { name: '承認' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toMatch(/^ja/);
  await host.entry(['memory · 準備完了']);
});
