/**
 * Official SDK clients that are given the bare address: they find the way to sign in by themselves, are let in by a person,
 * and go on by renewal. Both SDKs with their own OAuth code, against the built gateway.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as TransportV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../main/commands/local-client.ts';
import {
  cli,
  type GatewayProcess,
  nodeEntry,
  npmServer,
  plainEnv,
  rawServer,
  startGateway,
  until,
  untilReady,
} from '../../host/gateway.ts';
import { bytesOf } from '../../host/left-behind.ts';
import { ALLOW, type Keeper, openKeeper, openPage, signInBy } from './signing.ts';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGateway();
  const notes = join(gateway.dataDir, 'notes');
  mkdirSync(notes);
  writeFileSync(join(notes, 'a.txt'), 'a note');
  gateway.writeConfig({
    mcpServers: { files: nodeEntry(npmServer('filesystem'), notes), raw: nodeEntry(rawServer) },
    profiles: { work: { servers: ['files'] } },
  });
  await until(async () => {
    const { servers } = (await (await fetch(`${gateway.base}/_readyz`)).json()) as { servers: object };
    return Object.keys(servers).length === 2;
  }, 'both servers are known');
  await untilReady(gateway.base);
}, 60_000);
afterAll(() => gateway?.close());

const execute = promisify(execFile);
async function gatehouse(...args: string[]): Promise<string> {
  const { stdout, stderr } = await execute(process.execPath, [cli, ...args, '--data-dir', gateway.dataDir], {
    env: plainEnv(),
  });
  return stdout + stderr;
}

/** What both SDKs have in common here. */
interface Sdk {
  connect(): Promise<void>;
  finishAuth(back: URLSearchParams): Promise<void>;
  tools(): Promise<string[]>;
  close(): Promise<void>;
}

const sdks: Readonly<Record<string, (url: string, keeper: Keeper) => Sdk>> = {
  'sdk 1': (url, keeper) => {
    const make = () => new TransportV1(new URL(url), { authProvider: keeper });
    let transport = make();
    let client = new ClientV1({ name: 'one', version: '1' });
    return {
      async connect() {
        transport = make();
        client = new ClientV1({ name: 'one', version: '1' });
        // The SDK's own types differ under exactOptionalPropertyTypes.
        await client.connect(transport as Parameters<ClientV1['connect']>[0]);
      },
      finishAuth: (back) => transport.finishAuth(back.get('code') ?? ''),
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      close: () => client.close(),
    };
  },
  'sdk 2': (url, keeper) => {
    const make = () => new TransportV2(new URL(url), { authProvider: keeper });
    let transport = make();
    let client = new ClientV2({ name: 'two', version: '2' });
    return {
      async connect() {
        transport = make();
        client = new ClientV2({ name: 'two', version: '2' });
        await client.connect(transport);
      },
      finishAuth: (back) => transport.finishAuth(back),
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      close: () => client.close(),
    };
  },
};

