/**
 * A window full of servers: 200 of them, of which one has 3,000 tools. Lists move and are searched within a frame and
 * at once, only rows near what is seen are made, keys reach all of them, and what happens to one server touches one row.
 * Times are those of a processor, so that they mean much the same beside other work.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { axeProblems } from '../renderer/axe.ts';
import { pageAt, type RunningApp, startApp } from './app.ts';
import { clientOf, type TestClient } from './client.ts';
import { pictures } from './looking.ts';
import { type ManyServers, startManyServers } from './many-servers.ts';
import { startTrayHost, type TrayHost } from './tray-host.ts';

/** GATEHOUSE_QUIET=1 says that nothing else uses this computer; beside other work three times as long is let pass. */
const slack = process.env.GATEHOUSE_QUIET === '1' ? 1 : 3;
/** A frame at 60 a second, in milliseconds. */
const FRAME = (slack * 1000) / 60;
/** How long an answer to a key may take before a person sees that it takes time, in milliseconds. */
const AT_ONCE = slack * 50;
/** Rows that a window has room for, with those beyond its edges. */
const MOST_ROWS = 45;

let desktop: Desktop;
let host: TrayHost;
let servers: ManyServers;
let running: RunningApp;
let client: TestClient;
let page: Page;
/** Of the process that draws the page. */
let pid: number;

beforeAll(async () => {
  desktop = await startDesktop();
  host = await startTrayHost(desktop.env.DBUS_SESSION_BUS_ADDRESS ?? '');
  const counts = Object.fromEntries(Array.from({ length: 199 }, (_, index) => [`office-${index + 1}`, 5]));
  servers = await startManyServers({ archive: 3000, ...counts });
  running = await startApp(desktop, { servers: servers.entries });
  page = running.page;
  pid = await running.app.evaluate(
    ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0,
  );
  await page.getByText('200 of 200 servers are ready.').waitFor({ timeout: 60_000 });
  client = await clientOf(running);
}, 120_000);

afterAll(async () => {
  await client?.close();
  await running?.close();
  await servers?.close();
  host?.close();
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

/**
 * What the letter that takes most costs, on the way there or back, until the next frame is handed to be drawn.
 * @param found what is there when the word is: looked at between letters
 */
async function longestKey(word: string, found: () => Promise<unknown>): Promise<number> {
  await page.keyboard.press('Control+f');
  const times: number[] = [];
  for (const key of [...word, ...[...word].map(() => 'Backspace')]) {
    const before = worked();
    await page.keyboard.press(key);
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    times.push(worked() - before);
    if (times.length === word.length) await found();
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

const madeRows = (): Promise<string[]> =>
  page
    .locator('main [data-row]')
    .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.row ?? ''));

/** Scrolls to a part of the way, and gives the rows that are seen whole, by their names and what is spoken of their places. */
async function seenAt(part: number): Promise<readonly (readonly [name: string, index: number])[]> {
  return page.evaluate(async (wanted) => {
    const body = document.querySelector('main .body') as HTMLElement;
    body.scrollTop = (body.scrollHeight - body.clientHeight) * wanted;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { top, bottom } = body.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>('main [data-row]')].flatMap((row) => {
      const place = row.getBoundingClientRect();
      if (place.top < top || place.bottom > bottom) return [];
      return [
        [row.dataset.row ?? '', Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex'))] as const,
      ];
    });
  }, part);
}

/** The row that has the focus, as far as it is seen whole. */
const focused = (): Promise<string | null> =>
  page.evaluate(() => {
    const row = document.activeElement as HTMLElement;
    const { top = 0, bottom = 0 } = row.closest('.body')?.getBoundingClientRect() ?? {};
    const place = row.getBoundingClientRect();
    return place.top >= top - 1 && place.bottom <= bottom + 1 ? (row.dataset.row ?? null) : null;
  });

/** Servers that are another one in any snapshot that the page is sent while `act` goes on, and how many were sent. */
async function told(act: () => Promise<unknown>): Promise<{ names: string[]; snapshots: number }> {
  await page.evaluate(async () => {
    type Seen = { servers: readonly { name: string }[] };
    const texts = ({ servers }: Seen) => new Map(servers.map((one) => [one.name, JSON.stringify(one)]));
    const answer = (await window.gatehouse?.invoke('snapshot.get', {})) as unknown as { value: Seen };
    let last = texts(answer.value);
    const heard = { names: new Set<string>(), snapshots: 0, stop: () => undefined as unknown };
    heard.stop =
      window.gatehouse?.on('snapshot', (snapshot) => {
        const next = texts(snapshot as Seen);
        for (const [name, text] of next) if (last.get(name) !== text) heard.names.add(name);
        heard.snapshots += 1;
        last = next;
      }) ?? heard.stop;
    Object.assign(window, { heard });
  });
  await act();
  return page.evaluate(() => {
    const { heard } = window as unknown as {
      heard: { names: Set<string>; snapshots: number; stop(): void };
    };
    heard.stop();
    return { names: [...heard.names], snapshots: heard.snapshots };
  });
}

/** Rows whose elements change in any way while `act` goes on. */
async function touched(act: () => Promise<unknown>): Promise<string[]> {
  await page.evaluate(() => {
    const rows = new Set<string>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const row = element?.closest<HTMLElement>('[data-row]');
        if (row?.dataset.row !== undefined) rows.add(row.dataset.row);
        else if (element?.closest('[role="rowgroup"]')) rows.add('the list');
      }
    });
    const options = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document.querySelector('main') as Element, options);
    Object.assign(window, { rows, observer });
  });
  await act();
  return page.evaluate(() => {
    const { rows, observer } = window as unknown as { rows: Set<string>; observer: MutationObserver };
    observer.disconnect();
    return [...rows];
  });
}

