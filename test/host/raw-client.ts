/**
 * An MCP client over streamable HTTP that shows the bytes: what SDK clients hide is what these tests are about.
 */

import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** One answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Headers;
}

export interface RawClient {
  readonly sessionId: string;
  /** The text of the answer to `initialize`. */
  readonly initialized: string;
  /** Sends one message as it is. */
  post(text: string, options?: { signal?: AbortSignal }): Promise<RawAnswer>;
  /** Calls a tool with arguments as JSON text; gives the whole answer's text. */
  call(id: string | number, tool: string, args?: string, meta?: string): Promise<string>;
  /** Collects what comes on the standing stream. */
  listen(): Promise<{ readonly messages: string[]; readonly ended: Promise<void>; close(): void }>;
  end(): Promise<RawAnswer>;
}

/** Sends one message without a session. */
export async function rawPost(
  url: string,
  text: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<RawAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: text,
    ...(signal === undefined ? {} : { signal }),
  });
  const body = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text: body,
    headers: response.headers,
  };
}

/** Opens a session. */
export async function rawClient(
  url: string,
  token: string | null,
  version = '2025-11-25',
): Promise<RawClient> {
  const auth: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const first = await rawPost(
    url,
    JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }),
    auth,
  );
  const sessionId = first.headers.get('mcp-session-id');
  if (first.status !== 200 || sessionId === null)
    throw new Error(`initialize: ${first.status} ${first.text}`);
  const headers = { ...auth, 'Mcp-Session-Id': sessionId };
  const post: RawClient['post'] = (text, options) => rawPost(url, text, headers, options?.signal);
  await post('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  return {
    sessionId,
    initialized: first.text,
    post,
    async call(id, tool, args = '{}', meta) {
      const more = meta === undefined ? '' : `,"_meta":${meta}`;
      const answer = await post(
        `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":{"name":${JSON.stringify(tool)},"arguments":${args}${more}}}`,
      );
      return answer.text;
    },
    async listen() {
      const abort = new AbortController();
      const response = await fetch(url, {
        headers: { Accept: 'text/event-stream', ...headers },
        signal: abort.signal,
      });
      if (response.status !== 200 || response.body === null) throw new Error(`GET: ${response.status}`);
      const messages: string[] = [];
      const body = response.body;
      const read = async (): Promise<void> => {
        let rest = '';
        for await (const chunk of Readable.fromWeb(body as ReadableStream<Uint8Array>)) {
          const events = (rest + Buffer.from(chunk as Uint8Array).toString('utf8')).split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) {
            const data = /^data: (.*)$/m.exec(event)?.[1];
            if (data !== undefined) messages.push(data);
          }
        }
      };
      const ended = read().catch(() => undefined);
      return { messages, ended, close: () => abort.abort() };
    },
    async end() {
      const response = await fetch(url, { method: 'DELETE', headers });
      return { status: response.status, type: '', text: await response.text(), headers: response.headers };
    },
  };
}
