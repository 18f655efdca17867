/**
 * A terminal in the real window, over the app's own bridge and with the native part as it is built in: commands, colors, a
 * size that follows the window, the way out by keyboard; what a hostile program writes reaches neither the system's clipboard
 * nor its browser; and nothing of it is left when its page is gone, or the app.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, rawServer } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';
import { type TerminalPage, terminalOn } from '../renderer/terminal-page.ts';
import { isAlive, type RunningApp, startApp } from './app.ts';
import { pictures } from './looking.ts';
import { waitFor } from './wait.ts';

const SIZE = { width: 1080, height: 720 };
/** The clipboard, a title, links to a page and to a program, a question for the title, a question for a setting. */
const HOSTILE =
  "printf '\\033]52;c;c3RvbGVu\\007\\033]2;stolen\\007\\033]8;;http://evil.example\\007link\\033]8;;\\007 \\033]8;;file:///bin/sh\\007file\\033]8;;\\007\\033[21t\\033P$q\"p\\033\\\\ end%s\\n' $((1+1))";

let desktop: Desktop;
let running: RunningApp;
let page: Page;
let terminal: TerminalPage;
const complaints: string[] = [];

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, {
    config: JSON.stringify({
      terminal: { onThisComputer: true },
      mcpServers: { notes: { ...nodeEntry(rawServer), env: { OWN_KEY: 'own-secret-of-the-server' } } },
    }),
    env: { SHELL: '/bin/sh', ENV: undefined },
  });
  page = running.page;
  page.setDefaultTimeout(10_000);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  terminal = terminalOn(page);
}, 90_000);
afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

async function open(): Promise<void> {
  await page.getByRole('link', { name: 'notes', exact: true }).click();
  await page.getByRole('tab', { name: 'Terminal' }).click();
  await page.getByRole('button', { name: 'Open terminal on this computer' }).click();
  await terminal.opened();
}
/** The real window, as its frame would size it. */
function resize(size: { readonly width: number; readonly height: number }): Promise<void> {
  return running.app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, size);
}

describe('a terminal in the window', () => {
  it('is real: commands, their output in color, a size that follows the window', async () => {
    await resize(SIZE);
    await open();
    await terminal.type("echo hello$((1+1)); tty; printf '\\033[38;2;250;10;10mred\\033[0m\\n'");
    await terminal.shows(/hello2\/dev\/pts\/\d+/);
    await terminal.shows(/red[^\\]/);
    const red = terminal.rows.locator('span', { hasText: /^red/ }).first();
    expect(await red.evaluate((element) => getComputedStyle(element).color)).toMatch(
      /^rgb\(2\d\d, \d+, \d+\)$/,
    );
    expect(await axeProblems(page)).toEqual([]);
    await pictures(page, 'terminal');
    await terminal.input.focus();
    const wide = await terminal.number('wide', '$(stty size | cut -d" " -f2)');
    expect(wide).toBeGreaterThan(60);
    await resize({ width: 820, height: 600 });
    await waitFor(
      'its new width',
      async () => (await terminal.number('wide', '$(stty size | cut -d" " -f2)')) < wide,
    );
    await resize(SIZE);
    // It has nothing of the server's environment, and nothing of the app's own.
    expect(await terminal.number('keys', '$(env | grep -c -e own-secret -e GATEHOUSE -e ELECTRON)')).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('lets a hostile program reach neither the clipboard nor another window', async () => {
    await running.app.evaluate(({ clipboard }) => clipboard.writeText('mine'));
    await terminal.type(`clear; ${HOSTILE}`);
    await terminal.shows('end2');
    await terminal.type('echo after$((1+1))');
    await terminal.shows('after2');
    for (const word of ['link', 'file']) {
      await terminal.rows
        .getByText(word)
        .first()
        .click({ force: true, modifiers: ['Control'] });
    }
    const [text, windows, title] = await running.app.evaluate(({ clipboard, BrowserWindow }) => {
      const all = BrowserWindow.getAllWindows();
      return [clipboard.readText(), all.length, all[0]?.getTitle()] as const;
    });
    expect([text, windows]).toEqual(['mine', 1]);
    expect(title).not.toContain('stolen');
    expect(await terminal.screen()).not.toMatch(/stolen|mine/);
    expect(complaints).toEqual([]);
  });

  it('keeps up with a program that writes without end and with fast typing', async () => {
    await terminal.input.focus();
    const lines = 20_000;
    await terminal.type(
      `clear; i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo line $i; done; echo all$((1+1))`,
    );
    await terminal.shows('all2');
    const typed = 'abcdefghij'.repeat(40);
    await terminal.type(`clear; printf '%s' '${typed}' | wc -c; echo typed$((1+1))`);
    await terminal.shows(/400typed2/);
  });

  it('is left by keyboard, ends with its shell and opens again', async () => {
    await terminal.input.focus();
    await page.keyboard.press('F6');
    expect(await page.evaluate(() => document.activeElement?.closest('.xterm') === null)).toBe(true);
    await terminal.input.focus();
    await terminal.type('exit 3');
    await page.getByText('The shell has ended with code 3.').waitFor();
    await page.getByRole('button', { name: 'Open again' }).click();
    await terminal.opened();
    expect(await terminal.number('again', '$((40+2))')).toBe(42);
  });

  it('ends with its page, with what ignores the hang-up', async () => {
    const shell = await terminal.number('shell', '$$');
    await terminal.type("(trap '' HUP; exec sleep 300) &");
    const job = await terminal.number('job', '$!');
    expect([shell, job].map(isAlive)).toEqual([true, true]);
    await page.reload();
    await waitFor('the end of both', () => !isAlive(shell) && !isAlive(job));
  });

  it('ends with the app', async () => {
    await page.getByRole('tab', { name: 'Terminal' }).waitFor();
    await page.getByRole('button', { name: 'Open terminal on this computer' }).click();
    await terminal.opened();
    const shell = await terminal.number('shell', '$$');
    await running.quit();
    await waitFor('the end of the shell', () => !isAlive(shell));
  });
});
