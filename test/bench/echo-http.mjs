/**
 * The benchmark's upstream over streamable HTTP (the revisions with sessions, JSON answers), without any SDK: what a
 * client would call directly if there were no gateway. Tools: `echo` and `big`, as in echo-server.mjs.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const REVISIONS = ['2025-03-26', '2025-06-18', '2025-11-25'];
const TOOLS = [
  { name: 'echo', inputSchema: { type: 'object', properties: { text: { type: 'string' } } } },
  { name: 'big', inputSchema: { type: 'object', properties: { bytes: { type: 'integer' } } } },
];

function resultOf(method, params) {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: REVISIONS.includes(params.protocolVersion) ? params.protocolVersion : '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'echo', version: '1' },
      };
    case 'tools/list':
      return { tools: TOOLS };
    case 'tools/call': {
      const text = params.name === 'big' ? 'x'.repeat(params.arguments.bytes) : params.arguments.text;
      return { content: [{ type: 'text', text }] };
    }
    case 'ping':
      return {};
    default:
      return null;
  }
}

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(request.method === 'DELETE' ? 200 : 405, { 'Content-Length': 0 });
    response.end();
    return;
  }
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => answer(request, response, JSON.parse(body)));
});

function answer(request, response, { id, method, params }) {
  if (id === undefined) {
    response.writeHead(202, { 'Content-Length': 0 });
    response.end();
    return;
  }
  const begins = method === 'initialize';
  const known = begins || request.headers['mcp-session-id'] !== undefined;
  const result = known ? resultOf(method, params) : null;
  const message =
    result === null
      ? {
          jsonrpc: '2.0',
          id,
          error: { code: known ? -32601 : -32600, message: known ? 'no such method' : 'no session' },
        }
      : { jsonrpc: '2.0', id, result };
  const text = JSON.stringify(message);
  response.writeHead(known ? 200 : 400, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    ...(begins ? { 'Mcp-Session-Id': randomUUID() } : {}),
  });
  response.end(text);
}

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', endpoint: `http://127.0.0.1:${server.address().port}/mcp` })}\n`,
  );
});
process.on('SIGTERM', () => process.exit(0));
