/**
 * The egress proxy: the only way out for servers with an allow-list. It runs inside a container that stands in every such
 * server's private network, and answers there as an HTTP proxy (CONNECT and plain), as the name server, and for programs
 * that know no proxy as the hosts themselves, told apart by the name that a connection begins with. A permitted host is
 * resolved here, once, and the connection goes to that address; addresses that are not public are refused. `close` ends
 * every socket.
 */

import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, createServer, isIP, type Server, type Socket } from 'node:net';
import { createPublicCheck } from '../../protocol/public-addresses.ts';
import { answerTo, questionOf } from './dns.ts';
import { hostName, permits } from './rules.ts';
import { sniff } from './sniff.ts';
import { type Orders, PROXY_PORT, type Refusal, type Report, type ServerOrder, WEB_PORTS } from './wire.ts';

const MAX_CONNECTIONS = 256;
/** Milliseconds: until a connection has said where it wants to go, and until a silent one is given up. */
const GREETING_MS = 10_000;
const IDLE_MS = 30 * 60_000;
const CONNECT_MS = 15_000;
/** A connection that says nothing may be of a protocol in which the other side begins. */
const SILENT_MS = 400;

/** What the proxy needs from the outside; tests give their own. */
export interface ProxyDeps {
  report(report: Report): void;
  /** All addresses of a host. */
  resolve?(host: string): Promise<readonly string[]>;
  isPublic?(address: string): boolean;
  /** The ports to listen on, for tests: from the real one. */
  portFor?(port: number): number;
}

/** The running proxy. */
export interface EgressProxy {
  /** Puts the orders in force; resolves when every address listens. */
  obey(orders: Orders): Promise<void>;
  close(): Promise<void>;
}

interface Place {
  order: ServerOrder;
  readonly servers: Map<number, Server>;
  readonly sockets: Set<Socket>;
  names: UdpSocket | null;
}

