/**
 * A small world for contained servers, inside a network of its own: a computer with services, cloud metadata, two hosts of
 * an internet, and the names that lead to them. Each visit is told as a line on the output. Ends with its input.
 */
import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer as createTls } from 'node:tls';

export const GOOD = '93.184.216.34';
export const EVIL = '93.184.216.35';
export const NAMES = '93.184.216.53';
export const METADATA = '169.254.169.254';

/** Where names lead; those that are not here do not exist. */
const names = new Map([
  ['good.example', GOOD],
  ['other.good.example', GOOD],
  ['evil.example', EVIL],
  ['registry.npmjs.org', GOOD],
  // Names of hostile owners may lead anywhere.
  ['metadata.evil.example', METADATA],
  ['local.evil.example', '127.0.0.1'],
  ['rebind.good.example', '10.0.0.1'],
]);

const tell = (what, more) => process.stdout.write(`${JSON.stringify({ what, ...more })}\n`);

function serve() {
  // All addresses of this computer, and so of every bridge.
  createHttp((request, answer) => {
    const at = request.socket.localAddress?.replace('::ffff:', '');
    tell('http', { at, host: request.headers.host, url: request.url });
    answer.end(`world at ${at}`);
  }).listen(80, '0.0.0.0');
  createHttp((request, answer) => {
    tell('host', { at: request.socket.localAddress, url: request.url });
    answer.end('a service of the computer');
  }).listen(8765, '0.0.0.0');
  createTls({ ciphers: 'PSK', maxVersion: 'TLSv1.2', pskCallback: () => Buffer.alloc(32, 7) }, (socket) => {
    tell('tls', { at: socket.localAddress, host: socket.servername });
    socket.on('error', () => undefined);
    socket.end(`secure world for ${socket.servername}`);
  })
    .on('tlsClientError', () => undefined)
    .listen(443, '0.0.0.0');
  const resolver = createSocket('udp4');
  resolver.on('message', (query, from) => {
    const labels = [];
    let at = 12;
    while (query[at]) {
      labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
      at += query[at] + 1;
    }
    const name = labels.join('.').toLowerCase();
    const type = query.readUInt16BE(at + 1);
    tell('name', { name });
    const address = names.get(name);
    const head = Buffer.from(query.subarray(0, at + 5));
    const found = address !== undefined && type === 1;
    head.writeUInt16BE(0x8180 | (address === undefined ? 3 : 0), 2);
    for (const [place, count] of [
      [6, found ? 1 : 0],
      [8, 0],
      [10, 0],
    ])
      head.writeUInt16BE(count, place);
    const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...(address ?? '').split('.').map(Number)];
    resolver.send(found ? Buffer.concat([head, Buffer.from(record)]) : head, from.port, from.address);
  });
  resolver.bind(53, NAMES, () => tell('ready', {}));
  process.stdin.resume().on('end', () => process.exit(0));
}

if (process.argv[2] === 'serve') serve();
