/**
 * The web admin in a real browser, with servers in containers: a terminal in one, what a server needs installed beside it and
 * cancelled, and what a hostile one was held back from, on its page and by `gatehouse server show`. With GATEHOUSE_SCREENS=1
 * it also writes pictures in docs/screens.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, go, signedIn, type Visit } from '../admin/chromium.ts';
import { picture } from '../e2e/looking.ts';
import { cli, until } from '../host/gateway.ts';
import { EVIL } from '../host/world.mjs';
import { axeProblems, COLOR_RULES } from '../renderer/axe.ts';
import { type TerminalPage, terminalOn } from '../renderer/terminal-page.ts';
import { type Contained, contained, hostile, ofOurs, startContained } from './contained.ts';
import { engine } from './engine.ts';

const { host, absent } = engine();
const PASSWORD = 'four words nobody guesses';

describe('the web admin, with containers', () => {
  let folder: string | undefined;
  let gate: Contained;
  let visit: Visit;
  let page: Page;
  let terminal: TerminalPage;

  beforeEach(({ skip }) => {
    if (host === null) skip(absent);
    if (chromiumPath === undefined) skip('no Chromium here');
  });
  beforeAll(async () => {
    if (host === null || chromiumPath === undefined) return;
    // Pages show where a server's files are: not where somebody's checkout is.
    folder = mkdtempSync(join(tmpdir(), 'tickets-'));
    chmodSync(folder, 0o755);
    const program = join(folder, 'server.mjs');
    cpSync(hostile, program);
    gate = await startContained(
      host,
      {
        admin: { enabled: true, listen: '127.0.0.1:0' },
        mcpServers: {
          tickets: contained(
            program,
            { allow: ['good.example'], mounts: [folder] },
            { env: { REGION: 'north' } },
          ),
          unobserved: contained(hostile, { observe: false }),
        },
      },
      { GATEHOUSE_ADMIN_PASSWORD: PASSWORD },
    );
    visit = await signedIn(gate.gateway.admin, PASSWORD);
    page = visit.page;
    terminal = terminalOn(page);
  }, 120_000);
  afterAll(async () => {
    await visit?.close();
    await gate?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  async function look(name: string): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const rules = colorScheme === 'dark' ? COLOR_RULES : undefined;
      expect(await axeProblems(page, rules), colorScheme).toEqual([]);
      await picture(page, `admin-${name}-${colorScheme}`);
    }
  }
  const running = async (): Promise<number> =>
    host === null ? 0 : (await ofOurs(host)).containers.filter(({ State }) => State === 'running').length;

  it('opens a terminal in a container, to its end', { timeout: 90_000 }, async () => {
    await go(page, '#/servers/tickets/terminal');
    await page.getByRole('heading', { name: 'In its container' }).waitFor();
    // This computer is not offered: the configuration does not say so.
    expect(await page.getByRole('button', { name: 'Open terminal on this computer' }).count()).toBe(0);
    await look('terminal-choice');
    await page.getByRole('button', { name: 'Open terminal', exact: true }).click();
    await terminal.opened();
    await terminal.type(
      "printf '\\033[38;2;10;160;10mgreen\\033[0m\\n'; ls -d /bin /etc; cat /proc/self/status | grep CapEff",
    );
    await terminal.shows(/CapEff:\s*0000000000000000/);
    const green = terminal.rows.locator('span', { hasText: /^green/ }).first();
    expect(await green.evaluate((element) => getComputedStyle(element).color)).toMatch(
      /^rgb\(\d+, 1\d\d, \d+\)$/,
    );
    await look('terminal-container');
    await terminal.input.focus();
    const wide = await terminal.number('wide', '$(stty size | cut -d" " -f2)');
    await page.setViewportSize({ width: 820, height: 560 });
    await until(
      async () => (await terminal.number('wide', '$(stty size | cut -d" " -f2)')) < wide,
      'that it is told its new width',
    );
    await page.setViewportSize({ width: 1080, height: 720 });
    await terminal.type("clear; printf '\\033]2;stolen\\007\\033]52;c;c3RvbGVu\\007'; echo end$((1+1))");
    await terminal.shows('end2');
    expect(await page.title()).not.toContain('stolen');
    await page.keyboard.press('F6');
    expect(await page.evaluate(() => document.activeElement?.closest('.xterm') === null)).toBe(true);
    await terminal.input.focus();
    await terminal.type('exit 5');
    await page.getByText('The shell has ended with code 5.').waitFor();
    await page.getByRole('button', { name: 'Open again' }).click();
    await terminal.opened();
    expect(await terminal.number('again', '$((40+2))')).toBe(42);
    await page.getByRole('button', { name: 'Close terminal' }).click();
    await page.getByText('The terminal was closed.').waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it('installs in a container like that of the server, and cancels that', { timeout: 90_000 }, async () => {
    const before = await running();
    await go(page, '#/servers/tickets/config');
    await page
      .getByLabel('Line of the shell')
      .fill(
        'printf \'\\033[32mgreen\\033[0m, \\033]8;;http://evil.example\\007not a link\\033]8;;\\007, in %s\\n\' "$REGION"; sleep 300',
      );
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const output = page.getByRole('log', { name: 'What it writes' });
    await output.getByText('in north').waitFor();
    expect(await output.locator('.green').textContent()).toBe('green');
    expect(await output.getByRole('link').count()).toBe(0);
    await page.getByText('In a container of node:22').waitFor();
    expect(await running()).toBe(before + 1);
    await output.scrollIntoViewIfNeeded();
    await look('install');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('It was cancelled.').waitFor();
    await until(async () => (await running()) === before, 'that its container is gone');
    expect(visit.complaints).toEqual([]);
  });

  it('shows what a server was held back from, as the command line does', { timeout: 90_000 }, async () => {
    await gate.attempt(
      'tickets',
      'run',
      'sh',
      '-c',
      'for i in 1 2 3; do echo x > /etc/passwd; done 2>/dev/null; false',
    );
    await gate.attempt('tickets', 'read', '/root/.ssh/id_ed25519');
    await gate.attempt('tickets', 'run', 'mount', '-t', 'tmpfs', 'none', '/tmp');
    await gate.attempt('tickets', 'unix', '/var/run/docker.sock');
    await gate.attempt('tickets', 'read', '/proc/1/root/etc/shadow');
    await gate.attempt('tickets', 'write', '/x\u001b]52;c;c3RvbGVu\u0007');
    await gate.attempt('tickets', 'connect', EVIL, '80');
    await gate.attempt('tickets', 'get', 'http://evil.example/', 'proxy');
    await gate.attempt('tickets', 'get', 'http://good.example/', 'proxy');
    await go(page, '#/servers/tickets/isolation');
    for (const words of [
      'From inside',
      'it tried to change /etc/passwd, which it may not',
      'it tried to read /root/.ssh/id_ed25519, which it may not see',
      'it tried to change its file systems (mount), which is refused',
      'it reached for a container engine at /var/run/docker.sock, which is not there',
      `it tried to reach ${EVIL}:80 past the proxy, and has no way there`,
      'evil.example',
    ]) {
      await page.locator('main').getByText(words, { exact: false }).first().waitFor();
    }
    await page.setViewportSize({ width: 1080, height: 1000 });
    await look('isolation');
    await page.setViewportSize({ width: 1080, height: 720 });
    const show = (server: string): string =>
      execFileSync(process.execPath, [cli, 'server', 'show', server, '--data-dir', gate.gateway.dataDir], {
        encoding: 'utf8',
      });
    expect(show('tickets')).toContain('observed   from inside: what it tries and may not is noted');
    expect(show('tickets')).toContain('held back  it tried to change its file systems (mount)');
    // What a server calls its files steers nobody's terminal.
    expect(show('tickets')).toContain('52;c;c3RvbGVu');
    expect(
      show('tickets')
        .split('')
        .filter((one) => one !== '\n' && one < ' '),
    ).toEqual([]);
    expect(show('unobserved')).toContain('observed   only from outside: it is switched off');
    await go(page, '#/servers/unobserved/isolation');
    await page.locator('main').getByText('it is switched off').waitFor();
    expect(visit.complaints).toEqual([]);
  });
});
