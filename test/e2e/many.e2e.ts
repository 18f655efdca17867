/**
 * A window full of servers: 200 of them, of which one has 3,000 tools. Lists move and are searched within a frame and
 * at once, and what happens to one server touches one row. Times are those of a
 * processor, so that they mean much the same beside other work.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { type RunningApp, startApp } from './app.ts';
import { connectClient, type TestClient, tokenFromClipboard } from './client.ts';
import { pictures } from './looking.ts';
import { type ManyServers, startManyServers } from './many-servers.ts';

/** GATEHOUSE_QUIET=1 says that nothing else uses this computer; beside other work three times as long is let pass. */
const slack = process.env.GATEHOUSE_QUIET === '1' ? 1 : 3;
/** A frame at 60 a second, in milliseconds. */
const FRAME = (slack * 1000) / 60;
/** How long an answer to a key may take before a person sees that it takes time, in milliseconds. */
const AT_ONCE = slack * 100;

let desktop: Desktop;
let servers: ManyServers;
let running: RunningApp;
let client: TestClient;
let page: Page;
/** Of the process that draws the page. */
let pid: number;

beforeAll(async () => {
  desktop = await startDesktop();
  const counts = Object.fromEntries(Array.from({ length: 199 }, (_, index) => [`office-${index + 1}`, 5]));
  servers = await startManyServers({ archive: 3000, ...counts });
  running = await startApp(desktop, { servers: servers.entries });
  page = running.page;
  pid = await running.app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  await page.getByText('200 of 200 servers are ready.').waitFor({ timeout: 60_000 });
  const { endpoint } = await running.ready();
  client = await connectClient(endpoint, await tokenFromClipboard(running));
}, 120_000);

afterAll(async () => {
  await client?.close();
  await running?.close();
  await servers?.close();
  await desktop?.close();
});

/** Milliseconds that the page's thread has been on a processor: waiting while others are does not count. */
function worked(): number {
  const [nanoseconds = ''] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ');
  return Number(nanoseconds) / 1e6;
}

/** What a frame costs the page's thread, while the list is flung through: 6,000 pixels a second. */
async function frameWhileScrolling(): Promise<number> {
  const frames = 60;
  const before = worked();
  const moved = await page.evaluate(async (count) => {
    const bodies = [...document.querySelectorAll('main .body')];
    const body = bodies.find((one) => one.scrollHeight > one.clientHeight + 2000);
    if (body === undefined) throw new Error('nothing scrolls');
    const seen = new Set<number>();
    body.scrollTop = 0;
    for (let frame = 0; frame < count; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const end = body.scrollTop + body.clientHeight >= body.scrollHeight - 1;
      body.scrollTop = end ? 0 : body.scrollTop + 100;
      seen.add(body.scrollTop);
    }
    body.scrollTop = 0;
    return seen.size;
  }, frames);
  expect(moved).toBeGreaterThan(10);
  return (worked() - before) / frames;
}

/** What the letter that takes most costs, on the way there or back, until the next frame is handed to be drawn. */
async function longestKey(word: string): Promise<number> {
  await page.keyboard.press('Control+f');
  const times: number[] = [];
  for (const key of [...word, ...[...word].map(() => 'Backspace')]) {
    const before = worked();
    await page.keyboard.press(key);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    times.push(worked() - before);
  }
  expect(await page.getByRole('searchbox').first().inputValue()).toBe('');
  return Math.max(...times);
}

/** At most `limit` in one of four tries: a processor that others use as well does less in its time. */
async function expectWithin(limit: number, what: string, measure: () => Promise<number>): Promise<void> {
  let cost = await measure();
  for (let left = 3; left > 0 && cost > limit; left -= 1) cost = Math.min(cost, await measure());
  console.info(`${what}: ${cost.toFixed(1)} ms`);
  expect(cost, what).toBeLessThan(limit);
}

it('200 servers scroll smoothly, and are found as one types', { timeout: 120_000 }, async () => {
  await pictures(page, 'servers-many');
  await expectWithin(FRAME, 'a frame of 200 servers', frameWhileScrolling);
  await expectWithin(AT_ONCE, 'a letter', () => longestKey('office-19'));
});

it('what happens to one server touches one row', async () => {
  await page.evaluate(() => {
    const touched = new Set<string>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const row = element?.closest<HTMLElement>('[data-row]');
        if (row?.dataset.row !== undefined) touched.add(row.dataset.row);
        else if (element?.matches('[role="rowgroup"]')) touched.add('a whole list');
      }
    });
    const options = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document.querySelector('main') as Element, options);
    Object.assign(window, { touched });
  });
  await client.call('office-3__list_invoice_1', { id: '7' });
  const row = page
    .getByRole('row')
    .filter({ has: page.getByRole('link', { name: 'office-3', exact: true }) });
  await row.getByText('1', { exact: true }).waitFor();
  const touched = await page.evaluate(() => [...(window as unknown as { touched: Set<string> }).touched]);
  expect(touched).toEqual(['office-3']);
});

it('3,000 tools scroll smoothly, are made only where one is, and are found as one types', {
  timeout: 120_000,
}, async () => {
  await page.getByRole('link', { name: 'archive', exact: true }).click();
  await page.getByRole('switch', { name: 'list_invoice_1', exact: true }).waitFor();
  const rows = page.getByRole('listitem');
  const bottom = () =>
    page.evaluate(() => {
      for (const body of document.querySelectorAll('main .body')) body.scrollTop = body.scrollHeight;
    });
  // Only what is near is made, wherever one is.
  expect(await rows.count()).toBeLessThan(100);
  await bottom();
  await page.getByRole('switch', { name: /_3000$/ }).waitFor();
  expect(await rows.count()).toBeLessThan(100);
  await expectWithin(FRAME, 'a frame of 3,000 tools', frameWhileScrolling);
  await expectWithin(AT_ONCE, 'a letter', () => longestKey('shipment_2'));
});
