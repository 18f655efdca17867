/** Files of the other programs given to the built app with --config, in front of real servers and real clients. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type GatewayProcess,
  nodeEntry,
  npmServer,
  rawServer,
  readiness,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { MCPPROXY, PTBSARE, SPARFENYUK } from './dialects/samples.ts';

let dir: string;
const opened: { close(): Promise<unknown> }[] = [];
const raw = (...args: string[]) => nodeEntry(rawServer, ...args);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'gh-dialects-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

interface Begin {
  readonly file?: string;
  readonly env?: Record<string, string>;
  readonly args?: string[];
}

async function begin(
  config: object | string,
  { file = 'x.json', env = {}, args = [] }: Begin = {},
): Promise<GatewayProcess> {
  const path = file.startsWith('http') ? file : join(dir, file);
  if (!file.startsWith('http'))
    writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config, null, 2));
  const gateway = await startGateway({ auth: 'default', env, args: ['--config', path, ...args] });
  opened.push(gateway);
  await untilReady(gateway.base);
  return gateway;
}

/** Connects as a client of one of the two transports and gives the names of the tools. */
async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 't', version: '1' });
  const init = { requestInit: { headers } };
  const address = new URL(url);
  const transport = address.pathname.endsWith('/sse')
    ? new SSEClientTransport(address, init)
    : new StreamableHTTPClientTransport(address, init);
  await client.connect(transport as Parameters<Client['connect']>[0]);
  opened.push(client);
  return client;
}

const toolsAt = async (url: string, headers?: Record<string, string>): Promise<string[]> =>
  (await (await connect(url, headers)).listTools()).tools.map(({ name }) => name);
