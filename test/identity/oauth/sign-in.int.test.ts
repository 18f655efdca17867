/** Signing in to a real authorization server through a real Gatehouse, by its command line and a scripted browser. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { askCommand } from '../../../main/commands/local-client.ts';
import type { ServerView } from '../../../preload/contract.ts';
import { cli, type GatewayProcess, plainEnv, startGateway, until } from '../../host/gateway.ts';
import { bytesOf } from '../../host/left-behind.ts';
import { rawClient } from '../../host/raw-client.ts';
import { type Authority, type AuthoritySettings, startAuthority } from './authority.ts';
import { browse, type Person, type Visit } from './browser.ts';
import { type ProtectedServer, startProtectedServer } from './protected-server.ts';

const open: (() => Promise<unknown>)[] = [];
// Whole sign-ins, each with a provider that makes its keys first.
vi.setConfig({ testTimeout: 60_000 });
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface World {
  readonly authority: Authority;
  readonly server: ProtectedServer;
  readonly gateway: GatewayProcess;
  status(): Promise<ServerView>;
  login(person?: Person, args?: readonly string[]): Promise<Visit>;
}

async function world(settings: AuthoritySettings = {}, oauth?: object, dataDir?: string): Promise<World> {
  const authority = await startAuthority(settings);
  open.push(authority.close);
  const server = await startProtectedServer(authority);
  open.push(server.close);
  return joined(authority, server, oauth, dataDir);
}

async function joined(
  authority: Authority,
  server: ProtectedServer,
  oauth?: object,
  dataDir?: string,
): Promise<World> {
  const gateway = await startGateway({
    servers: { mail: { url: server.url, ...(oauth === undefined ? {} : { oauth }) } },
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  open.push(gateway.close);
  const status: World['status'] = async () => {
    const result = await askCommand(gateway.dataDir, 'snapshot.get', {});
    const found = result.ok ? result.value.servers.find(({ name }) => name === 'mail') : undefined;
    if (found === undefined) throw new Error('no such server');
    return found;
  };
  return {
    authority,
    server,
    gateway,
    status,
    async login(person, args = []) {
      const child = spawn(
        process.execPath,
        [cli, 'auth', 'login', 'mail', '--no-browser', '--data-dir', gateway.dataDir, ...args],
        { env: plainEnv() },
      );
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
      const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
      await until(() => out.includes('\n') || child.exitCode !== null, 'an address');
      if (!out.includes('\n')) throw new Error(err);
      const visit = await browse(out.trim(), person);
      if (person?.stopAt !== undefined || person?.refuses === true) {
        open.push(async () => void child.kill());
        return visit;
      }
      if ((await exited) !== 0) throw new Error(`${err}\n${visit.url}\n${visit.text}`);
      return visit;
    },
  };
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => bytesOf(path.join(entry.parentPath, entry.name)).toString('latin1'));
}

function commandLines(): string {
  if (!existsSync('/proc')) return '';
  const lines: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      lines.push(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
    } catch {
      // It has ended.
    }
  }
  return lines.join('\n');
}

async function run(
  dataDir: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [cli, ...args, '--data-dir', dataDir], { env: plainEnv() });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out, err };
}

async function call(gateway: GatewayProcess, tool = 'mail__echo', text = 'hello'): Promise<string> {
  const client = await rawClient(gateway.url, gateway.token);
  return client.call(1, tool, JSON.stringify({ text }));
}

const ready = async (w: World): Promise<void> =>
  until(async () => (await w.status()).state === 'ready', 'ready');

it('says that somebody has to sign in, takes the sign-in, and uses what it was given', async () => {
  const w = await world();
  await until(async () => (await w.status()).state === 'signing-in', 'signing-in');
  expect((await w.status()).signIn).toMatchObject({ state: 'needed', problem: { code: 'signin.needed' } });
  const first = await w.login();
  expect(first.text).toContain('You are signed in');
  expect(first.url).not.toContain('code=');
  expect(first.headers.get('content-security-policy')).toContain("default-src 'none'");
  await ready(w);
  expect(await call(w.gateway)).toContain('hello');
  const { signIn } = await w.status();
  expect(signIn).toMatchObject({ state: 'signed-in', scopes: ['read'], renews: true });
  expect(w.authority.tokenRequests).toEqual(['authorization_code']);
  // The code was bound to what only we know, and to this server.
  const address = new URL(first.way[0] ?? '');
  expect(address.searchParams.get('code_challenge_method')).toBe('S256');
  expect(address.searchParams.get('resource')).toBe(w.server.url);
  // Codes and tokens are nowhere to be read: not in files, the log, the snapshot, or on a command line.
  const code = first.way
    .map((address) => new URL(address).searchParams.get('code'))
    .find((one) => one !== null);
  const tokens = w.server.calls.map((header) => header.replace('Bearer ', ''));
  const told = JSON.stringify(await askCommand(w.gateway.dataDir, 'snapshot.get', {}));
  const places = [w.gateway.log(), told, commandLines(), ...filesIn(w.gateway.dataDir)].join('\n');
  for (const secret of [code ?? '', ...tokens]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(places.includes(secret)).toBe(false);
  }
  const shown = await run(w.gateway.dataDir, ['auth', 'status']);
  expect(shown.out).toMatch(
    /^mail {2}signed-in at 127\.0\.0\.1:\d+ for read until 2\S+, renewed by itself\n$/,
  );
  const out = await run(w.gateway.dataDir, ['auth', 'logout', 'mail']);
  expect(out.err).toContain('Signed out');
  await until(async () => (await w.status()).state === 'signing-in', 'signing-in again');
  // A browser on another computer: its last address comes by standard input.
  const visit = await w.login({ stopAt: `http://127.0.0.1:${new URL(first.url).port}/` });
  const pasted = await run(w.gateway.dataDir, ['auth', 'paste', 'mail'], `${visit.url}\n`);
  expect(pasted).toMatchObject({ code: 0, err: 'Signed in to "mail".\n' });
  await ready(w);
});
