/**
 * Adding a server in the real app: what is pasted is described before anything runs, its key goes to the secrets, it is looked
 * at, and only what is approved reaches a client. With GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { npmServer } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { clientOf, type TestClient } from './client.ts';
import { expectNoBarriers, picture, pictures } from './looking.ts';
import { waitFor } from './wait.ts';

/** No real one. */
const KEY = 'sk-live-3fA9xQ27LmZpR4tY8uWcB6dE';

let desktop: Desktop;
let running: RunningApp;
let client: TestClient;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, { config: '{\n  // mine\n  "mcpServers": {}\n}\n' });
  client = await clientOf(running);
}, 90_000);

afterAll(async () => {
  await client?.close();
  await running?.close();
  await desktop?.close();
});

const configuration = (): string => readFileSync(running.configFile, 'utf8');

describe('adding a server', () => {
  it('begins with one field, by a button or a key, and says what it does not understand', async () => {
    const { page } = running;
    await page.getByRole('button', { name: 'Add server' }).first().waitFor();
    await page.keyboard.press('Control+n');
    const field = page.getByRole('textbox', { name: 'Paste a command, a link or JSON' });
    await field.waitFor();
    // The cursor is in it.
    await page.keyboard.type('npx memory-mcp && reboot');
    await page.getByText('needs a shell').waitFor();
    expect(await page.getByRole('button', { name: 'Review' }).count()).toBe(0);
    await expectNoBarriers(page);
    await field.fill('');
  });

  it('shows what would run with its key hidden, and takes what is missing', async () => {
    const { page } = running;
    const entry = {
      command: process.execPath,
      args: [npmServer('memory'), '--note', 'hello'],
      env: { SERVICE_API_KEY: KEY, SERVICE_REGION: '<your region>' },
    };
    await page
      .getByRole('textbox', { name: 'Paste a command, a link or JSON' })
      .fill(JSON.stringify({ mcpServers: { notebook: entry } }, null, 2));
    await page.getByText('Settings with one server').waitFor();
    await pictures(page, 'add-server');
    await page.getByRole('button', { name: 'Review notebook' }).click();
    await page.getByRole('heading', { name: 'Review before the first start' }).waitFor();
    await page.getByText('SERVICE_REGION has no value yet.').waitFor();
    expect(await page.locator('main').textContent()).not.toContain(KEY);
    await page.getByLabel('Value of SERVICE_REGION').fill('north');
    await waitFor(
      'nothing to be missing',
      async () => (await page.getByText('has no value yet').count()) === 0,
    );
    await page.getByText('Goes to your keychain').waitFor();
    await page.getByRole('radio', { name: 'This computer' }).click();
    await page.getByText('It can do what you can do').waitFor();
    await expectNoBarriers(page);
    await picture(page, 'add-server-review-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNoBarriers(page);
    await picture(page, 'add-server-review-dark');
    await page.emulateMedia({ colorScheme: null });
    // Nothing was written yet.
    expect(configuration()).not.toContain('notebook');
  });

  it('is not added by a script in the page', async () => {
    const { page } = running;
    await page.getByRole('button', { name: 'Add and start' }).evaluate((made: HTMLElement) => {
      made.click();
    });
    expect(configuration()).not.toContain('notebook');
  });

  it('adds it held back, keeps its key, looks at it, and lets clients have what is approved', async () => {
    const { page } = running;
    await page.getByRole('button', { name: 'Add and start' }).click();
    // Then Approvals, with what it offers.
    await page.getByRole('heading', { name: 'notebook', exact: true }).waitFor({ timeout: 30_000 });
    expect(configuration()).toContain('// mine');
    expect(configuration()).toContain('"quarantined": true');
    expect(configuration()).toContain('${keyring:notebook-service_api_key}');
    expect(configuration()).toContain('"SERVICE_REGION": "north"');
    expect(configuration()).not.toContain(KEY);
    expect((await client.toolNames()).filter((name) => name.startsWith('notebook'))).toEqual([]);
    const approve = page.getByRole('button', { name: /^Approve \d+/ });
    await approve.waitFor();
    await waitFor('the approval', async () => {
      // It goes with the approval, also while it is being pressed.
      await approve.click({ timeout: 1_000 }).catch(() => undefined);
      return !configuration().includes('quarantined');
    });
    await waitFor(
      'its tools',
      async () => (await client.toolNames()).some((name) => name === 'notebook__read_graph'),
      30_000,
    );
    await page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('link', { name: /^Servers/ })
      .click();
    await pictures(page, 'added');
  });

  it('says that it is there already, and refuses its name', async () => {
    const { page } = running;
    await page.keyboard.press('Control+n');
    await page
      .getByRole('textbox', { name: 'Paste a command, a link or JSON' })
      .fill(`${process.execPath} ${npmServer('memory')} --note hello`);
    await page.getByRole('button', { name: /^Review/ }).click();
    await page.getByText('It is there already, as notebook.').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Notebook');
    await waitFor('the refusal', async () => {
      await page
        .getByRole('button', { name: 'Add and start' })
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      return (await page.getByText('There is a server named "Notebook" already.').count()) > 0;
    });
  });
});
