/** Remote servers for tests of the pool, closed with it after each test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UpstreamSpec } from '../../main/upstreams/ports.ts';
import { closing } from './http-links.ts';
import { type PoolHost, poolHost, script } from './pool-host.ts';

/** A pool with these servers. */
export function host(...specs: UpstreamSpec[]): PoolHost {
  const made = poolHost();
  closing(made.close);
  made.pool.apply(specs);
  return made;
}

/** Starts a fixture of the parity tests; its address. */
export async function parity(era: 'legacy' | 'modern', mode: '--http' | '--sse'): Promise<string> {
  const child = spawn(process.execPath, [script(`parity-${era}.mjs`), mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  closing(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString('utf8')) as { endpoint: string }).endpoint;
}

export interface Simple {
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
export async function simple(
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
  closing(stop);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    methods: () => seen.map(({ method }) => method),
    forget: () => sessions.clear(),
    ...{ stop, start },
  };
}
