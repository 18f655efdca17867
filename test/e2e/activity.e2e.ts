/**
 * The activity log in the real app: calls come in while one looks, are found by words and by how they ended, and are shown
 * in full without their secrets. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';
import { type RunningApp, startApp } from './app.ts';
import { clientOf, type TestClient } from './client.ts';
import { expectNoBarriers, pictures } from './looking.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;
let client: TestClient;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, {
    servers: { everything: nodeEntry(npmServer('everything')), memory: nodeEntry(npmServer('memory')) },
  });
  client = await clientOf(running, 'everything__echo');
}, 90_000);

afterAll(async () => {
  await client?.close();
  await running?.close();
  await desktop?.close();
});

describe('activity', () => {
  it('shows calls as they come, finds them, and shows one in full without its secrets', async () => {
    const { page } = running;
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByText(/No calls (yet|today)/).waitFor();
    await client.call('everything__echo', { message: 'needle', password: 'hunter2' });
    for (let i = 0; i < 5; i += 1) await client.call('everything__echo', { message: `hay ${i}` });
    await client.call('everything__nothing', {}).catch(() => undefined);
    const rows = page.locator('[data-row]');
    await waitFor('seven rows', async () => (await rows.count()) === 7);
    await expectNoBarriers(page);
    await pictures(page, 'activity');

    // The charts are stepped through by key, and each moment says its figures.
    const chart = page.getByRole('slider', { name: 'Calls' });
    await chart.focus();
    await page.keyboard.press('End');
    const last = (await chart.getAttribute('aria-valuetext')) ?? '';
    await page.keyboard.press('ArrowLeft');
    const before = (await chart.getAttribute('aria-valuetext')) ?? '';
    expect([last, before].map((text) => / · \d+ calls?/.test(text))).toEqual([true, true]);
    expect(before).not.toBe(last);
    await page.getByText(before).waitFor();
    await expectNoBarriers(page);

    await page.getByLabel('Result').selectOption('refused');
    await waitFor('the refused one', async () => (await rows.count()) === 1);
    await page.getByLabel('Result').selectOption('any');
    await page.keyboard.press('/');
    await page.keyboard.type('needle');
    await waitFor('the one with the word', async () => (await rows.count()) === 1);
    await rows.first().focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'One row' });
    await drawer.getByText('1 value hidden').waitFor();
    const text = (await drawer.textContent()) ?? '';
    expect(text).toContain('"message": "needle"');
    expect(text).not.toContain('hunter2');
    expect(await axeProblems(page)).toEqual([]);
    await pictures(page, 'activity-drawer');
    await page.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Escape');
    await waitFor('the drawer to go', async () => (await drawer.count()) === 0);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.row)).toBeTruthy();
  });

  it('shows on the page of a server the calls of that server alone, as they come', async () => {
    const { page } = running;
    await client.call('memory__read_graph', {});
    await page.keyboard.press('Control+1');
    await page.getByRole('link', { name: 'memory', exact: true }).click();
    await page.getByRole('tab', { name: /^Activity/ }).click();
    const rows = page.locator('#server-panel-activity [data-row]');
    await waitFor('the one call of it', async () => (await rows.count()) === 1);
    for (let i = 0; i < 3; i += 1) {
      await client.call('memory__search_nodes', { query: `lighthouse ${i}`, apiKey: 'sk-hunter2' });
      await client.call('everything__echo', { message: 'not here' });
    }
    await client.call('memory__open_nodes', { names: 'no list' }).catch(() => undefined);
    await waitFor('the calls of it', async () => (await rows.count()) === 5);
    // The tab counts what the list of servers counts.
    await page.getByRole('tab', { name: 'Activity 5' }).waitFor();
    await expectNoBarriers(page);
    await pictures(page, 'server-activity');

    await page.getByLabel('Result').selectOption('failed');
    await waitFor('the one that failed', async () => (await rows.count()) === 1);
    await page.keyboard.press('Control+f');
    await page.keyboard.type('lighthouse');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await waitFor('all of them', async () => (await rows.count()) === 5);

    await rows.nth(1).focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary', { name: 'One row' });
    await drawer.getByText('1 value hidden').waitFor();
    const text = (await drawer.textContent()) ?? '';
    expect(text).toContain('lighthouse 2');
    expect(text).not.toContain('hunter2');
    expect(await axeProblems(page)).toEqual([]);
    await pictures(page, 'server-activity-drawer');
    await drawer.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press('Escape');
    await waitFor('the drawer to go', async () => (await drawer.count()) === 0);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.row)).toBeTruthy();
  });
});
