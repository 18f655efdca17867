/**
 * How the window looks and feels in the real app: no barriers by axe, in both themes and at the smallest size; theme and
 * place remembered. With GATEHOUSE_SCREENS=1 it also writes the pictures in docs/screens.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { nodeEntry, npmServer } from '../host/gateway.ts';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { openWindow, type RunningApp, startAgain, startApp } from './app.ts';
import { clientOf } from './client.ts';
import { expectNoBarriers, picture } from './looking.ts';
import { waitFor } from './wait.ts';

let desktop: Desktop;
let running: RunningApp;

beforeAll(async () => {
  desktop = await startDesktop();
  const shared = mkdtempSync(join(desktop.env.TMPDIR ?? '/tmp', 'notes-'));
  writeFileSync(join(shared, 'today.md'), '# Today\n');
  running = await startApp(desktop, {
    servers: {
      everything: nodeEntry(npmServer('everything')),
      filesystem: nodeEntry(npmServer('filesystem'), shared),
      memory: nodeEntry(npmServer('memory')),
      archive: { ...nodeEntry(npmServer('memory')), enabled: false },
    },
  });
  const client = await clientOf(running);
  const names = await waitFor(
    'the tools',
    async () => {
      const all = await client.toolNames();
      return ['everything', 'filesystem', 'memory'].every((each) => all.some((name) => name.startsWith(each)))
        ? all
        : null;
    },
    30_000,
  );
  const tool = (ending: string): string => String(names.find((name) => name.endsWith(ending)));
  for (let i = 0; i < 12; i += 1) {
    await client.call(tool('list_directory'), { path: shared });
  }
  for (let i = 0; i < 5; i += 1) {
    await client.call(tool('read_graph'), {});
  }
  await running.page.getByRole('link', { name: 'filesystem', exact: true }).waitFor();
  await running.page
    .getByRole('row')
    .filter({ hasText: 'filesystem' })
    .getByText('12', { exact: true })
    .waitFor();
}, 60_000);

afterAll(async () => {
  await running?.close();
  await desktop?.close();
});

async function setTheme(page: Page, theme: 'light' | 'dark' | 'system'): Promise<void> {
  const dark = theme === 'dark';
  await page.evaluate((wanted) => window.gatehouse?.invoke('preferences.set', { theme: wanted }), theme);
  await page.waitForFunction((wanted) => matchMedia('(prefers-color-scheme: dark)').matches === wanted, dark);
}

function setSize(app: ElectronApplication, width: number, height: number): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
}

describe.each([
  ['light', undefined],
  ['dark', COLOR_RULES],
] as const)('in the %s theme', (theme, rules) => {
  it('the list of servers has no barrier', async () => {
    const { app, page } = running;
    await setTheme(page, theme);
    await expectNoBarriers(page, rules);
    await setSize(app, 1080, 720);
    await picture(page, `servers-${theme}`);
  });

  it('the page of a server has no barrier', async () => {
    const { page } = running;
    await setTheme(page, theme);
    await page.getByRole('link', { name: 'filesystem', exact: true }).click();
    await page.getByRole('switch', { name: 'read_text_file', exact: true }).waitFor();
    await expectNoBarriers(page, rules);
    await page.getByRole('tab', { name: 'Log' }).click();
    expect(await axeProblems(page, rules)).toEqual([]);
    await page.getByRole('tab', { name: 'Isolation' }).click();
    await page.getByText('This server is not contained').waitFor();
    await page.getByText('with your rights', { exact: true }).waitFor();
    expect(await axeProblems(page, rules)).toEqual([]);
    await page.getByRole('link', { name: 'Servers', exact: true }).first().click();
    await page.getByRole('heading', { name: 'Servers', exact: true }).first().waitFor();
  });
});

describe('the window', () => {
  it('comes back with its theme, size and place', async () => {
    const first = await startApp(desktop);
    let second: RunningApp | null = null;
    try {
      await setTheme(first.page, 'dark');
      await first.app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.setBounds({ x: 120, y: 90, width: 980, height: 640 });
      });
      await first.page.waitForFunction(() => innerWidth === 980);
      await first.quit();
      second = await startAgain(first);
      await openWindow(second.app);
      const bounds = await second.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.getBounds(),
      );
      expect(bounds).toMatchObject({ x: 120, y: 90, width: 980, height: 640 });
      expect(await second.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
    } finally {
      await (second ?? first).close();
    }
  });

  it('is the size and the colour of its first paint at once', async () => {
    const seen = await running.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return [window?.getMinimumSize(), window?.getBackgroundColor(), window?.getTitle()];
    });
    expect(seen).toEqual([[860, 560], expect.stringMatching(/^#(FAFAF8|1F2022)$/i), 'Gatehouse']);
  });
});
