/**
 * From a server's configuration to what other rooms need to know of it: what to run, and what to show. Pure.
 */
import { basename } from 'node:path';
import type { ConfigView, EndpointView, ServerState } from '../preload/contract.ts';
import type { AcceptedTokens } from './background.ts';
import type { ConfigError } from './config/error.ts';
import type { GatehouseConfig, ServerConfig } from './config/schema.ts';
import { DEFAULT_LIMITS, type GatewayLimits } from './gateway/ports.ts';
import { problemOf } from './protocol/error.ts';
import type { Scope } from './protocol/scope.ts';
import type { AppState, ServerEntry } from './state/state.ts';
import type { UpstreamSpec } from './upstreams/ports.ts';

/** What the pool runs, and where (`Containment`). A quarantined server does not run. */
export function upstreamSpec(server: ServerConfig, trusted: boolean, place: string | null): UpstreamSpec {
  return {
    name: server.name,
    enabled: server.enabled && trusted,
    held: server.enabled && !trusted,
    transport: server.transport.kind === 'stdio' ? { ...server.transport, place } : server.transport,
    callTimeoutMs: server.callTimeoutMs,
    toolTimeoutsMs: server.toolTimeoutsMs,
    startTimeoutMs: server.startTimeoutMs,
    concurrency:
      server.maxConcurrentCalls === null
        ? null
        : { calls: server.maxConcurrentCalls, queue: server.maxQueuedCalls },
    maxResultBytes: server.maxResultBytes,
    start: server.start,
    idleStopMs: server.idleStopMs,
    healthCheckMs: server.healthCheckMs,
    session: server.session,
    protocol: server.protocol,
  };
}

/** What the screens show of a server before it has said anything itself. */
export function serverEntry(
  server: ServerConfig,
  contained: Pick<ServerEntry, 'runsIn' | 'containment'>,
): ServerEntry {
  const { transport } = server;
  return {
    name: server.name,
    transport: transport.kind === 'auto' ? 'http' : transport.kind,
    source:
      transport.kind === 'stdio' ? programName(transport.command, transport.args) : hostOf(transport.url),
    ...contained,
    enabled: server.enabled,
  };
}

/** Programs whose first argument that is no option names the real thing. */
const RUNNERS = new Set([
  'node',
  'npx',
  'bunx',
  'bun',
  'deno',
  'uvx',
  'uv',
  'pipx',
  'python',
  'python3',
  'docker',
]);
/** Words that a runner takes before the name. */
const SUBCOMMANDS = new Set(['run', 'tool', 'exec', 'x', '-m', 'dlx']);

/** `npx -y @scope/server-memory@1.2` -> `@scope/server-memory 1.2`; `node /a/server-x/dist/index.js` -> `server-x`. */
export function programName(command: string, args: readonly string[]): string {
  const program = basename(command).replace(/\.(cmd|exe|bat)$/i, '');
  if (!RUNNERS.has(program)) return program;
  const name = args.find((arg) => !SUBCOMMANDS.has(arg) && !arg.startsWith('-'));
  if (name === undefined) return program;
  if (name.includes('/node_modules/')) return shortName(packageInPath(name));
  if (/^([./~]|[A-Za-z]:\\)/.test(name)) return folderName(name);
  const at = name.lastIndexOf('@');
  return at > 0 ? `${shortName(name.slice(0, at))} ${name.slice(at + 1)}` : shortName(name);
}

/** The scope of the reference servers tells nothing and takes the room of the name. */
function shortName(name: string): string {
  return name.replace(/^@modelcontextprotocol\//, '');
}

function packageInPath(path: string): string {
  const parts = path.slice(path.lastIndexOf('/node_modules/') + 14).split('/');
  return parts[0]?.startsWith('@') ? `${parts[0]}/${parts[1] ?? ''}` : (parts[0] ?? path);
}

/** Folders that say nothing about what a script is. */
const DULL = new Set(['dist', 'build', 'out', 'src', 'lib', 'bin']);

function folderName(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== '');
  const file = (parts.pop() ?? path).replace(/\.[cm]?[jt]s$|\.py$/, '');
  if (file !== 'index' && file !== 'main' && file !== 'server') return file;
  return parts.reverse().find((part) => !DULL.has(part)) ?? file;
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'remote';
  }
}

/** The tokens of those servers that have their own, and those of the merged endpoint unless the command line has one. */
export function tokensOf(config: GatehouseConfig, outside: { readonly auth: unknown }): AcceptedTokens {
  const servers = new Map<string, readonly string[]>();
  for (const server of config.servers)
    if (server.authTokens !== null) servers.set(server.name, server.authTokens);
  return { servers, further: outside.auth === null ? config.auth.tokens : [] };
}

/** The bounds of the gateway: what the file says, else the default. */
export function limitsOf({ limits }: GatehouseConfig): GatewayLimits {
  return {
    bodyBytes: limits.bodyBytes ?? DEFAULT_LIMITS.bodyBytes,
    sessions: limits.sessions ?? DEFAULT_LIMITS.sessions,
    callsPerClient: limits.callsPerClient ?? DEFAULT_LIMITS.callsPerClient,
    queuePerClient: limits.queuePerClient ?? DEFAULT_LIMITS.queuePerClient,
    sessionIdleMs: limits.sessionIdleMs ?? DEFAULT_LIMITS.sessionIdleMs,
  };
}

/** The names of the servers that a scope shows. */
export function serversIn(scope: Scope, config: GatehouseConfig): readonly string[] {
  switch (scope.kind) {
    case 'all':
      return config.servers.map((server) => server.name);
    case 'server':
      return [scope.server];
    case 'profile':
      return config.profiles.find((profile) => profile.name === scope.profile)?.servers ?? [];
  }
}

/** The state before anything is open. */
export function initialState(configFile: string): AppState {
  return {
    paused: false,
    endpoint: { state: 'starting', url: null, problem: null, tokenRequired: true, sessions: 0 },
    config: soundConfig(configFile),
    secrets: { store: 'key-file', description: 'being opened', problem: null },
    activity: { state: 'opening', problem: null, rows: 0, bytes: 0 },
    servers: [],
    callsWaiting: { count: 0, revision: 0 },
    signInsWaiting: 0,
    configRevision: 0,
    clientsRevision: 0,
  };
}

/** The endpoint as soon as it listens. */
export function listening(url: string, tokenRequired: boolean): EndpointView {
  return { state: 'listening', url, problem: null, tokenRequired, sessions: 0 };
}

/** The configuration where nothing is to be said about it. */
export function soundConfig(file: string): ConfigView {
  return {
    file,
    state: 'ok',
    problem: null,
    line: null,
    column: null,
    dialect: null,
    notAsWritten: 0,
    needsRestart: [],
    plainKeys: 0,
  };
}

/** The configuration with an edit that cannot be used: what is wrong with it, and where. */
export function brokenConfig(file: string, error: ConfigError): ConfigView {
  const { line, column } = error;
  return { ...soundConfig(file), state: 'broken', problem: problemOf(error), line, column };
}

/** The state of a server as the screens show it: one that is held back is not merely off. */
export function stateShown(
  state: ServerState,
  quarantined: boolean,
  name: string,
  config: GatehouseConfig,
): ServerState {
  const enabled = config.servers.some((server) => server.name === name && server.enabled);
  return state === 'disabled' && quarantined && enabled ? 'quarantined' : state;
}
