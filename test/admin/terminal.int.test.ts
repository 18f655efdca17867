/**
 * A terminal on this computer in a real browser, to its end: it works, it is left by keyboard, what a hostile program
 * writes reaches nothing but its own screen, a flood can be interrupted, and it ends with the session, with all that was
 * started in it. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { picture } from '../e2e/looking.ts';
import { alive, type GatewayProcess, nodeEntry, rawServer, startGateway, until } from '../host/gateway.ts';
import { describeUnless } from '../host/needed.ts';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { type TerminalPage, terminalOn } from '../renderer/terminal-page.ts';
import { go as goTo, noChromium, signedIn, type Visit } from './chromium.ts';

const PASSWORD = 'four words nobody guesses';

/**
 * What a hostile program would write: titles, the clipboard, colors of the page, links (to a page, to a script), a notice,
 * its folder, a picture, and questions whose answers it would have typed into the shell.
 */
const HOSTILE = [
  ...['0;stolen', '2;stolen', '52;c;c3RvbGVu', '52;c;?', '11;#ff0000', '11;?', '4;1;?', '9;notice'],
  ...['7;file:///etc', '777;notify;a;b', '1337;File=inline=1:AAAA', '8;;javascript:alert(1)'],
].map((command) => `\\033]${command}\\007`);
const SHOWN = [
  'link\\033]8;;\\007 \\033]8;;http://evil.example\\007other\\033]8;;\\007',
  '\\033[38;2;250;10;10mred\\033[0m \\033[44mblue\\033[0m \\033[21t\\033P$q"p\\033\\\\ end%s\\n',
];

