/**
 * ptbsare/mcp-proxy-server: `mcp_server.json`, `tool_config.json` beside it, and the environment names of that program.
 * Pure: both come in by way of the surroundings.
 */

import { entriesOf, readMap } from './clients.ts';
import { given } from './common.ts';
import type { Dialect, Draft, DraftServer, Surroundings } from './dialect.ts';
import { createNames } from './names.ts';
import { type Item, isObject, plainText } from './reader.ts';

const KEYS = ['active', 'bearerToken', 'installDirectory', 'installCommands'];
const PORT = 3663;
const TOOL_CONFIG = 'tool_config.json';

/** Names in the environment that that program reads and Gatehouse does not need. */
const NEEDLESS: Readonly<Record<string, string>> = {
  ENABLE_ADMIN_UI: 'Use --admin.',
  ADMIN_USERNAME: 'The web admin has a password and no name.',
  ADMIN_PASSWORD: 'Use gatehouse admin password, or GATEHOUSE_ADMIN_PASSWORD.',
  SESSION_SECRET: 'Sessions of the web admin live in memory.',
  TOOLS_FOLDER: 'Gatehouse installs nothing by itself.',
  LOGGING: 'Use --log-level.',
};
/** Its own repetition of calls that failed: `RETRY_SSE_TOOL_CALL`, `HTTP_TOOL_CALL_MAX_RETRIES` and the like. */
const REPETITION = ['SSE', 'HTTP', 'STDIO'].flatMap((kind) => [
  `RETRY_${kind}_TOOL_CALL`,
  `${kind}_TOOL_CALL_MAX_RETRIES`,
  `${kind}_TOOL_CALL_RETRY_DELAY_BASE_MS`,
]);

export const ptbsare: Dialect = {
  id: 'ptbsare',
  title: 'ptbsare mcp-proxy-server',
  companions: [TOOL_CONFIG],
  recognizes: (root) =>
    isObject(root.mcpServers) &&
    (isObject(root.proxy) || entriesOf(root).some((entry) => KEYS.some((key) => key in entry))),
  read(reader, surroundings) {
    reader.useReferences(plainText);
    const { root } = reader;
    const map = root.object('mcpServers');
    const servers = readMap(map, { plainUrl: 'http', timeout: null }, createNames());
    for (const { item } of map?.members() ?? []) {
      if (item.has('url') && !item.has('type'))
        item.changed(null, 'It has no "type"; how to talk to it is found out.');
    }
    if (root.has('proxy')) root.dropped('proxy', 'These settings have no effect in that program either.');
    const environment = readEnvironment(root, surroundings);
    return { ...environment, servers: withTools(root, servers, surroundings) };
  },
};

function readEnvironment(root: Item, { env }: Surroundings): Omit<Draft, 'servers'> {
  const list = (name: string): string[] =>
    (env(name) ?? '')
      .split(',')
      .map((token) => token.trim())
      .filter((token) => token !== '');
  const tokens = [...new Set(['ALLOWED_KEYS', 'ALLOWED_TOKENS', 'MCP_PROXY_SSE_ALLOWED_KEYS'].flatMap(list))];
  const written = env('PORT');
  const port = written === undefined ? PORT : Number(written);
  const usable = Number.isInteger(port) && port >= 0 && port <= 65_535;
  for (const [name, why] of Object.entries(NEEDLESS)) {
    if (env(name) !== undefined) root.dropped(null, `The environment variable ${name} has no effect. ${why}`);
  }
  for (const name of REPETITION) {
    if (env(name) !== undefined)
      root.dropped(
        null,
        `The environment variable ${name} has no effect. A call that may have reached its server is not made twice; a lost connection is made again by itself.`,
      );
  }
  if (!usable) root.fault(null, 'The environment variable PORT is no port.');
  root.changed(null, 'It listens on this computer only; --listen 0.0.0.0:PORT opens it to the network.');
  if (tokens.length > 0) root.understood(null, 'Clients may show a token of the environment, also as ?key=.');
  else
    root.changed(
      null,
      'No token is set in the environment (ALLOWED_KEYS, ALLOWED_TOKENS), so none is asked for.',
    );
  return {
    listen: `127.0.0.1:${usable ? port : PORT}`,
    auth: tokens.length > 0 ? { tokens, inQuery: true } : { required: false },
  };
}

