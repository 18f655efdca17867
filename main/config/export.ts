/**
 * A configuration for the eyes of people (secrets hidden), and as a snippet for MCP clients that leads to us. Pure.
 */
import { hasReference } from './access.ts';
import type { GatehouseConfig } from './schema.ts';

const HIDDEN = '(hidden)';
const DEFAULT_LISTEN = '127.0.0.1:4180';

/** The configuration as it is in force, defaults filled in, every value that may be a secret hidden; references stay. */
export function shownConfig(config: GatehouseConfig): object {
  const { auth, servers } = config;
  return {
    ...config,
    auth: {
      ...auth,
      token: auth.token === null ? null : hidden(auth.token),
      tokens: auth.tokens.map(hidden),
    },
    servers: servers.map((server) => {
      const { transport } = server;
      const shown =
        transport.kind === 'stdio'
          ? { ...transport, env: hiddenValues(transport.env) }
          : { ...transport, url: withoutQuery(transport.url), headers: hiddenValues(transport.headers) };
      return {
        ...server,
        transport: shown,
        authTokens: server.authTokens?.map(hidden) ?? null,
        route: server.route?.replace(/\/.*$/s, `/${HIDDEN}`) ?? null,
      };
    }),
  };
}

function hidden(text: string): string {
  return hasReference(text)
    ? text.replace(/\$\{[^}]*\}|[^$]+|\$/g, (part) => (part.startsWith('${') ? part : HIDDEN))
    : HIDDEN;
}

function hiddenValues(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, hidden(value)]));
}

function withoutQuery(url: string): string {
  const at = url.indexOf('?');
  return at < 0 ? url : `${url.slice(0, at)}?${HIDDEN}`;
}

/** How to make a snippet. */
export interface SnippetOptions {
  /** Where clients reach us, without `/mcp`; null takes what the configuration says. */
  readonly base: string | null;
  /** One entry for each server in place of one for all. */
  readonly each: boolean;
}

/**
 * `mcpServers` as Claude and its like write it, leading to us. Tokens are put in where the configuration has them as
 * they are; what is a reference only we can resolve, and its name is told in `missing`.
 */
export function clientSnippet(
  config: GatehouseConfig,
  { base, each }: SnippetOptions,
): { readonly text: string; readonly missing: readonly string[] } {
  const root = (base ?? baseOf(config)).replace(/\/+$/, '');
  const missing: string[] = [];
  const entry = (name: string, path: string, tokens: readonly string[] | null): object => {
    const token = (tokens ?? commonTokens(config))[0];
    const open = tokens === null ? config.auth.required === false : tokens.length === 0;
    const known = token !== undefined && !hasReference(token);
    if (!open && !known) missing.push(name);
    return {
      type: 'http',
      url: `${root}${path}/mcp`,
      ...(known && !open ? { headers: { Authorization: `Bearer ${token}` } } : {}),
    };
  };
  const mcpServers = each
    ? Object.fromEntries(
        config.servers
          .filter(({ enabled }) => enabled)
          .map(({ name, authTokens }) => [name, entry(name, `/${name}`, authTokens)]),
      )
    : { gatehouse: entry('gatehouse', '', null) };
  return { text: `${JSON.stringify({ mcpServers }, null, 2)}\n`, missing };
}

function commonTokens({ auth }: GatehouseConfig): readonly string[] {
  return auth.token === null ? auth.tokens : [auth.token, ...auth.tokens];
}

function baseOf({ listen, basePath }: GatehouseConfig): string {
  const address = (listen ?? DEFAULT_LISTEN).replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:');
  return `http://${address}${basePath}`;
}