describe.each(Object.entries(sdks))('%s', (sdk, make) => {
  it.each([
    ['/mcp', ['files__read_text_file', 'raw__pid'], []],
    ['/servers/files/mcp', ['read_text_file'], ['pid']],
    ['/p/work/mcp', ['files__read_text_file'], ['raw__pid']],
  ])('signs in with nothing but %s, and is renewed without anybody', async (path, sees, never) => {
    const keeper = await openKeeper(`Client of ${sdk}`);
    const client = make(`${gateway.base}${path}`, keeper);
    await expect(client.connect()).rejects.toThrow();
    expect(keeper.opened?.origin).toBe(new URL(gateway.base).origin);
    const back = await signInBy(gateway.dataDir, keeper.opened ?? '');
    expect(back.searchParams.get('state')).toBe('the-state');
    expect(back.searchParams.get('iss')).toBe(gateway.base);
    await client.finishAuth(back.searchParams);
    await client.connect();
    const tools = await client.tools();
    expect(tools).toEqual(expect.arrayContaining(sees));
    expect(tools.filter((name) => never.includes(name))).toEqual([]);
    // Its access token is good no more: the SDK renews, and nobody is asked.
    const before = keeper.kept;
    if (before === undefined) throw new Error('no tokens');
    expect(before).toMatchObject({ token_type: 'Bearer', expires_in: 1800 });
    keeper.saveTokens({ ...before, access_token: 'gate_gone' });
    keeper.opened = null;
    expect((await client.tools()).length).toBe(tools.length);
    expect(keeper.opened).toBeNull();
    expect(keeper.kept?.refresh_token).not.toBe(before.refresh_token);
    await client.close();
    await keeper.close();
  });

  it('is let in by a command, held to what was chosen, listed, and out at once when that is taken back', async () => {
    const keeper = await openKeeper('Terminal');
    const client = make(gateway.url, keeper);
    await expect(client.connect()).rejects.toThrow();
    const page = await openPage(keeper.opened ?? '');
    const listed = await gatehouse('client', 'sign-ins');
    expect(listed).toContain(
      `${page.code}: Terminal wants to use everything that is approved, with all tools`,
    );
    expect(listed).toContain(`the browser goes back to ${keeper.redirect}`);
    expect(listed).toContain('profiles: work');
    await gatehouse('client', 'allow', page.code.toLowerCase(), '--profile', 'work', '--may', 'read');
    const gone = await fetch(page.done, { redirect: 'manual' });
    await client.finishAuth(new URL(gone.headers.get('location') ?? '').searchParams);
    await client.connect();
    const tools = await client.tools();
    expect(tools).toContain('files__read_text_file');
    expect(tools.filter((name) => name.startsWith('raw') || name.includes('write_'))).toEqual([]);
    const name = 'Terminal';
    expect(await gatehouse('client', 'list')).toMatch(
      new RegExp(`^${name}: read, all servers of profile work; signed in; last seen \\d`, 'm'),
    );
    await gatehouse('client', 'revoke', name);
    await expect(client.tools()).rejects.toThrow();
    expect(await gatehouse('client', 'list')).toMatch(new RegExp(`^${name}: .*revoked`, 'm'));
    const tokens = keeper.kept;
    // Nor does renewal help: it has to sign in, and is the same client again then.
    keeper.opened = null;
    await expect(client.connect()).rejects.toThrow();
    expect(keeper.opened).not.toBeNull();
    await client.finishAuth((await signInBy(gateway.dataDir, keeper.opened ?? '')).searchParams);
    await client.connect();
    expect((await client.tools()).some((tool) => tool.startsWith('raw'))).toBe(true);
    expect(keeper.kept?.access_token).not.toBe(tokens?.access_token);
    await gatehouse('client', 'forget', name);
    await expect(client.tools()).rejects.toThrow();
    expect(await gatehouse('client', 'list')).not.toMatch(new RegExp(`^${name}:`, 'm'));
    await client.close().catch(() => undefined);
    await keeper.close();
  });

  it('is told when it was denied', async () => {
    const keeper = await openKeeper();
    await expect(make(gateway.url, keeper).connect()).rejects.toThrow();
    const page = await openPage(keeper.opened ?? '');
    await gatehouse('client', 'deny', page.code);
    const back = await fetch(page.done, { redirect: 'manual' });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'access_denied', state: 'the-state' });
    expect(searchParams.has('code')).toBe(false);
    await keeper.close();
  });
});

it('writes down who came and who did not, and keeps no token anywhere', async () => {
  const keeper = await openKeeper('Remembered');
  const client = sdks['sdk 2']?.(gateway.url, keeper);
  if (client === undefined) throw new Error('no client');
  await expect(client.connect()).rejects.toThrow();
  await client.finishAuth((await signInBy(gateway.dataDir, keeper.opened ?? '', ALLOW)).searchParams);
  await client.connect();
  await client.close();
  await until(async () => {
    const rows = await runCommand(gateway.dataDir, 'activity.query', { limit: 200, filter: {} });
    const actions = rows.map(({ action, client: who }) => `${action} ${who}`);
    return (
      actions.includes('client.signed_in Remembered') &&
      actions.includes('session.opened Remembered') &&
      actions.some((action) => action.startsWith('client.sign_in_refused')) &&
      actions.some((action) => action.startsWith('clientSignIn.decide'))
    );
  }, 'the rows');
  const secrets = [keeper.kept?.access_token ?? '', keeper.kept?.refresh_token ?? ''];
  expect(secrets.every((one) => one.length > 40)).toBe(true);
  for (const entry of readdirSync(gateway.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = bytesOf(join(entry.parentPath, entry.name));
    expect([entry.name, ...secrets.map((one) => bytes.includes(one))]).toEqual([entry.name, false, false]);
  }
  expect(secrets.some((one) => gateway.log().includes(one))).toBe(false);
  await keeper.close();
});
