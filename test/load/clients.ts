/**
 * Lean clients of every front for load: each sends one request at a time and gives the answer's text. They read no more
 * than they must, so that the gateway and not the client is the bottleneck.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { sseDecoder } from '../../main/protocol/sse.ts';
import { cutOff, lineSplitter } from '../../main/upstreams/lines.ts';
import { cli, type GatewayProcess, plainEnv } from '../host/gateway.ts';

/** One client; never more than one `ask` at a time. */
export interface LoadClient {
  readonly kind: string;
  /** Sends a request and gives the parsed answer and the notifications before it. */
  ask(method: string, params: Record<string, unknown>): Promise<{ answer: Answer; notified: Notified[] }>;
  /** Sends a request and hangs up, or cancels, as this front does. */
  abandon(method: string, params: Record<string, unknown>, ms: number): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly id: string | number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Notified {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'load', version: '1' },
};
const initialize = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'load', version: '1' },
};

type Headers = Record<string, string>;

function post(
  agent: Agent,
  url: URL,
  headers: Headers,
  body: string,
  signal?: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const out = httpRequest(
      url,
      {
        agent,
        method: 'POST',
        ...(signal === undefined ? {} : { signal }),
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          'Content-Length': Buffer.byteLength(body),
          ...headers,
        },
      },
      resolve,
    );
    out.on('error', reject);
    out.end(body);
  });
}

async function messages(response: IncomingMessage): Promise<(Answer & Partial<Notified>)[]> {
  const found: (Answer & Partial<Notified>)[] = [];
  const chunks: Buffer[] = [];
  const events = response.headers['content-type']?.startsWith('text/event-stream') === true;
  const decode = sseDecoder(
    (event) => {
      if (event.data.length > 0) found.push(JSON.parse(event.data.toString('utf8')) as Answer);
    },
    () => undefined,
  );
  response.on('data', (chunk: Buffer) => (events ? decode(chunk) : chunks.push(chunk)));
  await once(response, 'end');
  if (!events && chunks.length > 0) found.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Answer);
  return found;
}

const split = (all: (Answer & Partial<Notified>)[]): { answer: Answer; notified: Notified[] } => {
  const notified: Notified[] = [];
  for (const message of all) {
    if (message.id !== undefined && message.method === undefined) return { answer: message, notified };
    notified.push(message as unknown as Notified);
  }
  throw new Error(`no answer in ${JSON.stringify(all)}`);
};

/** Every client of a kind counts its ids from 1: the same ids are under way at once all the time. */
const counter = (): (() => number) => {
  let id = 0;
  return () => ++id;
};

/** Streamable HTTP with a session. */
export async function sessionClient(gateway: GatewayProcess): Promise<LoadClient> {
  const agent = new Agent({ keepAlive: true });
  const url = new URL(gateway.url);
  const headers: Headers = { Authorization: `Bearer ${gateway.token}` };
  const next = counter();
  const body = (method: string, params: object, id: number): string =>
    JSON.stringify({ jsonrpc: '2.0', id, method, params });
  const first = await post(agent, url, headers, body('initialize', initialize, next()));
  headers['Mcp-Session-Id'] = String(first.headers['mcp-session-id']);
  await messages(first);
  const said = await post(agent, url, headers, '{"jsonrpc":"2.0","method":"notifications/initialized"}');
  said.resume();
  return {
    kind: 'session',
    async ask(method, params) {
      return split(await messages(await post(agent, url, headers, body(method, params, next()))));
    },
    async abandon(method, params, ms) {
      const id = next();
      const answer = post(agent, url, headers, body(method, params, id)).then(messages);
      await new Promise((wake) => setTimeout(wake, ms));
      const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } };
      (await post(agent, url, headers, JSON.stringify(cancel))).resume();
      await answer;
    },
    async close() {
      const out = httpRequest(url, { agent, method: 'DELETE', headers });
      out.end();
      const [response] = (await once(out, 'response')) as [IncomingMessage];
      response.resume();
      agent.destroy();
    },
  };
}

