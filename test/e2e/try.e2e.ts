/**
 * "Try it" in the real app: a form made from a real server's schema, filled in by pointer and by keyboard alone, and
 * every kind of answer with its time. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, root } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { expectNoBarriers, pictures } from './looking.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, {
    servers: { travel: nodeEntry(join(root, 'test/servers/travel.mjs')) },
  });
  const row = running.page.getByRole('row').filter({ hasText: 'travel' });
  await row.getByText('Ready', { exact: true }).waitFor();
}, 60_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

/** The structured answer that is on the screen: the arguments as the server got them. */
async function received(answer: Locator): Promise<unknown> {
  return JSON.parse((await answer.locator('pre').last().textContent()) ?? '');
}

/** Goes on by Tab until what has the focus is called so; fails when it comes round. */
async function tabTo(name: string | RegExp, key = 'Tab'): Promise<void> {
  const { page } = running;
  for (let left = 60; left > 0; left -= 1) {
    await page.keyboard.press(key);
    const now = await focused();
    if (typeof name === 'string' ? now === name : name.test(now)) return;
  }
  throw new Error(`no Tab leads to ${String(name)}`);
}

/** The name of what has the focus, as a screen reader says it. */
function focused(): Promise<string> {
  return running.page.evaluate(() => {
    const it = document.activeElement as HTMLElement | null;
    const by = it?.getAttribute('aria-labelledby') ?? '';
    const labelled = by === '' ? '' : (document.getElementById(by)?.textContent ?? '');
    const own = (it as HTMLInputElement | null)?.labels?.[0]?.textContent ?? it?.textContent ?? '';
    return (it?.getAttribute('aria-label') ?? (labelled || own)).trim();
  });
}

