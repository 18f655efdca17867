/**
 * The main journey: three real servers behind the app, seen in the window and by a real MCP client at once.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { descendants, type RunningApp, startApp } from './app.ts';
import { connectClient, type TestClient, tokenFromClipboard } from './client.ts';
import { pictures } from './looking.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;
let client: TestClient;
let token: string;
/** While it is there, the server “wobbly” ends at once. */
let lock: string;

beforeAll(async () => {
  desktop = await startDesktop();
  const shared = mkdtempSync(join(desktop.env.TMPDIR ?? '/tmp', 'shared-'));
  writeFileSync(join(shared, 'note.txt'), 'from the shared folder');
  lock = join(shared, 'locked');
  const wobbly = join(shared, 'wobbly.mjs');
  const memory = JSON.stringify(pathToFileURL(npmServer('memory')));
  writeFileSync(
    wobbly,
    `import { existsSync } from 'node:fs';
if (existsSync(${JSON.stringify(lock)})) {
  console.error('Error: the database is locked');
  process.exit(1);
}
await import(${memory});
`,
  );
  running = await startApp(desktop, {
    servers: {
      wobbly: nodeEntry(wobbly),
      everything: nodeEntry(npmServer('everything')),
      files: nodeEntry(npmServer('filesystem'), shared),
      memory: nodeEntry(npmServer('memory')),
    },
  });
}, 60_000);

afterAll(async () => {
  await client?.close().catch(() => {});
  await running?.close();
  await desktop?.close();
});

describe('three servers', () => {
  it('are shown ready, with their tools counted', async () => {
    const { page } = running;
    for (const name of ['everything', 'files', 'memory']) {
      const row = page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
      await row.getByText('Ready', { exact: true }).waitFor();
      await expect(row.getByRole('switch', { name }).getAttribute('aria-checked')).resolves.toBe('true');
      // A server may be ready before its tools are counted.
      await waitFor(`${name} with all of its tools`, async () => {
        const [, on, all] = /(\d+) of (\d+)/.exec((await row.textContent()) ?? '') ?? [];
        return Number(on) > 0 && on === all;
      });
    }
  });

  it('give their tools to a client that has the token, and to no other', async () => {
    token = await tokenFromClipboard(running);
    expect(token.length).toBeGreaterThan(20);
    const { endpoint } = await running.ready();
    await expect(connectClient(endpoint, null)).rejects.toThrow();
    await expect(connectClient(endpoint, `${token}x`)).rejects.toThrow();
    client = await connectClient(endpoint, token);
    const names = await client.toolNames();
    for (const server of ['everything', 'files', 'memory']) {
      expect(names.filter((name) => name.startsWith(server)).length).toBeGreaterThan(3);
    }
  });

  it('never show the token to the page', async () => {
    const seen = await running.page.evaluate(async () => {
      const snapshot = await window.gatehouse?.invoke('snapshot.get', {});
      return document.documentElement.outerHTML + JSON.stringify(snapshot);
    });
    expect(seen).not.toContain(token);
  });

  it('switching a tool off in the window takes it from the client, and on brings it back', async () => {
    const { page } = running;
    const echo = (await client.toolNames()).find(
      (name) => name.startsWith('everything') && name.endsWith('echo'),
    );
    expect(echo).toBeDefined();
    const tool = String(echo);
    expect(JSON.stringify(await client.call(tool, { message: 'hello' }))).toContain('hello');

    await page.getByRole('link', { name: 'everything', exact: true }).click();
    const toggle = page.getByRole('switch', { name: 'echo', exact: true });
    await toggle.waitFor();
    const before = client.changes();
    await toggle.click();
    await waitFor(
      'the switch to be off',
      async () => (await toggle.getAttribute('aria-checked')) === 'false',
    );
    await waitFor('the client to hear of it', () => client.changes() > before);
    expect(await client.toolNames()).not.toContain(tool);
    await pictures(page, 'server-tools');
    const refusal = await client.call(tool, { message: 'hello' }).then(
      (answer) => JSON.stringify(answer),
      (error: unknown) => String(error),
    );
    expect(refusal).not.toContain('Echo: hello');
    expect(refusal).toMatch(/switched off|tool_off|not available|disabled/i);

    const between = client.changes();
    await toggle.click();
    await waitFor('the client to hear again', () => client.changes() > between);
    expect(await client.toolNames()).toContain(tool);
    expect(JSON.stringify(await client.call(tool, { message: 'again' }))).toContain('again');
  });

  it('say in their log what they wrote, and it can be copied without any permission', async () => {
    const { app, page } = running;
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByText('Starting default (STDIO) server').first().waitFor();
    await app.evaluate(({ clipboard }) => clipboard.clear());
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await waitFor('the log on the clipboard', async () =>
      (await app.evaluate(({ clipboard }) => clipboard.readText())).includes(
        'Starting default (STDIO) server',
      ),
    );
  });

  it('answer calls that do real work', async () => {
    const names = await client.toolNames();
    const read = names.find((name) => name.startsWith('files') && name.endsWith('list_allowed_directories'));
    expect(JSON.stringify(await client.call(String(read), {}))).toContain('shared-');
  });

  it('switching a server off in the window stops it, and on starts it', async () => {
    const { page } = running;
    await page.getByRole('link', { name: 'Servers', exact: true }).first().click();
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: 'memory', exact: true }) });
    await row.getByRole('switch').click();
    await row.getByText('Off', { exact: true }).waitFor();
    await waitFor('its tools to go', async () =>
      (await client.toolNames()).every((name) => !name.startsWith('memory')),
    );
    await row.getByRole('switch').click();
    await row.getByText('Ready', { exact: true }).waitFor();
    await waitFor('its tools to come back', async () =>
      (await client.toolNames()).some((name) => name.startsWith('memory')),
    );
  });
});

it('a server that crashes says why, and is there again for its client once it can be', async () => {
  const { page } = running;
  const read = (): Promise<string> =>
    client.call('wobbly__read_graph', {}).then(
      (answer) => JSON.stringify(answer),
      (error: unknown) => String(error),
    );
  expect(await read()).toContain('entities');
  const process = descendants(running.app.process().pid ?? 0).find(({ command }) =>
    command.includes('wobbly.mjs'),
  );
  expect(process).toBeDefined();
  writeFileSync(lock, '');
  globalThis.process.kill(process?.pid ?? 0, 'SIGKILL');
  await page.getByRole('link', { name: 'wobbly', exact: true }).click();
  const told = () =>
    page
      .getByText(/the database is locked/)
      .first()
      .waitFor();
  await told();
  await pictures(page, 'server-trouble', told);
  expect(await read()).not.toContain('entities');
  rmSync(lock);
  // It is tried again by itself too; a person need not wait for that.
  await page
    .getByRole('button', { name: 'Try again' })
    .click({ timeout: 2000 })
    .catch(() => undefined);
  await page.getByText('Ready', { exact: true }).first().waitFor();
  expect(
    await waitFor('its answer', async () => ((await read()).includes('entities') ? 'there' : null)),
  ).toBe('there');
});