/** `tools["<server><separator><tool>"]` with `enabled`, `exposedName`, `exposedDescription`. */
function withTools(
  root: Item,
  servers: readonly DraftServer[],
  surroundings: Surroundings,
): readonly DraftServer[] {
  const text = surroundings.beside(TOOL_CONFIG);
  if (text === null) return servers;
  const tools = parsedTools(text);
  if (tools === null) {
    root.fault(null, `${TOOL_CONFIG} beside it cannot be read as that program writes it.`);
    return servers;
  }
  const separator = separatorOf(surroundings.env('SERVER_TOOLNAME_SEPERATOR'));
  const rules = new Map<DraftServer, Rules>();
  let unknown = 0;
  for (const [qualified, words] of Object.entries(tools)) {
    const owner = ownerOf(qualified, servers, separator);
    if (owner === null || !isObject(words)) {
      unknown++;
      continue;
    }
    const tool = qualified.slice(String(owner.path.at(-1)).length + separator.length);
    const own = rules.get(owner) ?? { block: [], overrides: {} };
    rules.set(owner, own);
    if (words.enabled === false) own.block.push(tool);
    const override = given({
      name: exposedOf(root, owner, words.exposedName, separator),
      description: typeof words.exposedDescription === 'string' ? words.exposedDescription : undefined,
    });
    if (Object.keys(override).length > 0) own.overrides[tool] = override;
    for (const key of ['displayName', 'description']) {
      if (key in words) root.dropped(null, `${TOOL_CONFIG}: "${key}" has no effect in that program either.`);
    }
  }
  if (unknown > 0) root.dropped(null, `${TOOL_CONFIG}: ${unknown} of its tools belong to no server here.`);
  if (rules.size > 0) root.understood(null, `${TOOL_CONFIG} is in force.`);
  return servers.map((server) => {
    const own = rules.get(server);
    if (own === undefined) return server;
    const { block, overrides } = own;
    const more = {
      ...(block.length > 0 ? { block } : {}),
      ...(Object.keys(overrides).length > 0 ? { overrides } : {}),
    };
    return { ...server, entry: { ...server.entry, tools: { ...server.entry.tools, ...more } } };
  });
}

interface Rules {
  readonly block: string[];
  readonly overrides: Record<string, { name?: string; description?: string }>;
}

/** The name as clients see it there, without the server's name before it: Gatehouse puts that itself. */
function exposedOf(root: Item, owner: DraftServer, exposed: unknown, separator: string): string | undefined {
  if (typeof exposed !== 'string' || exposed === '') return undefined;
  const prefix = String(owner.path.at(-1)) + separator;
  if (exposed.startsWith(prefix) && exposed.length > prefix.length) return exposed.slice(prefix.length);
  root.changed(
    null,
    `${TOOL_CONFIG}: a renamed tool has its server's name before it at /mcp, and stands alone at /SERVER/mcp.`,
  );
  return exposed;
}

function ownerOf(qualified: string, servers: readonly DraftServer[], separator: string): DraftServer | null {
  let longest: DraftServer | null = null;
  for (const server of servers) {
    const key = String(server.path.at(-1));
    const fits = qualified.startsWith(key + separator) && qualified.length > key.length + separator.length;
    if (fits && (longest === null || key.length > String(longest.path.at(-1)).length)) longest = server;
  }
  return longest;
}

function separatorOf(written: string | undefined): string {
  const separator = written?.trim() ?? '';
  return /^[A-Za-z0-9_-]{2,}$/.test(separator) ? separator : '__';
}

function parsedTools(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) && isObject(value.tools) ? value.tools : null;
  } catch {
    return null;
  }
}

/** For files that say nothing else of themselves: `mcp_server.json` is that program's name for its file. */
export function isPtbsareName(file: string): boolean {
  return /(^|[\\/])mcp_server\.json$/.test(file);
}