/** Makes the proxy; it listens nowhere before its first orders. */
export function createProxy(deps: ProxyDeps): EgressProxy {
  const isPublic = deps.isPublic ?? createPublicCheck();
  const resolve =
    deps.resolve ??
    (async (host: string) =>
      (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address));
  const portFor = deps.portFor ?? ((port: number) => port);
  const places = new Map<string, Place>();

  const tell = (place: Place, host: string, port: number | null, refused: Refusal | null): void =>
    deps.report({
      kind: 'host',
      server: place.order.server,
      // A name that is asked for may hold any byte, and this is written to logs and screens.
      host: hostName(host)
        .slice(0, 253)
        .replace(/[^a-z0-9_.:-]/g, '?'),
      port,
      refused,
    });

  const permitted = ({ order }: Place, host: string, port: number | null): boolean =>
    order.rules === null || permits(order.rules, host, port);

  /** The address to connect to, or why there is none. */
  const addressOf = async (place: Place, host: string, port: number): Promise<string | Refusal> => {
    if (!permitted(place, host, port)) return 'not-listed';
    if (isIP(host) !== 0) {
      // An address of the local network is reached only where its owner has written exactly this one.
      const listed = place.order.rules?.some((rule) => rule.host === host) ?? false;
      return isPublic(host) || (listed && /^(10|172|192)\./.test(host)) ? host : 'private';
    }
    const found = await resolve(host).catch(() => []);
    if (found.length === 0) return 'unknown';
    return found.find(isPublic) ?? 'private';
  };

  const accept = (place: Place, socket: Socket, port: number): void => {
    if (place.sockets.size >= MAX_CONNECTIONS) {
      tell(place, 'any', port, 'too-many');
      socket.destroy();
      return;
    }
    keep(place, socket);
    let seen = Buffer.alloc(0);
    const greeting = setTimeout(() => socket.destroy(), GREETING_MS);
    const silent = setTimeout(() => {
      if (seen.length === 0) decide();
    }, SILENT_MS);
    const decide = (): void => {
      const found = seen.length === 0 ? ({ kind: 'other' } as const) : sniff(seen);
      if (found.kind === 'more') return;
      const only = onlyHost(place, port);
      if (seen.length === 0 && only === null) return;
      clearTimeout(greeting);
      clearTimeout(silent);
      socket.removeListener('data', take);
      socket.pause();
      switch (found.kind) {
        case 'connect':
          return void go(found.host, found.port, seen.subarray(found.length), true);
        case 'http':
          if (found.host === null) return void refuse('any', port, 'not-listed', true);
          return void go(
            found.host,
            found.port ?? (port === PROXY_PORT ? 80 : port),
            Buffer.concat([found.head, seen.subarray(found.length)]),
            false,
          );
        case 'tls':
          if (found.host === null && only === null) return void refuse('any', port, 'not-listed', false);
          return void go(found.host ?? only ?? '', port, seen, false);
        case 'other':
          if (only === null || port === PROXY_PORT) return void refuse('any', port, 'not-listed', false);
          return void go(only, port, seen, false);
      }
    };
    const take = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      decide();
    };
    const refuse = (host: string, to: number, why: Refusal, inHttp: boolean): void => {
      tell(place, host, to, why);
      if (!inHttp) return void socket.destroy();
      const body = `Gatehouse: this server may not reach ${hostName(host)}:${to} (${why}).\n`;
      socket.end(
        `HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    };
    const go = async (host: string, to: number, first: Buffer, tunnel: boolean): Promise<void> => {
      const inHttp = tunnel || first[0] !== 0x16;
      const address = await addressOf(place, host, to);
      if (isIP(address) === 0) return refuse(host, to, address as Refusal, inHttp);
      if (socket.destroyed) return;
      const out = connect({ host: address, port: to, timeout: CONNECT_MS });
      keep(place, out);
      let open = false;
      out.once('connect', () => {
        open = true;
        tell(place, host, to, null);
        out.setTimeout(IDLE_MS);
        socket.setTimeout(IDLE_MS);
        if (tunnel) socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        if (first.length > 0) out.write(first);
        socket.pipe(out);
        out.pipe(socket);
      });
      out.once('close', () => {
        if (!open) refuse(host, to, 'unreachable', inHttp);
        else socket.destroySoon();
      });
      socket.once('close', () => out.destroy());
    };
    socket.on('data', take);
    socket.once('close', () => {
      clearTimeout(greeting);
      clearTimeout(silent);
    });
  };

  const open = async (order: ServerOrder): Promise<void> => {
    const known = places.get(order.id);
    if (known !== undefined && known.order.address !== order.address) await shut(order.id);
    const place = places.get(order.id) ?? { order, servers: new Map(), sockets: new Set(), names: null };
    places.set(order.id, place);
    place.order = order;
    const ports = new Set([
      PROXY_PORT,
      ...WEB_PORTS,
      ...(order.rules ?? []).flatMap(({ port }) => port ?? []),
    ]);
    for (const [port, server] of place.servers) {
      if (ports.has(port)) continue;
      place.servers.delete(port);
      server.close();
    }
    await Promise.all(
      [...ports].filter((port) => !place.servers.has(port)).map((port) => listen(place, port)),
    );
    place.names ??= await answerNames(place);
  };

  const listen = (place: Place, port: number): Promise<void> =>
    new Promise((done, fail) => {
      const server = createServer({ pauseOnConnect: false }, (socket) => accept(place, socket, port));
      server.once('error', fail);
      server.listen({ host: place.order.address, port: portFor(port) }, () => {
        server.on('error', () => undefined);
        place.servers.set(port, server);
        done();
      });
    });

  const answerNames = (place: Place): Promise<UdpSocket> =>
    new Promise((done, fail) => {
      const names = createSocket('udp4');
      names.once('error', fail);
      names.on('message', (query, from) => {
        const question = questionOf(query);
        if (question === null) return;
        const known = permitted(place, question.name, null);
        if (!known && question.name !== '') tell(place, question.name, null, 'not-listed');
        names.send(answerTo(query, question, known ? place.order.address : null), from.port, from.address);
      });
      names.bind(portFor(53), place.order.address, () => {
        names.on('error', () => undefined);
        done(names);
      });
    });

  const shut = async (id: string): Promise<void> => {
    const place = places.get(id);
    places.delete(id);
    for (const socket of place?.sockets ?? []) socket.destroy();
    place?.names?.close();
    for (const listener of place?.servers.values() ?? []) listener.close();
  };

  return {
    async obey({ servers }) {
      const wanted = new Set(servers.map(({ id }) => id));
      for (const id of [...places.keys()]) if (!wanted.has(id)) await shut(id);
      await Promise.all(servers.map(open));
    },
    async close() {
      for (const id of [...places.keys()]) await shut(id);
    },
  };
}

function keep(place: Place, socket: Socket): void {
  place.sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('timeout', () => socket.destroy());
  socket.once('close', () => place.sockets.delete(socket));
}

/** The one host that the rules name with this port; null when there are none, several, or a pattern. */
function onlyHost({ order }: Place, port: number): string | null {
  const named = (order.rules ?? []).filter((rule) => rule.port === port);
  const [first] = named;
  return named.length === 1 && first !== undefined && !first.host.startsWith('*.') ? first.host : null;
}
