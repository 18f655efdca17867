/**
 * What is written into a client's file: the bridge's command, or the address with the client's token. Pure.
 */
import { type Entry, isMap } from './formats/editor.ts';
import type { LinkKind, ShapeName } from './spec.ts';

/** The name under which we stand in every file. */
export const OUR_NAME = 'gatehouse';

/** What the client is to use. */
export type Target =
  | { readonly via: 'bridge'; readonly command: string; readonly args: readonly string[] }
  | { readonly via: 'http'; readonly url: string; readonly token: string | null };

/** The entry in the words of one client. */
export function entryOf(shape: ShapeName, target: Target): Entry {
  return target.via === 'bridge' ? bridgeEntry(shape, target.command, target.args) : httpEntry(shape, target);
}

function bridgeEntry(shape: ShapeName, command: string, args: readonly string[]): Entry {
  switch (shape) {
    case 'plain':
    case 'server-url':
    case 'gemini':
    case 'codex':
      return { command, args };
    case 'typed':
      return { type: 'stdio', command, args };
    case 'continue':
      return { type: 'stdio', command, args };
    case 'copilot':
      return { type: 'local', command, args, tools: ['*'] };
    case 'cline':
      return { command, args, disabled: false };
    case 'opencode':
      return { type: 'local', command: [command, ...args], enabled: true };
    case 'goose':
      return { ...gooseBase(), type: 'stdio', cmd: command, args, envs: {}, env_keys: [] };
  }
}

function httpEntry(shape: ShapeName, { url, token }: Extract<Target, { via: 'http' }>): Entry {
  const pairs: Entry = token === null ? {} : { Authorization: `Bearer ${token}` };
  const headers: Entry = token === null ? {} : { headers: pairs };
  switch (shape) {
    case 'plain':
      return { url, ...headers };
    case 'server-url':
      return { serverUrl: url, ...headers };
    case 'gemini':
      return { httpUrl: url, ...headers };
    case 'typed':
      return { type: 'http', url, ...headers };
    case 'copilot':
      return { type: 'http', url, ...headers, tools: ['*'] };
    case 'cline':
      return { type: 'streamableHttp', url, ...headers, disabled: false };
    case 'opencode':
      return { type: 'remote', url, ...headers, enabled: true };
    case 'codex':
      // `headers` is ignored there and an inline `bearer_token` is refused.
      return { url, ...(token === null ? {} : { http_headers: pairs }) };
    case 'continue':
      return {
        type: 'streamable-http',
        url,
        ...(token === null ? {} : { requestOptions: { headers: pairs } }),
      };
    case 'goose':
      return { ...gooseBase(), type: 'streamable_http', uri: url, headers: pairs };
  }
}

/** The token in an entry of any client; null when there is none. */
export function tokenIn(entry: unknown): string | null {
  if (!isMap(entry)) return null;
  const { headers, http_headers: codex, requestOptions } = entry;
  const continues = isMap(requestOptions) ? requestOptions.headers : undefined;
  for (const pairs of [headers, codex, continues]) {
    const value = isMap(pairs) ? pairs.Authorization : undefined;
    if (typeof value === 'string' && value.startsWith('Bearer ')) return value.slice('Bearer '.length);
  }
  return null;
}

function gooseBase(): Entry {
  return {
    name: OUR_NAME,
    description: 'Every MCP server behind one local door',
    enabled: true,
    timeout: 300,
  };
}

/** The link that lets the client itself add us. Without a token: links end up in histories and process lists. */
export function deepLink(kind: LinkKind, url: string): string {
  const query = (pairs: Readonly<Record<string, string>>): string =>
    new URLSearchParams(pairs).toString().replaceAll('+', '%20');
  switch (kind) {
    case 'cursor':
      return `cursor://anysphere.cursor-deeplink/mcp/install?${query({ name: OUR_NAME, config: base64({ url }) })}`;
    case 'vscode':
    case 'vscode-insiders':
      return `${kind}:mcp/install?${encodeURIComponent(JSON.stringify({ name: OUR_NAME, type: 'http', url }))}`;
    case 'lmstudio':
      return `lmstudio://add_mcp?${query({ name: OUR_NAME, config: base64({ url }) })}`;
    case 'goose':
      return `goose://extension?${query({ type: 'streamable_http', url, id: OUR_NAME, name: OUR_NAME, description: 'Gatehouse', timeout: '300' })}`;
  }
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}
