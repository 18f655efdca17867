/** What a browser would send to the web admin, header by header, so that a test can leave one out or make it another. */
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import type { GatewayProcess } from '../host/gateway.ts';

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The code of its error, or an empty text. */
  readonly code: string;
}

/** Sends exactly this; a header that is undefined is left out. */
export function send(
  base: string,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string,
): Promise<Answer> {
  const { hostname, port } = new URL(base);
  const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const out = request({ hostname, port, method, path, agent: false, headers: given }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('error', reject);
      response.on('end', () => {
        let code = '';
        try {
          code = (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? '';
        } catch {
          // Not every answer is JSON.
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, code });
      });
    });
    out.on('error', reject);
    out.end(body);
  });
}

/** A page of the web admin: it keeps its cookies and its key as a browser does. */
export interface Visitor {
  readonly cookies: Map<string, string>;
  key: string;
  /** Posts to a place of the API as our page does, but for what `headers` says. */
  post(place: string, body: unknown, headers?: OutgoingHttpHeaders): Promise<Answer>;
  get(place: string, headers?: OutgoingHttpHeaders): Promise<Answer>;
  /** Signs in; fails when that is refused. */
  signIn(password: string): Promise<Answer>;
  command(name: string, args: object): Promise<Answer>;
  /** The headers that it would send. */
  headers(): OutgoingHttpHeaders;
}

export function visit(base: string): Visitor {
  const { origin, host } = new URL(base);
  const cookies = new Map<string, string>();
  const visitor: Visitor = {
    cookies,
    key: '',
    headers: () => ({
      host,
      origin,
      'sec-fetch-site': 'same-origin',
      'gatehouse-admin': visitor.key,
      'gatehouse-admin-present': '1',
      ...(cookies.size === 0
        ? {}
        : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
    }),
    async post(place, body, headers = {}) {
      const all = { ...visitor.headers(), 'content-type': 'application/json', ...headers };
      return taken(await send(base, 'POST', `/admin/api/${place}`, all, JSON.stringify(body)));
    },
    get: async (place, headers = {}) =>
      taken(
        await send(base, 'GET', `/admin/api/${place}`, {
          ...visitor.headers(),
          origin: undefined,
          ...headers,
        }),
      ),
    async signIn(password) {
      const answer = await visitor.post('sign-in', { password });
      if (answer.status !== 200) throw new Error(`not signed in: ${answer.text}`);
      return answer;
    },
    command: (name, args) => visitor.post('command', { name, args }),
  };
  const taken = (answer: Answer): Answer => {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    if (answer.status === 200 && answer.text.includes('"key":"')) {
      visitor.key = (JSON.parse(answer.text) as { value: { key: string } }).value.key;
    }
    return answer;
  };
  return visitor;
}

/** The code that it has printed. */
export function printedCode(gateway: GatewayProcess): string {
  return /give this code: ([A-Z0-9-]{23})/.exec(gateway.log())?.[1] ?? '';
}
