/** Many MCP servers over HTTP in one process, one for each path, so that a window can be full of them. `close()` ends all. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What serves them. */
export interface ManyServers {
  /** `mcpServers` of a configuration. */
  readonly entries: Readonly<Record<string, object>>;
  close(): Promise<void>;
}

const verbs = ['list', 'read', 'search', 'create', 'update', 'delete', 'export', 'count'];
const nouns = [
  'invoice',
  'customer',
  'ticket',
  'branch',
  'report',
  'calendar',
  'message',
  'shipment',
  'order',
];

/** Tools whose names and descriptions differ, as those of real servers do. */
function tools(count: number): object[] {
  return Array.from({ length: count }, (_, index) => {
    const verb = verbs[index % verbs.length] ?? '';
    const noun = nouns[Math.floor(index / verbs.length) % nouns.length] ?? '';
    return {
      name: `${verb}_${noun}_${index + 1}`,
      description: `Takes the ${noun} number ${index + 1} and is asked to ${verb} it, with everything that belongs to it.`,
      inputSchema: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] },
      annotations: verb === 'delete' ? { destructiveHint: true } : { readOnlyHint: index % 3 === 0 },
    };
  });
}

/** Starts them. @param counts how many tools each has, by its name */
export async function startManyServers(counts: Readonly<Record<string, number>>): Promise<ManyServers> {
  const lists = new Map(Object.entries(counts).map(([name, count]) => [name, tools(count)]));
  const http = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (request.method !== 'POST' || !lists.has(name)) {
      response.writeHead(request.method === 'POST' ? 404 : 405).end();
      return;
    }
    void read(request).then((text) => {
      const { id, method, params } = JSON.parse(text) as { id?: unknown; method: string; params?: object };
      if (id === undefined) {
        response.writeHead(202).end();
        return;
      }
      const result = answer(name, lists.get(name) ?? [], method, params ?? {});
      const body = result ?? { error: { code: -32601, message: 'Method not found' } };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    entries: Object.fromEntries(
      Object.keys(counts).map((name) => [name, { url: `http://127.0.0.1:${port}/${name}` }]),
    ),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function answer(name: string, list: object[], method: string, params: object): { result: object } | null {
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: (params as { protocolVersion: string }).protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name, version: '1.0.0' },
        },
      };
    case 'tools/list':
      return { result: { tools: list } };
    case 'tools/call':
      return { result: { content: [{ type: 'text', text: `${name} has done it` }] } };
    case 'ping':
      return { result: {} };
    default:
      return null;
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