describe('trying a tool', () => {
  it('takes objects, lists, choices and forms of a schema, and sends exactly what was filled in', async () => {
    const { page } = running;
    await page.getByRole('link', { name: 'travel', exact: true }).click();
    await page.getByRole('button', { name: /^plan_trip/ }).click();
    const form = page.getByRole('region', { name: 'Try it' });
    const run = form.getByRole('button', { name: 'Run plan_trip' });
    await run.waitFor();

    // What is missing is said at its field and by count, and nothing is sent.
    await run.click();
    await form.getByText(/^Nothing was sent: \d+ fields/).waitFor();
    expect(await form.getByText('This is required.').count()).toBeGreaterThan(1);
    expect(await form.getByRole('textbox', { name: 'from', exact: true }).getAttribute('aria-invalid')).toBe(
      'true',
    );

    await form.getByRole('textbox', { name: 'from', exact: true }).fill('Bern');
    await form.getByRole('textbox', { name: 'to', exact: true }).fill('Lugano');
    // A list of objects: the first is there since one is required, a second one is added and taken away again.
    const names = form.getByRole('textbox', { name: 'name', exact: true });
    if ((await names.count()) === 0) await form.getByRole('button', { name: 'Add to travelers' }).click();
    await names.first().fill('Anna');
    await form.getByRole('button', { name: 'Add to travelers' }).click();
    await names.nth(1).fill('Ben');
    await form.getByRole('textbox', { name: 'age' }).nth(1).fill('7.5');
    await form.getByText('This has to be a whole number.').waitFor();
    await form.getByRole('textbox', { name: 'age' }).nth(1).fill('7');
    await form.getByRole('combobox', { name: 'card' }).nth(1).selectOption({ label: 'half fare' });
    await form.getByRole('button', { name: 'Add to travelers' }).click();
    await form.getByRole('button', { name: 'Remove travelers 3' }).click();
    // One of several forms: the fields follow the choice.
    await form.getByLabel('Kind of pay').selectOption({ label: 'Voucher' });
    await form.getByRole('textbox', { name: 'code' }).fill('SPRING26');
    // What is not required is there when it is wanted, down to an object in an object.
    await form.getByRole('button', { name: /^Show \d+ more fields/ }).click();
    await form.getByLabel('leave').fill('2026-12-05');
    await form.getByRole('button', { name: 'Add comfort' }).click();
    await form.getByRole('button', { name: 'Add seat' }).click();
    await form.getByRole('textbox', { name: 'row' }).fill('12');
    await form.getByRole('radiogroup', { name: 'window' }).getByRole('radio', { name: 'Yes' }).click();
    await expectNoBarriers(page);
    await pictures(page, 'try-form', () => form.getByText('SPRING26').or(run).first().waitFor());

    await run.click();
    const answer = form.getByRole('region', { name: 'Answer' });
    await answer.getByText('Bern to Lugano: 2 h 41 min').waitFor();
    expect(await received(answer)).toEqual({
      from: 'Bern',
      to: 'Lugano',
      leave: '2026-12-05',
      travelers: [{ name: 'Anna' }, { name: 'Ben', age: 7, card: 'half fare' }],
      pay: { kind: 'voucher', code: 'SPRING26' },
      comfort: { seat: { row: 12, window: true } },
    });
  });

  it('shows text, an image, a link and structured content, with time and size', async () => {
    const { page } = running;
    const answer = page.getByRole('region', { name: 'Answer' });
    const image = answer.getByRole('img', { name: /^Image, 320 × 120/ });
    await waitFor('the image to be drawn', () =>
      image.evaluate((it: HTMLImageElement) => it.naturalWidth === 320),
    );
    await answer.getByText('The whole plan').waitFor();
    await answer.getByText('https://travel.example/plans/41').waitFor();
    // A link of a server is text: nothing here leads there.
    expect(await answer.getByRole('link').count()).toBe(0);
    expect(await answer.getByRole('status').textContent()).toMatch(
      /Done.*\d+(\.\d+)? (ms|s), \d+(\.\d+)? (B|KB)/,
    );
    await answer.scrollIntoViewIfNeeded();
    await expectNoBarriers(page);
    await pictures(page, 'try-answer', () => answer.scrollIntoViewIfNeeded());
    await page.getByRole('button', { name: /^plan_trip/ }).click();
  });

  it('keeps its arguments when it changes to JSON and back', async () => {
    const { page } = running;
    await page.getByRole('button', { name: /^book_trip/ }).click();
    const form = page.getByRole('region', { name: 'Try it' });
    await form.getByRole('textbox', { name: 'plan' }).fill('41');
    await form.getByRole('radio', { name: 'As JSON' }).click();
    const json = form.getByRole('textbox', { name: 'Arguments as JSON' });
    expect(JSON.parse(await json.inputValue())).toEqual({ plan: '41' });
    await json.fill('{"plan": "42"');
    await form.getByRole('button', { name: 'Run book_trip' }).click();
    await form.getByText(/^This is not JSON, from line 1/).waitFor();
    await json.fill('{"plan": "42"}');
    await form.getByRole('radio', { name: 'Form' }).click();
    expect(await form.getByRole('textbox', { name: 'plan' }).inputValue()).toBe('42');
  });

  it('says when the tool failed, and when the server refused to answer', async () => {
    const { page } = running;
    const form = page.getByRole('region', { name: 'Try it' });
    await form.getByRole('button', { name: 'Run book_trip' }).click();
    await form.getByText('The tool says that it failed').waitFor();
    await form.getByText('This plan has expired. Plan it again.').waitFor();
    await pictures(page, 'try-failed');
    await page.getByRole('button', { name: /^book_trip/ }).click();
    await page.getByRole('button', { name: /^find_hotel/ }).click();
    await form.getByRole('button', { name: 'Run find_hotel' }).click();
    await form.getByText('The booking service is closed.').waitFor();
    await form.getByText('Error -32050').waitFor();
    await form.getByText('06:00').waitFor();
    await page.getByRole('button', { name: /^find_hotel/ }).click();
  });

  it('works by keyboard alone, from the list to the answer', async () => {
    const { page } = running;
    await page.keyboard.press('Control+1');
    await page.getByRole('heading', { name: 'Servers', exact: true }).first().waitFor();
    // On the row that one came from, which Enter opens.
    await waitFor('the focus in the list', async () => /^tr\s*travel/.test(await focused()));
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: /^Tools/ }).waitFor();
    await tabTo(/^plan_trip./s);
    await page.keyboard.press('Enter');
    const form = page.getByRole('region', { name: 'Try it' });
    await form.getByRole('button', { name: 'Run plan_trip' }).waitFor();
    await tabTo('from');
    await page.keyboard.type('Chur');
    await tabTo('to');
    await page.keyboard.type('Basel');
    if ((await form.getByRole('textbox', { name: 'name', exact: true }).count()) === 0) {
      await tabTo('Add to travelers');
      await page.keyboard.press('Enter');
    }
    await tabTo('name');
    await page.keyboard.type('Cleo');
    await tabTo(/^Kind of pay/);
    await page.keyboard.type('V');
    await tabTo('code');
    await page.keyboard.type('WINTER26');
    await tabTo('Run plan_trip');
    await page.keyboard.press('Enter');
    const answer = form.getByRole('region', { name: 'Answer' });
    await answer.getByText('Chur to Basel').waitFor();
    expect(await received(answer)).toEqual({
      from: 'Chur',
      to: 'Basel',
      travelers: [{ name: 'Cleo' }],
      pay: { kind: 'voucher', code: 'WINTER26' },
    });
    // The focus is where it was, so that it can be run once more.
    expect(await focused()).toBe('Run plan_trip');
  });

  it('is cancelled by keyboard alone, and says so', async () => {
    const { page } = running;
    await tabTo(/^watch_prices./s);
    await page.keyboard.press('Enter');
    await tabTo('Run watch_prices');
    await page.keyboard.press('Enter');
    await page.getByText(/^Running for/).waitFor();
    await tabTo('Cancel');
    await page.keyboard.press('Enter');
    const status = page.getByRole('region', { name: 'Answer' }).last().getByRole('status');
    await waitFor('the word', async () => /Cancelled/.test((await status.textContent()) ?? ''));
    // The button that had the focus is gone; the focus is not.
    expect(await focused()).toBe('Run watch_prices');
  });
});
