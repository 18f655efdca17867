/**
 * Installing a server's program in the real app: its output comes while it runs and keeps its colors, leaving the page
 * leaves it running, and cancelling ends all of it. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { isAlive, type RunningApp, startApp } from './app.ts';
import { expectNoBarriers, pictures } from './looking.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, { servers: { memory: nodeEntry(npmServer('memory')) } });
  const { page } = running;
  await page.getByRole('link', { name: 'memory', exact: true }).click();
  await page.getByRole('tab', { name: 'Configuration' }).click();
}, 60_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

/** Where the server's program lives. */
const folder = (): string => join(running.dataDir, 'servers', 'memory');

const panel = () => running.page.getByRole('region', { name: 'Install', exact: true });
const output = () => panel().getByRole('log', { name: 'What it writes' });

/** The color of a word on the screen. */
function colorOf(word: string): Promise<string> {
  return output()
    .getByText(word, { exact: true })
    .evaluate((it) => getComputedStyle(it).color);
}

describe('installing', () => {
  it('shows what is written while it is written, in its colors, and how it ended', async () => {
    const { page } = running;
    // Goes on only when the test says so: the first lines cannot have come with the end.
    const script = [
      "printf '\\033[36mnpm\\033[0m fetching \\033[1mmemory-server\\033[0m 2.4.1\\n'",
      "printf 'progress  12 %%\\r'; printf 'progress 100 %%\\n'",
      "printf '\\033[33mwarning\\033[0m punycode is deprecated\\n' >&2",
      'while [ ! -e go ]; do sleep 0.05; done',
      "printf '\\033[32madded\\033[0m 14 packages in 2 s\\n'",
    ].join('; ');
    await panel().getByRole('textbox', { name: 'Line of the shell' }).fill(script);
    await page.keyboard.press('Enter');
    await output().getByText('punycode is deprecated').waitFor();
    await panel().getByText(`In ${folder()}`).waitFor();
    expect(await output().textContent()).not.toContain('14 packages');
    // What a carriage return writes over is gone, and no sequence is left as text.
    const text = (await output().textContent()) ?? '';
    expect(text).toContain('progress 100 %');
    expect(text).not.toContain('12 %');
    expect([text.includes('\u001b'), text.includes('[3')]).toEqual([false, false]);
    const colors = await Promise.all(['npm', 'warning', 'memory-server'].map(colorOf));
    expect(new Set(colors).size).toBe(3);
    await panel().getByRole('button', { name: 'Cancel' }).scrollIntoViewIfNeeded();
    await expectNoBarriers(page);
    await pictures(page, 'install', () =>
      panel().getByRole('button', { name: 'Cancel' }).scrollIntoViewIfNeeded(),
    );

    writeFileSync(join(folder(), 'go'), '');
    await output().getByText('14 packages in 2 s').waitFor();
    await panel().getByRole('status').getByText('It is done.').waitFor();
    expect(await colorOf('added')).not.toBe(colors[2]);
    expect(await panel().getByRole('button', { name: 'Cancel' }).count()).toBe(0);
  });

  it('says with which code it failed', async () => {
    await panel()
      .getByRole('textbox', { name: 'Line of the shell' })
      .fill('echo no such package >&2; exit 7');
    await panel().getByRole('button', { name: 'Run' }).click();
    await panel().getByRole('status').getByText('It failed with code 7.').waitFor();
    await output().getByText('no such package').waitFor();
  });

  it('goes on when its page is left, is there again, and is cancelled with all that it started', async () => {
    const { page } = running;
    await panel()
      .getByRole('textbox', { name: 'Line of the shell' })
      .fill('sleep 600 & echo child $!; echo still here; wait; touch reached');
    await panel().getByRole('button', { name: 'Run' }).click();
    const line = output().getByText(/^child \d+$/);
    await line.waitFor();
    const child = Number(/\d+/.exec((await line.textContent()) ?? '')?.[0]);
    expect(isAlive(child)).toBe(true);

    await page.keyboard.press('Control+2');
    await page.getByRole('heading', { name: 'Approvals', exact: true }).waitFor();
    await page.goBack();
    await output().getByText('still here').waitFor();
    const cancel = panel().getByRole('button', { name: 'Cancel' });
    await cancel.focus();
    await page.keyboard.press('Enter');
    await panel().getByRole('status').getByText('It was cancelled.').waitFor();
    await waitFor('the end of what it started', () => !isAlive(child));
    expect(existsSync(join(folder(), 'reached'))).toBe(false);
    // The button that had the focus is gone; the focus is not.
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toMatch(/^Run/);
  });
});
