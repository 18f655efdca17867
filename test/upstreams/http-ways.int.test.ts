/** The way to a remote server: through a proxy of the environment, and with certificates that few know. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { proxyFor } from '../../main/upstreams/http-proxy.ts';
import { AUTHORITY, CERTIFICATE, KEY } from '../fakes/certificates.ts';
import { until } from '../host/gateway.ts';
import { answer, json, serve } from './http-peers.ts';
import { type PoolHost, poolHost, remote } from './pool-host.ts';
import { webProxy } from './web-proxy.ts';

const dir = mkdtempSync(join(tmpdir(), 'gh-ways-'));
const caFile = join(dir, 'ca.pem');
writeFileSync(caFile, AUTHORITY);
const close: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The answer of a small server of the session era; with `id` undefined, what it says to notifications. */
function reply(method: string | undefined, id: number | undefined): string {
  if (method === 'initialize') {
    return answer(id, {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {} },
      serverInfo: { name: 'far', version: '1' },
    });
  }
  if (method === 'tools/list')
    return answer(id, { tools: [{ name: 'far', inputSchema: { type: 'object' } }] });
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } });
}

async function plainServer(): Promise<number> {
  const server = await serve((got, response) => {
    if (got.method !== 'POST') return response.writeHead(405).end();
    if (got.message.id === undefined) return response.writeHead(202).end();
    return json(response, 200, reply(got.message.method, got.message.id));
  });
  close.push(server.close);
  return server.port;
}

async function secureServer(): Promise<number> {
  const server = createTlsServer({ cert: CERTIFICATE, key: KEY }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method !== 'POST') return response.writeHead(405).end();
      const { id, method } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        id?: number;
        method?: string;
      };
      if (id === undefined) return response.writeHead(202).end();
      return json(response, 200, reply(method, id));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function host(
  url: string,
  env: Readonly<Record<string, string>>,
  tls = { verify: true, caFile: null as string | null },
): PoolHost {
  const made = poolHost(undefined, env);
  close.push(made.close);
  made.pool.apply([{ ...remote('s', url), transport: { kind: 'auto', url, headers: {}, tls } }]);
  return made;
}

async function settled(made: PoolHost): Promise<string> {
  await until(() => made.pool.status('s')?.settled === true, 'it has settled');
  return made.pool.status('s')?.problem?.code ?? made.pool.status('s')?.state ?? '';
}

describe('certificates', () => {
  it('of an authority that nobody knows are refused, unless its file is named, or nothing is checked', async () => {
    const url = `https://localhost:${await secureServer()}/mcp`;
    expect(await settled(host(url, {}))).toBe('upstream.tls_failed');
    const known = host(url, {}, { verify: true, caFile });
    expect(await settled(known)).toBe('ready');
    expect(known.listings.get('s')?.tools.map(({ key }) => key)).toEqual(['far']);
    expect(await settled(host(url, {}, { verify: false, caFile: null }))).toBe('ready');
  });
});

describe('a proxy of the environment', () => {
  it('is asked for servers without encryption, with its own name and password, which the server does not see', async () => {
    const proxy = await webProxy(await plainServer(), 'ada:secret');
    close.push(proxy.close);
    const env = { http_proxy: proxy.origin.replace('//', '//ada:secret@') };
    expect(await settled(host('http://mcp.test/mcp?k=1', env))).toBe('ready');
    expect(new Set(proxy.asked)).toEqual(
      new Set(['POST http://mcp.test/mcp?k=1', 'GET http://mcp.test/mcp?k=1']),
    );
  });

  it('makes a tunnel for the others: the certificate is that of the server, and is checked', async () => {
    const proxy = await webProxy(await secureServer(), 'ada:secret');
    close.push(proxy.close);
    const env = { HTTPS_PROXY: proxy.origin.replace('//', '//ada:secret@') };
    expect(await settled(host('https://mcp.test/mcp', env, { verify: true, caFile }))).toBe('ready');
    expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT mcp.test:443']));
    expect(await settled(host('https://mcp.test/mcp', env))).toBe('upstream.tls_failed');
    // The certificate is not for this name.
    expect(await settled(host('https://other.test/mcp', env, { verify: true, caFile }))).toBe(
      'upstream.tls_failed',
    );
  });

  it('is left out for what NO_PROXY names, and for this computer', async () => {
    const port = await plainServer();
    const env = { HTTP_PROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' };
    expect(await settled(host(`http://localhost:${port}/mcp`, env))).toBe('ready');
  });

  it.each<[url: string, env: Record<string, string>, where: string | null]>([
    ['http://a.test/', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['http://a.test/', { HTTPS_PROXY: 'http://p:3128' }, null],
    ['https://a.test/', { HTTPS_PROXY: 'p:3128' }, 'http://p:3128'],
    ['https://a.test/', { ALL_PROXY: 'https://p' }, 'https://p'],
    ['https://a.test/', { https_proxy: 'http://low', HTTPS_PROXY: 'http://high' }, 'http://low'],
    ['https://a.test/', { HTTPS_PROXY: '' }, null],
    ['https://a.test/', { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }, null],
    ['https://a.test/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'b.test, a.test' }, null],
    ['https://x.a.test/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.test' }, null],
    ['https://xa.test/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.test' }, 'http://p'],
    ['https://x.a.test/', { HTTPS_PROXY: 'http://p', no_proxy: '.a.test' }, null],
    ['https://x.a.test/', { HTTPS_PROXY: 'http://p', no_proxy: '*.a.test' }, null],
    ['https://a.test/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.test:8443' }, 'http://p'],
    ['https://a.test:8443/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'a.test:8443' }, null],
    ['https://10.1.2.3/', { HTTPS_PROXY: 'http://p', NO_PROXY: '10.0.0.0/8' }, null],
    ['https://11.1.2.3/', { HTTPS_PROXY: 'http://p', NO_PROXY: '10.0.0.0/8' }, 'http://p'],
    ['https://[fd00::1]/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00::1' }, null],
    ['https://[fd00::1]/', { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00::/8' }, null],
    ['https://localhost/', { HTTPS_PROXY: 'http://p' }, null],
    ['https://[::1]/', { HTTPS_PROXY: 'http://p' }, null],
    ['https://127.9.9.9/', { HTTPS_PROXY: 'http://p' }, null],
  ])('%s with %o: %s', (url, env, where) => {
    expect(proxyFor(new URL(url), env)?.where ?? null).toBe(where);
  });

  it.each(['socks5://p:1080', 'http://'])('%s is refused, and said so', (proxy) => {
    expect(() => proxyFor(new URL('https://a.test'), { HTTPS_PROXY: proxy })).toThrow(
      expect.objectContaining({ code: 'upstream.proxy_failed' }),
    );
  });
});
