/**
 * A client signs in at the real app with nothing but its address: the official SDK's own OAuth code, Chromium without a
 * screen as the browser, and the consent in the real window. A hostile page in the same browser gets nowhere. With
 * GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { existsSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { type Keeper, openKeeper, rawClient } from '../identity/local/signing.ts';
import { axeProblems } from '../renderer/axe.ts';
import { type RunningApp, startApp } from './app.ts';
import { expectNoBarriers, picture } from './looking.ts';
import { waitFor } from './wait.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);
if (executablePath === undefined) console.warn('SKIPPED: clients that sign in, for want of Chromium');

let desktop: Desktop;
let running: RunningApp;
let window: Page;
let browser: Browser;
let url: string;
let base: string;
const open: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  if (executablePath === undefined) return;
  desktop = await startDesktop();
  running = await startApp(desktop, {
    config: JSON.stringify({
      mcpServers: { memory: nodeEntry(npmServer('memory')) },
      profiles: { work: { servers: ['memory'] } },
    }),
  });
  window = running.page;
  window.setDefaultTimeout(10_000);
  url = (await running.ready()).endpoint;
  base = url.replace(/\/mcp$/, '');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}, 90_000);
afterAll(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await browser?.close();
  await running?.close();
  await desktop?.close();
});

const dialog = () => window.getByRole('dialog');
const waiting = async () => {
  const answer = await askCommand(running.dataDir, 'clientSignIn.waiting', {});
  return answer.ok ? answer.value : [];
};

/** What tray, popover, badge and sidebar count. */
const counted = async () => {
  const answer = await askCommand(running.dataDir, 'snapshot.get', {});
  return answer.ok ? answer.value.waiting : null;
};

/** A client that has been told to sign in, and the browser on its way. */
async function begin(
  name: string,
): Promise<{ keeper: Keeper; transport: StreamableHTTPClientTransport; tab: Page }> {
  const keeper = await openKeeper(name);
  open.push(keeper.close);
  const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider: keeper });
  await expect(new Client({ name, version: '1' }).connect(transport)).rejects.toThrow('Unauthorized');
  const tab = await (await browser.newContext()).newPage();
  await tab.goto(String(keeper.opened));
  return { keeper, transport, tab };
}

/** Its last act counts only once it has been on screen for a moment. */
async function press(verb: string): Promise<void> {
  await waitFor(`${verb} to be taken`, async () => {
    if ((await dialog().count()) === 0) return true;
    await dialog()
      .getByRole('button', { name: verb, exact: true })
      .click({ timeout: 500 })
      .catch(() => undefined);
    return (await dialog().count()) === 0;
  });
}

async function looksWell(name: string): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await window.evaluate(
      (wanted) => globalThis.window.gatehouse?.invoke('preferences.set', { theme: wanted }),
      theme,
    );
    await window.waitForFunction(
      (dark) => matchMedia('(prefers-color-scheme: dark)').matches === dark,
      theme === 'dark',
    );
    if (theme === 'dark') expect(await axeProblems(window)).toEqual([]);
    else await expectNoBarriers(window);
    await picture(window, `${name}-${theme}`);
  }
}

describe.skipIf(executablePath === undefined)('a client that signs in', () => {
  it('is shown in the window with the code of the browser, and let in by a person alone', {
    timeout: 90_000,
  }, async () => {
    const { keeper, transport, tab } = await begin('Notes Helper');
    await dialog().getByText('Notes Helper', { exact: true }).waitFor();
    const code = (await tab.textContent('code')) ?? '';
    expect(code).toMatch(/^[A-Z0-9]{6}$/);
    await dialog().getByText(code, { exact: true }).waitFor();
    expect(await counted()).toMatchObject({ signIns: 1, all: 1 });
    expect(await tab.textContent('main')).toContain('“Notes Helper” wants to use Gatehouse');
    expect(await tab.locator('a, button, form, input').count()).toBe(0);
    const shown = (await dialog().textContent()) ?? '';
    expect(shown).toContain(keeper.redirect);
    expect(shown).toContain('Nobody stands for this name');
    await looksWell('clients-sign-in');
    // A click that no person has made does nothing, however long it is there.
    await dialog()
      .getByRole('button', { name: 'Allow', exact: true })
      .evaluate((button) => {
        (button as HTMLElement).click();
      });
    expect((await waiting()).map(({ id }) => id)).toEqual([code]);
    await dialog().getByLabel('Profile').selectOption('work');
    await press('Allow');
    await tab.waitForURL(`${keeper.redirect}*`);
    expect(await counted()).toMatchObject({ signIns: 0, all: 0 });
    expect(await tab.textContent('body')).toContain('back in the client');
    await transport.finishAuth(await keeper.back);
    const client = new Client({ name: 'Notes Helper', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider: keeper }));
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('memory__read_graph');
    open.push(() => client.close());

    // It is listed, can be held to less at once, and be forgotten with everything it has open.
    await window.getByRole('link', { name: 'Clients', exact: true }).click();
    const row = window.locator('[data-client="Notes Helper"]');
    await row.getByText('Signed in').waitFor();
    await row.getByText('Profile work').waitFor();
    await row.getByRole('link').click();
    await window.getByRole('heading', { name: 'Notes Helper', level: 1 }).waitFor();
    await looksWell('client-signed-in');
    await window.getByRole('radio', { name: 'What only reads' }).click();
    await window.getByRole('button', { name: 'Save' }).click();
    await window.getByText('What Notes Helper may use was changed.').waitFor();
    const again = new Client({ name: 'Notes Helper', version: '1' });
    await again.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider: keeper }));
    expect((await again.listTools()).tools.map(({ name }) => name)).not.toContain('memory__create_entities');
    await window.getByRole('button', { name: 'Forget' }).click();
    await window.getByText('Notes Helper is forgotten.').waitFor();
    keeper.opened = null;
    await expect(again.listTools()).rejects.toThrow();
    expect(keeper.opened).not.toBeNull();
  });

  it('is denied with Escape, and its browser goes back with that', { timeout: 60_000 }, async () => {
    const { keeper, tab } = await begin('Cla\u202Eude\u200B');
    await dialog().getByText('RLO', { exact: true }).waitFor();
    await dialog().getByText('ZWSP', { exact: true }).waitFor();
    await window.keyboard.press('Escape');
    await tab.waitForURL(`${keeper.redirect}*`);
    expect((await keeper.back).get('error')).toBe('access_denied');
    await waitFor('the dialog to go', async () => (await dialog().count()) === 0);
  });

  it('is not begun by a page of the web, whatever it tries', { timeout: 60_000 }, async () => {
    const client = await rawClient(base);
    const tab = await (await browser.newContext()).newPage();
    const address = client.authorizeUrl();
    await tab.route('https://evil.example/**', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe name="in" src="${address.replaceAll('&', '&amp;')}"></iframe>
          <form method="post" action="${base}/oauth/register" target="in"><input name="a"><button>post</button></form>
          <a href="${address.replaceAll('&', '&amp;')}">go</a>`,
      }),
    );
    await tab.goto('https://evil.example/');
    await tab.getByRole('button', { name: 'post' }).click();
    const read = await tab.evaluate(
      (to) =>
        fetch(`${to}/oauth/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'x' }) }).then(
          (response) => String(response.status),
          () => 'nothing',
        ),
      base,
    );
    expect(read).toBe('nothing');
    await tab.getByRole('link', { name: 'go' }).click();
    await tab.waitForURL(`${base}/**`).catch(() => undefined);
    expect(await waiting()).toEqual([]);
    expect(await dialog().count()).toBe(0);
  });
});
