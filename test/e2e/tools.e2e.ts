/**
 * What is decided for single tools on a server's page, in the real app and with a real client: ask first, another name,
 * and switching off what nobody ever used. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, root } from '../host/gateway.ts';
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
    servers: { travel: nodeEntry(join(root, 'test/servers/travel.mjs')) },
  });
  client = await clientOf(running, 'travel__find_hotel');
  running.page.setDefaultTimeout(10_000);
  await running.page.getByRole('link', { name: 'travel', exact: true }).click();
}, 60_000);

afterAll(async () => {
  await client?.close();
  await running?.close();
  await desktop?.close();
});

const opened = (tool: string) => running.page.getByRole('listitem').filter({ hasText: tool });

describe('a tool', () => {
  it('that was never used is found, and switched off with all of its kind, which can be undone', async () => {
    const { page } = running;
    await client.call('travel__book_trip', { plan: '1' });
    const unused = page.getByRole('radio', { name: /^Never used/ });
    await waitFor('the count', async () => /Never used\s*3/.test((await unused.textContent()) ?? ''));
    await unused.click();
    expect(await page.getByRole('switch', { name: 'book_trip', exact: true }).count()).toBe(0);
    await page.getByText(/^3 tools that are on were never used/).waitFor();
    await expectNoBarriers(page);
    await pictures(page, 'server-unused');
    await page.getByRole('button', { name: 'Switch off 3 tools' }).click();
    await waitFor(
      'the client to see one',
      async () => (await client.toolNames()).join() === 'travel__book_trip',
    );
    await page.getByRole('button', { name: 'Undo' }).click();
    await waitFor('the client to see four', async () => (await client.toolNames()).length === 4);
    await page.getByRole('radio', { name: /^All/ }).click();
  });

  it('is asked about before each call once that is chosen, and no more when it is taken back', async () => {
    const { page } = running;
    await page.getByRole('button', { name: /^find_hotel/ }).click();
    const choice = page.getByRole('combobox', { name: 'Before each call of find_hotel' });
    // Who used it last is told, or that nobody did.
    await opened('find_hotel').getByText('Never, as far back as Activity goes').waitFor();
    await choice.selectOption({ label: 'Ask first' });
    const asks = page.locator('.row').filter({ hasText: 'find_hotel' }).getByText('Ask first');
    await asks.waitFor();
    await waitFor('the count', async () =>
      /Ask first\s*1/.test((await page.getByRole('radio', { name: /^Ask first/ }).textContent()) ?? ''),
    );
    const call = client.call('travel__find_hotel', {}).then(String, String);
    await page.keyboard.press('Control+2');
    await page.getByRole('option', { name: /find_hotel/ }).click();
    await page.getByRole('button', { name: 'Deny', exact: true }).click();
    expect(await call).toMatch(/denied|not allow/i);

    await page.keyboard.press('Control+1');
    await page.getByRole('link', { name: 'travel', exact: true }).click();
    await page.getByRole('button', { name: /^find_hotel/ }).click();
    await choice.selectOption({ label: 'Do not ask' });
    await asks.waitFor({ state: 'detached' });
    await expect(client.call('travel__find_hotel', {})).rejects.toThrow('The booking service is closed.');
    await choice.selectOption({ label: 'As configured' });
    await page.getByRole('button', { name: /^find_hotel/ }).click();
  });

  it('is called and described as one likes, keeps its way to the server, and gets its own words back', async () => {
    const { page } = running;
    const tool = opened('book_trip');
    await page.getByRole('button', { name: /^book_trip/ }).click();
    await tool.getByText(/^.+, by “e2e”/).waitFor();
    const rename = tool.getByRole('button', { name: 'Name and description' });
    await rename.click();
    const dialog = page.getByRole('dialog');
    const save = dialog.getByRole('button', { name: 'Save' });
    await dialog.getByRole('textbox').first().fill('plan_trip');
    await save.click();
    await dialog.getByText(/^Another tool of "travel" is called "plan_trip"/).waitFor();
    await dialog.getByRole('textbox').first().fill('reserve');
    await dialog.getByRole('textbox').last().fill('Only with a plan of today.');
    await expectNoBarriers(page);
    await pictures(page, 'server-rename');
    await save.click();
    await waitFor('the new name', async () => (await client.toolNames()).includes('travel__reserve'));
    expect(await client.toolNames()).not.toContain('travel__book_trip');
    expect(JSON.stringify(await client.call('travel__reserve', { plan: '1' }))).toContain('has expired');
    await tool.getByText('travel__reserve').waitFor();
    await pictures(page, 'server-tool');

    await rename.focus();
    await page.keyboard.press('Enter');
    await waitFor(
      'its words',
      async () => (await dialog.getByRole('textbox').first().inputValue()) === 'reserve',
    );
    await page.keyboard.press('Escape');
    await waitFor('the dialog to go', async () => (await dialog.count()) === 0);
    // On from what opened it.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.textContent?.trim()))
      .toBe('Name and description');
  });
});
