/**
 * One request over HTTP: by a proxy where there is one, and with more authorities than those of this computer where there
 * are. It follows no redirection and keeps no connection. Its text is also what a helper process runs (see the secrets
 * room), so it uses nothing outside itself but the parts of Node that it is given.
 */

/** How an address is reached. Plain data. */
export interface Way {
  /** The web proxy to go through; null for none. */
  readonly proxy: {
    readonly secure: boolean;
    readonly host: string;
    readonly port: number;
    /** The value of `Proxy-Authorization`; null where the proxy wants none. */
    readonly authorization: string | null;
  } | null;
  /** False accepts any certificate. */
  readonly verify: boolean;
  /** All authorities to trust, as PEM; null for those that Node knows. */
  readonly authorities: readonly string[] | null;
}

/** Straight there, by the authorities that Node knows. */
export const DIRECT: Way = { proxy: null, verify: true, authorities: null };

/** What is asked. */
export interface Asked {
  readonly method: string;
  /** http or https. */
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly way: Way;
}

/** What is answered. */
export interface Answered {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** The parts of Node that it uses. */
export interface WebParts {
  readonly http: typeof import('node:http');
  readonly https: typeof import('node:https');
  readonly tls: typeof import('node:tls');
  readonly net: typeof import('node:net');
}

/**
 * Asks, and gives the whole answer. Rejects with an Error whose `code` says why there is none: that of the system, or
 * `PROXY_<status>` for a proxy that refuses, `TOO_LARGE` for more than 1 MiB, `ABORT_ERR` when `signal` ends it.
 */
export function exchange(
  asked: Asked,
  { http, https, tls, net }: WebParts,
  signal: AbortSignal,
): Promise<Answered> {
  const most = 1_048_576;
  const url = new URL(asked.url);
  const { proxy, verify, authorities } = asked.way;
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const trust = { rejectUnauthorized: verify, ...(authorities === null ? {} : { ca: [...authorities] }) };
  const name = net.isIP(host) === 0 ? { servername: host } : {};
  const failure = (code: string, words: string): Error => Object.assign(new Error(words), { code });

  /** A connection to the target through the proxy, still bare. */
  const tunnel = (by: NonNullable<typeof proxy>): Promise<import('node:net').Socket> =>
    new Promise((resolve, reject) => {
      const target = `${url.hostname}:${port}`;
      const request = (by.secure ? https : http).request({
        host: by.host,
        port: by.port,
        method: 'CONNECT',
        path: target,
        agent: false,
        signal,
        headers: {
          Host: target,
          ...(by.authorization === null ? {} : { 'Proxy-Authorization': by.authorization }),
        },
      });
      const refused = (status: number | undefined): Error =>
        failure(`PROXY_${status ?? 0}`, 'the proxy refused the connection');
      request.once('connect', (response, socket) => {
        if (response.statusCode === 200) return resolve(socket);
        socket.destroy();
        reject(refused(response.statusCode));
      });
      request.once('response', (response) => {
        response.destroy();
        reject(refused(response.statusCode));
      });
      request.once('error', reject);
      request.end();
    });

  const send = (bare: import('node:net').Socket | null): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> = {
        ...{ Host: url.host, Connection: 'close', 'User-Agent': 'Gatehouse', Accept: '*/*' },
      };
      for (const [key, value] of asked.headers) headers[key] = value;
      if (asked.body !== null) headers['Content-Length'] = String(Buffer.byteLength(asked.body));
      const common = { method: asked.method, headers, signal, agent: false as const };
      const path = `${url.pathname}${url.search}`;
      const request = !secure
        ? proxy === null
          ? http.request({ ...common, host, port, path })
          : (proxy.secure ? https : http).request({
              ...common,
              host: proxy.host,
              port: proxy.port,
              path: `${url.origin}${path}`,
              headers: {
                ...headers,
                ...(proxy.authorization === null ? {} : { 'Proxy-Authorization': proxy.authorization }),
              },
            })
        : https.request({
            ...common,
            ...trust,
            ...name,
            host,
            port,
            path,
            ...(bare === null
              ? {}
              : {
                  // With an agent, even one of its own, Node would make another connection.
                  agent: undefined,
                  createConnection: () => tls.connect({ ...trust, ...name, host, socket: bare }),
                }),
          });
      request.once('error', reject);
      request.once('response', (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > most) response.destroy(failure('TOO_LARGE', 'the answer is too large'));
        });
        response.once('error', reject);
        response.once('end', () => {
          const pairs: [string, string][] = [];
          for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) {
            pairs.push([response.rawHeaders[at] ?? '', response.rawHeaders[at + 1] ?? '']);
          }
          resolve({
            status: response.statusCode ?? 0,
            headers: pairs,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      request.end(asked.body ?? undefined);
    });

  return secure && proxy !== null ? tunnel(proxy).then(send) : send(null);
}
