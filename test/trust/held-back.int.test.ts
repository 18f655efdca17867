/** A server that is held back: its text is looked for in everything that a client can fetch, by every route there is. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../main/commands/local-client.ts';
import { commandNames } from '../../preload/contract.ts';
import {
  cli,
  type GatewayProcess,
  nodeEntry,
  rawServer,
  root,
  startGateway,
  until,
  untilReady,
} from '../host/gateway.ts';
import { rawClient, rawPost } from '../host/raw-client.ts';

const MARK = 'QUARANTINED-WORDS';
const evil = nodeEntry(join(root, 'test/servers/two-faced.mjs'), '--marked', '--mark', MARK);
let gateway: GatewayProcess;

async function start(quarantined: boolean): Promise<void> {
  gateway = await startGateway({
    config: {
      mcpServers: { good: nodeEntry(rawServer), evil: { ...evil, quarantined } },
      profiles: { both: { servers: ['good', 'evil'] }, bare: { servers: ['evil', 'good'], prefix: false } },
    },
  });
  await untilReady(gateway.base);
}

let fetched: string[];

beforeEach(() => {
  fetched = [];
});

afterEach(() => gateway.close());

const REQUESTS: readonly [string, object][] = [
  ['tools/list', {}],
  ['prompts/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['tools/call', { name: 'evil__add', arguments: {} }],
  ['tools/call', { name: 'add', arguments: {} }],
  ['tools/call', { name: 'unlisted', arguments: {} }],
  ['prompts/get', { name: 'x' }],
  ['resources/read', { uri: 'x:1' }],
  ['resources/read', { uri: 'gatehouse://evil/x:1' }],
  ['resources/subscribe', { uri: 'x:1' }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' } }],
  ['logging/setLevel', { level: 'debug' }],
  ['tasks/list', {}],
  ['ping', {}],
  ['own/method', {}],
];
const ROUTES = ['', '/servers/evil', '/evil', '/p/both', '/p/bare'];

/** Sessions on every route, with their standing streams open for a while. */
async function fetchLegacy(): Promise<void> {
  const streams: { messages: string[]; close(): void }[] = [];
  for (const route of ROUTES) {
    for (const version of ['2025-11-25', '2024-11-05']) {
      const client = await rawClient(`${gateway.base}${route}/mcp`, gateway.token, version);
      fetched.push(client.initialized);
      streams.push(await client.listen());
      for (const [method, params] of REQUESTS) {
        const { text } = await client.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
        fetched.push(text);
      }
    }
  }
  // The sockets are read for as long as it would take a talkative server to say something many times.
  const ticks = Date.now() + 300;
  await until(() => Date.now() > ticks, 'listened for a while');
  for (const stream of streams) {
    fetched.push(...stream.messages);
    stream.close();
  }
}

async function fetchModern(): Promise<void> {
  for (const route of ROUTES) {
    for (const [method, params] of [['server/discover', {}], ...REQUESTS] as const) {
      const meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 't', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      const named = params as { name?: string; uri?: string };
      const header = named.name ?? named.uri;
      const { text } = await rawPost(
        `${gateway.base}${route}/mcp`,
        JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }),
        {
          Authorization: `Bearer ${gateway.token}`,
          'MCP-Protocol-Version': '2026-07-28',
          'Mcp-Method': method,
          ...(header === undefined ? {} : { 'Mcp-Name': header }),
        },
      );
      fetched.push(text);
    }
  }
}

async function fetchSse(): Promise<void> {
  for (const route of ROUTES) {
    const abort = new AbortController();
    const headers = { Authorization: `Bearer ${gateway.token}`, Accept: 'text/event-stream' };
    const response = await fetch(`${gateway.base}${route}/sse`, { headers, signal: abort.signal });
    let text = '';
    const reading = (async () => {
      const decoder = new TextDecoder();
      const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
      for await (const chunk of body) text += decoder.decode(chunk as Uint8Array);
    })().catch(() => undefined);
    await until(() => text.includes('endpoint'), 'the address for messages');
    const address = new URL(/data: (.*)/.exec(text)?.[1] ?? '', gateway.base);
    const send = (message: object) =>
      rawPost(address.href, JSON.stringify({ jsonrpc: '2.0', ...message }), {
        Authorization: `Bearer ${gateway.token}`,
      });
    const clientInfo = { name: 't', version: '1' };
    const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo };
    await send({ id: 'i', method: 'initialize', params });
    await send({ method: 'notifications/initialized' });
    for (const [index, [method, more]] of REQUESTS.entries()) await send({ id: index, method, params: more });
    await until(() => text.includes(`"id":${REQUESTS.length - 1}`), 'the last answer');
    abort.abort();
    await reading;
    fetched.push(text);
  }
}

