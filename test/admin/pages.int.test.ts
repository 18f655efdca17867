/**
 * Every page of the web admin in a real browser, with servers, calls and things that wait: nothing on the console, no
 * request that fails, no barrier in either theme, and what needs a desktop says so. With GATEHOUSE_SCREENS=1 it also writes
 * pictures in docs/screens.
 */
import { existsSync } from 'node:fs';
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
    await page.waitForURL(/#\/clients\/./);
    await look(null, 'Client');
    for (const [hash, heading] of [
      ['settings', 'Settings'],
      ['doctor', 'Doctor'],
    ] as const) {
      await go(`#/${hash}`);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
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
});