const rowOf = (name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

it('200 servers are made only where one is, and each is there when one comes to it', async () => {
  await pictures(page, 'servers-many');
  const grid = page.getByRole('grid');
  expect(await grid.getAttribute('aria-rowcount')).toBe('201');
  for (const part of [0, 0.5, 1]) {
    const seen = await seenAt(part);
    // As many as there is room for, one after the other, each told as what it is.
    expect(seen.length).toBeGreaterThan(8);
    expect(seen.map(([, index]) => index)).toEqual(seen.map((_, place) => (seen[0]?.[1] ?? 0) + place));
    expect(
      seen.map(([name, index]) => name === (index === 2 ? 'archive' : `office-${index - 2}`)),
    ).not.toContain(false);
    expect((await madeRows()).length).toBeLessThan(MOST_ROWS);
    if (part === 1) expect(seen.at(-1)).toEqual(['office-199', 201]);
  }
  await seenAt(0);
});

it('keys reach every row, and what is far away is made for them', async () => {
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toBe('archive');
  await page.keyboard.press('End');
  await expect.poll(focused).toBe('office-199');
  await page.keyboard.press('PageUp');
  await expect.poll(focused).toBe('office-191');
  await page.keyboard.press('Home');
  await expect.poll(focused).toBe('archive');
  for (const name of Array.from({ length: 30 }, (_, index) => `office-${index + 1}`)) {
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe(name);
  }
  expect((await madeRows()).length).toBeLessThan(MOST_ROWS);
  // The row stays the list's one place in the tab order while one looks elsewhere, and its own controls come next.
  await seenAt(1);
  expect(await madeRows()).toContain('office-30');
  await page.keyboard.press('Tab');
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row))
    .toBe('office-30');
  expect(await axeProblems(page)).toEqual([]);
  // Coming back from a server's page, one is where one was.
  await page.locator('[data-row="office-30"]').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'office-30' }).waitFor();
  await page.goBack();
  await expect.poll(focused).toBe('office-30');
  await seenAt(0);
});

