/**
 * How the conformance fixtures stand in the network: on the loopback address only, for local callers only, with one ready
 * line on stdout. Ends with SIGTERM or SIGINT.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';

const local = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Whether the Host and the Origin of a request name this computer (protection from DNS rebinding).
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
function isLocal({ host, origin }) {
  const names = [`http://${host ?? ''}`, ...(origin === undefined ? [] : [origin])];
  return names.every((name) => URL.canParse(name) && local.has(new URL(name).hostname));
}

/**
 * Listens and says where.
 * @param {number} port 0 for a free one
 * @param {string} path of the endpoint in the ready line
 * @param {(req: import('node:http').IncomingMessage, res: import('node:http').ServerResponse, path: string) => unknown} handle
 */
export async function listen(port, path, handle) {
  const server = createServer((req, res) => {
    if (!isLocal(req.headers)) return refuse(res, 403, 'Forbidden: not a local request');
    return handle(req, res, new URL(req.url ?? '/', 'http://localhost').pathname);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
  console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${server.address().port}${path}` }));
}

/**
 * Answers with a JSON-RPC error that belongs to no request.
 * @param {import('node:http').ServerResponse} res
 * @param {number} status
 * @param {string} message
 */
export function refuse(res, status, message) {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message } }));
}
