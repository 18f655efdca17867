/**
 * Every page of the web admin in a real browser, with servers, calls and things that wait: nothing on the console, no
 * request that fails, no barrier in either theme, and what needs a desktop says so. Then what people do there with tools.
 * With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { picture } from '../e2e/looking.ts';
import { type GatewayProcess, nodeEntry, rawServer, startGateway, until } from '../host/gateway.ts';
import { describeUnless } from '../host/needed.ts';
import { type RawClient, rawClient } from '../host/raw-client.ts';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { go as goTo, noChromium, signedIn, type Visit } from './chromium.ts';

const PASSWORD = 'four words nobody guesses';

describeUnless(noChromium, 'the pages of the web admin', () => {
  let gateway: GatewayProcess;
  let visit: Visit;
  let page: Page;
  let client: RawClient;

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
      env: { GATEHOUSE_ADMIN_PASSWORD: PASSWORD },
    });
    visit = await signedIn(gateway.admin, PASSWORD);
    page = visit.page;
    await runCommand(gateway.dataDir, 'clientToken.create', {
      ...{ client: 'ada', servers: null, profile: null, permission: 'read', expiresAt: null },
    });
    client = await rawClient(gateway.url, gateway.token);
    for (let id = 1; id <= 3; id += 1) {
      await client.call(id, 'notes__received', JSON.stringify({ text: `hello ${id}` }));
    }
  }, 60_000);
  afterAll(async () => {
    await visit?.close();
    await gateway?.close();
  });
  const tools = async (): Promise<string> =>
    (await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).text;
  const go = (hash: string): Promise<void> => goTo(page, hash);

  /** In both themes, with a picture of each where they are wanted. */
  async function look(name: string | null, where: string): Promise<void> {
    await until(
      async () => (await page.locator('[aria-busy="true"]:visible').count()) === 0,
      `${where} to be loaded`,
    );
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === 'dark' ? COLOR_RULES : undefined;
      expect(await axeProblems(page, rules), `${where}, ${colorScheme}`).toEqual([]);
      if (name !== null) await picture(page, `admin-${name}-${colorScheme}`);
    }
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
    await page.getByText('They are those of the computer where Gatehouse runs.').waitFor();
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
      if (hash === 'settings') {
        await page
          .getByText(/^Starting at login, the shortcut, notifications .* belong to the desktop app/)
          .waitFor();
      }
      await look(hash, heading);
    }
    await go('#/welcome');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await look(null, 'First run');
    await go('#/settings/about');
    expect(visit.complaints).toEqual([]);
  });

  it('say so where the file of a screen is gone, as after an update, and come back', {
    timeout: 60_000,
  }, async () => {
    await page.route(/\/later-[^/]*\.js$/, (route) => route.abort());
    await go('#/servers');
    await page.reload();
    await page.getByRole('link', { name: 'notes', exact: true }).waitFor();
    await go('#/settings');
    await page.getByRole('heading', { name: 'This screen could not be loaded', level: 1 }).waitFor();
    await look(null, 'a screen that is gone');
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Reload', exact: true }).click();
    await loaded;
    await page.getByRole('heading', { name: 'This screen could not be loaded', level: 1 }).waitFor();
    // What is there goes on, and whoever comes again finds the screen once its file is there again.
    await go('#/servers');
    await page.getByRole('link', { name: 'notes', exact: true }).waitFor();
    await page.unrouteAll();
    await go('#/settings');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    expect(visit.complaints.splice(0).filter((text) => !/later-|ERR_FAILED/.test(text))).toEqual([]);
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
    // Whoever leaves the page, or comes to it anew, finds it again, and cancels it there.
    await page.reload();
    await output.getByText('and plain in north').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('It was cancelled.').waitFor();
    expect(visit.complaints).toEqual([]);
  });

  /** Goes there by the Tab key alone. */
  async function tabTo(there: Locator, what: string): Promise<void> {
    await there.waitFor();
    for (let presses = 0; presses < 60; presses += 1) {
      if (await there.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`60 presses of Tab do not lead to ${what}`);
  }

  it('switch, rename and describe a tool, by keyboard', { timeout: 120_000 }, async () => {
    await go('#/servers');
    // One row of the list takes part in Tab; the arrows go to the others.
    await tabTo(page.locator('[role="row"][tabindex="0"]'), 'the list');
    const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'notes', exact: true }) });
    await until(async () => {
      await page.keyboard.press('ArrowDown');
      return row.evaluate((element) => element.contains(document.activeElement));
    }, 'the row of the server');
    await page.keyboard.press('Enter');
    const received = page.getByRole('switch', { name: 'received', exact: true });
    await tabTo(received, 'the switch of a tool');
    await page.keyboard.press('Space');
    await until(async () => !(await tools()).includes('notes__received'), 'that it is off');
    await page.keyboard.press('Space');
    await until(async () => (await tools()).includes('notes__received'), 'that it is on');

    await tabTo(page.getByRole('button', { name: /^received/ }), 'the tool');
    await page.keyboard.press('Enter');
    const act = page.getByRole('button', { name: 'Name and description' });
    await tabTo(act, 'its name and description');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'What clients see of received' }).waitFor();
    await tabTo(page.getByLabel('Name', { exact: true }), 'the name');
    await page.keyboard.type('two words');
    await page.getByText('At most 64 letters, digits and _ . -').first().waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('strange');
    await page.keyboard.press('Enter');
    await page.getByText('Another tool of "notes" is called "strange".').waitFor();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('look_up');
    await tabTo(page.getByLabel('Description', { exact: true }), 'the description');
    await page.keyboard.type('Looks a word up in the notes.');
    await look('tool-name', 'the name of a tool');
    await tabTo(page.getByRole('button', { name: 'Save', exact: true }), 'Save');
    await page.keyboard.press('Enter');
    await until(async () => (await tools()).includes('notes__look_up'), 'the new name');
    expect(await tools()).toContain('Looks a word up in the notes.');
    expect(await tools()).not.toContain('notes__received');
    // The focus is where it was, and the page says what clients see.
    await page.locator('dd').getByText('notes__look_up').waitFor();
    expect(await act.evaluate((element) => element === document.activeElement)).toBe(true);
    // Its server is asked for it under its own name.
    expect(await client.call(2, 'notes__look_up', '{"text":"by its new name"}')).toContain(
      '\\"name\\":\\"received\\"',
    );
    expect(await client.call(3, 'notes__received', '{}')).toContain('"error"');

    await page.keyboard.press('Enter');
    const name = page.getByLabel('Name', { exact: true });
    await until(async () => (await name.inputValue()) === 'look_up', 'what was set');
    await name.fill('');
    await page.getByLabel('Description', { exact: true }).fill(' ');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await until(async () => (await tools()).includes('notes__received'), 'its own name again');
    expect(await tools()).not.toContain('Looks a word up');
    expect(visit.complaints).toEqual([]);
  });
});
