/**
 * What comes from outside: links that any page or program can give, and things that are dropped on the window. Whatever they
 * say, at most a place opens; nothing is added, switched or decided.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { type RunningApp, startApp } from './app.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, {
    servers: { held: { ...nodeEntry(npmServer('memory')), quarantined: true } },
  });
  await running.page.getByRole('heading', { name: 'Servers' }).first().waitFor();
}, 60_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

/** Opens a link as the desktop does: by a second start that hands it over. */
async function follow(link: string): Promise<void> {
  const { executable, args, env } = running;
  const second = spawn(executable, [...args, link], { env, stdio: 'ignore' });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
}

const hash = (): string => new URL(running.page.url()).hash;
const config = (): string => readFileSync(running.configFile, 'utf8');
const servers = (): Promise<unknown> =>
  running.page.evaluate(async () => {
    const answer = (await window.gatehouse?.invoke('snapshot.get', {})) as {
      value: { servers: { name: string; state: string; enabled: boolean }[]; paused: boolean };
    };
    return [
      answer.value.paused,
      answer.value.servers.map(({ name, state, enabled }) => [name, state, enabled]),
    ];
  });

it('a link opens a place', async () => {
  await follow('gatehouse://approvals');
  await waitFor('the place', () => hash() === '#/approvals');
  await follow('gatehouse://servers/held');
  await waitFor('the place', () => hash() === '#/servers/held');
});

it('a link with an address fills it in for a review, and adds nothing', async () => {
  const before = [config(), await servers()];
  await follow('gatehouse://add?url=https%3A%2F%2Fmcp.example.org%2Fmcp');
  await waitFor('the place', () => hash() === '#/add');
  const field = running.page.getByRole('textbox').first();
  await waitFor('the address', async () => (await field.inputValue()) === 'https://mcp.example.org/mcp');
  await running.page
    .getByRole('button', { name: /^Review/ })
    .first()
    .waitFor();
  await running.page.getByText('A link has filled this in').waitFor();
  expect([config(), await servers()]).toEqual(before);
  // What somebody has typed since is not written over.
  await field.fill('npx -y my-own-server');
  await follow('gatehouse://add?url=https%3A%2F%2Fevil.example.org%2Fmcp');
  await running.page.getByText('A link wanted to fill in https://evil.example.org/mcp').waitFor();
  expect(await field.inputValue()).toBe('npx -y my-own-server');
  expect(await running.page.getByText('A link has filled this in').count()).toBe(0);
});

it('links with commands, keys, decisions or junk lead nowhere and do nothing', async () => {
  const before = [config(), await servers(), hash()];
  for (const link of [
    'gatehouse://add?command=npx%20-y%20evil',
    'gatehouse://add?url=https://a.example/&token=secret',
    'gatehouse://server.release?server=held',
    'gatehouse://approvals?approve=all',
  ]) {
    await follow(link);
    const alert = running.page.getByText('This link leads nowhere in Gatehouse.').first();
    await alert.waitFor();
    await running.page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).first().click();
    await alert.waitFor({ state: 'detached' });
  }
  expect([config(), await servers(), hash()]).toEqual(before);
});

it('a file or a link that is dropped on the window changes nothing', async () => {
  const file = join(running.folder, 'dropped.html');
  writeFileSync(file, '<script>document.title = "taken"</script>');
  const before = running.page.url();
  const dropped = await running.app.evaluate(async ({ BrowserWindow }, path) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return 'no window';
    const { debugger: tools } = window.webContents;
    tools.attach('1.3');
    const place = { x: 500, y: 300 };
    for (const data of [
      { items: [], files: [path], dragOperationsMask: 1 },
      {
        items: [{ mimeType: 'text/uri-list', data: 'https://example.org/' }],
        files: [],
        dragOperationsMask: 1,
      },
    ]) {
      for (const type of ['dragEnter', 'dragOver', 'drop']) {
        await tools.sendCommand('Input.dispatchDragEvent', { type, ...place, data });
      }
    }
    tools.detach();
    // What must not happen gives no sign when it does not: a page that follows the file does so well within this.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return window.webContents.getTitle();
  }, file);
  expect(dropped).not.toBe('taken');
  expect(running.page.url()).toBe(before);
  expect(await running.page.evaluate(() => document.title)).toBe('Gatehouse');
});