async function fetchStdio(): Promise<void> {
  const bridge = spawn(process.execPath, [cli, 'stdio', '--data-dir', gateway.dataDir], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let text = '';
  bridge.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const send = (message: object): void =>
    void bridge.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const clientInfo = { name: 't', version: '1' };
  send({
    id: 'i',
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  });
  send({ method: 'notifications/initialized' });
  for (const [index, [method, params]] of REQUESTS.entries()) send({ id: index, method, params });
  await until(() => REQUESTS.every((_one, index) => text.includes(`"id":${index}`)), 'all answers');
  const closed = new Promise((resolve) => bridge.once('close', resolve));
  bridge.stdin.end();
  await closed;
  fetched.push(text);
}

async function fetchAll(): Promise<void> {
  for (const path of ['/_readyz', '/_healthz', '/status']) {
    const response = await fetch(`${gateway.base}${path}`, {
      headers: { Authorization: `Bearer ${gateway.token}` },
    });
    fetched.push(await response.text());
  }
  await fetchLegacy();
  await fetchModern();
  await fetchSse();
  await fetchStdio();
}

describe('a quarantined server', () => {
  it('gives no client a word of its own, and says why to who calls it', async () => {
    await start(true);
    await fetchAll();
    const all = fetched.join('\n');
    expect(all).not.toContain(MARK);
    expect(all).toContain('good__pid');
    const alone = await rawClient(`${gateway.base}/servers/evil/mcp`, gateway.token);
    const merged = await rawClient(gateway.url, gateway.token);
    expect(await alone.call(1, 'add')).toContain('trust.server_quarantined');
    expect(await merged.call(2, 'evil__add')).toContain('trust.server_quarantined');
    expect(await merged.call(3, 'good__pid')).toContain('"text":"');
    for (const method of ['prompts/get', 'resources/read', 'own/method']) {
      const { text } = await alone.post(
        JSON.stringify({ jsonrpc: '2.0', id: 4, method, params: { name: 'x', uri: 'x:1' } }),
      );
      expect(text).toContain('trust.server_quarantined');
    }
    expect(
      readdirSync(join(gateway.dataDir, 'logs')).filter((name) =>
        readFileSync(join(gateway.dataDir, 'logs', name), 'utf8').includes(MARK),
      ),
    ).toEqual([]);
  });

  it('is released by no call of a client, by whatever name, on any route', async () => {
    await start(true);
    const args = { server: 'evil', digest: null, except: [] };
    const headers = { Authorization: `Bearer ${gateway.token}` };
    for (const route of ROUTES) {
      const client = await rawClient(`${gateway.base}${route}/mcp`, gateway.token);
      for (const [index, name] of commandNames.entries()) {
        // As a method, as a tool, and as the tool of a server that does not exist.
        for (const message of [
          { method: name, params: args },
          { method: 'tools/call', params: { name, arguments: args } },
          { method: 'tools/call', params: { name: `gatehouse__${name}`, arguments: args } },
        ]) {
          const { text } = await client.post(JSON.stringify({ jsonrpc: '2.0', id: index, ...message }));
          expect(text).toContain('"error"');
        }
      }
    }
    for (const path of ['/_local/command', '/_local/connection', '/admin', '/api/command', '/command']) {
      for (const base of [gateway.base, ...ROUTES.slice(1).map((route) => `${gateway.base}${route}`)]) {
        const { status } = await rawPost(
          `${base}${path}`,
          JSON.stringify({ name: 'server.release', args }),
          headers,
        );
        expect([path, status >= 400]).toEqual([path, true]);
      }
    }
    const { servers } = await runCommand(gateway.dataDir, 'approvals.list', {});
    expect(servers.map(({ server }) => server)).toEqual(['evil']);
    const history = await runCommand(gateway.dataDir, 'approvals.history', { server: 'evil', limit: 9 });
    expect(history).toEqual([]);
  });

  it('falls silent at once when it is held back while it runs and talks', async () => {
    await start(false);
    const client = await rawClient(`${gateway.base}/servers/evil/mcp`, gateway.token);
    expect(client.initialized).toContain(MARK);
    const stream = await client.listen();
    await client.post('{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"debug"}}');
    await until(() => stream.messages.some((message) => message.includes(MARK)), 'it talks');
    await runCommand(gateway.dataDir, 'server.quarantine', { server: 'evil' });
    const before = stream.messages.length;
    await fetchAll();
    expect(fetched.join('\n')).not.toContain(MARK);
    // What was on its way when the command was answered may still come; nothing that was said afterwards.
    const after = stream.messages.slice(before).filter((message) => message.includes(MARK));
    expect(after).toEqual([]);
    stream.close();
  });

  it('may be looked at by its user, which lets out nothing, and is over when he has seen it', async () => {
    await start(true);
    const looking = runCommand(gateway.dataDir, 'server.inspect', { server: 'evil', where: 'host' });
    await fetchAll();
    const seen = await looking;
    expect(JSON.stringify(seen)).toContain(MARK);
    expect(seen.items.map((item) => item.kind)).toEqual(
      expect.arrayContaining(['tools', 'prompts', 'instructions']),
    );
    expect(fetched.join('\n')).not.toContain(MARK);
    const running = spawn('pgrep', ['-f', `--mark ${MARK}`], { stdio: ['ignore', 'pipe', 'ignore'] });
    let pids = '';
    running.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      pids += chunk;
    });
    await new Promise((resolve) => running.once('close', resolve));
    expect(pids.trim()).toBe('');
    await expect(
      runCommand(gateway.dataDir, 'server.release', { server: 'evil', digest: '0'.repeat(64), except: [] }),
    ).rejects.toMatchObject({ code: 'trust.stale' });
    await runCommand(gateway.dataDir, 'server.release', { server: 'evil', digest: seen.digest, except: [] });
    await until(async () => {
      const client = await rawClient(gateway.url, gateway.token);
      const { text } = await client.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
      return text.includes(`evil__tool_`);
    }, 'it is released');
    expect(JSON.parse(readFileSync(gateway.configFile, 'utf8')).mcpServers.evil.quarantined).toBeUndefined();
  });
});
