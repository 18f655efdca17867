/**
 * Secrets of different shapes at all the places where there are any; then everything is run, and all that is left of it is
 * searched for them, also as they look in an address and in base64.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { askCommand } from '../../main/commands/local-client.ts';
import { cli, type GatewayProcess, nodeEntry, plainEnv, root, startGateway, until } from '../host/gateway.ts';
import { bytesOf } from '../host/left-behind.ts';
import { rawClient } from '../host/raw-client.ts';
import { startAuthority } from '../identity/oauth/authority.ts';
import { browse } from '../identity/oauth/browser.ts';
import { startProtectedServer } from '../identity/oauth/protected-server.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const random = (bytes = 24): string => randomBytes(bytes).toString('base64url');
const hex = (bytes = 16): string => randomBytes(bytes).toString('hex');

/** Where a secret may be found all the same, since its owner has put it there. */
type Allowed = 'config' | 'command lines';
interface Planted {
  readonly value: string;
  readonly allowed: readonly Allowed[];
}

/** Everything that is planted, by what it is. */
function plant() {
  const planted: Record<string, Planted> = {};
  const make = (what: string, value: string, ...allowed: Allowed[]): string => {
    planted[what] = { value, allowed };
    return value;
  };
  return { planted, make };
}

/** A server and an authorization server in one that say everything that they were sent in their refusals. */
async function startTattler(): Promise<{ url: string; told: string[]; close(): Promise<unknown> }> {
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const json = (status: number, value: object): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
    };
    const { pathname } = new URL(request.url ?? '/', origin);
    if (pathname === '/.well-known/oauth-authorization-server') {
      return json(200, {
        issuer: origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        response_types_supported: ['code'],
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      });
    }
    const sent = `${body} ${request.method} ${request.url} ${JSON.stringify(request.headers)}`;
    told.push(sent);
    if (pathname === '/token') return json(400, { error: 'invalid_request', error_description: sent });
    if (pathname === '/machine') {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="x"' }).end(sent);
      return;
    }
    if (pathname.startsWith('/mcp')) return void response.writeHead(500).end(sent);
    json(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function filesIn(directory: string): [string, string][] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [file, bytesOf(file).toString('latin1')]);
}

