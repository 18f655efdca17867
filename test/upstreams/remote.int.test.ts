/** Remote servers: which transport and era they are met in, and what becomes of them when they forget us or go away. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { UpstreamSpec } from '../../main/upstreams/ports.ts';
import { call, peer } from '../fakes/call.ts';
import { until } from '../host/gateway.ts';
import { type PoolHost, poolHost, remote, script } from './pool-host.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function host(...specs: UpstreamSpec[]): PoolHost {
  const made = poolHost();
  closing.push(made.close);
  made.pool.apply(specs);
  return made;
}

/** Starts a fixture of the parity tests; its address. */
async function parity(era: 'legacy' | 'modern', mode: '--http' | '--sse'): Promise<string> {
  const child = spawn(process.execPath, [script(`parity-${era}.mjs`), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closing.push(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString('utf8')) as { endpoint: string }).endpoint;
}

interface Simple {
  readonly url: string;
  readonly seen: { readonly method: string; readonly headers: IncomingHttpHeaders }[];
  /** JSON-RPC methods in the order in which they came. */
  methods(): string[];
  /** Ends every session, as a restart would. */
  forget(): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A legacy server with sessions that keeps what it was told: subscriptions and a level. */
async function simple(
  answer?: (method: string) => { status: number; body: string } | null,
  standingStatus = 405,
): Promise<Simple> {
  const seen: { method: string; headers: IncomingHttpHeaders }[] = [];
  const sessions = new Set<string>();
  let count = 0;
  let port = 0;
  let server: Server | null = null;
  const start = async (): Promise<void> => {
    server = createServer((req, res) => {
      if (req.method !== 'POST') return void res.writeHead(standingStatus).end();
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        seen.push({ method, headers: req.headers });
        const json = (body: object, status = 200, headers = {}): void =>
          void res
            .writeHead(status, { 'content-type': 'application/json', ...headers })
            .end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
        const own = answer?.(method) ?? null;
        if (own !== null) return void res.writeHead(own.status).end(own.body);
        if (method === 'initialize') {
          const session = `s${++count}`;
          sessions.add(session);
          const capabilities = { tools: {}, resources: { subscribe: true }, logging: {} };
          const result = {
            protocolVersion: params.protocolVersion,
            capabilities,
            serverInfo: { name: 'simple' },
          };
          return json({ result }, 200, { 'mcp-session-id': session });
        }
        const session = req.headers['mcp-session-id'];
        if (session === undefined) return json({ error: { code: -32000, message: 'No session' } }, 400);
        if (!sessions.has(String(session))) return json({ error: { code: -32001, message: 'Unknown' } }, 404);
        if (id === undefined) return void res.writeHead(202).end();
        if (method === 'tools/list') return json({ result: { tools: [{ name: 't', inputSchema: {} }] } });
        if (method === 'resources/list') return json({ result: { resources: [] } });
        if (method === 'resources/templates/list') return json({ error: { code: -32601, message: 'no' } });
        return json({ result: { content: [{ type: 'text', text: `"${String(session)}"` }] } });
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    const ended = server;
    server = null;
    ended?.closeAllConnections();
    await new Promise<void>((resolve) => (ended === null ? resolve() : ended.close(() => resolve())));
  };
  await start();
  closing.push(stop);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    methods: () => seen.map(({ method }) => method),
    forget: () => sessions.clear(),
    ...{ stop, start },
  };
}

const a = peer('a');

describe('which transport and era (streamable HTTP of 2026-07-28, "Backward Compatibility")', () => {
  it.each(['auto', 'http'] as const)(
    '"%s": a modern server is met by server/discover alone',
    async (kind) => {
      const made = host(remote('s', await parity('modern', '--http'), kind));
      await made.state('s', 'ready');
      expect(made.listings.get('s')).toMatchObject({ era: 'modern', serverInfo: { name: 'parity-modern' } });
      expect(made.listings.get('s')?.resources.length).toBe(25);
      expect(await made.tool('s', a, 'echo', { n: 1 })).toEqual({ n: 1 });
    },
  );

  it.each(['auto', 'http'] as const)('"%s": a legacy server is initialized', async (kind) => {
    const made = host(remote('s', await parity('legacy', '--http'), kind));
    await made.state('s', 'ready');
    expect(made.listings.get('s')).toMatchObject({ era: 'legacy', serverInfo: { name: 'parity-legacy' } });
    expect(await made.tool('s', a, 'echo', { n: 1 })).toEqual({ n: 1 });
  });

  it.each(['auto', 'sse'] as const)('"%s": a server that knows only HTTP+SSE is met there', async (kind) => {
    const made = host(remote('s', await parity('legacy', '--sse'), kind));
    await made.state('s', 'ready');
    expect(made.listings.get('s')).toMatchObject({ era: 'legacy' });
    expect(await made.tool('s', a, 'echo', { n: 1 })).toEqual({ n: 1 });
  });

  it('"http": HTTP+SSE is not tried', async () => {
    const made = host(remote('s', await parity('legacy', '--sse'), 'http'));
    await made.state('s', 'failed');
    // This one refuses with an error of JSON-RPC; others do it by the status alone.
    expect(made.pool.status('s')?.problem?.code).toBe('upstream.answered_error');
  });

  it('"protocol": "legacy" asks nothing of the new revisions, "modern" nothing of the old ones', async () => {
    const [one, two] = [await simple(), await simple()];
    const made = host(
      remote('legacy', one.url, 'auto', { protocol: 'legacy' }),
      remote('modern', two.url, 'auto', { protocol: 'modern' }),
    );
    await made.state('legacy', 'ready');
    expect(one.methods()).not.toContain('server/discover');
    await made.state('modern', 'failed');
    expect(made.pool.status('modern')?.problem?.code).toBe('upstream.protocol_mismatch');
    expect(new Set(two.methods())).toEqual(new Set(['server/discover']));
  });

  it('a modern server with revisions of its own is not taken for an old one (versioning, "Protocol Version Negotiation")', async () => {
    const error = { code: -32022, message: 'Unsupported', data: { supported: ['2099-01-01'] } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: null, error });
    const server = await simple(() => ({ status: 400, body }));
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    expect(made.pool.status('s')?.problem).toMatchObject({ code: 'upstream.protocol_mismatch' });
    expect(made.pool.status('s')?.problem?.message).toContain('2099-01-01');
    expect(server.methods()).toEqual(['server/discover']);
  });

  it('what was found out is not asked again', async () => {
    const server = await simple();
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    await made.pool.restart('s');
    await made.state('s', 'ready');
    const methods = server.methods();
    expect(methods.filter((method) => method === 'server/discover').length).toBe(1);
    expect(methods.filter((method) => method === 'initialize').length).toBe(2);
  });

  it('an address where nothing of the kind is: the error names what was tried', async () => {
    const server = await simple(() => ({ status: 404, body: 'Nothing here' }));
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    const problem = made.pool.status('s')?.problem;
    expect(problem?.code).toBe('upstream.no_transport');
    expect(problem?.message).toMatch(/HTTP: .*404.* SSE: .*405/);
  });

  it.each([
    [401, 'upstream.unauthorized', 1],
    [403, 'upstream.forbidden', 2],
    [503, 'upstream.http_status', 2],
  ])('status %i is what it is, not another transport', async (status, code, requests) => {
    const server = await simple(() => ({ status, body: '' }));
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    expect(made.pool.status('s')?.problem?.code).toBe(code);
    expect(server.seen.length).toBe(requests);
  });
});

it('references in the address and in headers are resolved', async () => {
  const server = await simple();
  const spec = remote('s', server.url);
  const made = host({
    ...spec,
    transport: {
      kind: 'auto',
      url: `${server.url}?key=REFERENCE`,
      headers: { Authorization: 'Bearer REFERENCE' },
    },
  });
  await made.state('s', 'ready');
  expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer resolved']),
  );
});

describe('a server that', () => {
  it('has lost the session gets a new one at once, with subscriptions and level (transports, "Session Management")', async () => {
    const server = await simple();
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    expect(await made.tool('s', a, 't')).toBe('s1');
    await made.pool.subscribe('s', 'note://1', a);
    made.pool.setLogLevel('s', 'error');
    await until(() => server.methods().includes('logging/setLevel'), 'the level is set');
    server.forget();
    const before = server.seen.length;
    // What was refused for that alone was not carried out, and is made again.
    expect(await Promise.all([1, 2, 3].map(() => made.tool('s', a, 't')))).toEqual(['s2', 's2', 's2']);
    expect(made.statuses.get('s')?.map(({ state }) => state)).toEqual([
      'starting',
      'ready',
      'starting',
      'ready',
    ]);
    const again = (): string[] => server.methods().slice(before);
    await until(() => again().includes('resources/subscribe'), 'subscribed again');
    await until(() => again().includes('logging/setLevel'), 'the level is set again');
  });

  it('refuses the standing stream as if the session were lost keeps it, for it answers requests', async () => {
    const server = await simple(undefined, 404);
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    await until(() => server.methods().includes('ping'), 'it is asked for a sign of life');
    expect(await made.tool('s', a, 't')).toBe('s1');
    expect(made.statuses.get('s')?.length).toBe(2);
  });

  it('loses every session is not asked for ever, and calls say so', async () => {
    let closed = false;
    const server = await simple((method) =>
      closed && method === 'tools/call' ? { status: 404, body: '' } : null,
    );
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    closed = true;
    await expect(made.tool('s', a, 't')).rejects.toMatchObject({ code: 'upstream.session_lost' });
    expect(server.methods().filter((method) => method === 'tools/call').length).toBe(2);
    // The second time it is met again after a pause.
    await made.state('s', 'retrying');
  });

  it('has lost the session and cannot be met again fails what waits for it', async () => {
    let closed = false;
    const server = await simple((method) =>
      closed && method === 'initialize' ? { status: 503, body: '' } : null,
    );
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    closed = true;
    server.forget();
    await expect(made.tool('s', a, 't')).rejects.toMatchObject({ code: 'upstream.http_status' });
    await made.state('s', 'retrying');
  });

  it('has lost the session of one client opens him another', async () => {
    const server = await simple();
    const made = host(remote('s', server.url, 'auto', { session: 'per-client' }));
    await made.state('s', 'ready');
    expect(await made.tool('s', a, 't')).toBe('s2');
    server.forget();
    expect(await made.tool('s', a, 't')).toBe('s3');
    expect(made.statuses.get('s')?.length).toBe(2);
  });

  it('goes away is seen to be away, and met again when it is back', async () => {
    const server = await simple();
    const made = host(remote('s', server.url));
    await made.state('s', 'ready');
    await server.stop();
    const one = call(a, 'tools/call', { name: 't' });
    made.pool.forward('s', one.request);
    await until(() => one.failed.length === 1, 'the call fails');
    expect(one.failed[0]?.code).toMatch(/^upstream\.(unreachable|stream_broken)$/);
    await until(async () => {
      const next = await made.tool('s', a, 't').catch((error: { code: string }) => error.code);
      return next === 'upstream.not_ready';
    }, 'seen to be away');
    expect(made.pool.status('s')).toMatchObject({
      state: 'retrying',
      problem: { code: 'upstream.unreachable' },
    });
    await server.start();
    await made.state('s', 'ready');
  });

  it('is not there fails, and is met when it comes', async () => {
    const server = await simple();
    await server.stop();
    const made = host(remote('s', server.url));
    await made.state('s', 'failed');
    expect(made.pool.status('s')?.problem?.code).toBe('upstream.unreachable');
    await server.start();
    await made.state('s', 'ready');
  });
});

it('cancelling closes the stream of a modern call (streamable HTTP, "Cancellation")', async () => {
  const made = host(remote('s', await parity('modern', '--http')));
  await made.state('s', 'ready');
  const modern = peer('m', { era: 'modern', revision: '2026-07-28' });
  const legacy = peer('l');
  for (const [key, from] of Object.entries({ x: modern, y: legacy })) {
    const args = { name: 'slow', arguments: { key, steps: 100_000, ms: 10 } };
    const meta = {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    };
    const one = call(from, 'tools/call', from === modern ? { ...args, ...meta } : args);
    const handle = made.pool.forward('s', one.request);
    await until(() => made.tool('s', legacy, 'is_running', { key }), 'it runs');
    handle.cancel('no more');
    await until(() => made.tool('s', legacy, 'was_cancelled', { key }), 'it has heard');
  }
});
