/**
 * The egress proxy on this computer's own loopback addresses: what it lets through, and what it says of the rest. The same
 * program inside a container, with real networks, is tried with the engine.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttp, type Server as HttpServer, request } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { connect as connectTls, createServer as createTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProxy, type EgressProxy } from '../../../main/isolation/egress/proxy.ts';
import { readRule } from '../../../main/isolation/egress/rules.ts';
import { PROXY_PORT, type Report } from '../../../main/isolation/egress/wire.ts';
import { until } from '../../host/gateway.ts';

const PLACE = '127.0.0.1';

describe('the egress proxy', () => {
  let web: HttpServer;
  let webPort: number;
  let proxy: EgressProxy;
  let ports: Map<number, number>;
  let told: Report[];
  let names: Map<string, string[]>;
  let asked: string[];

  beforeEach(async () => {
    web = createHttp((incoming, answer) => answer.end(`${incoming.headers.host} ${incoming.url}`));
    web.listen(0, PLACE);
    await once(web, 'listening');
    webPort = (web.address() as AddressInfo).port;
    told = [];
    asked = [];
    names = new Map([
      ['a.example', [PLACE]],
      ['rebind.example', ['169.254.169.254', '10.0.0.1']],
    ]);
    ports = new Map();
    for (const port of [PROXY_PORT, 80, 443, 53, 5432, webPort]) ports.set(port, await freePort());
    proxy = createProxy({
      report: (report) => told.push(report),
      resolve: async (host) => {
        asked.push(host);
        return names.get(host) ?? [];
      },
      // In this test the loopback address is the internet.
      isPublic: (address) => address === PLACE,
      portFor: (port) => ports.get(port) ?? port,
    });
  });
  afterEach(async () => {
    await proxy.close();
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
  });

  const obey = (...allow: string[]): Promise<void> =>
    proxy.obey({ servers: [{ id: 'n', server: 's', address: PLACE, rules: allow.map(readRule) }] });

  /** A request by the proxy: its status and body. */
  const get = (url: string): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const options = {
        host: PLACE,
        port: ports.get(PROXY_PORT),
        path: url,
        headers: { Host: new URL(url).host },
      };
      const ask = request(options, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      });
      ask.on('error', reject);
      ask.end();
    });

  it('carries requests to permitted hosts, and refuses others with the reason', async () => {
    await obey(`a.example:${webPort}`);
    expect(await get(`http://a.example:${webPort}/x`)).toEqual({
      status: 200,
      body: `a.example:${webPort} /x`,
    });
    expect(await get(`http://b.example:${webPort}/x`)).toMatchObject({ status: 403 });
    expect(await get('http://a.example/x')).toMatchObject({ status: 403 });
    expect(told).toMatchObject([
      { host: 'a.example', port: webPort, refused: null },
      { host: 'b.example', port: webPort, refused: 'not-listed' },
      { host: 'a.example', port: 80, refused: 'not-listed' },
    ]);
    // A name that is not permitted is not even looked up.
    expect(asked).toEqual(['a.example']);
  });

  it('refuses permitted names that lead to private addresses, and private addresses themselves', async () => {
    await obey('rebind.example', '169.254.169.254', '127.0.0.2', 'unknown.example');
    for (const host of ['rebind.example', '169.254.169.254', '127.0.0.2']) {
      expect(await get(`http://${host}/`)).toMatchObject({
        status: 403,
        body: expect.stringContaining('private'),
      });
    }
    expect(await get('http://unknown.example/')).toMatchObject({ status: 403 });
  });

  it('carries a tunnel', async () => {
    await obey(`a.example:${webPort}`);
    const socket = connect({ host: PLACE, port: ports.get(PROXY_PORT) ?? 0 });
    socket.write(`CONNECT a.example:${webPort} HTTP/1.1\r\n\r\n`);
    const [head] = (await once(socket, 'data')) as [Buffer];
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200/);
    socket.write('GET /t HTTP/1.1\r\nHost: inside\r\nConnection: close\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/inside \/t$/m);
    socket.destroy();
  });

  it('is the host itself for programs that know no proxy: by the name in TLS', async () => {
    const psk = { psk: Buffer.alloc(32, 7), identity: 'x' };
    const secure = createTls(
      { ciphers: 'PSK', pskCallback: () => psk.psk, maxVersion: 'TLSv1.2' },
      (socket) => {
        socket.end(`you asked for ${(socket as unknown as { servername: string }).servername}`);
      },
    );
    secure.on('tlsClientError', () => undefined);
    secure.listen(0, PLACE);
    await once(secure, 'listening');
    const port = (secure.address() as AddressInfo).port;
    // The proxy listens where the program believes the host to be.
    ports.set(port, await freePort());
    await obey(`a.example:${port}`, `*.b.example:${port}`);
    const ask = (servername: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connectTls({
          ...{ host: PLACE, port: ports.get(port) ?? 0, servername, ciphers: 'PSK', maxVersion: 'TLSv1.2' },
          pskCallback: () => psk,
          checkServerIdentity: () => undefined,
        });
        socket.on('data', (chunk: Buffer) => resolve(chunk.toString()));
        socket.on('error', () => resolve('refused'));
        socket.on('close', () => resolve('refused'));
      });
    expect(await ask('a.example')).toBe('you asked for a.example');
    expect(await ask('evil.example')).toBe('refused');
    expect(told.at(-1)).toMatchObject({ host: 'evil.example', port, refused: 'not-listed' });
    secure.close();
  });

  it('carries protocols in which the other side begins, where the rules name one host for the port', async () => {
    const mail: Server = createServer((socket) => void socket.end('220 hello\r\n'));
    mail.listen(0, PLACE);
    await once(mail, 'listening');
    const port = (mail.address() as AddressInfo).port;
    ports.set(port, await freePort());
    await obey(`a.example:${port}`);
    const socket = connect({ host: PLACE, port: ports.get(port) ?? 0 });
    const [hello] = (await once(socket, 'data')) as [Buffer];
    expect(hello.toString()).toBe('220 hello\r\n');
    mail.close();
  });

  it('new orders close what they do not name any more', async () => {
    await obey(`a.example:${webPort}`);
    expect(await get(`http://a.example:${webPort}/`)).toMatchObject({ status: 200 });
    await obey('b.example');
    expect(await get(`http://a.example:${webPort}/`)).toMatchObject({ status: 403 });
    await proxy.obey({ servers: [] });
    await until(async () => (await get('http://b.example/').catch(() => null)) === null, 'nothing listens');
  });

  it('tells of a name that is asked for without what would write lines or colors of its own', async () => {
    await obey('a.example');
    const label = Buffer.from('x\nall is well\x1b[31m\u202e');
    const head = Buffer.from([0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    const query = Buffer.concat([head, Buffer.from([label.length]), label, Buffer.from([0, 0, 1, 0, 1])]);
    const socket = createSocket('udp4');
    try {
      const answered = once(socket, 'message');
      socket.send(query, ports.get(53) ?? 0, PLACE);
      await answered;
    } finally {
      socket.close();
    }
    expect(told).toMatchObject([{ host: 'x?all?is?well??31m???', refused: 'not-listed' }]);
  });

  it('lets everything public pass while it learns', async () => {
    await proxy.obey({ servers: [{ id: 'n', server: 's', address: PLACE, rules: null }] });
    expect(await get(`http://a.example:${webPort}/`)).toMatchObject({ status: 200 });
    expect(await get('http://rebind.example/')).toMatchObject({ status: 403 });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, PLACE);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
