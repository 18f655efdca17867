/** A real browser signs in: Chromium without a screen, at a real authorization server, for a real Gatehouse. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { runCommand } from '../../../main/commands/local-client.ts';
import { startGateway, until } from '../../host/gateway.ts';
import { describeUnless } from '../../host/needed.ts';
import { startAuthority } from './authority.ts';
import { startProtectedServer } from './protected-server.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (file) => existsSync(file),
);

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describeUnless(executablePath === undefined ? 'Chromium is not installed' : null, 'Chromium', () => {
  it('is led to the provider and back, and says in the end what happened', { timeout: 120_000 }, async () => {
    const authority = await startAuthority();
    open.push(authority.close);
    const server = await startProtectedServer(authority);
    open.push(server.close);
    const gateway = await startGateway({
      servers: { mail: { url: server.url }, work: { url: server.url } },
    });
    open.push(gateway.close);
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    open.push(() => browser.close());
    const mail = async (name: string) =>
      (await runCommand(gateway.dataDir, 'snapshot.get', {})).servers.find((one) => one.name === name);
    // Two accounts at one server: it is named twice.
    for (const [name, login] of [
      ['mail', 'ada'],
      ['work', 'grace'],
    ] as const) {
      await until(async () => (await mail(name))?.signIn?.state === 'needed', 'that it asks');
      const { url } = await runCommand(gateway.dataDir, 'server.signIn', { server: name });
      const page = await (await browser.newContext()).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(url);
      await page.fill('input[name=login]', login);
      await page.fill('input[name=password]', 'secret');
      await page.click('button[type=submit]');
      await page.waitForSelector('text=/authorize|consent|continue/i');
      await page.click('button[type=submit]');
      await page.waitForSelector('text=You are signed in');
      expect(await page.textContent('main')).toContain(`"${name}" can be used now.`);
      expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback\/done$/);
      expect(complaints).toEqual([]);
      await until(async () => (await mail(name))?.state === 'ready', 'ready');
      expect((await mail(name))?.signIn).toMatchObject({ state: 'signed-in', renews: true });
    }
    const shown = new Set(
      server.seen.map(({ authorization }) => authorization).filter((one) => one !== null),
    );
    expect(shown.size).toBe(2);
    // Who says no is told so, and Gatehouse too.
    await runCommand(gateway.dataDir, 'server.signOut', { server: 'mail' });
    const { url } = await runCommand(gateway.dataDir, 'server.signIn', { server: 'mail' });
    const page = await (await browser.newContext()).newPage();
    await page.goto(url);
    await page.click('a[href$="/abort"]');
    await page.waitForSelector('text=You are not signed in');
    expect(await page.textContent('main')).toContain('access_denied');
    await until(async () => (await mail('mail'))?.signIn?.problem?.code === 'signin.denied', 'the refusal');
  });
});
