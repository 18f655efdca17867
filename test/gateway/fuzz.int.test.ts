/**
 * Broken, odd and hostile messages of every kind against a real gateway: it answers or refuses each, and lives.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, nodeEntry, rawServer, startGateway, untilReady } from '../host/gateway.ts';
import { rawClient } from '../host/raw-client.ts';

const REQUESTS = 1_600;
const AT_ONCE = 16;

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const SEEDS: readonly object[] = [
  {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'raw__received', arguments: { a: 1 }, _meta: { progressToken: 'p' } },
  },
  { jsonrpc: '2.0', id: 'a', method: 'resources/read', params: { uri: 'x://y' } },
  {
    jsonrpc: '2.0',
    id: 2,
    method: 'completion/complete',
    params: { ref: { type: 'ref/prompt', name: 'raw__p' }, argument: { name: 'a', value: 'b' } },
  },
  { jsonrpc: '2.0', id: 3, method: 'resources/subscribe', params: { uri: 'x://y' } },
  { jsonrpc: '2.0', id: 4, method: 'logging/setLevel', params: { level: 'debug' } },
  { jsonrpc: '2.0', id: 5, method: 'tasks/get', params: { taskId: 'x' } },
  { jsonrpc: '2.0', id: 6, method: 'tools/list', params: { _meta: META } },
  {
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params: {
      name: 'raw__received',
      requestState: 'x',
      inputResponses: { a: 1 },
      arguments: {},
      _meta: META,
    },
  },
  { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
  { jsonrpc: '2.0', id: 'gh-1', result: {} },
];
const ODD: readonly unknown[] = [
  null,
  0,
  -1,
  1e308,
  '',
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  true,
  '\u0000',
  '__proto__',
  'constructor',
];

/** A small generator, so that a failure can be repeated (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Node = Record<string, unknown>;

/** The message with one member dropped or replaced, at any depth. */
function mutated(seed: object, below: (n: number) => number): Node {
  const message = structuredClone(seed) as Node;
  let at = message;
  for (let depth = below(4); depth > 0; depth--) {
    const next = Object.values(at)[below(Math.max(Object.keys(at).length, 1))];
    if (typeof next !== 'object' || next === null) break;
    at = next as Node;
  }
  const keys = Object.keys(at);
  const key = keys[below(Math.max(keys.length, 1))];
  if (key === undefined) return message;
  if (below(3) === 0) delete at[key];
  else at[key] = ODD[below(ODD.length)];
  return message;
}

describe('messages that nobody should send', () => {
  let gateway: GatewayProcess;

  beforeAll(async () => {
    gateway = await startGateway({ servers: { raw: nodeEntry(rawServer) } });
    await untilReady(gateway.base);
  });
  afterAll(async () => {
    await gateway?.close();
  });

  it('are answered or refused, and none of them is a fault of ours', async () => {
    const seed = 20_261_121;
    const below = generator(seed);
    const session = await rawClient(gateway.url, gateway.token);
    const statuses = new Set<number>();
    const one = async (): Promise<void> => {
      const message = mutated(SEEDS[below(SEEDS.length)] ?? {}, below);
      const text = JSON.stringify(message);
      const body = Buffer.from(below(10) === 0 ? `[${text}]` : text);
      if (below(4) === 0) body[below(body.length)] = below(256);
      const modern = text.includes('2026-07-28');
      const headers: Record<string, string> = {
        Authorization: `Bearer ${gateway.token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
      };
      if (!modern || below(3) === 0) headers['Mcp-Session-Id'] = session.sessionId;
      if (modern) headers['MCP-Protocol-Version'] = '2026-07-28';
      if (modern && below(2) === 0) headers['Mcp-Method'] = 'tools/call';
      const path = below(4) === 0 ? '/servers/raw/mcp' : '/mcp';
      const response = await fetch(gateway.base + path, { method: 'POST', headers, body });
      statuses.add(response.status);
      await response.text();
    };
    for (let sent = 0; sent < REQUESTS; sent += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, one));
    expect((await fetch(`${gateway.base}/_healthz`)).status).toBe(200);
    expect(
      [...statuses].filter((status) => status >= 500),
      `seed ${seed}`,
    ).toEqual([]);
    expect(statuses.size).toBeGreaterThan(2);
    expect(gateway.log()).not.toMatch(/nobody handled|request failed/);
  });
});