it('200 servers scroll smoothly, and are found as one types', { timeout: 120_000 }, async () => {
  await expectWithin(FRAME, 'a frame of 200 servers', frameWhileScrolling);
  const found = async (): Promise<void> => {
    const names = Array.from({ length: 10 }, (_, index) => `office-${190 + index}`);
    expect(await madeRows()).toEqual(['office-19', ...names]);
  };
  await expectWithin(AT_ONCE, 'a letter', () => longestKey('office-19', found));
});

it('what happens to one server touches one row, and is told of one server', async () => {
  const call = async (): Promise<void> => {
    await client.call('office-3__list_invoice_1', { id: '7' });
    await rowOf('office-3').getByText('1', { exact: true }).waitFor();
  };
  const switchOff = async (): Promise<void> => {
    await page.keyboard.press('Space');
    await rowOf('office-5').getByText('Off', { exact: true }).waitFor();
  };
  const switchTool = async (): Promise<void> => {
    await page.evaluate(() =>
      window.gatehouse?.invoke('tool.setEnabled', {
        server: 'office-7',
        tool: 'list_invoice_1',
        enabled: false,
      }),
    );
    await rowOf('office-7').getByText('4 of 5').first().waitFor();
  };
  // That the focus moves touches rows as well, and what is beyond the edges is made by and by.
  await rowOf('office-5').getByRole('switch').focus();
  let heard = { names: [] as string[], snapshots: 0 };
  for (const [server, act] of [
    ['office-3', call],
    ['office-5', switchOff],
    ['office-7', switchTool],
  ] as const) {
    const rows = await touched(async () => {
      heard = await told(act);
    });
    expect(rows, server).toEqual([server]);
    expect(heard.names, server).toEqual([server]);
    expect(heard.snapshots).toBeLessThan(12);
  }
});

it('the popover makes those that it has room for', async () => {
  await host.activate();
  const popover = await pageAt(running.app, 'popover.html');
  const items = popover.getByRole('list', { name: 'Servers' }).getByRole('listitem');
  await items.first().waitFor();
  expect(await items.first().getAttribute('aria-setsize')).toBe('200');
  expect(await items.count()).toBeLessThan(MOST_ROWS);
  await popover.evaluate(() => {
    const list = document.querySelector('.rows') as HTMLElement;
    list.scrollTop = list.scrollHeight;
  });
  await expect.poll(() => items.last().getAttribute('aria-posinset')).toBe('200');
  expect(await items.count()).toBeLessThan(MOST_ROWS);
  await host.activate();
});

it('each server is heard of a few times while all start, not again for each of the others', async () => {
  const answer = await page.evaluate(() => window.gatehouse?.invoke('snapshot.get', {}));
  expect((answer as { value: { revision: number } }).value.revision).toBeLessThan(200 * 20);
});

it('3,000 tools scroll smoothly, are made only where one is, and are found as one types', {
  timeout: 120_000,
}, async () => {
  await page.getByRole('link', { name: 'archive', exact: true }).click();
  await page.getByRole('switch', { name: 'list_invoice_1', exact: true }).waitFor();
  const rows = page.getByRole('list', { name: 'Tools', exact: true }).getByRole('listitem');
  const bottom = () =>
    page.evaluate(() => {
      for (const body of document.querySelectorAll('main .body')) body.scrollTop = body.scrollHeight;
    });
  // Only what is near is made, wherever one is.
  expect(await rows.count()).toBeLessThan(MOST_ROWS);
  await bottom();
  await page.getByRole('switch', { name: /_3000$/ }).waitFor();
  expect(await rows.count()).toBeLessThan(MOST_ROWS);
  await expectWithin(FRAME, 'a frame of 3,000 tools', frameWhileScrolling);
  const found = async (): Promise<void> => {
    const first = rows.first();
    expect(await first.textContent()).toContain('shipment_2');
    expect(Number(await first.getAttribute('aria-setsize'))).toBeLessThan(500);
  };
  await expectWithin(AT_ONCE, 'a letter', () => longestKey('shipment_2', found));
});