/** Looks at all command lines again and again, as another user of the computer could. */
function watchCommandLines(): { seen: Set<string>; close(): Promise<void> } {
  const seen = new Set<string>();
  const look = (): void => {
    if (!existsSync('/proc')) return;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        // Ours come from this checkout; what others run on this computer is not our business.
        if (readlinkSync(`/proc/${pid}/cwd`).startsWith(root.replace(/\/$/, '')))
          seen.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1'));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 50);
  return {
    seen,
    async close() {
      look();
      clearInterval(timer);
    },
  };
}

async function run(dataDir: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(process.execPath, [cli, ...args, '--data-dir', dataDir], {
    env: plainEnv(),
    cwd: root,
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stdin.end(input);
  await new Promise((resolve) => child.on('close', resolve));
  return out;
}

it('secrets of every shape are nowhere to be read after everything was run', {
  timeout: 180_000,
}, async () => {
  const { planted, make } = plant();
  const authority = await startAuthority();
  open.push(authority.close);
  const mail = await startProtectedServer(authority);
  open.push(mail.close);
  const tattler = await startTattler();
  open.push(tattler.close);
  const lines = watchCommandLines();
  open.push(lines.close);

  const inEnv = make('a word in the environment of Gatehouse', 'correct-horse-battery');
  const stored = make('a word in the secrets', 'a plain sentence, nothing more');
  const servers = {
    leaky: {
      ...nodeEntry(join(root, 'test/servers/leaky.mjs'), '--token', '${keyring:in-args}'),
      env: {
        API_KEY: '${keyring:in-env}',
        FROM_OUTSIDE: '${env:OUTER_PASSWORD}',
        LITERAL_TOKEN: make('a word in the file', 'literal-word-of-old', 'config'),
        DATABASE_URL: `postgres://ada:${make('a password in an address', 'hunter2-and-more', 'config')}@db/x`,
        GH: make('a token by its looks', `ghp_${hex(18)}`, 'config'),
      },
      trust: 'auto',
    },
    mail: { url: mail.url },
    headers: {
      url: `${tattler.url}/mcp?api_key=\${keyring:in-url}`,
      headers: {
        Authorization: `Bearer ${make('a header in the file', random(), 'config')}`,
        'X-Api-Key': '${keyring:in-header}',
      },
    },
    machine: {
      url: `${tattler.url}/machine`,
      oauth: {
        grant: 'client-credentials',
        clientId: 'job',
        clientSecret: '${keyring:client-secret}',
        issuer: tattler.url,
        extraParams: { assertion_token: '${keyring:in-extra}' },
      },
    },
  };
  const start = async (dataDir?: string): Promise<GatewayProcess> => {
    const gateway = await startGateway({
      ...(dataDir === undefined ? { config: { mcpServers: servers } } : { dataDir }),
      auth: 'default',
      env: { OUTER_PASSWORD: inEnv },
      args: ['--log-level', 'debug'],
    });
    open.push(gateway.close);
    return gateway;
  };
  // What is stored comes before the first start, by the command line.
  let gateway = await start();
  const { dataDir } = gateway;
  const shown: string[] = [];
  const say = async (args: readonly string[], input = ''): Promise<void> =>
    void shown.push(await run(dataDir, args, input));
  await say(['secret', 'set', 'in-env'], stored);
  // A program gets its arguments where everybody sees them: that is how it wants them.
  await say(['secret', 'set', 'in-args'], make('a secret among arguments', hex(), 'command lines'));
  await say(['secret', 'set', 'in-url'], make('a secret in an address', hex(12)));
  await say(['secret', 'set', 'in-header'], make('a secret in a header', 'open sesame 123'));
  await say(['secret', 'set', 'client-secret'], make('a client secret', 'client secret of mine'));
  await say(['secret', 'set', 'in-extra'], make('a further parameter', 'extra-extra-read-all'));
  await say(['secret', 'set', 'old'], make('a value before its rotation', 'the-old-value-of-it'));
  await say(['secret', 'rotate', 'old'], make('a value after its rotation', `sk-ant-${random()}`));

  const states = async (): Promise<Record<string, string>> => {
    const result = await askCommand(dataDir, 'snapshot.get', {});
    if (!result.ok) throw new Error(result.error.message);
    return Object.fromEntries(result.value.servers.map(({ name, state }) => [name, state]));
  };
  const own = (await run(dataDir, ['token'])).trim();
  make('the token of the endpoint', own);
  const added = (await run(dataDir, ['client', 'add', 'ada'])).trim();
  make(
    'the token of a client',
    added
      .split('\n')
      .find((line) => /^[\w-]{20,}$/.test(line.trim()))
      ?.trim() ?? added,
  );

  // Signing in.
  await until(async () => (await states()).mail === 'signing-in', 'signing-in');
  const begun = await askCommand(dataDir, 'server.signIn', { server: 'mail' });
  if (!begun.ok) throw new Error(begun.error.message);
  const visit = await browse(begun.value.url);
  const codes = visit.way.map((address) => new URL(address).searchParams.get('code'));
  make('the code of a sign-in', codes.find((code) => code !== null) ?? '');
  make('its state', new URL(begun.value.url).searchParams.get('state') ?? '');
  await until(async () => (await states()).mail === 'ready', 'ready');
  make('an access token', mail.seen.at(-1)?.authorization?.replace('Bearer ', '') ?? '');
  await askCommand(dataDir, 'server.signIn', { server: 'mail' });
  const pasted = random();
  make('an address that was pasted', pasted);
  shown.push(await run(dataDir, ['auth', 'paste', 'mail'], `http://127.0.0.1:1/cb?code=${pasted}&state=x`));
  await askCommand(dataDir, 'server.cancelSignIn', { server: 'mail' });

  // Calls, failures, a death, restarts.
  await until(async () => (await states()).leaky === 'ready', 'leaky');
  await until(() => tattler.told.length > 1, 'refusals');
  const client = await rawClient(gateway.url, own);
  const pem = `-----BEGIN PRIVATE KEY-----\n${random(48)}\n-----END PRIVATE KEY-----`;
  make('a private key in an argument', pem.split('\n')[1] ?? '');
  const args = JSON.stringify({
    password: make('a password in an argument', 'swordfish and chips'),
    note: `use ${make('a token in an argument', `xoxb-${hex()}`)} please`,
    key: pem,
    nested: JSON.stringify({ headers: { cookie: make('a cookie in an argument', 'sid=4711-0815-abc') } }),
    jwt: make('a JWT in an argument', `eyJhbGciOiJub25lIn0.${random(18)}.${random()}`),
  });
  await client.call(1, 'leaky__echo', args);
  await client.call(2, 'leaky__tell', args);
  await client.call(3, 'leaky__fail', args);
  await client.call(4, 'leaky__die', args);
  await client.call(5, 'mail__echo', args);
  // What clients are told of servers that cannot be used.
  shown.push(await client.call(6, 'headers__x', '{}'), await client.call(7, 'machine__x', '{}'));
  await client.call(8, 'headers__x', args);
  await askCommand(dataDir, 'server.restart', { server: 'headers' });
  await askCommand(dataDir, 'server.restart', { server: 'machine' });
  await until(async () => (await states()).leaky === 'ready', 'leaky again');

  // Everything that shows something.
  shown.push(JSON.stringify(await askCommand(dataDir, 'snapshot.get', {})));
  for (const server of Object.keys(servers)) {
    shown.push(JSON.stringify(await askCommand(dataDir, 'server.log', { server, lines: 1_000 })));
  }
  for (const one of [
    ['activity', 'list', '--json'],
    ['activity', 'export'],
    ['activity', 'stats', '--json'],
    ['auth', 'status', '--json'],
    ['secret', 'list'],
    ['secret', 'move'],
    ['doctor', '--json'],
    ['config', 'show'],
    ['client', 'list', '--json'],
    ['approvals'],
  ]) {
    await say(one);
  }
  for (const format of ['jsonl', 'csv'] as const) await askCommand(dataDir, 'activity.export', { format });

  // A crash, the next start, and an orderly end.
  const logs = [gateway.log()];
  await gateway.stop('SIGKILL');
  gateway = await start(dataDir);
  await until(async () => (await states()).leaky === 'ready', 'leaky after the crash');
  await until(async () => (await states()).mail === 'ready', 'mail after the crash');
  const files = filesIn(dataDir);
  await gateway.stop();
  logs.push(gateway.log());
  await lines.close();

  const places: [string, string][] = [
    ...files.map(([name, text]): [string, string] => [`${name} while it runs`, text]),
    ...filesIn(dataDir),
    ...logs.map((text): [string, string] => ['its log', text]),
    ...shown.map((text): [string, string] => ['what is shown', text]),
    ['command lines', [...lines.seen].join('\n')],
  ];
  expect(places.some(([name]) => /activity.*db/.test(name))).toBe(true);
  if (existsSync('/proc')) expect(lines.seen.size).toBeGreaterThan(2);
  expect(Object.keys(planted).length).toBeGreaterThanOrEqual(20);
  const found: string[] = [];
  for (const [what, { value, allowed }] of Object.entries(planted)) {
    expect(value.length, what).toBeGreaterThan(10);
    const forms = [
      value,
      encodeURIComponent(value),
      value.replaceAll(' ', '+'),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ];
    for (const [place, text] of places) {
      if (allowed.includes('config') && /config\.json/.test(place)) continue;
      if (allowed.includes('command lines') && place === 'command lines') continue;
      const form = forms.find((one) => text.includes(one));
      if (form === undefined) continue;
      const at = text.indexOf(form);
      found.push(`${what} in ${place}: ${text.slice(Math.max(0, at - 80), at)}`);
    }
  }
  expect(found).toEqual([]);
});
