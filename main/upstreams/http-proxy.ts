/**
 * The way to a remote server through a proxy that the environment names (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
 * `NO_PROXY`, in either case; the lower one counts first). Encrypted connections go through a tunnel, so that the proxy sees
 * nothing of them; others are asked of the proxy. What is opened belongs to the agent that asked for it.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as tlsConnect } from 'node:tls';
import { GatehouseError } from '../protocol/error.ts';
import { codeOf } from './http-errors.ts';

/** A proxy to go through. */
export interface WebProxy {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Scheme, host and port, as texts may show them. */
  readonly where: string;
  /** The value of `Proxy-Authorization`; null when the address names nobody. */
  readonly authorization: string | null;
}

/**
 * The proxy for this address; null for none. Never one for addresses of this computer. Throws `upstream.proxy_failed` when
 * the variable that counts cannot be used.
 */
export function proxyFor(target: URL, env: Readonly<Record<string, string>>): WebProxy | null {
  const secure = target.protocol === 'https:';
  const text = variable(env, secure ? 'https_proxy' : 'http_proxy') ?? variable(env, 'all_proxy');
  if (text === null || isExcepted(target, variable(env, 'no_proxy') ?? '')) return null;
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  } catch {
    throw proxyFailed('named by the environment', 'its address cannot be read');
  }
  const where = `${url.protocol}//${url.host}`;
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw proxyFailed(where, 'only http:// and https:// proxies can be used');
  }
  const user = decodeURIComponent(url.username);
  const pair = Buffer.from(`${user}:${decodeURIComponent(url.password)}`, 'utf8').toString('base64');
  return {
    secure: url.protocol === 'https:',
    host: bare(url.hostname),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    where,
    authorization: user === '' ? null : `Basic ${pair}`,
  };
}

/** Opens a connection to the target through the proxy, encrypted to its end. `done` is called once. */
export function openTunnel(
  proxy: WebProxy,
  options: ConnectionOptions & { readonly host?: string | undefined; readonly port?: number | undefined },
  done: (error: Error | null, socket?: Socket) => void,
): { destroy(error: Error): void } {
  const target = `${(options.host ?? '').includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
  let socket: Socket | null = null;
  let over = false;
  const finish = (error: Error | null, opened?: Socket): void => {
    if (over) return;
    over = true;
    if (error !== null) socket?.destroy();
    done(error, opened);
  };
  const request = (proxy.secure ? httpsRequest : httpRequest)({
    ...{ host: proxy.host, port: proxy.port, method: 'CONNECT', path: target, agent: false },
    headers: {
      Host: target,
      ...(proxy.authorization === null ? {} : { 'Proxy-Authorization': proxy.authorization }),
    },
  });
  request.once('connect', (response: IncomingMessage, tunnel: Socket) => {
    socket = tunnel;
    if (response.statusCode !== 200) return finish(proxyRefused(proxy, response.statusCode ?? 0));
    const secure = tlsConnect({ ...options, socket: tunnel });
    secure.once('secureConnect', () => finish(null, secure));
    secure.once('error', finish);
  });
  // A proxy that refuses may answer as if it had been asked for a page.
  request.once('response', (response) => {
    response.destroy();
    finish(proxyRefused(proxy, response.statusCode ?? 0));
  });
  request.once('error', (error) => finish(unreachableProxy(proxy, error)));
  request.end();
  return {
    destroy(error) {
      request.destroy();
      socket?.destroy();
      finish(error);
    },
  };
}

/** Nothing of the proxy was reached. */
export function unreachableProxy(proxy: WebProxy, error: unknown): GatehouseError {
  return proxyFailed(proxy.where, `it cannot be reached (${codeOf(error)})`);
}

/** The proxy itself said no. */
export function proxyRefused(proxy: WebProxy, status: number): GatehouseError {
  const why =
    status === 407 ? 'it wants a name and a password (407)' : `it refused the connection (${status})`;
  return proxyFailed(proxy.where, why);
}

function proxyFailed(where: string, why: string): GatehouseError {
  return new GatehouseError({
    code: 'upstream.proxy_failed',
    message: 'The way to the server leads through the proxy {where}, and {why}.',
    remedy: 'Correct HTTPS_PROXY or HTTP_PROXY in the environment, or name the server in NO_PROXY.',
    values: { where, why },
  });
}

function variable(env: Readonly<Record<string, string>>, name: string): string | null {
  const value = env[name] ?? env[name.toUpperCase()] ?? '';
  return value.trim() === '' ? null : value.trim();
}

/** Whether the list names the target: `*`, a host with everything below it, `.suffix`, an address, a block; with a port or without. */
function isExcepted(target: URL, list: string): boolean {
  const host = bare(target.hostname).toLowerCase();
  const family = isIP(host);
  if (host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\./.test(host))
    return true;
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = entry, only] =
        /^(.*?)(?::(\d+))?$/.exec(isIP(bare(entry)) === 6 ? bare(entry) : entry) ?? [];
      if (isIP(bare(entry)) !== 6 && only !== undefined && only !== port) return false;
      const plain = (isIP(bare(entry)) === 6 ? bare(entry) : bare(name)).toLowerCase().replace(/^\*?\./, '');
      if (family !== 0) return plain === host || isInBlock(host, family, plain);
      return host === plain || host.endsWith(`.${plain}`);
    });
}

function isInBlock(host: string, family: number, block: string): boolean {
  const [net = '', bits = ''] = block.split('/');
  if (isIP(net) !== family || !/^\d{1,3}$/.test(bits)) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (Number(bits) > (family === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits), type);
  return list.check(host, type);
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
