/**
 * Signing in with the desktop app: the key of its sign-ins lies in the real keychain, its renewals survive being killed,
 * and a process without a window that shares its data asks for no tokens of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import type { ServerView } from '../../preload/contract.ts';
import { bundle } from '../fakes/bundle.ts';
import { type Desktop, startDesktop } from '../host/desktop.ts';
import { type Authority, startAuthority } from '../identity/oauth/authority.ts';
import { browse } from '../identity/oauth/browser.ts';
import { type ProtectedServer, startProtectedServer } from '../identity/oauth/protected-server.ts';
import { type Home, makeHome, readyLine, startApp } from './app.ts';
import { pictures } from './looking.ts';
import { waitFor } from './wait.ts';

/** More of them with GATEHOUSE_KILLS=100; each is a whole start of the app. */
const KILLS = Number(process.env.GATEHOUSE_KILLS ?? 6);

const open: (() => Promise<unknown> | undefined)[] = [];
let desktop: Desktop;
beforeAll(async () => {
  desktop = await startDesktop();
  return () => desktop.close();
}, 60_000);
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface World {
  readonly authority: Authority;
  readonly server: ProtectedServer;
  readonly home: Home;
  /** Starts the app and waits for its ready line. */
  start(): Promise<ChildProcess>;
  mail(): Promise<ServerView>;
}

async function world(accessTtl: number): Promise<World> {
  const authority = await startAuthority({ accessTtl });
  open.push(authority.close);
  const server = await startProtectedServer(authority);
  open.push(server.close);
  const home = makeHome(desktop, { servers: { mail: { url: server.url } } });
  open.push(async () => rmSync(home.folder, { recursive: true, force: true, maxRetries: 5 }));
  return {
    authority,
    server,
    home,
    async start() {
      const before = home.out().length;
      const child = spawn(home.executable, [...home.args, '--hidden'], { env: home.env, stdio: 'ignore' });
      open.push(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      });
      await waitFor('the ready line', () => readyLine(home.out().slice(before)), 30_000);
      return child;
    },
    async mail() {
      const result = await askCommand(home.dataDir, 'snapshot.get', {});
      const found = result.ok ? result.value.servers.find(({ name }) => name === 'mail') : undefined;
      if (found === undefined) throw new Error('no such server');
      return found;
    },
  };
}

async function signIn(w: World): Promise<void> {
  await waitFor('that it asks', async () => (await w.mail()).signIn?.state === 'needed');
  const begun = await askCommand(w.home.dataDir, 'server.signIn', { server: 'mail' });
  if (!begun.ok) throw new Error(begun.error.message);
  await browse(begun.value.url);
  await waitFor('ready', async () => (await w.mail()).state === 'ready');
}

const refused = (w: World): string[] => w.authority.tokenRequests.filter((request) => request.includes(':'));
const renewals = (w: World): number =>
  w.authority.tokenRequests.filter((request) => request === 'refresh_token').length;

it(`${KILLS} kills of the app while it renews lose no session`, {
  timeout: 60_000 + KILLS * 10_000,
}, async () => {
  // So short a life that the app renews all the time, and so slow an answer that it mostly waits for one.
  const w = await world(1);
  let child = await w.start();
  await signIn(w);
  w.authority.slowMs = 400;
  for (let kill = 0; kill < KILLS; kill++) {
    const before = renewals(w);
    // Every other time right after the tokens have changed, while their answer is on its way; else at any moment.
    await waitFor('a renewal', () => renewals(w) > before, 20_000);
    if (kill % 2 === 1) await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_500));
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    child = await w.start();
  }
  w.authority.slowMs = 0;
  await waitFor('ready', async () => (await w.mail()).state === 'ready', 20_000);
  expect(await w.mail()).toMatchObject({ signIn: { state: 'signed-in', problem: null } });
  const before = renewals(w);
  await waitFor('one more renewal', () => renewals(w) > before, 10_000);
  expect(refused(w)).toEqual([]);
  expect(w.authority.tokenRequests.filter((request) => request === 'authorization_code')).toHaveLength(1);
});

it('the app and a process without a window renew at once with one request', { timeout: 90_000 }, async () => {
  const w = await world(3_600);
  await w.start();
  await signIn(w);
  const program = await bundle('test/identity/oauth/renew-once.fixture.ts');
  const other = spawn(process.execPath, [program, w.home.dataDir, w.server.url, 'auto'], {
    env: w.home.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let out = '';
  other.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  const gone = once(other, 'close');
  await waitFor('the other process', () => out.includes('loaded') || out.includes('failed'), 20_000);
  const shown = w.server.seen.at(-1)?.authorization?.replace('Bearer ', '') ?? '';
  expect(shown).not.toBe('');
  w.server.refusing.add(shown);
  w.authority.slowMs = 300;
  // The app hears from its server that the token is not good any more.
  const restarted = askCommand(w.home.dataDir, 'server.restart', { server: 'mail' });
  other.stdin.end('go\n');
  await Promise.all([restarted, gone]);
  expect(out).toMatch(/has [0-9a-f]{64}/);
  await waitFor('ready', async () => (await w.mail()).state === 'ready', 20_000);
  expect(w.authority.tokenRequests).toEqual(['authorization_code', 'refresh_token']);
  // Its key is in the keychain and in no file.
  expect(JSON.parse(readFileSync(`${w.home.dataDir}/secrets.json`, 'utf8'))).toMatchObject({
    store: 'keychain',
  });
});

it('begins in the window, can be given up there, and shows what was granted', {
  timeout: 90_000,
}, async () => {
  const authority = await startAuthority();
  open.push(authority.close);
  const server = await startProtectedServer(authority);
  open.push(server.close);
  const running = await startApp(desktop, { servers: { mail: { url: server.url } } });
  open.push(running.close);
  const { page } = running;
  await page.getByRole('button', { name: 'Sign in: mail' }).click();
  await page.getByRole('link', { name: 'mail' }).click();
  await page.getByText('Waiting for you to sign in in your browser.').waitFor();
  await pictures(page, 'sign-in');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByText('Waiting for you to sign in in your browser.').waitFor();
  // What the browser was told to open.
  const begun = await askCommand(running.dataDir, 'server.signIn', { server: 'mail' });
  if (!begun.ok) throw new Error(begun.error.message);
  await browse(begun.value.url);
  const { host } = new URL(authority.issuer);
  await page.getByText(`Signed in at ${host}`).waitFor();
  await page.getByText('Permission: read').waitFor();
  await page.getByText(/renewed by itself/).waitFor();
  await pictures(page, 'signed-in');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
});
