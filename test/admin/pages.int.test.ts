/**
 * Every page of the web admin in a real browser, with servers, calls and things that wait: nothing on the console, no
 * request that fails, no barrier in either theme, and what needs a desktop says so. Then a terminal: it works, it is left by
 * keyboard, and what a hostile program writes reaches nothing but its own screen. With GATEHOUSE_SCREENS=1 it also writes
 * pictures in docs/screens.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { picture } from '../e2e/looking.ts';
import { type GatewayProcess, nodeEntry, rawServer, startGateway, until } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';
import { axeProblems } from '../renderer/axe.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);
if (executablePath === undefined) console.warn('SKIPPED: the pages of the web admin, for want of Chromium');

const PASSWORD = 'four words nobody guesses';

describe.skipIf(executablePath === undefined)('the pages of the web admin', () => {
  let gateway: GatewayProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway({
      config: {
        terminal: { onThisComputer: true },
        mcpServers: {
          notes: { ...nodeEntry(rawServer), env: { REGION: 'north' }, trust: 'auto' },
          newcomer: { ...nodeEntry(rawServer), quarantined: true },
          far: { url: 'http://127.0.0.1:9/mcp' },
        },
      },
      args: ['--admin', '127.0.0.1:0'],
      env: { GATEHOUSE_ADMIN_PASSWORD: PASSWORD, SHELL: '/bin/sh', ENV: '' },
    });
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const context = await browser.newContext({
      ...{ viewport: { width: 1080, height: 720 }, colorScheme: 'light', reducedMotion: 'reduce' },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) =>
      complaints.push(`${request.url()}: ${request.failure()?.errorText}`),
    );
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
    });
    await page.goto(gateway.admin);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    await runCommand(gateway.dataDir, 'clientToken.create', {
      ...{ client: 'ada', servers: null, profile: null, permission: 'read', expiresAt: null },
    });
    const client = await rawClient(gateway.url, gateway.token);
    for (let id = 1; id <= 3; id += 1) {
      await client.call(id, 'notes__received', JSON.stringify({ text: `hello ${id}` }));
    }
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  /** In both themes, with a picture of each where they are wanted. */
  async function look(name: string | null, where: string): Promise<void> {
    await until(
      async () => (await page.locator('[aria-busy="true"]:visible').count()) === 0,
      `${where} to be loaded`,
    );
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await axeProblems(page), `${where}, ${colorScheme}`).toEqual([]);
      if (name !== null) await picture(page, `admin-${name}-${colorScheme}`);
    }
  }
  async function go(hash: string): Promise<void> {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
  }

  it('are all there, and say what needs a desktop', { timeout: 240_000 }, async () => {
    await page.getByRole('link', { name: 'notes', exact: true }).waitFor();
    await look('servers', 'Servers');
    await go('#/servers/notes');
    await page.getByRole('switch', { name: 'received', exact: true }).waitFor();
    await look('server', 'Tools');
    for (const [tab, words] of [
      ['log', 'Log'],
      ['isolation', 'Isolation'],
      ['config', 'Configuration'],
    ] as const) {
      await go(`#/servers/notes/${tab}`);
      await page.getByRole('tab', { name: words, selected: true }).waitFor();
      await look(null, words);
    }
    await go('#/add');
    await page.getByRole('textbox', { name: 'Paste a command, a link or JSON' }).fill(
      JSON.stringify({
        mcpServers: { pasted: { ...nodeEntry(rawServer), env: { API_KEY: 'sk-secret-1' } } },
      }),
    );
    await look(null, 'Add server');
    await page.getByRole('button', { name: 'Review pasted' }).click();
    await page.getByRole('button', { name: 'Add and start' }).waitFor();
    await look('review', 'Review');
    await go('#/approvals');
    await page.getByRole('heading', { name: 'newcomer', exact: true }).waitFor();
    await look('approvals', 'Approvals');
    await go('#/activity');
    await page.locator('[data-row]').first().click();
    await page.getByRole('complementary').getByRole('heading').first().waitFor();
    await look('activity', 'Activity');
    await go('#/clients');
    await page.getByRole('heading', { name: 'Clients', level: 1 }).waitFor();
    await look('clients', 'Clients');
    await page.getByRole('link', { name: 'ada', exact: true }).click();
    await page.getByRole('heading', { name: 'ada', level: 1 }).waitFor();
    await look(null, 'Client');
    for (const [hash, heading] of [
      ['settings', 'Settings'],
      ['doctor', 'Doctor'],
    ] as const) {
      await go(`#/${hash}`);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      // What is there takes a moment to say that it loads.
      await page.locator('main').getByRole('button').first().waitFor();
      await look(hash, heading);
    }
    await go('#/welcome');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await look(null, 'First run');
    await go('#/settings/about');
    expect(complaints).toEqual([]);
  });

  it('install what a server needs, in its colors, and cancel that', { timeout: 60_000 }, async () => {
    await go('#/servers/notes/config');
    await page
      .getByLabel('Line of the shell')
      .fill('printf \'\\033[32mgreen\\033[0m and plain in %s\\n\' "$REGION"; sleep 300');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const output = page.getByRole('log', { name: 'What it writes' });
    await output.getByText('and plain in north').waitFor();
    expect(await output.locator('.green').textContent()).toBe('green');
    expect(await axeProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('It was cancelled.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('switch, rename and describe a tool', { timeout: 60_000 }, async () => {
    const client = await rawClient(gateway.url, gateway.token);
    const tools = async (): Promise<string> =>
      (await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).text;
    await go('#/servers/notes');
    await page.getByRole('switch', { name: 'received', exact: true }).click();
    await until(async () => !(await tools()).includes('notes__received'), 'that it is off');
    await page.getByRole('switch', { name: 'received', exact: true }).click();
    await until(async () => (await tools()).includes('notes__received'), 'that it is on');
    expect(complaints).toEqual([]);
  });

  it('open a terminal, which is left by keyboard and reaches nothing but its screen', {
    timeout: 120_000,
  }, async () => {
    await go('#/servers/far');
    await page.getByRole('tab', { name: 'Tools' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Terminal' }).count()).toBe(0);
    await go('#/servers/notes/terminal');
    await page.getByRole('heading', { name: 'On this computer, without a container' }).waitFor();
    await look('terminal-closed', 'Terminal');
    await page.getByRole('button', { name: 'Open terminal on this computer' }).click();
    const input = page.getByRole('textbox', { name: 'Terminal. F6 leaves it.' });
    const rows = page.locator('.xterm-rows');
    await input.waitFor();
    await until(async () => (await rows.textContent())?.trim() !== '', 'a prompt');
    await page.keyboard.type('stty size; echo hello$((1+1))\n');
    await until(async () => (await rows.textContent())?.includes('hello2') === true, 'an answer');
    const size = /(\d+) (\d+)/.exec((await rows.textContent()) ?? '');
    expect(Number(size?.[1])).toBeGreaterThan(15);
    expect(Number(size?.[2])).toBeGreaterThan(80);
    // Keys of the window are the shell's here: this one goes back one character.
    await page.keyboard.type('echo keyX');
    await page.keyboard.press('Control+b');
    await page.keyboard.press('Control+n');
    expect(page.url()).toContain('/terminal');
    await page.keyboard.press('Control+c');

    const title = await page.title();
    await page.evaluate(() => navigator.clipboard.writeText('mine'));
    await page.keyboard.type(
      "clear; printf '\\033]0;stolen\\007\\033]2;stolen\\007\\033]52;c;c3RvbGVu\\007\\033]11;#ff0000\\007\\033]8;;http://evil.example\\007link\\033]8;;\\007 \\033[38;2;250;10;10mred\\033[0m \\033[44mblue\\033[0m \\033[21t\\033]9;notice\\007 end%s\\n' $((1+1))\n",
    );
    await until(async () => (await rows.textContent())?.includes('end2') === true, 'what it wrote');
    expect(await page.title()).toBe(title);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
    expect(await page.locator('.xterm a').count()).toBe(0);
    await rows.getByText('link', { exact: false }).first().click({ force: true });
    expect(page.context().pages()).toHaveLength(1);
    expect(await rows.textContent()).not.toMatch(/stolen\W*$/);
    const red = rows.locator('span', { hasText: /^red/ }).first();
    expect(await red.evaluate((element) => getComputedStyle(element).color)).toMatch(
      /^rgb\(2\d\d, |^rgb\(1\d\d, /,
    );

    await input.focus();
    await page.keyboard.press('F6');
    expect(await page.evaluate(() => document.activeElement?.closest('.xterm') === null)).toBe(true);
    await page.getByRole('switch', { name: 'For screen readers' }).click();
    await page.locator('.xterm-accessibility-tree').getByText('end2').waitFor();
    await look('terminal', 'Terminal');
    await page.getByRole('switch', { name: 'For screen readers' }).click();

    // It stays while one looks at something else, and is recorded.
    await go('#/activity');
    await page.getByRole('heading', { name: 'Activity', level: 1 }).waitFor();
    await go('#/servers/notes/terminal');
    await until(async () => (await rows.textContent())?.includes('end2') === true, 'that it is still there');
    await input.focus();
    await page.keyboard.type('exit 4\n');
    await page.getByText('The shell has ended with code 4.').waitFor();
    await page.getByRole('button', { name: 'Open again' }).click();
    await until(async () => /^[^a-z]*[#$] *$/.test((await rows.textContent())?.trim() ?? ''), 'a new shell');
    await page.getByRole('button', { name: 'Close terminal' }).click();
    await page.getByText('The terminal was closed.').waitFor();
    expect(readFileSync(gateway.configFile, 'utf8')).not.toContain('stolen');
    expect(complaints).toEqual([]);
  });
});