/** Streamable HTTP without sessions. */
export async function statelessClient(gateway: GatewayProcess): Promise<LoadClient> {
  const agent = new Agent({ keepAlive: true });
  const url = new URL(gateway.url);
  const next = counter();
  const send = (
    method: string,
    params: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> => {
    const name = params.name ?? params.uri;
    const headers: Headers = {
      Authorization: `Bearer ${gateway.token}`,
      'MCP-Protocol-Version': '2026-07-28',
      'Mcp-Method': method,
      ...(typeof name === 'string' ? { 'Mcp-Name': name } : {}),
    };
    const meta = { ...META, ...(params._meta as object | undefined) };
    const body = JSON.stringify({ jsonrpc: '2.0', id: next(), method, params: { ...params, _meta: meta } });
    return post(agent, url, headers, body, signal);
  };
  return {
    kind: 'stateless',
    ask: async (method, params) => split(await messages(await send(method, params))),
    async abandon(method, params, ms) {
      const stop = new AbortController();
      const answer = send(method, params, stop.signal).then(messages);
      answer.catch(() => undefined);
      await new Promise((wake) => setTimeout(wake, ms));
      stop.abort();
      await answer.catch(() => undefined);
    },
    async close() {
      agent.destroy();
    },
  };
}

/** Answers that come on one channel, by id. */
function inbox(): {
  take(text: string): void;
  wait(id: number): Promise<{ answer: Answer; notified: Notified[] }>;
  forget(id: number): void;
} {
  const waiting = new Map<number, (found: { answer: Answer; notified: Notified[] }) => void>();
  let notified: Notified[] = [];
  return {
    take(text) {
      const message = JSON.parse(text) as Answer & Partial<Notified>;
      if (message.method !== undefined) return void notified.push(message as unknown as Notified);
      const done = waiting.get(Number(message.id));
      if (done === undefined) throw new Error(`nobody waits for ${text.slice(0, 200)}`);
      waiting.delete(Number(message.id));
      const before = notified;
      notified = [];
      done({ answer: message, notified: before });
    },
    wait: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    forget: (id) => void waiting.delete(id),
  };
}

/** HTTP+SSE of 2024-11-05. */
export async function sseClient(gateway: GatewayProcess): Promise<LoadClient> {
  const agent = new Agent({ keepAlive: true });
  const headers: Headers = { Authorization: `Bearer ${gateway.token}` };
  const next = counter();
  const box = inbox();
  const out = httpRequest(new URL(`${gateway.base}/sse`), {
    headers: { ...headers, Accept: 'text/event-stream' },
  });
  out.end();
  const [stream] = (await once(out, 'response')) as [IncomingMessage];
  const url = await new Promise<URL>((resolve) => {
    const decode = sseDecoder(
      (event) => {
        const text = event.data.toString('utf8');
        if (event.type === 'endpoint') resolve(new URL(text, gateway.base));
        else box.take(text);
      },
      () => undefined,
    );
    stream.on('data', decode);
  });
  const say = async (message: object): Promise<void> => {
    const response = await post(agent, url, headers, JSON.stringify(message));
    if (response.statusCode !== 202) throw new Error(`POST gave ${String(response.statusCode)}`);
    response.resume();
    await once(response, 'end');
  };
  const ask: LoadClient['ask'] = async (method, params) => {
    const id = next();
    const answer = box.wait(id);
    await say({ jsonrpc: '2.0', id, method, params });
    return answer;
  };
  await ask('initialize', { ...initialize, protocolVersion: '2024-11-05' });
  await say({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    kind: 'sse',
    ask,
    async abandon(method, params, ms) {
      const id = next();
      await say({ jsonrpc: '2.0', id, method, params });
      await new Promise((wake) => setTimeout(wake, ms));
      await say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
    },
    async close() {
      stream.destroy();
      agent.destroy();
    },
  };
}

/** The bridge: a process of its own, over stdio. */
export async function stdioClient(gateway: GatewayProcess): Promise<LoadClient> {
  const child = spawn(process.execPath, [cli, 'stdio', '--data-dir', gateway.dataDir], {
    env: plainEnv(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const next = counter();
  const box = inbox();
  child.stdout.on(
    'data',
    lineSplitter(
      (line) => box.take(line.toString('utf8')),
      cutOff(() => undefined),
    ),
  );
  const say = (message: object): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  const ask: LoadClient['ask'] = (method, params) => {
    const id = next();
    const answer = box.wait(id);
    say({ jsonrpc: '2.0', id, method, params });
    return answer;
  };
  await ask('initialize', initialize);
  say({ jsonrpc: '2.0', method: 'notifications/initialized' });
  return {
    kind: 'stdio',
    ask,
    async abandon(method, params, ms) {
      const id = next();
      say({ jsonrpc: '2.0', id, method, params });
      await new Promise((wake) => setTimeout(wake, ms));
      say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
