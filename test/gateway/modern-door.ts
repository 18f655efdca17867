/** The stateless front behind a real socket of this process, with a house of fakes, for unit tests. */
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { createHub } from '../../main/gateway/hub.ts';
import { createLoads } from '../../main/gateway/loads.ts';
import { DEFAULT_LIMITS, type FromServers, type GatewayLimits } from '../../main/gateway/ports.ts';
import { isModern, openStateless } from '../../main/gateway/stateless.ts';
import { META } from '../../main/protocol/modern.ts';
import { scanMessage } from '../../main/protocol/scan.ts';
import { ALL, type Scope } from '../../main/protocol/scope.ts';
import { type FakePorts, type Forwarded, fakePorts } from '../fakes/gateway-ports.ts';

export const VERSION = '2026-07-28';

/** `_meta` of a client that declares nothing. */
export function meta(more: object = {}): Record<string, unknown> {
  return {
    [META.version]: VERSION,
    [META.clientInfo]: { name: 'unit', version: '1' },
    [META.clientCapabilities]: {},
    ...more,
  };
}

/** A request, whatever its parameters are. */
export const text = (method: string, params: object, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** The headers that go with a request of this method. */
export const headers = (method: string, more: Record<string, string> = {}): Record<string, string> => ({
  'MCP-Protocol-Version': VERSION,
  'Mcp-Method': method,
  ...more,
});

/** One answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** The one JSON message, or the last event. */
  readonly json: { id?: unknown; result?: Record<string, unknown>; error?: ErrorJson };
}

export interface ErrorJson {
  readonly code: number;
  readonly message: string;
  readonly data: Record<string, unknown>;
}

/** A request that is still open. */
export interface OpenRequest {
  readonly answer: Promise<Answer>;
  /** The events that have come so far. */
  readonly events: Record<string, unknown>[];
  hangUp(): void;
}

export interface ModernDoor {
  readonly ports: FakePorts;
  readonly fromServers: FromServers;
  /** Requests that are open now. */
  readonly open: number;
  /** What `isModern` said of the last request. */
  readonly modern: boolean;
  /** Sends a well-formed request, whose headers say what its body says. */
  send(method: string, params?: object, id?: string | number, headers?: Record<string, string>): OpenRequest;
  /** Sends any text with any headers. */
  post(text: string, headers?: Record<string, string>): OpenRequest;
  /** The next forwarded request; waits for it. */
  forwarded(index: number): Promise<Forwarded>;
  /** Ends the front, not the socket. */
  end(): void;
  close(): Promise<void>;
}

export async function openModernDoor(
  settings: {
    readonly ports?: FakePorts;
    readonly scope?: Scope;
    readonly path?: string;
    readonly limits?: Partial<GatewayLimits>;
    readonly caller?: string;
  } = {},
): Promise<ModernDoor> {
  const ports = settings.ports ?? fakePorts();
  const limits = { ...DEFAULT_LIMITS, ...settings.limits };
  const hub = createHub(ports);
  const front = openStateless(ports, hub, createLoads(limits), limits);
  let modern = false;
  let open = 0;
  const server = createServer((incoming, response) => {
    open++;
    response.on('close', () => {
      open--;
    });
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const scan = scanMessage(body);
      modern = isModern(incoming.headers, body, scan);
      const id = incoming.headers['x-caller'] ?? 'caller';
      if (modern) front.handle(body, scan, incoming, response, { id: String(id) }, settings.scope ?? ALL);
      else response.writeHead(418).end();
    });
  });
  await new Promise<void>((resolve) => {
    if (settings.path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(settings.path, resolve);
  });
  const where =
    settings.path === undefined
      ? { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
      : { socketPath: settings.path };

  const post: ModernDoor['post'] = (text, headers = {}) => {
    const events: Record<string, unknown>[] = [];
    const out = request({
      ...where,
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
    });
    const answer = new Promise<Answer>((resolve, reject) => {
      out.on('error', reject);
      out.on('response', (response: IncomingMessage) => {
        let all = '';
        let taken = 0;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          all += chunk;
          for (let end = all.indexOf('\n\n', taken); end !== -1; end = all.indexOf('\n\n', taken)) {
            const data = /^data: (.*)$/m.exec(all.slice(taken, end))?.[1];
            if (data !== undefined) events.push(JSON.parse(data) as Record<string, unknown>);
            taken = end + 2;
          }
        });
        response.on('error', reject);
        response.on('end', () => {
          const type = response.headers['content-type'] ?? '';
          const last = type === 'text/event-stream' ? events.at(-1) : all === '' ? {} : JSON.parse(all);
          resolve({ status: response.statusCode ?? 0, type, text: all, json: last as Answer['json'] });
        });
      });
    });
    answer.catch(() => undefined);
    out.end(text);
    return { answer, events, hangUp: () => out.destroy() };
  };

  return {
    ports,
    fromServers: hub,
    get open() {
      return open;
    },
    get modern() {
      return modern;
    },
    post,
    send(method, params = {}, id = 1, more = {}) {
      const whole: Record<string, unknown> = { _meta: meta(), ...params };
      const name = whole.uri ?? whole.name;
      const sent = headers(method, more);
      if (typeof name === 'string') sent['Mcp-Name'] = name;
      return post(text(method, whole, id), sent);
    },
    async forwarded(index) {
      await eventually(() => ports.forwarded.length > index);
      const found = ports.forwarded[index];
      if (found === undefined) throw new Error('nothing was forwarded');
      return found;
    },
    end: () => front.close(),
    async close() {
      front.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Opens doors that are closed after each test. To be called once in a file. */
export function closingDoors(): typeof openModernDoor {
  const doors: ModernDoor[] = [];
  afterEach(async () => {
    for (const door of doors.splice(0)) await door.close();
  });
  return async (settings) => {
    const door = await openModernDoor(settings);
    doors.push(door);
    return door;
  };
}

/** Waits until it is true, turn by turn of the event loop. */
export async function eventually(check: () => boolean, ms = 5_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!check()) {
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${check}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