describeUnless(noChromium, 'a terminal in a browser', () => {
  let gateway: GatewayProcess;
  let visit: Visit;
  let page: Page;
  let terminal: TerminalPage;

  beforeAll(async () => {
    gateway = await startGateway({
      config: {
        terminal: { onThisComputer: true },
        mcpServers: { notes: nodeEntry(rawServer), far: { url: 'http://127.0.0.1:9/mcp' } },
      },
      args: ['--admin', '127.0.0.1:0'],
      env: { GATEHOUSE_ADMIN_PASSWORD: PASSWORD, SHELL: '/bin/sh', ENV: '' },
    });
    visit = await signedIn(gateway.admin, PASSWORD);
    page = visit.page;
    terminal = terminalOn(page);
  }, 60_000);
  afterAll(async () => {
    await visit?.close();
    await gateway?.close();
  });

  const go = (hash: string): Promise<void> => goTo(page, hash);
  async function look(name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === 'dark' ? COLOR_RULES : undefined;
      expect(await axeProblems(page, rules), colorScheme).toEqual([]);
      await picture(page, `admin-${name}-${colorScheme}`);
    }
  }
  async function open(): Promise<void> {
    await go('#/servers/notes/terminal');
    await page.getByRole('button', { name: 'Open terminal on this computer' }).click();
    await terminal.opened();
  }

  it('is real: commands, their output, a size that follows the window', { timeout: 60_000 }, async () => {
    await go('#/servers/far');
    await page.getByRole('tab', { name: 'Tools' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Terminal' }).count()).toBe(0);
    await go('#/servers/notes/terminal');
    await page.getByRole('heading', { name: 'On this computer, without a container' }).waitFor();
    await look('terminal-closed');
    await open();
    await terminal.type('echo hello$((1+1)); stty size');
    // The second line comes by itself, and the number of columns may come in two pieces: the next prompt ends it.
    const size = /hello2\D*(\d+) (\d+)\D/;
    await terminal.shows(size);
    const [, high, wide] = size.exec(await terminal.screen()) ?? [];
    expect(Number(high)).toBeGreaterThan(15);
    expect(Number(wide)).toBeGreaterThan(80);
    await page.setViewportSize({ width: 900, height: 560 });
    await until(
      async () => (await terminal.number('wide', '$(stty size | cut -d" " -f2)')) < Number(wide),
      'that it is told its new width',
    );
    expect(await terminal.number('high', '$(stty size | cut -d" " -f1)')).toBeLessThan(Number(high));
    await page.setViewportSize({ width: 1080, height: 720 });
    // Keys of the window are the shell's here: this one goes back one character.
    await page.keyboard.type('echo keyX');
    await page.keyboard.press('Control+b');
    await page.keyboard.press('Control+n');
    expect(page.url()).toContain('/terminal');
    await page.keyboard.press('Control+c');
    expect(visit.complaints).toEqual([]);
  });

  it('shows what a hostile program writes, and lets it do nothing', { timeout: 60_000 }, async () => {
    const title = await page.title();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await page.evaluate(() => navigator.clipboard.writeText('mine'));
    await terminal.type(`clear; printf '${HOSTILE.join('')}${SHOWN.join(' ')}' $((1+1))`);
    await terminal.shows('end2');
    await terminal.type('echo after$((1+1))');
    await terminal.shows('after2');
    expect(await page.title()).toBe(title);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
    expect(await background()).toBe(before);
    // No link is one, and clicking where it would be opens nothing.
    expect(await page.locator('.xterm a').count()).toBe(0);
    for (const word of ['link', 'other']) {
      await terminal.rows
        .getByText(word, { exact: false })
        .first()
        .click({ force: true, modifiers: ['ControlOrMeta'] });
    }
    expect(page.context().pages()).toHaveLength(1);
    expect(page.url()).toContain(gateway.admin);
    // Nothing was typed into the shell by its own questions: neither the title nor what the clipboard or a color is.
    expect(await terminal.screen()).toMatch(/end2\s*\S* echo after\$\(\(1\+1\)\)after2/);
    expect(await terminal.screen()).not.toMatch(/stolen|mine|rgb:/);
    // Colors of 24 bits are kept, as far as they can be read.
    const red = terminal.rows.locator('span', { hasText: /^red/ }).first();
    expect(await red.evaluate((element) => getComputedStyle(element).color)).toMatch(
      /^rgb\(2[0-5]\d, \d, \d\)$/,
    );
    expect(visit.complaints).toEqual([]);
  });

  it('is left by keyboard and read by screen readers', { timeout: 60_000 }, async () => {
    await terminal.input.focus();
    await page.keyboard.press('F6');
    expect(await page.evaluate(() => document.activeElement?.closest('.xterm') === null)).toBe(true);
    await page.getByRole('switch', { name: 'For screen readers' }).click();
    await page.locator('.xterm-accessibility-tree').getByText('end2').waitFor();
    await look('terminal');
    await page.getByRole('switch', { name: 'For screen readers' }).click();
  });

  it('can interrupt a flood, and the page goes on', { timeout: 90_000 }, async () => {
    await terminal.input.focus();
    await terminal.type('clear; yes flood');
    await terminal.shows('floodflood');
    // Enough that the shell is held back: it writes as fast as this page takes it, not faster.
    await page.keyboard.press('Control+c');
    await terminal.type('echo over$((1+1))');
    await terminal.shows('over2');
    expect(await terminal.number('flooding', '$(pgrep -c -x yes -s $$ || true)')).toBe(0);
    expect(visit.complaints).toEqual([]);
  });

  it('stays while one looks at something else, and opens again', { timeout: 60_000 }, async () => {
    await terminal.type('clear; echo kept$((1+1))');
    await terminal.shows('kept2');
    await go('#/activity');
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
    await go('#/servers/notes/terminal');
    await terminal.shows('kept2');
    await terminal.input.focus();
    await terminal.type('exit 4');
    await page.getByText('The shell has ended with code 4.').waitFor();
    await page.getByRole('button', { name: 'Open again' }).click();
    await terminal.opened();
    // One types into it at once, and it was as large as its place from the start.
    expect(await terminal.number('wide', '$(stty size | cut -d" " -f2)')).toBeGreaterThan(80);
    await page.getByRole('button', { name: 'Close terminal' }).click();
    await page.getByText('The terminal was closed.').waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it('ends with the session, and all that was started in it', { timeout: 60_000 }, async () => {
    await page.getByRole('button', { name: 'Open again' }).click();
    await terminal.opened();
    await until(() => terminal.input.evaluate((element) => element === document.activeElement), 'the focus');
    const shell = await terminal.number('shell', '$$');
    await terminal.type("(trap '' HUP; exec sleep 300) & clear");
    const job = await terminal.number('job', '$!');
    expect([shell, job].map(alive)).toEqual([true, true]);
    await page.keyboard.press('F6');
    await page.getByRole('button', { name: 'Web admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await until(() => !alive(shell) && !alive(job), 'that nothing of it runs');
    // Whoever signs in next finds nothing of it.
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await go('#/servers/notes/terminal');
    await page.getByRole('button', { name: 'Open terminal on this computer' }).waitFor();
    expect(await terminal.rows.count()).toBe(0);
    expect(readFileSync(gateway.configFile, 'utf8')).not.toContain('stolen');
  });
});
