/**
 * The first start of the desktop app, by keyboard: what the clients have already, the sample server, where servers run, a
 * client connected; then a real client calls the sample server and Activity shows it. Left unfinished, the steps come again
 * with the next start; finished, they do not. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';
import { openWindow, type RunningApp, startAgain, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { expectNoBarriers, picture, pictures } from './looking.ts';
import { waitFor } from './wait.ts';

const KEY = 'sk-planted-0123456789abcdef0123456789abcdef';
const files = { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem', '/tmp'] };

let desktop: Desktop;
let running: RunningApp;
let page: Page;
let cursor: string;

beforeAll(async () => {
  desktop = await startDesktop();
  // Begun once, and left before anything was done.
  const first = await startApp(desktop, { config: null, window: false });
  const home = first.env.HOME ?? '';
  cursor = write(join(home, '.cursor', 'mcp.json'), {
    mcpServers: { files, issues: { command: 'npx', args: ['-y', 'issues-mcp'], env: { API_KEY: KEY } } },
  });
  write(join(home, '.gemini', 'settings.json'), { mcpServers: { files } });
  mkdirSync(join(first.env.XDG_CONFIG_HOME ?? join(home, '.config'), 'Cursor'), { recursive: true });
  await first.quit();
  running = await startAgain(first);
  page = await openWindow(running.app);
  page.setDefaultTimeout(10_000);
}, 120_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

function write(path: string, content: object): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, JSON.stringify(content, null, 2));
  return path;
}

const heading = (name: string | RegExp): Promise<void> =>
  page.getByRole('heading', { level: 2, name }).waitFor();
const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });

/** As a person does who has no mouse. */
async function press(control: Locator): Promise<void> {
  await control.focus();
  await page.keyboard.press('Enter');
}

async function setTheme(theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate((wanted) => window.gatehouse?.invoke('preferences.set', { theme: wanted }), theme);
  const dark = theme === 'dark';
  await page.waitForFunction((wanted) => matchMedia('(prefers-color-scheme: dark)').matches === wanted, dark);
}

async function looksWell(name: string): Promise<void> {
  await setTheme('dark');
  expect(await axeProblems(page)).toEqual([]);
  await picture(page, `${name}-dark`);
  await setTheme('light');
  await expectNoBarriers(page);
  await picture(page, `${name}-light`);
}

const config = (): string => readFileSync(running.configFile, 'utf8');

