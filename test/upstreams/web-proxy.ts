/** A real web proxy: tunnels by CONNECT, and asks for others; every name leads to this computer. */
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface WebProxy {
  readonly origin: string;
  /** `CONNECT host:port` and `POST http://host/path` of everything that came, in order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** `to` is the port on this computer to which everything leads. With `pair`, only who shows it is let through. */
export async function webProxy(to: number, pair: string | null = null): Promise<WebProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const expected = pair === null ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`;
  const known = (message: IncomingMessage): boolean =>
    expected === undefined || message.headers['proxy-authorization'] === expected;
  const server = createServer((message, response) => {
    asked.push(`${message.method} ${message.url}`);
    if (!known(message)) return void response.writeHead(407).end();
    const url = new URL(message.url ?? '');
    const { 'proxy-authorization': _own, ...headers } = message.headers;
    const onward = request({
      ...{
        host: '127.0.0.1',
        port: to,
        method: message.method,
        path: `${url.pathname}${url.search}`,
        headers,
      },
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    message.pipe(onward);
  });
  server.on('connect', (message, client: Socket) => {
    asked.push(`CONNECT ${message.url}`);
    client.on('error', () => undefined);
    if (!known(message)) return void client.end('HTTP/1.1 407 Who are you\r\n\r\n');
    const onward = connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Go on\r\n\r\n');
      client.pipe(onward).pipe(client);
    });
    onward.on('error', () => client.destroy());
    client.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