const statusAt = async (url: string, headers: Record<string, string> = {}): Promise<number> => {
  const body =
    '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}';
  const both = {
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    ...headers,
  };
  const response = await fetch(url, { method: 'POST', headers: both, body });
  await response.body?.cancel();
  return response.status;
};
const textOf = async (client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> => {
  const { content } = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
  return content[0]?.text ?? '';
};

describe('TBXark', () => {
  const proxy = {
    baseURL: 'http://127.0.0.1:1/base',
    addr: '127.0.0.1:9090',
    name: 'P',
    version: '1',
    type: 'sse',
  };

  it('routes, tokens that replace, tokens in the path, filters, switches, variables', async () => {
    const gateway = await begin(
      {
        mcpProxy: { ...proxy, options: { authTokens: ['DefaultTokens'], logEnabled: true } },
        mcpServers: {
          everything: {
            ...nodeEntry(npmServer('everything')),
            options: { toolFilter: { mode: 'block', list: ['echo'] } },
          },
          raw: {
            ...raw(),
            env: { WHO: '$WHO_IS_IT' },
            options: { authTokens: ['SpecificTokens'], toolFilter: { mode: 'allow', list: ['env', 'pid'] } },
          },
          open: { ...raw(), options: { authTokens: [] } },
          'hidden/s3cret': { ...raw(), options: { authTokens: [] } },
          off: { ...raw(), options: { disabled: true } },
        },
      },
      { env: { WHO_IS_IT: 'it is me' } },
    );
    const { base } = gateway;
    expect(base.endsWith('/base')).toBe(true);
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    expect((await readiness(base)).servers.off?.state ?? 'disabled').toBe('disabled');

    const tools = await toolsAt(`${base}/everything/sse`, bearer('DefaultTokens'));
    expect(tools).toContain('get-sum');
    expect(await toolsAt(`${base}/everything/mcp`, { Authorization: 'DefaultTokens' })).toEqual(tools);
    expect(await toolsAt(`${base}/raw/sse`, bearer('SpecificTokens'))).toEqual(['pid', 'env']);
    const client = await connect(`${base}/raw/mcp`, bearer('SpecificTokens'));
    expect(await textOf(client, 'env', { name: 'WHO' })).toContain('it is me');
    await expect(client.callTool({ name: 'crash', arguments: {} })).rejects.toThrow();
    expect(await textOf(client, 'pid')).toMatch(/^\d+$/);

    expect(await statusAt(`${base}/raw/mcp`, bearer('DefaultTokens'))).toBe(401);
    expect(await statusAt(`${base}/raw/mcp`)).toBe(401);
    expect(await statusAt(`${base}/everything/mcp`, bearer('SpecificTokens'))).toBe(401);
    expect(await statusAt(`${base}/open/mcp`)).toBe(200);
    expect(await toolsAt(`${base}/hidden/s3cret/sse`)).toContain('pid');
    expect(await toolsAt(`${base}/hidden/s3cret/mcp`)).toContain('pid');
    expect(await statusAt(`${base}/hidden/mcp`)).toBe(401);
    expect(await statusAt(`${base}/hidden/wrong/mcp`)).toBe(401);
    // What is disabled has no route there.
    expect(await statusAt(`${base}/off/mcp`, bearer('DefaultTokens'))).toBe(404);
    // The narrower token is not got around by the endpoint that that program does not have.
    expect(await statusAt(`${base}/mcp`, bearer('DefaultTokens'))).toBe(401);
    expect(gateway.log()).toContain('a file of TBXark');
    expect(gateway.log()).not.toMatch(/SpecificTokens|s3cret/);
  });

  it('panicIfInvalid ends a serve whose server cannot start; without it the others go on', async () => {
    const servers = (panicIfInvalid: boolean) => ({
      good: raw(),
      bad: { command: 'no-such-program-here', options: { panicIfInvalid } },
    });
    const gateway = await begin({ mcpProxy: proxy, mcpServers: servers(false) });
    expect(await toolsAt(`${gateway.base}/good/mcp`)).toContain('pid');
    await gateway.stop();
    writeFileSync(join(dir, 'panic.json'), JSON.stringify({ mcpProxy: proxy, mcpServers: servers(true) }));
    const panicking = await startGateway({ auth: 'default', args: ['--config', join(dir, 'panic.json')] });
    opened.push(panicking);
    await until(() => panicking.child.exitCode !== null, 'the end');
    expect(panicking.child.exitCode).toBe(1);
    expect(panicking.log()).toContain('"bad" is required');
  });

  it('version 1 runs too', async () => {
    const gateway = await begin({
      server: {
        baseURL: 'http://127.0.0.1:1',
        addr: '127.0.0.1:9090',
        name: 'P',
        version: '1',
        globalAuthTokens: ['g'],
      },
      clients: { one: { type: 'stdio', config: raw(), authTokens: ['o'] } },
    });
    for (const token of ['o', 'g'])
      expect(await toolsAt(`${gateway.base}/one/sse`, { Authorization: `Bearer ${token}` })).toContain('pid');
    expect(await statusAt(`${gateway.base}/one/mcp`, { Authorization: 'Bearer x' })).toBe(401);
  });
});

it('mcpproxy-go: its example, open on this computer, with its profiles under both addresses', async () => {
  const example = JSON.parse(MCPPROXY) as { mcpServers: Record<string, unknown>[] };
  const [filesystem, ...others] = example.mcpServers;
  const gateway = await begin({
    ...example,
    profiles: [{ name: 'dev', servers: ['filesystem', 'raw'] }],
    mcpServers: [
      { ...filesystem, ...nodeEntry(npmServer('filesystem'), dir) },
      ...others.map((one) => ({ ...one, enabled: false })),
      { name: 'raw', protocol: 'stdio', ...raw(), disabled_tools: ['crash'], working_dir: dir },
      { name: 'held', protocol: 'stdio', ...raw(), quarantined: true },
    ],
  });
  const all = await toolsAt(gateway.url);
  expect(all).toContain('filesystem__read_text_file');
  expect(all).toContain('raw__pid');
  expect(all).not.toContain('raw__crash');
  expect(all.some((name) => name.startsWith('held'))).toBe(false);
  expect(await toolsAt(`${gateway.base}/mcp/p/dev`)).toEqual(all);
  expect(await toolsAt(`${gateway.base}/p/dev/mcp`)).toEqual(all);
});

it('sparfenyuk: named servers at /servers/NAME, without a token when none is wanted', async () => {
  const example = JSON.parse(SPARFENYUK) as { mcpServers: Record<string, object> };
  const mcpServers = Object.fromEntries(
    Object.entries(example.mcpServers).map(([name, entry]) => [name, { ...entry, ...raw('--name', name) }]),
  );
  const gateway = await begin({ mcpServers }, { args: ['--no-auth'] });
  for (const path of ['/servers/fetch/sse', '/servers/fetch/mcp', '/servers/github/mcp/'])
    expect(await toolsAt(gateway.base + path)).toContain('pid');
  expect((await readiness(gateway.base)).servers).toMatchObject({
    fetch: { state: 'ready' },
    github: { state: 'ready' },
    off: { state: 'disabled' },
  });
});

it('ptbsare: keys of the environment, in headers and addresses, and its tool_config.json', async () => {
  const example = JSON.parse(PTBSARE) as { mcpServers: Record<string, object> };
  const weather = { ...example.mcpServers.weather, ...raw() };
  writeFileSync(
    join(dir, 'tool_config.json'),
    JSON.stringify({
      tools: {
        weather__crash: { enabled: false },
        weather__pid: {
          enabled: true,
          exposedName: 'weather__process',
          exposedDescription: 'Which one it is.',
        },
      },
    }),
  );
  const gateway = await begin(
    { mcpServers: { weather } },
    { file: 'mcp_server.json', env: { ALLOWED_KEYS: 'k1,k2', PORT: '0' } },
  );
  rmSync(join(dir, 'tool_config.json'));
  const tools = await toolsAt(gateway.url, { 'X-Api-Key': 'k1' });
  expect(tools).toContain('weather__process');
  expect(tools).not.toContain('weather__crash');
  expect(tools).not.toContain('weather__pid');
  expect(await toolsAt(`${gateway.url}?key=k2`)).toEqual(tools);
  expect(await toolsAt(`${gateway.base}/sse?key=k2`)).toEqual(tools);
  expect(await statusAt(gateway.url, { Authorization: 'Bearer no', 'X-Api-Key': 'k1' })).toBe(200);
  expect(await statusAt(`${gateway.url}?key=no`)).toBe(401);
});

describe('at an address', () => {
  async function serve(answer: RequestListener): Promise<{ url: string; seen: IncomingHttpHeaders[] }> {
    const seen: IncomingHttpHeaders[] = [];
    const server: Server = createServer((request, response) => {
      seen.push(request.headers);
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push({ close: () => new Promise((resolve) => server.close(resolve)) });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  it('is read, with its key, which goes to no other origin; nothing of it is shown', async () => {
    const config = JSON.stringify({ mcpProxy: { addr: '127.0.0.1:1' }, mcpServers: { one: raw() } });
    const far = await serve((_request, response) => response.end(config));
    const near = await serve((_request, response) =>
      response.writeHead(302, { Location: `${far.url}/config.json` }).end(),
    );
    const file = `${near.url.replace('http://', 'http://ada:pl4nted@')}/c?token=pl4nted2`;
    const gateway = await begin('', {
      file,
      env: { KEY: 'pl4nted3' },
      args: ['--config-header', 'X-Key: ${env:KEY}'],
    });
    expect(await toolsAt(`${gateway.base}/one/mcp`)).toContain('pid');
    expect(near.seen[0]).toMatchObject({
      authorization: `Basic ${Buffer.from('ada:pl4nted').toString('base64')}`,
      'x-key': 'pl4nted3',
    });
    expect(far.seen[0]).not.toHaveProperty('authorization');
    expect(far.seen[0]).not.toHaveProperty('x-key');
    expect(gateway.log()).not.toContain('pl4nted');
  });

  it.each([
    [
      'too long',
      (_request: unknown, response: { end(text: string): void }) => response.end('x'.repeat(5_000_000)),
      'larger than 4 MiB',
    ],
    [
      'refused',
      (_request: unknown, response: { writeHead(status: number): { end(): void } }) =>
        response.writeHead(403).end(),
      'status 403',
    ],
    [
      'a loop',
      (_request: unknown, response: { writeHead(status: number, headers: object): { end(): void } }) =>
        response.writeHead(302, { Location: '/again' }).end(),
      'without end',
    ],
    [
      'no configuration',
      (_request: unknown, response: { end(text: string): void }) => response.end('<html>'),
      'not valid JSON',
    ],
  ])('%s ends with 4 and a sentence', async (_name, answer, sentence) => {
    const { url } = await serve(answer as RequestListener);
    await expect(startGateway({ args: ['--config', url] })).rejects.toThrow(
      new RegExp(`ended with 4: .*${sentence}`),
    );
  });
});

it('a foreign file is followed: changing one server restarts that one alone, in its own words', async () => {
  const config = (who: string) => ({
    mcpProxy: { addr: '127.0.0.1:1' },
    mcpServers: { a: { ...raw(), env: { WHO: who } }, b: raw() },
  });
  const gateway = await begin(config('one'), { file: 'live.json' });
  const pidAt = async (name: string): Promise<string> =>
    textOf(await connect(`${gateway.base}/${name}/mcp`), 'pid');
  const [a, b] = [await pidAt('a'), await pidAt('b')];
  writeFileSync(join(dir, 'live.json'), JSON.stringify(config('two')));
  await until(async () => (await pidAt('a').catch(() => a)) !== a, 'another process of "a"');
  expect(await textOf(await connect(`${gateway.base}/a/mcp`), 'env', { name: 'WHO' })).toContain('two');
  expect(await pidAt('b')).toBe(b);
});
