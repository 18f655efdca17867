/** Authorization servers are reached as their servers are: by the web proxy of the environment, and with the authorities of `tls`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { AUTHORITY, CERTIFICATE, KEY } from '../../fakes/certificates.ts';
import { readiness, startGateway, until } from '../../host/gateway.ts';
import { webProxy } from '../../upstreams/web-proxy.ts';

const open: (() => Promise<unknown> | undefined)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A server at https://mcp.test/mcp that is its own authorization server, for machines; tokens live for two seconds. */
async function startSecure(): Promise<{ port: number; asked: string[]; forget(): void }> {
  const asked: string[] = [];
  let good = '';
  const server = createServer({ cert: CERTIFICATE, key: KEY }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const json = (status: number, value: object, headers: object = {}): void => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    const path = request.url ?? '';
    asked.push(path);
    if (path === '/.well-known/oauth-protected-resource/mcp')
      return json(200, { resource: 'https://mcp.test/mcp', authorization_servers: ['https://mcp.test'] });
    if (path.startsWith('/.well-known/oauth-authorization-server'))
      return json(200, {
        issuer: 'https://mcp.test',
        authorization_endpoint: 'https://mcp.test/authorize',
        token_endpoint: 'https://mcp.test/token',
        response_types_supported: ['code'],
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      });
    if (path === '/token') {
      if (!body.includes('client_secret=s3cret')) return json(401, { error: 'invalid_client' });
      good = `token-${asked.length}`;
      return json(200, { access_token: good, token_type: 'Bearer', expires_in: 3_600 });
    }
    if (path !== '/mcp') return json(404, {});
    if (request.headers.authorization !== `Bearer ${good}` || good === '')
      return json(401, {}, { 'WWW-Authenticate': 'Bearer' });
    if (request.method !== 'POST') return json(405, {});
    const { id, method } = JSON.parse(body) as { id?: number; method: string };
    if (id === undefined) return void response.writeHead(202).end();
    const result =
      method === 'initialize'
        ? {
            protocolVersion: '2025-11-25',
            capabilities: { tools: {} },
            serverInfo: { name: 's', version: '1' },
          }
        : { tools: [] };
    json(200, { jsonrpc: '2.0', id, result });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    forget() {
      good = 'none';
    },
  };
}

async function world(tls: object, pair: string | null = null, shown = '') {
  const dir = mkdtempSync(join(tmpdir(), 'gh-ways-'));
  open.push(async () => rmSync(dir, { recursive: true, force: true }));
  const caFile = join(dir, 'ca.pem');
  writeFileSync(caFile, AUTHORITY);
  const secure = await startSecure();
  const proxy = await webProxy(secure.port, pair);
  open.push(proxy.close);
  const oauth = { grant: 'client-credentials', clientId: 'job', clientSecret: 's3cret' };
  const gateway = await startGateway({
    servers: {
      far: { url: 'https://mcp.test/mcp', tls: { ...tls, ...(tls === NONE ? {} : { caFile }) }, oauth },
    },
    env: { HTTPS_PROXY: proxy.origin.replace('http://', `http://${shown}`) },
  });
  open.push(gateway.close);
  const far = async () => (await readiness(gateway.base)).servers.far;
  return { secure, proxy, gateway, far };
}
const NONE = {};

it('discovery, tokens and their renewal go through the proxy, with the authorities of the server', async () => {
  const w = await world({ verify: true }, 'ada:pass', 'ada:pass@');
  await until(async () => (await w.far())?.state === 'ready', 'ready');
  expect(w.secure.asked).toContain('/token');
  expect(w.secure.asked).toContain('/.well-known/oauth-protected-resource/mcp');
  expect(new Set(w.proxy.asked)).toEqual(new Set(['CONNECT mcp.test:443']));
  // The renewal is carried by a process of its own, the same way.
  const tokens = (): number => w.secure.asked.filter((path) => path === '/token').length;
  const before = tokens();
  w.secure.forget();
  const { runCommand } = await import('../../../main/commands/local-client.ts');
  await runCommand(w.gateway.dataDir, 'server.restart', { server: 'far' }).catch(() => undefined);
  await until(() => tokens() > before, 'a renewal');
  await until(async () => (await w.far())?.state === 'ready', 'ready again');
});

it('a certificate that nobody knows, and a proxy that refuses, are told as what they are', async () => {
  const unknown = await world(NONE);
  await until(async () => (await unknown.far())?.problem != null, 'a problem');
  expect(unknown.secure.asked).toEqual([]);
  const refused = await world({ verify: true }, 'ada:pass');
  await until(async () => (await refused.far())?.problem?.code === 'upstream.proxy_failed', 'a problem');
  expect(refused.secure.asked).toEqual([]);
});
