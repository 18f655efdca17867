/**
 * By keyboard alone through the real app: whatever goes from under the focus, it stays where one works; keys lead to screens,
 * press what is primary, and take back what was done.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer, root } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  const memory = nodeEntry(npmServer('memory'));
  running = await startApp(desktop, {
    servers: {
      alpha: memory,
      beta: memory,
      fresh: { ...nodeEntry(join(root, 'test/servers/travel.mjs')), quarantined: true },
    },
  });
  running.page.setDefaultTimeout(10_000);
  await running.page.getByRole('row').filter({ hasText: 'beta' }).getByText('Ready').waitFor();
}, 60_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

/** What has the focus: its role or tag, and its beginning. */
function focused(): Promise<string> {
  return running.page.evaluate(() => {
    const it = document.activeElement;
    const said = it?.getAttribute('aria-label') ?? it?.textContent ?? '';
    return `${it?.getAttribute('role') ?? it?.localName} ${said.trim().replace(/\s+/g, ' ')}`;
  });
}

const focusIs = (wanted: RegExp): Promise<unknown> =>
  waitFor(`the focus at ${wanted}`, async () => wanted.test(await focused()), 5_000).catch(
    async (error: unknown) => {
      throw new Error(`it is at ${await focused()}`, { cause: error });
    },
  );

describe('keys', () => {
  it('lead to each screen and to its heading, wherever one was', async () => {
    const { page } = running;
    await page.getByRole('link', { name: 'Activity' }).focus();
    await page.keyboard.press('Control+4');
    await focusIs(/^h1 Clients/);
    // What had the focus goes with its screen.
    await page.getByRole('button', { name: 'Bring in servers' }).focus();
    await page.keyboard.press('Control+3');
    await focusIs(/^h1 Activity/);
    await page.keyboard.press('Control+,');
    await focusIs(/^h1 Settings/);
    // On from there, not from the top of the window.
    await page.keyboard.press('Tab');
    await focusIs(/^a General/);
  });

  it('remove a server, leave one in the list, and bring it back', async () => {
    const { page } = running;
    const entries = (): string[] =>
      Object.keys(
        (JSON.parse(readFileSync(running.configFile, 'utf8')) as { mcpServers: object }).mcpServers,
      );
    await page.keyboard.press('Control+1');
    await page.getByRole('row').filter({ hasText: 'alpha' }).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Remove from Gatehouse' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByText('alpha is removed.').waitFor();
    expect(entries()).not.toContain('alpha');
    await focusIs(/^row (?!.*alpha)/);
    await page.keyboard.press('Control+z');
    await page.getByRole('row').filter({ hasText: 'alpha' }).waitFor();
    expect(entries()).toContain('alpha');
    await waitFor('the message to go', async () => (await page.getByText('alpha is removed.').count()) === 0);
  });

  it('press what is primary, but let nothing through by themselves', async () => {
    const { page } = running;
    await page.keyboard.press('Control+n');
    await focusIs(/^textarea/);
    await page.keyboard.type(`${process.execPath} ${npmServer('everything')}`);
    await page.getByRole('button', { name: /^Review/ }).waitFor();
    await page.keyboard.press('Control+Enter');
    await focusIs(/^h1 Review before the first start/);
    await page.keyboard.press('Control+Enter');
    await focusIs(/^button Add and start/);
    expect(readFileSync(running.configFile, 'utf8')).not.toContain('server-everything');
  });

  it('look at a new server and let it in, with the focus beside it all the while', async () => {
    const { page } = running;
    await page.keyboard.press('Control+2');
    await page.getByRole('button', { name: 'Look on this computer' }).focus();
    await page.keyboard.press('Enter');
    const approve = page.getByRole('button', { name: /^Approve \d/ }).first();
    await approve.waitFor({ timeout: 20_000 });
    await focusIs(/^h2 fresh/);
    // Letting in nothing is no act.
    const all = page.getByRole('checkbox', { name: 'All', exact: true });
    await all.focus();
    for (const wanted of ['0', '4']) {
      await waitFor(`${wanted} chosen`, async () => {
        if ((await approve.textContent())?.includes(`Approve ${wanted}`)) return true;
        await page.keyboard.press('Space');
        return false;
      });
      expect(await approve.getAttribute('aria-disabled')).toBe(wanted === '0' ? 'true' : null);
    }
    await approve.focus();
    await waitFor('the approval', async () => {
      await page.keyboard.press('Enter');
      return (await page.getByRole('option', { name: /fresh.*Offers/ }).count()) === 0;
    });
    await focusIs(/^(h1|h2|option) (?!$)/);
  });
});
