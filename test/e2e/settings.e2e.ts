/**
 * Settings in the real app, by keyboard: what is changed applies at once and stands where it belongs (preferences, the
 * configuration with its comments, the system's autostart folder); what needs a restart offers it, and the app comes again
 * at the new port. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCommand, askConnection } from '../../main/commands/local-client.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';
import { isAlive, type RunningApp, startApp } from './app.ts';
import { connectClient } from './client.ts';
import { expectNoBarriers, picture } from './looking.ts';
import { waitFor } from './wait.ts';

const VALUE = 'planted-value-9f3b2c71';

let desktop: Desktop;
let running: RunningApp;
let page: Page;
/** The app that comes after the restart. */
let next: number | null = null;

beforeAll(async () => {
  desktop = await startDesktop();
  const memory = { ...nodeEntry(npmServer('memory')), env: { NOTE: '${keyring:note}' } };
  running = await startApp(desktop, {
    listen: false,
    config: `{\n  // mine\n  "listen": "127.0.0.1:0",\n  "mcpServers": ${JSON.stringify({ memory })}\n}\n`,
  });
  page = running.page;
  page.setDefaultTimeout(8_000);
}, 90_000);

afterAll(async () => {
  if (next !== null && isAlive(next)) process.kill(next, 'SIGKILL');
  await running?.close();
  await desktop?.close();
});

const config = (): string => readFileSync(running.configFile, 'utf8');
const preferences = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(running.dataDir, 'preferences.json'), 'utf8')) as Record<string, unknown>;
const group = (name: string): Locator => page.getByRole('region', { name });
const row = (text: string): Locator => page.getByRole('listitem').filter({ hasText: text }).first();
const dialog = (): Locator => page.getByRole('dialog');
const isDark = (): Promise<boolean> =>
  page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);

async function press(control: Locator, key = 'Enter'): Promise<void> {
  await control.focus();
  await page.keyboard.press(key);
}

