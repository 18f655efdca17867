/**
 * The page of clients in the real app: the exact change is shown and made, the very command that stands in the file then
 * is started by the official SDK client, and only when that has come the page says so; undo brings the bytes back. With
 * GATEHOUSE_SCREENS=1 it also writes pictures in docs/screens.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { axeProblems } from '../renderer/axe.ts';
import { isAlive, type RunningApp, startApp } from './app.ts';
import { expectNoBarriers, picture } from './looking.ts';
import { waitFor } from './wait.ts';

/** As a person left it: comments, another server with a key, tabs. */
const BEFORE = `{
\t// what I use at work
\t"mcpServers": {
\t\t"filesystem": {
\t\t\t"command": "npx",
\t\t\t"args": ["-y", "@modelcontextprotocol/server-filesystem", "/tmp"],
\t\t\t"env": { "API_KEY": "sk-planted-0123456789abcdef0123456789abcdef" }
\t\t}
\t}
}
`;

let desktop: Desktop;
let running: RunningApp;
let page: Page;
let file: string;
let gemini: string;

beforeAll(async () => {
  desktop = await startDesktop();
  running = await startApp(desktop, { servers: { memory: nodeEntry(npmServer('memory')) } });
  page = running.page;
  page.setDefaultTimeout(8_000);
  const home = running.env.HOME ?? '';
  file = write(join(home, '.cursor', 'mcp.json'), BEFORE);
  mkdirSync(join(running.env.XDG_CONFIG_HOME ?? join(home, '.config'), 'Cursor'), { recursive: true });
  gemini = write(join(home, '.gemini', 'settings.json'), '{ "mcpServers": ');
}, 90_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

function write(path: string, text: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const read = (): string => readFileSync(file, 'utf8');
const row = (id: string): Locator => page.locator(`[data-client="${id}"]`);
/** The one on top. */
const dialog = (): Locator => page.getByRole('dialog').last();

async function setTheme(theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate((wanted) => window.gatehouse?.invoke('preferences.set', { theme: wanted }), theme);
  const dark = theme === 'dark';
  await page.waitForFunction((wanted) => matchMedia('(prefers-color-scheme: dark)').matches === wanted, dark);
}

/** No barrier in either theme and at any size; with pictures where they have a name. */
async function looksWell(name?: string): Promise<void> {
  await setTheme('dark');
  expect(await axeProblems(page)).toEqual([]);
  if (name !== undefined) await picture(page, `${name}-dark`);
  await setTheme('light');
  await expectNoBarriers(page);
  if (name !== undefined) await picture(page, `${name}-light`);
}

/** Its last act counts only once it has been on screen for a moment; a person needs longer than that, too. */
async function confirm(verb: string): Promise<void> {
  const dialogs = page.getByRole('dialog');
  const before = await dialogs.count();
  const button = dialog().getByRole('button', { name: verb, exact: true });
  await button.waitFor();
  await waitFor(`${verb} to be taken`, async () => {
    if ((await dialogs.count()) < before) return true;
    await button.click({ timeout: 500 }).catch(() => undefined);
    return (await dialogs.count()) < before;
  });
}

describe('clients', () => {
  it('are listed with how they stand; a file that cannot be read is told, and left alone', async () => {
    await page.getByRole('link', { name: 'Clients', exact: true }).click();
    await row('cursor').getByText('Not connected').waitFor();
    await row('gemini-cli').getByText('Cannot be read').waitFor();
    expect(await row('gemini-cli').getByRole('button').count()).toBe(0);
    expect(readFileSync(gemini, 'utf8')).toBe('{ "mcpServers": ');
    await looksWell();
  });

  it('shows the exact change first, with keys of others hidden, and makes nothing until it is told to', async () => {
    await row('cursor').getByRole('button', { name: 'Connect Cursor' }).focus();
    await page.keyboard.press('Enter');
    await dialog().getByRole('radio', { name: 'Bridge' }).click();
    await dialog().getByText('"--client"').waitFor();
    const text = (await dialog().textContent()) ?? '';
    expect(text).toContain('No key is written to this file');
    expect(text).not.toContain('sk-planted');
    await looksWell('clients-connect');
    await page.keyboard.press('Escape');
    await waitFor('the dialog to go', async () => (await dialog().count()) === 0);
    expect(read()).toBe(BEFORE);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toBe('Connect Cursor');
  });

  it('shows the new difference when the file changed meanwhile, and writes only what was shown', async () => {
    await row('cursor').getByRole('button', { name: 'Connect Cursor' }).click();
    await dialog().getByRole('radio', { name: 'Bridge' }).click();
    await dialog().getByText('"--client"').waitFor();
    const other = BEFORE.replace('at work', 'at home');
    writeFileSync(file, other);
    await waitFor('the refusal', async () => {
      await dialog().getByRole('button', { name: 'Connect', exact: true }).click();
      return dialog().getByText('The file changed since you looked').isVisible();
    });
    expect(read()).toBe(other);
    await dialog().getByText('at home').waitFor();
    await page.keyboard.press('Escape');
    writeFileSync(file, BEFORE);
  });

  it('connects; the command in the file is started by a real client, and only then the page says so', async () => {
    await row('cursor').getByRole('button', { name: 'Connect Cursor' }).click();
    await dialog().getByRole('radio', { name: 'Bridge' }).click();
    await dialog().getByText('"--client"').waitFor();
    await confirm('Connect');
    await row('cursor').getByText('Not seen yet').waitFor();
    const entry = JSON.parse(read().replace(/^\s*\/\/.*$/m, '')).mcpServers.gatehouse;

    const transport = new StdioClientTransport({
      command: entry.command,
      args: entry.args,
      env: { HOME: running.env.HOME ?? '', PATH: '/usr/bin:/bin' },
      stderr: 'inherit',
    });
    const client = new Client({ name: 'Cursor', version: '2.0' });
    await client.connect(transport);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('memory__read_graph');
    await client.callTool({ name: 'memory__read_graph', arguments: {} });
    await row('cursor').getByText('Connected', { exact: true }).waitFor();
    await row('cursor').getByText('Session open').waitFor();
    await looksWell('clients');
    await client.close();
    await row('cursor').getByText('Last seen').waitFor();
  });

  it('shows one client in full; undo brings the bytes of before back', async () => {
    await row('cursor').getByRole('link', { name: 'Cursor' }).click();
    await page.getByRole('heading', { name: 'Cursor', level: 1 }).waitFor();
    await page.getByText('Cursor 2.0').waitFor();
    await looksWell('client');
    await page.getByRole('button', { name: 'Undo last change' }).click();
    await page.getByText('is what it was before').waitFor();
    expect(read()).toBe(BEFORE);
    await page.getByText('Not connected').first().waitFor();
  });

  it('gives an address with a token of its own, which is shown once and can be revoked', async () => {
    const invoke = (name: string, args: object): Promise<{ ok: boolean; value: never }> =>
      page.evaluate(
        ([command, given]) => window.gatehouse?.invoke(command as never, given as never) as Promise<never>,
        [name, args] as const,
      );
    await page.getByRole('button', { name: 'Make a token' }).click();
    const made = page.getByLabel('New token');
    await made.waitFor();
    const token = (await made.textContent()) ?? '';
    expect(await axeProblems(page)).toEqual([]);
    expect(await invoke('clientToken.check', { client: 'cursor', token })).toEqual({ ok: true, value: true });
    await page.getByRole('button', { name: 'I have it' }).click();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('Revoked now').waitFor();
    expect(await invoke('clientToken.check', { client: 'cursor', token })).toEqual({
      ok: true,
      value: false,
    });
  });

  it('takes a file that the user names, and goes back to the usual one', async () => {
    const mine = write(join(running.env.HOME ?? '', 'elsewhere', 'mcp.json'), '{}\n');
    await page.getByText('Use another file').click();
    await page.getByLabel('Path of the settings file').fill(mine);
    await page.getByRole('button', { name: 'Use this file' }).click();
    await page.getByText('You chose this file').waitFor();
    await page.getByText(mine, { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back to the usual file' }).click();
    await page.getByText(file, { exact: true }).waitFor();
  });

  it('brings in what clients have, held for approval and without its key, and replaces the originals with undo', async () => {
    await page.getByRole('link', { name: 'Clients', exact: true }).first().click();
    await page.getByRole('button', { name: 'Bring in servers' }).click();
    await dialog().getByText('API_KEY goes to your secrets').waitFor();
    expect(await page.content()).not.toContain('sk-planted');
    await looksWell('clients-import');
    await dialog().getByRole('button', { name: 'Bring in 1 server' }).click();
    await dialog().getByText('1 server was brought in and waits for approval').waitFor();
    const config = readFileSync(running.configFile, 'utf8');
    expect(JSON.parse(config).mcpServers.filesystem).toMatchObject({ command: 'npx', quarantined: true });
    expect(config).not.toContain('sk-planted');
    expect(read()).toBe(BEFORE);

    await dialog().getByRole('button', { name: 'Replace in Cursor' }).click();
    await dialog().getByRole('heading', { name: 'Replace entries in Cursor' }).waitFor();
    await dialog().getByText('server-filesystem').waitFor();
    expect(await page.content()).not.toContain('sk-planted');
    await confirm('Replace');
    expect(read()).toContain('"gatehouse"');
    expect(read()).not.toContain('filesystem');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await page.getByText('is what it was before').waitFor();
    expect(read()).toBe(BEFORE);
  });

  it('closes a program that would undo the change, opens it again, and tells when its entry goes all the same', async () => {
    const home = running.env.HOME ?? '';
    const started = join(home, 'claude-started');
    const program = write(
      join(home, '.local', 'bin', 'claude-desktop'),
      `#!${process.execPath}\nrequire('fs').appendFileSync(${JSON.stringify(started)}, process.pid + '\\n');\nsetInterval(() => {}, 1000);\n`,
    );
    chmodSync(program, 0o755);
    const settings = join(running.env.XDG_CONFIG_HOME ?? '', 'Claude', 'claude_desktop_config.json');
    write(settings, '{}\n');
    const child = spawn(program, { stdio: 'ignore' });
    const pids = (): number[] =>
      existsSync(started) ? readFileSync(started, 'utf8').trim().split('\n').map(Number) : [];
    await waitFor('the program', () => pids().length === 1);
    try {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await row('claude-desktop').getByRole('button', { name: 'Connect Claude Desktop' }).click();
      await dialog().getByText('Claude Desktop is running').waitFor();
      // It cannot be reached by an address, so none is offered.
      expect(await dialog().getByRole('radio').count()).toBe(0);
      await looksWell('clients-close');
      await confirm('Close, write and reopen');
      await waitFor('the second start', () => pids().length === 2);
      expect([isAlive(child.pid ?? 0), isAlive(pids()[1] ?? 0)]).toEqual([false, true]);
      expect(readFileSync(settings, 'utf8')).toContain('"gatehouse"');
      await row('claude-desktop').getByText('Not seen yet').waitFor();
      writeFileSync(settings, '{}\n');
      await row('claude-desktop').getByText('Entry is gone').waitFor();
      expect(readFileSync(settings, 'utf8')).toBe('{}\n');
      await row('claude-desktop').getByRole('button', { name: 'Repair Claude Desktop' }).waitFor();
    } finally {
      for (const pid of pids()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
  });
});