describe('the first steps', () => {
  it('are shown instead of everything else, and show what the clients have, without a key', async () => {
    await heading('Bring in the servers you already have');
    expect(await page.getByRole('navigation').count()).toBe(0);
    await page.getByText('Found 2 servers in 2 clients.').waitFor();
    await page.getByText('files was found more than once with the same settings.').waitFor();
    await page.getByText('1 moves to your secrets').waitFor();
    expect(await page.content()).not.toContain(KEY);
    await looksWell('first-run');
  });

  it('add the sample server, and go on', async () => {
    await press(button('Try the sample server'));
    await heading('Choose where servers run');
    await page.getByText('The sample server is here').waitFor();
    expect(config()).toContain('--sample-server');
  });

  it('bring in what is chosen: held back, and its key nowhere in a file', async () => {
    await press(button('Bring in your servers'));
    await heading('Bring in the servers you already have');
    await page.getByRole('checkbox', { name: 'files' }).focus();
    await page.keyboard.press('Space');
    await press(button('Import 1 server'));
    await heading('Choose where servers run');
    const { mcpServers } = JSON.parse(config().replace(/^\s*\/\/.*$/gm, '')) as {
      mcpServers: Record<string, { quarantined?: boolean }>;
    };
    expect(Object.keys(mcpServers).sort()).toEqual(['issues', 'sample']);
    expect(mcpServers.issues?.quarantined).toBe(true);
    expect(config()).not.toContain(KEY);
    expect(readFileSync(cursor, 'utf8')).toContain(KEY);
  });

  it('write where servers run, after a look at what is here', async () => {
    await waitFor('the look for an engine', async () =>
      (await page.getByText('Looking for a container engine').count()) === 0 ? true : null,
    );
    await looksWell('first-run-place');
    await page.getByRole('radio', { name: 'On this computer' }).focus();
    await page.keyboard.press('Space');
    await press(button('Run on this computer'));
    await heading('Connect a client');
    expect(config()).toMatch(/"isolation":\s*{\s*"mode": "host"/);
  });

  it('connect a client with its exact change, and say that it has to come yet', async () => {
    await press(page.locator('[data-client="cursor"]').getByRole('button', { name: 'Connect Cursor' }));
    const dialog = page.getByRole('dialog');
    await dialog.getByText('"gatehouse"').first().waitFor();
    await waitFor('the connection to be made', async () => {
      if ((await dialog.count()) === 0) return true;
      await dialog
        .getByRole('button', { name: 'Connect', exact: true })
        .click({ timeout: 500 })
        .catch(() => undefined);
      return (await dialog.count()) === 0 ? true : null;
    });
    expect(
      Object.keys((JSON.parse(readFileSync(cursor, 'utf8')) as { mcpServers: object }).mcpServers),
    ).toEqual(['gatehouse', 'files', 'issues']);
    await page.locator('[data-client="cursor"]').getByText('Not seen yet').waitFor();
    await page.getByText('1 client connected').waitFor();
    await looksWell('first-run-client');
  });

  it('end with what is ready and what waits, and lead to the servers', async () => {
    await press(button('Finish'));
    await heading('Gatehouse is ready.');
    await page.getByText('1 server waits in Approvals.').waitFor();
    await looksWell('first-run-end');
    await press(button('Open Gatehouse'));
    await page.getByRole('link', { name: 'sample', exact: true }).waitFor();
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  });
});

it('the sample server answers a real client, and Activity shows the call', async () => {
  const client = await clientOf(running);
  try {
    await waitFor('its tools', async () => {
      const names = await client.toolNames();
      return names.includes('sample__roll_dice') ? names : null;
    });
    const result = await client.call('sample__roll_dice', { count: 3, sides: 6 });
    expect(result).toMatchObject({ structuredContent: { rolls: [1, 1, 1].map(() => expect.any(Number)) } });
  } finally {
    await client.close();
  }
  await page.getByRole('link', { name: 'Activity', exact: true }).click();
  await page.getByText('roll_dice').first().waitFor();
  await pictures(page, 'sample-called');
});

it('the steps do not come again, and can be asked for', async () => {
  await running.quit();
  running = await startAgain(running);
  page = await openWindow(running.app);
  page.setDefaultTimeout(10_000);
  await page.getByRole('link', { name: 'sample', exact: true }).waitFor();
  await page.keyboard.press('Control+,');
  await press(button('Show again'));
  await heading('Bring in the servers you already have');
  await press(button('Leave the first steps'));
  await page.getByRole('link', { name: 'sample', exact: true }).waitFor();
});

it('a first start that has servers already says which, and leads on', async () => {
  await running.close();
  const samples = join(desktop.env.TMPDIR ?? '/tmp', 'samples.json');
  write(samples, {
    mcpServers: { memory: nodeEntry(npmServer('memory')), broken: { command: '/nonexistent' } },
  });
  running = await startApp(desktop, { config: null, args: [`--sample-config=${samples}`] });
  ({ page } = running);
  page.setDefaultTimeout(10_000);
  await page.getByText('2 servers are here already.').waitFor();
  const here = page.getByRole('list', { name: '2 servers are here already.' });
  await here.getByRole('listitem').filter({ hasText: 'memory' }).getByText('Ready').waitFor();
  await here.getByRole('listitem').filter({ hasText: 'broken' }).getByText('Failed').waitFor();
  expect(await page.getByText('No servers found').count()).toBe(0);
  await looksWell('first-run-samples');
  await press(button('Go on'));
  await heading('Choose where servers run');
});
