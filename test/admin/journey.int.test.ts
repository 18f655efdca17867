/**
 * The web admin in a real browser: the first password, a server added and approved, a tool switched off, what happened,
 * and the way out. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectNoBarriers, picture } from '../e2e/looking.ts';
import { type GatewayProcess, npmServer, startGateway, until } from '../host/gateway.ts';
import { describeUnless } from '../host/needed.ts';
import { rawClient } from '../host/raw-client.ts';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { printedCode } from './browser.ts';
import { chromiumPath, noChromium } from './chromium.ts';

const PASSWORD = 'four words nobody guesses';

describeUnless(noChromium, 'the web admin in a browser', () => {
  let gateway: GatewayProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    gateway = await startGateway({ config: { mcpServers: {} }, args: ['--admin', '127.0.0.1:0'] });
    browser = await chromium.launch({
      ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const context = await browser.newContext({
      viewport: { width: 1080, height: 720 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
    page.on('console', (message) => {
      // A refusal of our own is shown on the page, and in the browser's log besides.
      if (message.type() === 'error' && !message.text().includes('status of 4'))
        complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
  });

  it('goes from the first password to the way out', { timeout: 120_000 }, async () => {
    await page.goto(gateway.admin);
    await page.getByRole('heading', { name: 'Set a password' }).waitFor();
    await expectNoBarriers(page);
    await pictures('web-setup');
    await page.getByLabel('Setup code').fill(printedCode(gateway));
    await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('New password, once more').fill('something else');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('These are two different passwords.').waitFor();
    await page.getByLabel('New password, once more').fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();

    // A server is added by what a person would paste, held back, looked at and approved.
    await page.getByRole('button', { name: 'Add server' }).first().click();
    const entry = { command: process.execPath, args: [npmServer('memory')] };
    await page
      .getByRole('textbox', { name: 'Paste a command, a link or JSON' })
      .fill(JSON.stringify({ mcpServers: { notebook: entry } }));
    await page.getByRole('button', { name: 'Review notebook' }).click();
    await page.getByRole('radio', { name: 'This computer' }).click();
    // A button takes no click that comes too soon after what it is about.
    await until(async () => {
      await page
        .getByRole('button', { name: 'Add and start' })
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      return configuration().includes('notebook');
    }, 'that it is added');
    await page.getByRole('heading', { name: 'notebook', exact: true }).waitFor({ timeout: 30_000 });
    const approve = page.getByRole('button', { name: /^Approve \d+/ });
    await approve.waitFor({ timeout: 30_000 });
    await until(async () => {
      await approve.click({ timeout: 1_000 }).catch(() => undefined);
      return !configuration().includes('quarantined');
    }, 'the approval');

    // A client has its tools, until one of them is switched off.
    const client = await rawClient(gateway.url, gateway.token);
    const tools = async (): Promise<string> =>
      (await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).text;
    await until(async () => (await tools()).includes('notebook__read_graph'), 'the tools');
    await page.getByRole('link', { name: 'Servers' }).click();
    await page.getByRole('link', { name: 'notebook', exact: true }).click();
    await page.getByRole('switch', { name: 'read_graph', exact: true }).click();
    await until(async () => !(await tools()).includes('notebook__read_graph'), 'that it is off');
    expect(await tools()).toContain('notebook__search_nodes');

    // Its entry is edited, as a form and as JSON.
    await page.getByRole('tab', { name: 'Configuration' }).click();
    await page.getByRole('button', { name: 'Add variable' }).click();
    await page.getByLabel('Name 1').fill('REGION');
    await page.getByLabel('Value of REGION').fill('north');
    await pictures('web-configuration');
    await page.getByRole('button', { name: 'Save and restart' }).click();
    await until(() => configuration().includes('"REGION": "north"'), 'that it is saved');
    await page.getByRole('radio', { name: 'JSON' }).click();
    const json = page.getByRole('textbox', { name: 'Entry of notebook' });
    await until(
      async () => (await json.inputValue()).includes('"REGION": "north"'),
      'the entry as it is now',
    );
    await json.fill('{ "comand": "x" }');
    await page.getByRole('button', { name: 'Save and restart' }).click();
    await page.locator('.said').getByText('comand').first().waitFor();
    expect(configuration()).not.toContain('comand');
    await page.getByRole('button', { name: 'Discard changes' }).click();

    // What was called is seen while one looks. Whether anything else was ever recorded is told some seconds later.
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByText(/No calls (yet|today)/).waitFor();
    await client.post(
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"notebook__search_nodes","arguments":{"query":"needle"}}}',
    );
    await page.locator('[data-row]').first().waitFor();
    expect(await axeProblems(page)).toEqual([]);

    // Every screen is there, and what needs a desktop says so.
    for (const name of ['Servers', 'Approvals', 'Clients', 'Doctor']) {
      await page.getByRole('link', { name }).first().click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      await until(async () => (await page.locator('[aria-busy]').count()) === 0, `${name} to be loaded`);
      expect(await axeProblems(page), name).toEqual([]);
    }

    await page.getByRole('button', { name: 'Web admin' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await expectNoBarriers(page);
    await pictures('web-sign-in');
    await page.getByLabel('Password', { exact: true }).fill('no such password');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the password.').waitFor();
    expect(await axeProblems(page)).toEqual([]);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();

    // It is the same after a reload, and in a second tab; another password ends both.
    await page.reload();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    const second = await page.context().newPage();
    await second.goto(gateway.admin);
    await second.getByRole('navigation', { name: 'Screens' }).waitFor();
    await page.getByRole('button', { name: 'Web admin' }).click();
    await page.getByRole('menuitem', { name: 'Change password' }).click();
    await page.getByLabel('Current password').fill(PASSWORD);
    await page.getByLabel('New password', { exact: true }).fill(`${PASSWORD} 2`);
    await page.getByLabel('New password, once more').fill(`${PASSWORD} 2`);
    expect(await axeProblems(page)).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
    await page.getByText('The password is changed.').waitFor();
    await second.getByText('You were signed out.').waitFor();
    expect(complaints).toEqual([]);
  });

  const configuration = (): string => readFileSync(gateway.configFile, 'utf8');

  /** In both themes. */
  async function pictures(name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === 'dark' ? COLOR_RULES : undefined;
      expect(await axeProblems(page, rules), colorScheme).toEqual([]);
      await picture(page, `${name}-${colorScheme}`);
    }
  }
});
