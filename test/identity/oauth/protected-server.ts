/**
 * A small MCP server of 2025-11-25 that lets nobody in without a token of its authority (RFC 9728). It answers `echo`
 * with who asked, and `write` only with the scope of that name.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Authority } from './authority.ts';

export interface ProtectedServer {
  readonly url: string;
  /** Authorization headers of the calls that were let in. */
  readonly calls: string[];
  /** Refusals so far. */
  readonly refusals: () => number;
  /** Everything that came, with its Authorization header. */
  readonly seen: { readonly method: string; readonly authorization: string | null }[];
  /** Access tokens that are refused although their authority knows them. */
  readonly refusing: Set<string>;
  /** Lets anybody initialize and list; only calls need a token. */
  openLists: boolean;
  close(): Promise<void>;
}

export async function startProtectedServer(
  authority: Pick<Authority, 'issuer' | 'check'>,
  settings: { readonly metadata?: boolean; readonly port?: number } = {},
): Promise<ProtectedServer> {
  const calls: string[] = [];
  const seen: { method: string; authorization: string | null }[] = [];
  let refused = 0;
  const state = { openLists: false };
  const refusing = new Set<string>();
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(settings.port ?? 0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/mcp`;

  const json = (response: ServerResponse, status: number, body: object, headers: object = {}): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, status: 401 | 403, extra: string): void => {
    refused++;
    const metadata =
      settings.metadata === false
        ? ''
        : `, resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`;
    json(response, status, { error: 'no' }, { 'WWW-Authenticate': `Bearer realm="mcp"${metadata}${extra}` });
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url === '/.well-known/oauth-protected-resource/mcp' && settings.metadata !== false) {
      return json(response, 200, {
        resource: url,
        authorization_servers: [authority.issuer],
        scopes_supported: ['read'],
      });
    }
    if (request.url !== '/mcp') return json(response, 404, {});
    const authorization = request.headers.authorization ?? null;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'));
    seen.push({ method: message.method ?? request.method, authorization });
    const token = authorization?.replace('Bearer ', '') ?? null;
    const known = token === null || refusing.has(token) ? null : await authority.check(token);
    const open = state.openLists && message.method !== 'tools/call';
    if (!open && (known === null || (known.audience !== '' && known.audience !== url))) {
      return refuse(response, 401, '');
    }
    if (request.method !== 'POST') return json(response, 405, {});
    if (message.id === undefined) return void response.writeHead(202).end();
    const result = (value: object): void =>
      json(response, 200, { jsonrpc: '2.0', id: message.id, result: value });
    switch (message.method) {
      case 'initialize':
        return result({
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'protected', version: '1' },
        });
      case 'tools/list':
        return result({
          tools: ['echo', 'write'].map((name) => ({ name, inputSchema: { type: 'object' } })),
        });
      case 'tools/call': {
        if (message.params.name === 'write' && known !== null && !known.scope.split(' ').includes('write')) {
          return refuse(response, 403, ', error="insufficient_scope", scope="read write"');
        }
        calls.push(authorization ?? '');
        return result({ content: [{ type: 'text', text: String(message.params.arguments?.text ?? 'ok') }] });
      }
      default:
        return json(response, 200, {
          jsonrpc: '2.0',
          id: message.id,
          error: { code: -32601, message: 'Method not found' },
        });
    }
  };
  return Object.assign(state, {
    url,
    calls,
    seen,
    refusing,
    refusals: () => refused,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