async function freePort(): Promise<{ readonly port: number; free(): Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return { port, free: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('general', () => {
  it('opens with its keys; the theme applies at once and says that it is saved', async () => {
    await page.keyboard.press('Control+,');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.getByRole('radio', { name: 'As the system' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await waitFor('the dark theme', async () => ((await isDark()) ? true : null));
    await row('Theme').getByText('Saved').waitFor();
    expect(preferences().theme).toBe('dark');
  });

  it('has no barrier, in either theme and at any size', async () => {
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'settings-dark');
    await press(page.getByRole('radio', { name: 'Light' }), 'Space');
    await waitFor('the light theme', async () => ((await isDark()) ? null : true));
    await expectNoBarriers(page);
    await picture(page, 'settings-light');
  });

  it('starts with the session by a file of the system, and keeps which notices are wanted', async () => {
    const folder = running.env.XDG_CONFIG_HOME ?? join(running.env.HOME ?? '', '.config');
    const file = join(folder, 'autostart', 'app.gatehouse.Gatehouse.desktop');
    await press(page.getByRole('switch', { name: 'Start at login' }), 'Space');
    await waitFor('the file', () => (existsSync(file) ? true : null));
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(`"--data-dir" "${running.dataDir}"`);
    expect(text).toMatch(/^Exec=.*"--hidden"$/m);
    await press(page.getByRole('switch', { name: 'Start at login' }), 'Space');
    await waitFor('the file to go', () => (existsSync(file) ? null : true));
    await press(page.getByRole('checkbox', { name: 'A server wants you to sign in' }), 'Space');
    await waitFor('the preference', () =>
      JSON.stringify(preferences().notifications) === '{"calls":true,"approvals":true,"signIn":false}'
        ? true
        : null,
    );
  });

  it('takes keys that open it from anywhere, gives up on Escape, and takes them away', async () => {
    const keys = row('Open from anywhere');
    const held = (): Promise<boolean> =>
      running.app.evaluate(({ globalShortcut }) => globalShortcut.isRegistered('Control+Alt+G'));
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    await keys.getByRole('status').getByText('None').waitFor();
    const set = keys.getByRole('button', { name: 'Set keys' });
    await press(set);
    await keys.getByText('Press the keys').waitFor();
    // Escape gives up: nothing is chosen, one is still here, and the next keys are no shortcut.
    await page.keyboard.press('Escape');
    await keys.getByRole('status').getByText('None').waitFor();
    await page.keyboard.press('Control+Alt+G');
    expect(await held()).toBe(false);
    expect(await focused()).toBe('Set keys');

    // A key alone would be taken from every program.
    await press(set);
    await page.keyboard.press('g');
    await keys.getByText('Press the keys').waitFor();
    await page.keyboard.press('Control+Alt+G');
    await keys.getByText('Control+Alt+G').waitFor();
    await waitFor('the system to know them', held);
    expect(preferences().shortcut).toBe('Control+Alt+G');
    // Begun anew and given up, what was there stays.
    await press(set);
    await page.keyboard.press('Tab');
    await keys.getByText('Control+Alt+G').waitFor();
    expect(await held()).toBe(true);

    await press(keys.getByRole('button', { name: /^Remove/ }));
    await keys.getByRole('status').getByText('None').waitFor();
    await waitFor('the system to forget them', async () => !(await held()));
    expect(preferences().shortcut).toBe(null);
    // The button that had the focus is gone; the focus is not.
    expect(await focused()).toBe('Set keys');
  });

  it('speaks another language at once', async () => {
    await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await expectNoBarriers(page);
    await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
  });
});

describe('data', () => {
  it('keeps activity for as long as it is told to, in the file with its comments', async () => {
    await page.getByRole('combobox', { name: 'Keep activity for' }).selectOption('90');
    await row('Keep activity for').getByText('Saved').waitFor();
    expect(config()).toContain('// mine\n  "listen": "127.0.0.1:0",');
    expect(config()).toMatch(/"activity": {\s*"days": 90\s*}/);
  });

  it('deletes activity only after it was asked', async () => {
    // The change that the test before this one has made is among it.
    const kept = async (): Promise<number> => {
      const rows = await askCommand(running.dataDir, 'activity.query', {
        filter: { kind: 'config' },
        limit: 10,
      });
      return rows.ok ? rows.value.length : -1;
    };
    await waitFor('the record', async () => ((await kept()) > 0 ? true : null));
    await press(group('Data').getByRole('button', { name: 'Delete activity' }));
    await dialog().getByText('Nothing brings it back.').waitFor();
    expect(await axeProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await waitFor('the dialog to go', async () => ((await dialog().count()) === 0 ? true : null));
    expect(await kept()).toBeGreaterThan(0);
    await press(group('Data').getByRole('button', { name: 'Delete activity' }));
    await press(dialog().getByRole('button', { name: 'Delete activity' }));
    await waitFor('the record to be gone', async () => ((await kept()) === 0 ? true : null));
  });
});

describe('secrets', () => {
  it('are stored and never shown; who uses one is told before it is deleted', async () => {
    await press(page.getByRole('button', { name: 'Add a secret' }));
    await dialog().getByLabel('Name').fill('note');
    await dialog().getByLabel('Value').fill(VALUE);
    await page.keyboard.press('Enter');
    await row('note').getByText('Used by memory').waitFor();
    // Nobody is to take it for one that nothing needs.
    await row('endpoint-token').getByText('Used by the endpoint').waitFor();
    expect(await page.content()).not.toContain(VALUE);
    await press(page.getByRole('button', { name: 'Delete note' }));
    await dialog().getByText('memory uses it, and does not start again without it.').waitFor();
    expect(await axeProblems(page)).toEqual([]);
    await press(dialog().getByRole('button', { name: 'Keep it' }));
    await press(page.getByRole('button', { name: 'Delete note' }));
    await press(dialog().getByRole('button', { name: 'Delete', exact: true }));
    await page.getByText('note is deleted.').waitFor();
    await waitFor('its row to go', async () =>
      (await page.getByRole('button', { name: 'Delete note' }).count()) === 0 ? true : null,
    );
  });
});

describe('the endpoint', () => {
  it('is opened to nobody before it was said to whom', async () => {
    await press(page.getByRole('radio', { name: 'The network' }), 'Space');
    await dialog().getByText('Who could reach it').waitFor();
    await dialog()
      .getByText('And every network that this computer joins later.')
      .or(dialog().getByText('This computer is in no network now.'))
      .waitFor();
    await expectNoBarriers(page);
    await picture(page, 'settings-open-light');
    await press(dialog().getByRole('button', { name: 'Keep to this computer' }));
    await waitFor('the dialog to go', async () => ((await dialog().count()) === 0 ? true : null));
    expect(config()).not.toContain('0.0.0.0');
    expect(await page.getByRole('radio', { name: 'Only this computer' }).getAttribute('aria-checked')).toBe(
      'true',
    );
  });

  it('takes no port that another program has; a free one is in force after the restart that it offers', async () => {
    const other = await freePort();
    const field = page.getByRole('textbox', { name: 'Port' });
    await field.fill('70000');
    await page.getByText('A port is a number from 1 to 65535.').first().waitFor();
    await field.fill(String(other.port));
    await page.keyboard.press('Enter');
    await page.getByText(`Port ${other.port} is used by another program.`).waitFor();
    expect(config()).toContain('"listen": "127.0.0.1:0"');
    await other.free();
    await page.keyboard.press('Enter');
    await page.getByText('In force after a restart: the address of the endpoint').waitFor();
    expect(config()).toContain(`// mine\n  "listen": "127.0.0.1:${other.port}",`);
    // Seen where the change was made, and not above it.
    const place = await page.getByRole('button', { name: 'Restart Gatehouse' }).boundingBox();
    expect(place?.y).toBeGreaterThan(0);
    expect(place?.y).toBeLessThan(200);
    expect(await axeProblems(page)).toEqual([]);
    await picture(page, 'settings-restart-light');
    const { pid } = await running.ready();
    // It goes at once, with the page under the key that is pressed.
    await press(page.getByRole('button', { name: 'Restart Gatehouse' })).catch(() => undefined);
    expect(await running.exited(30_000)).toBe(0);
    const after = await waitFor(
      'the app to come again',
      async () => {
        const found = await askConnection(running.dataDir).catch(() => null);
        return found?.endpoint === `http://127.0.0.1:${other.port}/mcp` ? found : null;
      },
      20_000,
    );
    next = after.pid;
    expect(after.pid).not.toBe(pid);
    const client = await connectClient(`http://127.0.0.1:${other.port}/mcp`, after.token);
    expect(await client.toolNames()).toEqual(expect.any(Array));
    await client.close();
    process.kill(after.pid, 'SIGTERM');
    await waitFor('it to end', () => (isAlive(after.pid) ? null : true), 25_000);
  });
});
